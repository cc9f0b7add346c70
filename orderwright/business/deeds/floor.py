"""What every deed on the floor begins with: the orders locked, then their fulfilments, then a look at both."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from orderwright.business.orders.actions import lock_orders
from orderwright.business.routing.actions import lock_fulfilments
from orderwright.business.warehouse.pick_tasks import TASK_COLUMNS, PickTask
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id


class Work(NamedTuple):
    """A locked fulfilment with what its order says of it. `is_held`: a hold stops the order, or just this.

    cancel_until: the end of its order's cancel window, if it has one.
    """

    id: str
    order_id: str
    order_number: str
    site: str
    state: str
    service: str
    ship_by: datetime
    deliver_by: date
    is_held: bool
    cancel_until: datetime | None
    released_at: datetime | None


def lock_work(tx: Tx, fulfilment_ids: Iterable[str]) -> dict[str, Work]:
    """Lock fulfilments and their orders, in this order: orders by id, fulfilments by id. Unknown ids are left out."""
    asked = sorted({id_ for id_ in fulfilment_ids if is_id(id_)})
    if not asked:
        return {}
    rows = tx.rows("SELECT order_id::text AS id FROM fulfilment WHERE id = ANY(%(ids)s::uuid[])", ids=array(asked))
    orders = lock_orders(tx, [row.id for row in rows])
    return {
        row.id: Work(
            row.id, row.order_id, orders[row.order_id].number, row.site, row.state, row.service, row.ship_by,
            row.deliver_by, orders[row.order_id].is_held or row.is_apart_held,
            orders[row.order_id].cancel_until, row.released_at,
        )
        for row in lock_fulfilments(tx, asked).values()
    }  # fmt: skip


class TaskAtHand(NamedTuple):
    """A pick task of a locked fulfilment, and what a pick must know of it: the site's date, its bin, its lot's expiry.

    named: how many of its units have serial numbers. has_names: whether any unit of its product has one.
    """

    task: PickTask
    today: date
    bin_code: str
    bin_kind: str
    expires_on: date | None
    named: int
    has_names: bool


def lock_tasks(tx: Tx, task_ids: Iterable[str]) -> tuple[dict[str, Work], dict[str, TaskAtHand]]:
    """Lock the orders of pick tasks and their fulfilments, in the order of `lock_work`, in two statements.

    The fulfilments by id, and the tasks by id as they are under these locks. Unknown ids are left out.
    """
    asked = array(sorted({id_ for id_ in task_ids if is_id(id_)}))
    # Which order a task belongs to never changes, so it may be read without a lock.
    held = tx.rows(
        """
        SELECT id::text, number, is_held, cancel_until FROM orders WHERE id = ANY(ARRAY(
            SELECT f.order_id FROM pick_task t JOIN fulfilment f ON f.id = t.fulfilment_id
            WHERE t.id = ANY(%(ids)s::uuid[]))) ORDER BY id FOR UPDATE
        """,
        ids=asked,
    )
    rows = tx.rows(
        f"""
        SELECT {TASK_COLUMNS}, f.order_id::text, f.site, f.state AS work_state, f.service, f.ship_by, f.deliver_by,
               f.released_at,
               EXISTS (SELECT FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL) AS is_apart_held,
               (%(now)s::timestamptz AT TIME ZONE s.time_zone)::date AS today, p.code AS bin_code, p.kind AS bin_kind,
               l.expires_on, (SELECT count(*) FROM serial_unit u WHERE u.task_id = t.id) AS named,
               EXISTS (SELECT FROM serial_unit u WHERE u.sku = t.sku) AS has_names
        FROM pick_task t JOIN fulfilment f ON f.id = t.fulfilment_id JOIN site s ON s.code = f.site
        JOIN place p ON p.id = t.place_id LEFT JOIN lot l ON l.sku = t.sku AND l.lot = t.lot
        WHERE t.id = ANY(%(ids)s::uuid[]) ORDER BY f.id, t.id FOR UPDATE OF f
        """,
        now=tx.now, ids=asked,
    )  # fmt: skip
    orders = {row.id: row for row in held}
    work, tasks = {}, {}
    for row in rows:
        order = orders[row.order_id]
        work[row.fulfilment_id] = Work(
            row.fulfilment_id, row.order_id, order.number, row.site, row.work_state, row.service, row.ship_by,
            row.deliver_by, order.is_held or row.is_apart_held, order.cancel_until, row.released_at,
        )  # fmt: skip
        tasks[row.id] = TaskAtHand(
            PickTask(row), row.today, row.bin_code, row.bin_kind, row.expires_on, row.named, row.has_names
        )  # fmt: skip
    return work, tasks
