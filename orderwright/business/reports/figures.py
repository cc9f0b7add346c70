"""Key figures over the orders placed in a span of time. Each says what it counts, and what it cannot judge yet.

The SQL stands beside its definition, reads the same tables as everybody, and changes nothing. An order too young
to be judged is `pending` and counts in neither direction.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderwright.business.reports.order_rows import (
    COULD_BE_JUDGED,
    DAMAGED,
    HAS_FAILED,
    HAS_LEFT_AT,
    IN_PIECES,
    IS_DAMAGED,
    IS_DELIVERED,
    IS_GONE,
    IS_WRONG,
    JUDGED_AFTER,
    OUTCOME,
    PARCELS,
    PROMISED_AT,
    UNITS_MADE_TO_WAIT,
    UNITS_ORDERED,
    WRONG,
)
from orderwright.database.tx import Tx


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One figure. A share is good / judged in permille, None where nothing could be judged; parts: what it counts."""

    name: str
    says: str
    value: int | None
    unit: str
    good: int = 0
    judged: int = 0
    pending: int = 0
    parts: dict[str, int] = msgspec.field(default_factory=dict)


class Span(msgspec.Struct, frozen=True):
    """Orders placed from `start` until before `end`."""

    start: datetime
    end: datetime


Compute = Callable[[Tx, Span], Figure]


def figures(tx: Tx, span: Span) -> list[Figure]:
    """All figures of a span, in the order an owner reads them; one or two statements each."""
    return [compute(tx, span) for compute in ALL]


def orders_in(tx: Tx, span: Span) -> Figure:
    """Orders placed, whatever became of them, by state."""
    rows = tx.rows(
        "SELECT state, count(*) AS n FROM orders WHERE placed_at >= %(start)s AND placed_at < %(end)s"
        " GROUP BY state ORDER BY state",
        start=span.start, end=span.end,
    )  # fmt: skip
    parts = {row.state: row.n for row in rows}
    return Figure("orders_in", _says(orders_in), sum(parts.values()), "orders", parts=parts)


def shipped_on_time(tx: Tx, span: Span) -> Figure:
    """Orders of which every unit not cancelled left by the moment promised when the order was placed.

    Judged are orders promised in full when placed and not cancelled: shipped ones, and late ones still here.
    """
    row = _one(
        tx, span,
        f"""
        SELECT count(*) FILTER (WHERE left_at <= promised) AS good,
               count(*) FILTER (WHERE left_at IS NOT NULL OR promised < %(now)s) AS judged,
               count(*) FILTER (WHERE left_at IS NULL AND promised >= %(now)s) AS pending
        FROM (SELECT o.id, {PROMISED_AT} AS promised, {HAS_LEFT_AT} AS left_at
              FROM orders o
              WHERE o.placed_at >= %(start)s AND o.placed_at < %(end)s AND o.state <> 'cancelled'
                AND {OUTCOME} IN ('whole', 'split')) judged_orders
        """,
    )  # fmt: skip
    return _share("shipped_on_time", shipped_on_time, row)


def held(tx: Tx, span: Span) -> Figure:
    """Orders that were stopped at least once, by kind of hold (an order with two kinds counts under both)."""
    rows = tx.rows(
        "SELECT h.kind, count(DISTINCT h.order_id) AS n FROM hold h JOIN orders o ON o.id = h.order_id"
        " WHERE o.placed_at >= %(start)s AND o.placed_at < %(end)s GROUP BY h.kind ORDER BY h.kind",
        start=span.start, end=span.end,
    )  # fmt: skip
    total = _one(
        tx, span,
        "SELECT count(*) AS n FROM orders o WHERE o.placed_at >= %(start)s AND o.placed_at < %(end)s"
        " AND EXISTS (SELECT 1 FROM hold h WHERE h.order_id = o.id)",
    )  # fmt: skip
    return Figure("held", _says(held), total.n, "orders", parts={row.kind: row.n for row in rows})


def backordered(tx: Tx, span: Span) -> Figure:
    """Orders of which something had to wait for stock when they were placed; `open`: those that still wait."""
    row = _one(
        tx, span,
        f"""
        SELECT count(*) AS n, count(*) FILTER (WHERE EXISTS (
                   SELECT 1 FROM demand w WHERE w.order_id = o.id AND w.waiting > 0)) AS open
        FROM orders o
        WHERE o.placed_at >= %(start)s AND o.placed_at < %(end)s AND {OUTCOME} IN ('partial', 'waiting')
        """,
    )  # fmt: skip
    return Figure("backordered", _says(backordered), row.n, "orders", parts={"open": row.open})


def fill_rate(tx: Tx, span: Span) -> Figure:
    """Units promised from stock at the moment of placing, of all units ordered of known products."""
    row = _one(
        tx, span,
        f"""
        SELECT coalesce(sum(ordered), 0)::bigint AS judged,
               coalesce(sum(ordered - least(ordered, waiting)), 0)::bigint AS good, 0 AS pending
        FROM (SELECT {UNITS_ORDERED} AS ordered, {UNITS_MADE_TO_WAIT} AS waiting FROM orders o
              WHERE o.placed_at >= %(start)s AND o.placed_at < %(end)s) told
        """,
    )  # fmt: skip
    return _share("fill_rate", fill_rate, row, unit="permille of units")


def order_accuracy(tx: Tx, span: Span) -> Figure:
    """Delivered orders without a complaint about a wrong item, a wrong quantity or a delivery that failed.

    Judged 14 days after delivery, with a complaint or without: younger ones would make it look worse than it is.
    """
    row = _delivered(tx, span, "NOT (wrong OR failed)")
    return _share("order_accuracy", order_accuracy, row)


def perfect_orders(tx: Tx, span: Span) -> Figure:
    """Delivered orders that were on time, in one go, accurate and undamaged. Judged like accuracy."""
    row = _delivered(tx, span, "NOT (wrong OR failed OR damaged OR coalesce(late, true) OR pieces)")
    return _share("perfect_orders", perfect_orders, row)


def return_rate(tx: Tx, span: Span) -> Figure:
    """Units received back, of the units shipped, by reason. Units on their way back do not count yet."""
    rows = tx.rows(
        """
        SELECT l.reason, sum(l.received)::bigint AS n FROM return_line l
        JOIN return_request r ON r.id = l.return_id JOIN orders o ON o.id = r.order_id
        WHERE o.placed_at >= %(start)s AND o.placed_at < %(end)s AND l.received > 0
        GROUP BY l.reason ORDER BY l.reason
        """,
        start=span.start, end=span.end,
    )  # fmt: skip
    shipped = _one(
        tx, span,
        "SELECT coalesce(sum(d.shipped), 0)::bigint AS n FROM demand d JOIN orders o ON o.id = d.order_id"
        " WHERE o.placed_at >= %(start)s AND o.placed_at < %(end)s",
    ).n  # fmt: skip
    parts = {row.reason: row.n for row in rows}
    came_back = sum(parts.values())
    value = None if shipped == 0 else came_back * 1000 // shipped
    return Figure("return_rate", _says(return_rate), value, "permille of units", came_back, shipped, 0, parts)


def time_per_order(tx: Tx, span: Span) -> Figure:
    """Median minutes from the order being taken to its last parcel leaving; fully shipped orders only."""
    row = _one(
        tx, span,
        f"""
        SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY minutes)::bigint AS median, count(*) AS judged
        FROM (SELECT (extract(epoch FROM max(p.shipped_at) - min(o.taken_at)) / 60)::bigint AS minutes
              FROM orders o JOIN parcel p ON p.order_id = o.id
              WHERE o.placed_at >= %(start)s AND o.placed_at < %(end)s AND {IS_GONE}
              GROUP BY o.id) shipped
        """,
    )  # fmt: skip
    return Figure("time_per_order", _says(time_per_order), row.median, "minutes", judged=row.judged)


def oversold(tx: Tx, span: Span) -> Figure:
    """Units promised beyond what lies at the sites: 0, or something is broken. The whole store, not the span.

    parts.made_to_wait: units ordered in the span that were told to wait rather than promised twice, and
    parts.orders_made_to_wait the orders they were in: the refusals that prevented overselling.
    """
    row = _one(tx, span, "SELECT coalesce(sum(greatest(allocated - on_hand, 0)), 0)::bigint AS n FROM availability")
    waited = _one(
        tx, span,
        """
        SELECT coalesce(sum((pair ->> 1)::bigint), 0)::bigint AS n, count(DISTINCT o.id) AS orders
        FROM orders o JOIN fact f ON f.subject = o.id AND f.seq = 1,
             json_array_elements(f.body::json -> 'waiting') AS pair
        WHERE o.placed_at >= %(start)s AND o.placed_at < %(end)s
        """,
    )  # fmt: skip
    parts = {"made_to_wait": waited.n, "orders_made_to_wait": waited.orders}
    return Figure("oversold_units", _says(oversold), row.n, "units", parts=parts)


ALL: Sequence[Compute] = (
    orders_in, shipped_on_time, held, backordered, fill_rate, order_accuracy, perfect_orders, return_rate,
    time_per_order, oversold,
)  # fmt: skip


def _delivered(tx: Tx, span: Span, good: str) -> Any:
    """good, judged and pending of delivered orders, by a condition on wrong, damaged, failed, late and pieces.

    An order that waited for stock had no promise when placed: `late` is null.
    """
    return _one(
        tx, span,
        f"""
        SELECT count(*) FILTER (WHERE ({good}) AND is_old) AS good, count(*) FILTER (WHERE is_old) AS judged,
               count(*) FILTER (WHERE NOT is_old) AS pending
        FROM (SELECT o.id, {IS_WRONG} AS wrong, {IS_DAMAGED} AS damaged, {HAS_FAILED} AS failed,
                p.last_shipped > {PROMISED_AT} AS late, {IN_PIECES} AS pieces, {COULD_BE_JUDGED} AS is_old
              FROM orders o CROSS JOIN LATERAL {PARCELS} p
              WHERE o.placed_at >= %(start)s AND o.placed_at < %(end)s AND {IS_DELIVERED}) judged_orders
        """,
        old=tx.now - JUDGED_AFTER, wrong=list(WRONG), damaged=list(DAMAGED),
    )  # fmt: skip


def _one(tx: Tx, span: Span, sql: str, **values: Any) -> Any:
    return tx.row(sql, start=span.start, end=span.end, now=tx.now, **values)


def _share(name: str, compute: Compute, row: Any, unit: str = "permille of orders") -> Figure:
    value = None if row.judged == 0 else row.good * 1000 // row.judged
    return Figure(name, _says(compute), value, unit, row.good, row.judged, row.pending)


def _says(compute: Compute) -> str:
    return " ".join((compute.__doc__ or "").split())
