"""When orders that wait can have their units: the earliest supply that is not for those before them.

It is worked out when somebody looks, so it follows whatever a supplier answers; what was told last is kept beside it,
so that a change becomes a fact of the order.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from orderwright.business.orders.actions import lock_orders
from orderwright.business.orders.facts import ExpectationMoved
from orderwright.business.orders.order_view import OrderView, get_order
from orderwright.business.purchasing.reads import supply_of
from orderwright.business.purchasing.rules import Waiting, expected_dates
from orderwright.database.rows import array
from orderwright.database.tx import Tx


class Expected(msgspec.Struct, frozen=True):
    """Units of an order that wait for a product. expected_on: null while nothing that is on its way is enough."""

    order: str
    line: int
    units: int
    expected_on: date | None


class Coming(msgspec.Struct, frozen=True):
    """Units that come on a day."""

    due_on: date
    units: int


class SupplyNow(msgspec.Struct, frozen=True):
    """A product's dated supply, and who waits for it, first served first."""

    sku: str
    supply: list[Coming]
    waiting: list[Expected]


def supply_now(tx: Tx, sku: str) -> SupplyNow:
    """What is on its way of a product, and for whom."""
    supply = supply_of(tx, [sku]).get(sku, [])
    queue = _queue(tx, [sku])
    dates = expected_dates(supply, [Waiting(row.id, row.waiting) for row in queue])
    return SupplyNow(
        sku, [Coming(*each) for each in supply],
        [Expected(row.number, row.position, row.waiting, dates[row.id]) for row in queue],
    )  # fmt: skip


def get_order_expecting(tx: Tx, number: str) -> OrderView:
    """One order, with the day each line that waits is expected. Refuses not_found."""
    order = get_order(tx, number)
    if not any(line.stages.waiting and line.sku for line in order.lines):
        return order
    rows = tx.rows(
        "SELECT d.id::text, d.position, d.sku FROM demand d JOIN orders o ON o.id = d.order_id"
        " WHERE o.number = %(number)s AND d.waiting > 0",
        number=number,
    )
    dates = dates_of(tx, {row.sku for row in rows})
    by_line: dict[int, list[date | None]] = {}
    for row in rows:
        by_line.setdefault(row.position, []).append(dates.get(row.id))
    return msgspec.structs.replace(order, lines=[
        msgspec.structs.replace(line, expected_on=_last(by_line.get(line.position, []))) for line in order.lines
    ])  # fmt: skip


def dates_of(tx: Tx, skus: Iterable[str]) -> dict[str, date | None]:
    """When each demand that waits for one of the skus can have its units, by demand id."""
    asked = sorted(set(skus))
    supply = supply_of(tx, asked)
    queues: dict[str, list[Waiting]] = {}
    for row in _queue(tx, asked):
        queues.setdefault(row.sku, []).append(Waiting(row.id, row.waiting))
    dates: dict[str, date | None] = {}
    for sku, queue in queues.items():
        dates |= expected_dates(supply.get(sku, []), queue)
    return dates


def tell_expected(tx: Tx, skus: Sequence[str]) -> None:
    """Tell orders that wait for these skus when their day is another than they were told last: a fact each.

    A fixed number of statements, however many orders wait.
    """
    dates = dates_of(tx, skus)
    rows = tx.rows(
        """
        SELECT d.id::text, d.order_id::text, d.position, d.sku, e.expected_on, e.demand_id IS NOT NULL AS was_told
        FROM demand d LEFT JOIN expectation e ON e.demand_id = d.id WHERE d.id = ANY(%(ids)s::uuid[])
        ORDER BY d.order_id, d.position, d.id
        """,
        ids=array(sorted(dates)),
    )
    moved = [row for row in rows if row.expected_on != dates[row.id]]
    if not moved:
        return
    lock_orders(tx, [row.order_id for row in moved])
    tx.write(
        """
        INSERT INTO expectation (demand_id, order_id, expected_on, told_at)
        SELECT *, %(now)s FROM unnest(%(ids)s::uuid[], %(orders)s::uuid[], %(days)s::date[])
        ON CONFLICT (demand_id) DO UPDATE SET expected_on = excluded.expected_on, told_at = excluded.told_at
        """,
        now=tx.now, ids=array(row.id for row in moved), orders=array(row.order_id for row in moved),
        days=array(dates[row.id] for row in moved),
    )  # fmt: skip
    for row in moved:
        fact = ExpectationMoved(line=row.position, sku=row.sku, before=row.expected_on, now=dates[row.id])
        tx.record("order", row.order_id, fact, actor="worker")


def _queue(tx: Tx, skus: Sequence[str]) -> list[Any]:
    """Demands that wait, in the order in which filling serves them."""
    return tx.rows(
        "SELECT d.id::text, d.sku, d.position, d.waiting, o.number FROM demand d JOIN orders o ON o.id = d.order_id"
        " WHERE d.sku = ANY(%(skus)s::text[]) AND d.waiting > 0"
        " ORDER BY d.sku, o.priority DESC, o.placed_at, o.number, d.position, d.id",
        skus=array(skus),
    )


def _last(days: Sequence[date | None]) -> date | None:
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None
