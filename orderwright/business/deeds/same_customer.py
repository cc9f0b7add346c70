"""Joining two customers who are the same, with all that they ordered."""

from collections.abc import Sequence

from orderwright.business.catalog.forms import Saved
from orderwright.business.customers.forms import JoinCustomer
from orderwright.business.customers.joining import join_customers
from orderwright.business.orders.actions import lock_orders, move_orders, orders_of_customers
from orderwright.database.tx import Collision, Tx
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal


def join_same_customers(tx: Tx, commands: Sequence[JoinCustomer]) -> list[Saved | Refusal]:
    """Join customers, and let the orders of each be those of who is kept. Money and stock stay as they are.

    Their orders are locked before they are, as by who erases them. Refuses as join_customers.
    """
    leaving = [each.id for each in commands if is_id(each.id)]
    orders = orders_of_customers(tx, leaving)
    lock_orders(tx, orders)
    results = join_customers(tx, commands)
    if orders_of_customers(tx, leaving) != orders:  # one was placed in between: look again, with that locked too
        raise Collision
    moved: dict[str, str] = {}
    for command, result in zip(commands, results, strict=True):
        if not isinstance(result, Refusal):
            moved = {id_: command.into if into == command.id else into for id_, into in moved.items()}
            moved[command.id] = command.into
    move_orders(tx, moved)
    return results
