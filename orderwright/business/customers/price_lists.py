"""Keeping lists of prices: the lists themselves, and what each product costs at one."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from orderwright.business.catalog.forms import Saved
from orderwright.business.catalog.reads import catalog_of
from orderwright.business.customers.checks import price_list_findings
from orderwright.business.customers.forms import PriceListForm, PriceListNow, PriceSaved, PutPrice, PutPriceList
from orderwright.business.customers.price_reads import price_lists_by_code, prices_of
from orderwright.database.changes import Change, Replacing, note
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.findings import Finding, askable, known_as, refusal_of
from orderwright.values.refusal import Refusal


def put_price_lists(tx: Tx, commands: Sequence[PutPriceList]) -> list[Saved | Refusal]:
    """Make or change lists of prices; one `Saved` or Refusal per command.

    Refuses malformed (with all findings), stale. A list that has prices keeps its currency.
    """
    known = _lock(tx, [each.code for each in commands])
    priced = _priced(tx, known)
    results: list[Saved | Refusal] = []
    written: dict[str, tuple[PriceListForm, int]] = {}
    replacing = Replacing("price_list", {code: each.form for code, each in known.items()})
    for command in commands:
        before = known.get(command.code)
        version = before.version if before else 0
        findings = price_list_findings(command.code, command.form)
        if before and command.code in priced and before.form.currency != command.form.currency:
            findings.append(Finding("/currency", "fixed", "Its prices are in another currency; make another list."))
        if command.version is not None and command.version != version:
            results.append(Refusal("stale", version=version))
        elif findings:
            results.append(refusal_of(findings))
        else:
            replacing.put(command.code, command.form, command.actor)
            known[command.code] = PriceListNow(command.code, version + 1, command.form, True)
            written[command.code] = (command.form, version + 1)
            results.append(Saved(command.code, version + 1, version == 0))
    if written:
        _write(tx, written)
        replacing.note(tx)
    return results


def put_prices(tx: Tx, commands: Sequence[PutPrice]) -> list[PriceSaved | Refusal]:
    """Say what products cost at lists; one `PriceSaved` or Refusal per command. Of two the later one counts.

    Refuses unknown_price_list, unknown_sku.
    """
    lists = _lock(tx, [each.price_list for each in commands])
    before = prices_of(tx, [(each.price_list, each.sku) for each in commands])
    results, written = _judge(tx, commands, lists, before)
    _write_prices(tx, written)
    note(tx, _changes(commands, results, before, written))
    return results


def look_at_prices(tx: Tx, commands: Sequence[PutPrice]) -> list[PriceSaved | Refusal]:
    """What put_prices would answer, with nothing locked and nothing written."""
    lists = price_lists_by_code(tx, askable(each.price_list for each in commands))
    before = prices_of(tx, [(each.price_list, each.sku) for each in commands])
    return _judge(tx, commands, lists, before)[0]


Key = tuple[str, str]
"""A list, and a SKU."""


def _judge(
    tx: Tx, commands: Sequence[PutPrice], lists: Mapping[str, PriceListNow], before: Mapping[Key, int]
) -> tuple[list[PriceSaved | Refusal], dict[Key, int | None]]:
    products = catalog_of(tx).products(tx, askable(each.sku for each in commands))
    now: dict[Key, int | None] = dict(before)
    results: list[PriceSaved | Refusal] = []
    written: dict[Key, int | None] = {}
    for command in commands:
        key = (command.price_list, command.sku)
        findings = []
        if command.price_list not in lists:
            findings.append(known_as("unknown_price_list", "/price_list"))
        if command.sku not in products:
            findings.append(known_as("unknown_sku", "/sku"))
        if findings:
            results.append(refusal_of(findings))
            continue
        price = None if command.form.price is None else money.parse_micro(command.form.price)
        was = now.get(key)
        now[key] = written[key] = price
        what: Any = "same" if price == was else "gone" if price is None else "new" if was is None else "changed"
        results.append(PriceSaved(command.sku, what))
    return results, written


def _changes(
    commands: Sequence[PutPrice],
    results: Sequence[PriceSaved | Refusal],
    before: Mapping[Key, int],
    written: Mapping[Key, int | None],
) -> list[Change]:
    """One change per price that is another now."""
    told: dict[Key, Change] = {}
    for command, result in zip(commands, results, strict=True):
        key = (command.price_list, command.sku)
        if isinstance(result, Refusal) or before.get(key) == written[key]:
            continue
        was, now = _told(before.get(key)), _told(written[key])
        told[key] = Change("price", f"{command.price_list} {command.sku}", was, now, command.actor)
    return list(told.values())


def _told(price_micro: int | None) -> str | None:
    return None if price_micro is None else money.format_micro(price_micro)


def _lock(tx: Tx, codes: Sequence[str]) -> dict[str, PriceListNow]:
    wanted = askable(codes)
    tx.rows("SELECT 1 FROM price_list WHERE code = ANY(%(c)s::text[]) ORDER BY code FOR UPDATE", c=array(wanted))
    return price_lists_by_code(tx, wanted)


def _priced(tx: Tx, codes: Mapping[str, Any]) -> set[str]:
    """Those of the lists that have a price."""
    rows = tx.rows(
        "SELECT c.code FROM unnest(%(codes)s::text[]) AS c(code)"
        " WHERE EXISTS (SELECT 1 FROM list_price l WHERE l.price_list = c.code)",
        codes=array(sorted(codes)),
    )
    return {row.code for row in rows}


def _write(tx: Tx, lists: Mapping[str, tuple[PriceListForm, int]]) -> None:
    rows = [
        {"code": code, "version": version, **msgspec.structs.asdict(form)}
        for code, (form, version) in sorted(lists.items())
    ]  # fmt: skip
    tx.write(
        """
        INSERT INTO price_list (code, name, currency, valid_from, valid_until, version, changed_at)
        SELECT code, name, currency, valid_from, valid_until, version, %(now)s
        FROM jsonb_populate_recordset(NULL::price_list, %(rows)s::jsonb)
        ON CONFLICT (code) DO UPDATE SET
            name = excluded.name, currency = excluded.currency, valid_from = excluded.valid_from,
            valid_until = excluded.valid_until, version = excluded.version, changed_at = excluded.changed_at
        """,
        rows=msgspec.json.encode(rows).decode(), now=tx.now,
    )  # fmt: skip


def _write_prices(tx: Tx, prices: Mapping[Key, int | None]) -> None:
    gone = sorted(key for key, price in prices.items() if price is None)
    kept = sorted((*key, price) for key, price in prices.items() if price is not None)
    if gone:
        tx.write(
            "DELETE FROM list_price l USING unnest(%(lists)s::text[], %(skus)s::text[]) AS g(list, sku)"
            " WHERE l.price_list = g.list AND l.sku = g.sku",
            lists=array(code for code, _ in gone), skus=array(sku for _, sku in gone),
        )  # fmt: skip
    if kept:
        tx.write(
            "INSERT INTO list_price (price_list, sku, price_micro)"
            " SELECT * FROM unnest(%(lists)s::text[], %(skus)s::text[], %(prices)s::bigint[])"
            " ON CONFLICT (price_list, sku) DO UPDATE SET price_micro = excluded.price_micro",
            lists=array(each[0] for each in kept), skus=array(each[1] for each in kept),
            prices=array(each[2] for each in kept),
        )  # fmt: skip
