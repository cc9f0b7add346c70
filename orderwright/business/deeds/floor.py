"""What every deed on the floor begins with: the orders locked, then their fulfilments, then a look at both."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from orderwright.business.orders.actions import lock_orders
from orderwright.business.routing.actions import lock_fulfilments
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
