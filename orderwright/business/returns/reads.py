"""Returns as lists show them."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from orderwright.business.returns.actions import returns_now
from orderwright.business.returns.forms import ReturnNow
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.forms import Form
from orderwright.values.ids import is_id
from orderwright.values.pages import After, Limit, Page, mark, read_mark
from orderwright.values.refusal import Refusal

ReturnState = Literal["asked", "received", "inspected", "settled", "refused"]
STATES: tuple[ReturnState, ...] = ("asked", "received", "inspected", "settled", "refused")


class ReturnQuery(Form, frozen=True):
    """Which returns: in one state or in any; of one order, by its number."""

    state: ReturnState | None = None
    order: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    after: After | None = None
    limit: Limit = 50


class ReturnRow(msgspec.Struct, frozen=True):
    """A return in a list. `units`: asked for, stocked units. `refund`: what it was credited with, once settled."""

    id: str
    number: str
    order: str
    site: str
    state: str
    units: int
    made_at: datetime
    received_at: datetime | None
    settled_at: datetime | None
    refund: str | None
    currency: str
    version: int


def list_returns(
    tx: Tx, query: ReturnQuery, *, channels: Collection[str] | None = None, sites: Collection[str] | None = None
) -> Page[ReturnRow]:
    """A page of returns, newest first. channels, sites: only of these; None: all. One statement."""
    after = read_mark(query.after, tuple[datetime, UUID]) if query.after else None
    wanted = [
        "r.order_id = (SELECT id FROM orders WHERE number = %(order)s)" if query.order else "",
        "r.site = ANY(%(sites)s::text[])" if sites is not None else "",
        "EXISTS (SELECT 1 FROM orders o WHERE o.id = r.order_id AND o.channel = ANY(%(channels)s::text[]))"
        if channels is not None
        else "",
        "(r.made_at, r.id) < (%(made_at)s, %(id)s::uuid)" if after else "",
    ]
    more = "".join(f" AND {each}" for each in wanted if each)
    # One branch per state, so that each is read off the index of its own in order.
    branches = " UNION ALL ".join(
        f"(SELECT r.* FROM return_request r WHERE r.state = '{state}'{more}"
        " ORDER BY r.made_at DESC, r.id DESC LIMIT %(limit)s)"
        for state in ([query.state] if query.state else STATES)
    )
    rows = tx.rows(
        f"""
        SELECT r.id::text, r.number, o.number AS order_number, r.site, r.state, u.units, r.made_at, r.received_at,
               r.settled_at, r.refund_minor, o.currency, r.version
        FROM ({branches}) r JOIN orders o ON o.id = r.order_id
        CROSS JOIN LATERAL (SELECT coalesce(sum(asked), 0)::bigint AS units FROM return_line l
                            WHERE l.return_id = r.id) u
        ORDER BY r.made_at DESC, r.id DESC LIMIT %(limit)s
        """,
        order=query.order, sites=array(sites or ()), channels=array(channels or ()), limit=query.limit + 1,
        made_at=after[0] if after else None, id=str(after[1]) if after else None,
    )  # fmt: skip
    items = [_row(row) for row in rows[: query.limit]]
    return Page(items, mark(items[-1].made_at, items[-1].id) if len(rows) > query.limit else None)


def _row(row: Any) -> ReturnRow:
    refund = money.format_minor(row.refund_minor, row.currency) if row.state == "settled" else None
    return ReturnRow(*[*row[:9], refund, *row[10:]])


def get_return(tx: Tx, return_id: str) -> ReturnNow:
    """A return by its id. Refuses not_found."""
    found = returns_now(tx, [return_id]).get(return_id) if is_id(return_id) else None
    if found is None:
        raise Refusal("not_found", return_id=return_id)
    return found


def returns_by_id(tx: Tx, return_ids: Collection[str]) -> dict[str, ReturnNow]:
    """Returns by id; unknown ones are left out."""
    return returns_now(tx, [each for each in return_ids if is_id(each)])


def find_return_of(tx: Tx, order_id: str, number: str) -> ReturnNow | None:
    """A return of an order by its number; None where the order has no such one."""
    row = tx.row(
        "SELECT id::text FROM return_request WHERE number = %(number)s AND order_id = %(order_id)s",
        number=number, order_id=order_id,
    )  # fmt: skip
    return None if row is None else returns_now(tx, [row.id]).get(row.id)
