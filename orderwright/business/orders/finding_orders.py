"""From the number people say to the order's locked row."""

from collections.abc import Iterable
from typing import Any

from orderwright.business.orders.actions import lock_orders
from orderwright.database.rows import array
from orderwright.database.tx import Tx


def lock_by_number(tx: Tx, numbers: Iterable[str]) -> dict[str, Any]:
    """Lock the orders with these numbers, in id order; their rows by number. Unknown numbers are left out."""
    rows = tx.rows(
        "SELECT id::text FROM orders WHERE number = ANY(%(numbers)s::text[])", numbers=array(sorted(set(numbers)))
    )
    return {row.number: row for row in lock_orders(tx, [row.id for row in rows]).values()}
