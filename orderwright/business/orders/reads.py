"""Lists of orders: keyset pages, newest first, and the search box."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from orderwright.business.orders.rules import State
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.forms import Form
from orderwright.values.pages import After, Limit, Page, mark, read_mark

Search = Annotated[str, Meta(min_length=3, max_length=200)]


class OrderQuery(Form, frozen=True):
    """Which orders. `q`: the beginning of a reference, e-mail or postal code, or a whole number or tracking code."""

    state: State | None = None
    channel: Annotated[str, Meta(max_length=64)] | None = None
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

    One statement. Without `q` the page is read off an index; with `q` each index of what is searched gives
    its matches, and these are sorted.
    """
    wanted = [
        "o.state = %(state)s" if query.state else "",
        "o.channel = %(channel)s" if query.channel else "",
        "o.channel = ANY(%(channels)s::text[])" if channels is not None else "",
        "EXISTS (SELECT 1 FROM fulfilment f WHERE f.order_id = o.id AND f.site = ANY(%(sites)s::text[]))"
        if sites is not None
        else "",
        "(o.placed_at, o.id) < (%(placed_at)s, %(id)s::uuid)" if query.after else "",
    ]
    placed_at, id_ = read_mark(query.after, tuple[datetime, UUID]) if query.after else (None, None)
    rows = tx.rows(
        f"""
        SELECT o.id, o.number, o.state, o.is_held, o.channel, o.reference, o.placed_at, o.currency, o.total_minor,
               o.line_count, o.priority, o.service, o.country, o.version
        FROM {f"({_MATCHES}) AS found JOIN orders o USING (id)" if query.q else "orders o"}
        WHERE {" AND ".join(each for each in wanted if each) or "true"}
        ORDER BY o.placed_at DESC, o.id DESC LIMIT %(limit)s
        """,
        state=query.state, channel=query.channel, channels=array(channels or ()), sites=array(sites or ()),
        placed_at=placed_at, id=str(id_), limit=query.limit + 1, **(_search_words(query.q) if query.q else {}),
    )  # fmt: skip
    items = [_order_row(row) for row in rows[: query.limit]]
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    return Page(items, mark(last.placed_at, str(last.id)) if last is not None else None)


# Ranges of text_pattern_ops instead of LIKE: a prepared statement then keeps using the indexes.
_MATCHES = """
    SELECT id FROM orders WHERE reference ~>=~ %(text)s AND reference ~<~ %(text_end)s
    UNION SELECT id FROM orders WHERE email_key ~>=~ %(email)s AND email_key ~<~ %(email_end)s AND email_key <> ''
    UNION SELECT id FROM orders
          WHERE postal_code ~>=~ %(code)s AND postal_code ~<~ %(code_end)s AND postal_code <> ''
    UNION SELECT id FROM orders WHERE number = %(number)s
    UNION SELECT order_id FROM parcel WHERE tracking_code = %(text)s
"""
_LAST = "\U0010ffff"


def _search_words(q: str) -> dict[str, str]:
    text = q.strip()
    email, code = text.casefold(), text.upper()
    return {
        "text": text, "text_end": text + _LAST, "email": email, "email_end": email + _LAST,
        "code": code, "code_end": code + _LAST, "number": code,
    }  # fmt: skip


def _order_row(row: Any) -> OrderRow:
    return OrderRow(
        row.number, row.state, row.is_held, row.channel, row.reference, row.placed_at, row.currency,
        money.format_minor(row.total_minor, row.currency), row.line_count, row.priority, row.service, row.country,
        row.version,
    )  # fmt: skip
