"""What a new store still lacks before its first order: the steps of a first day."""

from typing import NamedTuple

from orderwright.database.tx import Tx


class FirstStep(NamedTuple):
    """A step, and whether it is done."""

    name: str
    is_done: bool


def first_steps(tx: Tx) -> list[FirstStep]:
    """The steps in the order they are done best; none once there was an order, and never again then."""
    row = tx.row(
        "SELECT EXISTS (SELECT FROM site) AS site, EXISTS (SELECT FROM channel) AS channel,"
        " EXISTS (SELECT FROM rate_card WHERE version > 1)"
        " OR EXISTS (SELECT FROM carrier_service WHERE NOT is_preset) AS carriers,"
        " EXISTS (SELECT FROM product) AS products, EXISTS (SELECT FROM stock_move) AS stock,"
        " EXISTS (SELECT FROM orders) AS orders"
    )
    if row is None or row.orders:
        return []
    return [FirstStep(name, done) for name, done in zip(row._fields, row, strict=True)]
