"""Joining two customers who are the same, with all that they ordered."""

from collections.abc import Sequence

from orderwright.business.catalog.forms import Saved
from orderwright.business.customers.forms import JoinCustomer
from orderwright.business.customers.joining import join_customers
from orderwright.business.orders.actions import move_orders
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def join_same_customers(tx: Tx, commands: Sequence[JoinCustomer]) -> list[Saved | Refusal]:
    """Join customers, and let the orders of each be those of who is kept. Money and stock stay as they are.

    Refuses as join_customers.
    """
    results = join_customers(tx, commands)
    moved: dict[str, str] = {}
    for command, result in zip(commands, results, strict=True):
        if not isinstance(result, Refusal):
            moved = {id_: command.into if into == command.id else into for id_, into in moved.items()}
            moved[command.id] = command.into
    move_orders(tx, moved)
    return results
