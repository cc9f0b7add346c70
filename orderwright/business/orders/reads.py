"""Lists of orders: keyset pages, newest first, and the search box."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from orderwright.business.orders.rules import State, number_said
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.contacts import email_key
from orderwright.values.findings import refusal_of, worded
from orderwright.values.forms import Form
from orderwright.values.pages import After, Limit, Page, mark, read_mark

SEARCH_MIN = 3
Search = Annotated[str, Meta(min_length=SEARCH_MIN, max_length=200)]


class OrderQuery(Form, frozen=True):
    """Which orders. `q`: the beginning of a reference, e-mail, postal code, name or surname, or a whole number (as it
    is said, too: "#23", "ow 23"), tracking code or sku. placed_from, placed_before: when they were placed, by the day
    in UTC.
    """

    state: State | None = None
    channel: Annotated[str, Meta(max_length=64)] | None = None
    site: Annotated[str, Meta(max_length=64)] | None = None
    placed_from: date | None = None
    placed_before: date | None = None
    q: Search | None = None
    after: After | None = None
    limit: Limit = 50


class OrderRow(msgspec.Struct, frozen=True):
    """An order in a list."""

    number: str
    state: str
    is_held: bool
    channel: str
    reference: str
    placed_at: datetime
    currency: str
    total: str
    line_count: int
    priority: int
    service: str
    country: str
    version: int


def list_orders(
    tx: Tx, query: OrderQuery, *, channels: Collection[str] | None = None, sites: Collection[str] | None = None
) -> Page[OrderRow]:
    """A page of orders, newest first. channels, sites: only orders of these, or with work at these; None: all.

    One statement without `q`: the page is read off an index. With `q`, each index of what is searched gives its
    matches and these are sorted; where there are too many of them to sort, orders are walked from the newest
    until the page is full, which is soon.
    """
    words = _search_words(query.q) if query.q else {}
    wanted = [
        _searched(tx, words) if words else "",
        # As a value only known later: the newest orders are in other states than most orders are, and by the share of
        # a state alone the planner would walk all newer ones to come to the first delivered one.
        "o.state = (SELECT %(state)s::text)" if query.state else "",
        "o.channel = %(channel)s" if query.channel else "",
        "o.channel = ANY(%(channels)s::text[])" if channels is not None else "",
        WORK_AT if sites is not None else "",
        _WORK_HERE if query.site else "",
        "o.placed_at >= %(placed_from)s" if query.placed_from else "",
        "o.placed_at < %(placed_before)s" if query.placed_before else "",
        "(o.placed_at, o.id) < (%(placed_at)s, %(id)s::uuid)" if query.after else "",
    ]
    placed_at, id_ = read_mark(query.after, tuple[datetime, UUID]) if query.after else (None, None)
    rows = tx.rows(
        f"""
        SELECT {_COLUMNS} FROM orders o WHERE {" AND ".join(each for each in wanted if each) or "true"}
        ORDER BY o.placed_at DESC, o.id DESC LIMIT %(limit)s
        """,
        state=query.state, channel=query.channel, channels=array(channels or ()), sites=array(sites or ()),
        site=query.site, placed_from=_midnight(query.placed_from), placed_before=_midnight(query.placed_before),
        placed_at=placed_at, id=str(id_), limit=query.limit + 1, **words,
    )  # fmt: skip
    if words:
        tx.write(_PLANNED_ANEW)
    items = [_order_row(row) for row in rows[: query.limit]]
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    return Page(items, mark(last.placed_at, str(last.id)) if last is not None else None)


def list_orders_of(
    tx: Tx,
    customer: str,
    *,
    after: str | None = None,
    limit: int = 20,
    channels: Collection[str] | None = None,
    sites: Collection[str] | None = None,
) -> Page[OrderRow]:
    """A page of a customer's orders, those taken last first. channels, sites: as in `list_orders`."""
    wanted = [
        "o.customer_id = %(customer)s::uuid",
        "o.channel = ANY(%(channels)s::text[])" if channels is not None else "",
        WORK_AT if sites is not None else "",
        "o.id < %(id)s::uuid" if after else "",
    ]
    (id_,) = read_mark(after, tuple[UUID]) if after else (None,)
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM orders o WHERE {' AND '.join(filter(None, wanted))}"
        " ORDER BY o.id DESC LIMIT %(limit)s",
        customer=customer, channels=array(channels or ()), sites=array(sites or ()), id=str(id_), limit=limit + 1,
    )  # fmt: skip
    items = [_order_row(row) for row in rows[:limit]]
    return Page(items, mark(str(rows[limit - 1].id)) if len(rows) > limit else None)


_COLUMNS = (
    "o.id, o.number, o.state, o.is_held, o.channel, o.reference, o.placed_at, o.currency, o.total_minor, o.line_count,"
    " o.priority, o.service, o.country, o.version"
)

WORK_AT = "EXISTS (SELECT 1 FROM fulfilment f WHERE f.order_id = o.id AND f.site = ANY(%(sites)s::text[]))"

_WORK_HERE = "EXISTS (SELECT 1 FROM fulfilment f WHERE f.order_id = o.id AND f.site = %(site)s)"

SORTED_MAX = 2_000
"""More matches than this of one kind are not gathered and sorted."""

OF_SKU_MAX = 300
"""So many of the orders taken last are found by a sku, besides all that are still open for it."""

# Ranges of text_pattern_ops instead of LIKE: a prepared statement then keeps using the indexes.
_BEGINNINGS = (
    "(reference ~>=~ %(text)s AND reference ~<~ %(text_end)s)",
    "(email_key ~>=~ %(email)s AND email_key ~<~ %(email_end)s AND email_key <> '')",
    "(postal_code ~>=~ %(code)s AND postal_code ~<~ %(code_end)s AND postal_code <> '')",
)
_COUNTS = " + ".join(
    f"(SELECT count(*) FROM (SELECT 1 FROM orders WHERE {each} LIMIT %(most)s) AS few)" for each in _BEGINNINGS
)
_OTHERS = " UNION ".join(
    [
        "SELECT id FROM orders WHERE number IN (%(code)s, %(number)s)",
        "SELECT order_id FROM parcel WHERE tracking_code = %(text)s",
        # Of a sku all orders that wait for it or have it promised, and of the others those taken last: ids are in the
        # order of taking, and there may be very many.
        *[
            f"(SELECT order_id FROM demand WHERE sku = {sku} AND {stage} > 0 LIMIT %(most)s)"
            for sku in ("%(text)s", "%(code)s")
            for stage in ("waiting", "allocated")
        ],
        *[
            f"(SELECT order_id FROM order_line WHERE sku = {sku} ORDER BY order_id DESC LIMIT {OF_SKU_MAX})"
            for sku in ("%(text)s", "%(code)s")
        ],
        # A name is looked for as it begins and as its last word does, among customers with an e-mail address.
        """(SELECT n.id FROM (
                SELECT id FROM customer
                WHERE name <> '' AND ((lower(name) ~>=~ %(name)s AND lower(name) ~<~ %(name_end)s)
                   OR (lower(substring(name from '[^ ]+$')) ~>=~ %(name)s
                       AND lower(substring(name from '[^ ]+$')) ~<~ %(name_end)s)) LIMIT %(most)s) AS c
            CROSS JOIN LATERAL (SELECT id FROM orders WHERE customer_id = c.id LIMIT %(most)s) AS n LIMIT %(most)s)""",
    ]
)
_MATCHES = " UNION ".join([*[f"SELECT id FROM orders WHERE {each}" for each in _BEGINNINGS], _OTHERS])
_LAST = "\U0010ffff"

# What is searched is looked up on indexes whatever it is, and planning all that anew each time takes as long as finding
# it; where orders are walked instead, how far depends on what is asked.
_PLANNED_ONCE = "SET LOCAL plan_cache_mode TO force_generic_plan"
_PLANNED_ANEW = "SET LOCAL plan_cache_mode TO auto"


def _searched(tx: Tx, words: dict[str, Any]) -> str:
    """The condition that leaves the orders searched for."""
    tx.write(_PLANNED_ONCE)
    if tx.row(f"SELECT {_COUNTS} AS count", **words).count <= SORTED_MAX:
        # As an array they are looked up one by one; as a join the planner would read all orders for them.
        return f"o.id = ANY(ARRAY({_MATCHES}))"
    tx.write(_PLANNED_ANEW)
    return f"({' OR '.join(_BEGINNINGS)} OR o.id = ANY(ARRAY({_OTHERS})))"


def _search_words(q: str) -> dict[str, Any]:
    text = q.strip()
    if len(text) < SEARCH_MIN:
        raise refusal_of([worded("?q", "too_short", "It needs {least} characters or more.", least=SEARCH_MIN)])
    email, code = email_key(text), text.upper()
    return {
        "text": text, "text_end": text + _LAST, "email": email, "email_end": email + _LAST,
        "code": code, "code_end": code + _LAST, "name": text.lower(), "name_end": text.lower() + _LAST,
        "number": number_said(text), "most": SORTED_MAX + 1,
    }  # fmt: skip


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)


def _order_row(row: Any) -> OrderRow:
    return OrderRow(
        row.number, row.state, row.is_held, row.channel, row.reference, row.placed_at, row.currency,
        money.format_minor(row.total_minor, row.currency), row.line_count, row.priority, row.service, row.country,
        row.version,
    )  # fmt: skip
