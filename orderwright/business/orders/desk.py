"""What a desk shows beside orders that lists and the order itself do not tell."""

from collections.abc import Sequence

import msgspec

from orderwright.business.orders.form import NewOrder
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def names_on(tx: Tx, numbers: Sequence[str]) -> dict[str, str]:
    """Whom orders go to, by the orders' numbers; '' where nobody is named (any more)."""
    rows = tx.rows(
        "SELECT number, coalesce(form::json #>> '{ship_to,name}', '') AS name FROM orders"
        " WHERE number = ANY(%(numbers)s::text[])",
        numbers=array(numbers),
    )
    return {row.number: row.name for row in rows}


def form_of(tx: Tx, number: str) -> NewOrder:
    """An order as it was written last, to be written anew with something changed. Refuses not_found, also when its
    people were erased: then nothing of it can be written anew."""
    row = tx.row("SELECT form FROM orders WHERE number = %(number)s", number=number)
    try:
        return msgspec.json.decode("" if row is None else row.form, type=NewOrder)
    except msgspec.MsgspecError:
        raise Refusal("not_found", order=number) from None
