"""Lists of prices as they are looked at, and what customers have agreed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from orderwright.business.catalog.clock import today
from orderwright.business.customers.checks import is_valid_on
from orderwright.business.customers.forms import PriceListForm, PriceListNow, PriceQuery, PriceRow
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.contacts import email_key
from orderwright.values.findings import askable
from orderwright.values.ids import is_id
from orderwright.values.pages import Page, mark, read_mark
from orderwright.values.refusal import Refusal

LISTS_MAX = 500
BUYERS_MAX = 10_000
"""Nobody counts further who buys at a list."""
_LAST = "\U0010ffff"


class Agreement(NamedTuple):
    """What somebody agreed with a customer. price_list: its code, '' for no list that counts today."""

    customer: str
    price_list: str
    name: str
    currency: str
    pays_within_days: int | None


class Asker(NamedTuple):
    """Who wants to buy: by id where a clerk chose them, and by e-mail address; either may be ''."""

    customer: str
    email: str


def list_price_lists(tx: Tx) -> list[PriceListNow]:
    """The lists of prices by code, the first LISTS_MAX."""
    day = today(tx)
    rows = tx.rows("SELECT * FROM price_list ORDER BY code LIMIT %(limit)s", limit=LISTS_MAX)
    return [_now(row, day) for row in rows]


def get_price_list(tx: Tx, code: str) -> PriceListNow:
    """One list of prices. Refuses not_found."""
    found = price_lists_by_code(tx, askable([code])).get(code)
    if found is None:
        raise Refusal("not_found", price_list=code)
    return found


def price_lists_by_code(tx: Tx, codes: Iterable[str]) -> dict[str, PriceListNow]:
    """Lists of prices by code, those that exist."""
    wanted = sorted({each for each in codes if each})
    if not wanted:
        return {}
    day = today(tx)
    rows = tx.rows("SELECT * FROM price_list WHERE code = ANY(%(codes)s::text[])", codes=array(wanted))
    return {row.code: _now(row, day) for row in rows}


def list_prices(tx: Tx, code: str, query: PriceQuery) -> Page[PriceRow]:
    """A page of a list's prices by SKU. Refuses not_found."""
    currency = get_price_list(tx, code).form.currency
    (last,) = read_mark(query.after, tuple[str]) if query.after else ("",)
    start = query.q.strip() if askable([query.q]) else ""
    rows = tx.rows(
        """
        SELECT l.sku, p.title, l.price_micro, p.price_minor, p.currency
        FROM list_price l JOIN product p USING (sku)
        WHERE l.price_list = %(code)s AND l.sku > %(last)s
          AND (%(start)s = '' OR starts_with(upper(l.sku), upper(%(start)s)))
        ORDER BY l.sku LIMIT %(limit)s
        """,
        code=code, last=last, start=start, limit=query.limit + 1,
    )  # fmt: skip
    items = [
        PriceRow(
            row.sku, row.title, money.format_micro(row.price_micro, currency),
            money.format_minor(row.price_minor, currency) if row.currency == currency else None,
        )
        for row in rows[: query.limit]
    ]  # fmt: skip
    return Page(items, mark(items[-1].sku) if len(rows) > query.limit else None)


def count_buyers(tx: Tx, code: str) -> int:
    """How many customers buy at a list, BUYERS_MAX at most."""
    row = tx.row(
        "SELECT count(*)::int AS buyers FROM"
        " (SELECT 1 FROM customer WHERE price_list = %(code)s LIMIT %(most)s) AS buyers",
        code=code, most=BUYERS_MAX,
    )  # fmt: skip
    return int(row.buyers)


def prices_of(tx: Tx, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Millionths by (list, SKU), for those of them that the list prices."""
    pairs = sorted({each for each in wanted if each[0] and len(askable(each)) == len(set(each))})
    if not pairs:
        return {}
    rows = tx.rows(
        "SELECT l.price_list, l.sku, l.price_micro FROM unnest(%(lists)s::text[], %(skus)s::text[]) AS a(list, sku)"
        " JOIN list_price l ON l.price_list = a.list AND l.sku = a.sku",
        lists=array(code for code, _ in pairs), skus=array(sku for _, sku in pairs),
    )  # fmt: skip
    return {(row.price_list, row.sku): row.price_micro for row in rows}


def agreements(tx: Tx, askers: Sequence[Asker]) -> list[Agreement | None]:
    """What was agreed with each, in order; None for who is not known. Who was merged buys as the one they are.

    A chosen customer counts unless the e-mail address is that of somebody else.
    """
    ids = [each.customer if is_id(each.customer) else None for each in askers]
    keys = [email_key(each.email) if askable([each.email]) else "" for each in askers]
    if not any(ids) and not any(keys):
        return [None] * len(askers)
    rows = tx.rows(
        """
        SELECT a.nth, k.id::text, k.pays_within_days, l.code, l.name, l.currency, l.valid_from, l.valid_until
        FROM unnest(%(ids)s::uuid[], %(keys)s::text[]) WITH ORDINALITY AS a(id, email_key, nth)
        CROSS JOIN LATERAL (
            SELECT c.id, c.merged_into, 1 AS rank FROM customer c
            WHERE c.id = a.id AND (a.email_key = '' OR c.email_key IS NULL OR c.email_key = a.email_key)
            UNION ALL
            SELECT c.id, c.merged_into, 2 FROM customer c WHERE a.email_key <> '' AND c.email_key = a.email_key
            ORDER BY rank LIMIT 1
        ) AS c
        JOIN customer k ON k.id = coalesce(c.merged_into, c.id) AND k.erased_at IS NULL
        LEFT JOIN price_list l ON l.code = k.price_list
        """,
        ids=array(ids), keys=array(keys),
    )  # fmt: skip
    day, found = today(tx), {row.nth: row for row in rows}
    return [_agreed(found.get(nth), day) for nth in range(1, len(askers) + 1)]


def _agreed(row: Any, day: date) -> Agreement | None:
    if row is None:
        return None
    if row.code is None or not is_valid_on(day, row.valid_from, row.valid_until):
        return Agreement(row.id, "", "", "", row.pays_within_days)
    return Agreement(row.id, row.code, row.name, row.currency, row.pays_within_days)


def _now(row: Any, day: date) -> PriceListNow:
    form = PriceListForm(name=row.name, currency=row.currency, valid_from=row.valid_from, valid_until=row.valid_until)
    return PriceListNow(row.code, row.version, form, is_valid_on(day, row.valid_from, row.valid_until))


def agreed_prices(tx: Tx, wanted: Sequence[tuple[Agreement | None, str, Iterable[str]]]) -> list[Mapping[str, int]]:
    """Millionths by SKU for each of (agreement, currency of the order, SKUs): a list in another currency has none."""
    lists = [each.price_list if each and each.currency == currency else "" for each, currency, _ in wanted]
    asked = [list(skus) for _, _, skus in wanted]
    found = prices_of(tx, [(code, sku) for code, skus in zip(lists, asked, strict=True) for sku in skus])
    return [
        {sku: found[code, sku] for sku in skus if (code, sku) in found}
        for code, skus in zip(lists, asked, strict=True)
    ]  # fmt: skip
