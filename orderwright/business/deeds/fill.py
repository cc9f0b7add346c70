"""Filling backorders: what arrives goes to who waits longest, before any new order."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from orderwright.business.deeds.waiting import route_waiting
from orderwright.business.orders.actions import lock_orders
from orderwright.database.rows import array
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx

ORDERS_A_TIME = 200


class Filling(msgspec.Struct, omit_defaults=True):
    """What to fill: skus, and where in the queue to go on (priority, placed at, number)."""

    skus: list[str]
    after: tuple[int, datetime, str] | None = None


def want_filling(tx: Tx, skus: Iterable[str]) -> None:
    """Enqueue filling for those skus that somebody waits for.

    Called by whatever makes units free, in its own transaction and after it locked their availability, so
    an order that decides to wait at the same time is either seen here or sees the units itself.
    """
    rows = tx.rows(
        "SELECT sku FROM unnest(%(skus)s::text[]) AS sku"
        " WHERE EXISTS (SELECT 1 FROM demand d WHERE d.sku = sku.sku AND d.waiting > 0) ORDER BY sku",
        skus=array(sorted(set(skus))),
    )
    for row in rows:
        tx.enqueue("fill_backorders", subject_of_sku(row.sku), Filling([row.sku]))


def subject_of_sku(sku: str) -> str:
    """A stable id for tasks about a product, so that two of them never run at once."""
    return str(uuid5(NAMESPACE_URL, f"sku:{sku}"))


def fill_backorders(tx: Tx, tasks: Sequence[Task]) -> None:
    """Fill what waits for the tasks' skus; a long queue goes on in a further task."""
    fillings = [msgspec.convert(task.body, Filling) for task in tasks]
    for filling, task in zip(fillings, tasks, strict=True):
        if filling.after is not None:
            _fill(tx, filling, task.subject)
    skus = sorted({sku for filling in fillings if filling.after is None for sku in filling.skus})
    if skus:
        _fill(tx, Filling(skus), tasks[0].subject)


def _fill(tx: Tx, filling: Filling, subject: str) -> None:
    queue = waiting_queue(tx, filling.skus, filling.after, ORDERS_A_TIME)
    ids = [row.id for row in queue]
    lock_orders(tx, ids)
    route_waiting(tx, ids, kind="filled", actor="worker")
    if len(queue) == ORDERS_A_TIME:
        last = queue[-1]
        tx.enqueue("fill_backorders", subject, Filling(filling.skus, (last.priority, last.placed_at, last.number)))


def waiting_queue(tx: Tx, skus: Sequence[str], after: tuple[int, datetime, str] | None, limit: int) -> list[Any]:
    """Orders waiting for any of the skus: highest priority first, then first come. Rows (id, priority, ...)."""
    priority, placed_at, number = after or (1_000, None, "")
    return tx.rows(
        """
        SELECT o.id::text, o.priority, o.placed_at, o.number FROM orders o
        WHERE o.id IN (SELECT order_id FROM demand WHERE sku = ANY(%(skus)s::text[]) AND waiting > 0)
          AND (-o.priority, o.placed_at, o.number)
              > (%(before)s::int, coalesce(%(placed_at)s::timestamptz, '-infinity'), %(number)s::text)
        ORDER BY -o.priority, o.placed_at, o.number LIMIT %(limit)s
        """,
        skus=array(skus), before=-priority, placed_at=placed_at, number=number, limit=limit,
    )  # fmt: skip
