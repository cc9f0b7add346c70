"""The orders behind each of the four numbers: a page at a time, latest placed first, never looking at too many."""

from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from orderwright.business.reports.order_rows import (
    COULD_BE_JUDGED,
    DAMAGED,
    HAS_FAILED,
    IN_PIECES,
    IS_DAMAGED,
    IS_DELIVERED,
    IS_GONE,
    IS_WRONG,
    JUDGED_AFTER,
    PARCELS,
    PROMISED_AT,
    WRONG,
)
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.pages import mark, read_mark

LOOKED_AT_MAX = 2_000
"""So many orders a page looks at, at most; the next one goes on from there."""
ROWS = 50
JUDGED = ("order_accuracy", "perfect_orders")
LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"
FigureName = Literal["order_accuracy", "time_per_order", "perfect_orders", "return_rate"]


class OrderBehind(NamedTuple):
    """An order a number is made of. spoils: why it lowers the number, [] where it does not; of returns the reasons.

    minutes: from taken to its last parcel, of time_per_order. units: that came back, of return_rate.
    """

    number: str
    channel: str
    state: str
    placed_at: datetime
    spoils: list[str]
    minutes: int | None
    units: int | None


class Behind(NamedTuple):
    """A page of them. until: the orders placed since then were looked at. next: where the next page begins, or None."""

    rows: list[OrderBehind]
    until: datetime | None
    next: str | None


def orders_behind(
    tx: Tx, name: FigureName, start: datetime, end: datetime, *, only_spoiling: bool, after: str | None
) -> Behind:  # fmt: skip
    """Orders placed from `start` until before `end` that make a number; two statements over at most 2,000 orders.

    only_spoiling: those alone that lower it: of time_per_order all, as no order has a target of its own. Refuses
    malformed for a mark that is none.
    """
    if name in JUDGED:
        end = min(end, tx.now - JUDGED_AFTER)  # younger ones were delivered too lately, or not yet
    at, order_id = (end, LAST_ID) if after is None else read_mark(after, tuple[datetime, UUID])
    asked = {"start": start, "end": end, "at": at, "id": str(order_id)}
    last = tx.row(
        f"SELECT placed_at, id::text FROM orders o WHERE {_SPAN} ORDER BY placed_at DESC, id DESC"
        f" OFFSET {LOOKED_AT_MAX - 1} LIMIT 1",
        **asked,
    )
    rows = tx.rows(
        f"WITH looked AS MATERIALIZED (SELECT * FROM orders o WHERE {_SPAN} ORDER BY placed_at DESC, id DESC"
        f" LIMIT {LOOKED_AT_MAX}) {_FIGURES[name]} ORDER BY o.placed_at DESC, o.id DESC",
        **asked, old=tx.now - JUDGED_AFTER, wrong=array(WRONG), damaged=array(DAMAGED),
    )  # fmt: skip
    wanted = [row for row in rows if row.spoils or not only_spoiling or name == "time_per_order"]
    if len(wanted) > ROWS:
        last = wanted[ROWS - 1]
    until = start if last is None else last.placed_at
    return Behind(
        [_shown(row) for row in wanted[:ROWS]],
        until,
        None if last is None else mark(last.placed_at, last.id),
    )


_SPAN = """o.placed_at >= %(start)s AND o.placed_at < %(end)s
    AND (o.placed_at, o.id) < (%(at)s::timestamptz, %(id)s::uuid)"""
_ORDER = "SELECT o.id::text, o.number, o.channel, o.state, o.placed_at"
_JUDGED = f"""
    FROM looked o CROSS JOIN LATERAL {PARCELS} p WHERE {IS_DELIVERED} AND {COULD_BE_JUDGED}"""
_WRONGS = f"CASE WHEN {IS_WRONG} THEN 'wrong' END, CASE WHEN {HAS_FAILED} THEN 'failed' END"
_FIGURES = {
    "order_accuracy": f"""{_ORDER}, array_remove(ARRAY[{_WRONGS}], NULL) AS spoils, NULL AS minutes,
            NULL AS units{_JUDGED}""",
    "perfect_orders": f"""{_ORDER}, array_remove(ARRAY[{_WRONGS}, CASE WHEN {IS_DAMAGED} THEN 'damaged' END,
            CASE WHEN coalesce(p.last_shipped > {PROMISED_AT}, true) THEN 'late' END,
            CASE WHEN {IN_PIECES} THEN 'pieces' END], NULL) AS spoils, NULL AS minutes, NULL AS units{_JUDGED}""",
    "time_per_order": f"""{_ORDER}, '{{}}'::text[] AS spoils,
            floor(extract(epoch FROM p.last_shipped - o.taken_at) / 60)::bigint AS minutes, NULL AS units
        FROM looked o CROSS JOIN LATERAL {PARCELS} p WHERE {IS_GONE} AND p.last_shipped IS NOT NULL""",
    "return_rate": f"""{_ORDER}, r.reasons AS spoils, NULL AS minutes, r.units FROM looked o CROSS JOIN LATERAL (
            SELECT array_agg(DISTINCT l.reason) AS reasons, sum(l.received)::bigint AS units
            FROM return_request q JOIN return_line l ON l.return_id = q.id
            WHERE q.order_id = o.id AND l.received > 0) AS r WHERE r.units > 0""",
}


def _shown(row: Any) -> OrderBehind:
    return OrderBehind(row.number, row.channel, row.state, row.placed_at, list(row.spoils), row.minutes, row.units)
