"""The four steps of a return."""

from collections.abc import Mapping
from typing import NamedTuple

from orderwright.values.refusal import Refusal

STEPS: Mapping[tuple[str, str], str] = {
    ("asked", "receive"): "received",
    ("received", "inspect"): "inspected",
    ("inspected", "settle"): "settled",
}
"""(state, deed) -> the state it leads to. Every other pair is refused, or was done before."""

DONE_AT = {"receive": ("received", "inspected", "settled"), "inspect": ("inspected", "settled"), "settle": ("settled",)}


class UnitPrice(NamedTuple):
    """What one unit costs with its tax, and how much of it is tax; minor units."""

    price_minor: int
    tax_minor: int


def price_in_exchange(goods_minor: int, tax_minor: int, quantity: int, difference_minor: int) -> UnitPrice:
    """What a unit costs that goes out for one of a line that came to goods and tax for `quantity` units.

    What was paid for a unit, rounded down, so that the credit of any units of the line covers as many of the same
    price; and what the list says it costs more or less (`difference_minor`). So a discount once given is kept.
    """
    goods, tax = max(0, goods_minor // quantity), max(0, tax_minor // quantity)
    paid = goods + tax
    price = max(0, paid + difference_minor)
    return UnitPrice(price, tax if price == paid else price * tax // paid if paid else 0)


def after(state: str, deed: str) -> "str | Refusal":
    """The state a deed leads to; refuses return_step for any pair not in the table."""
    return STEPS.get((state, deed)) or Refusal("return_step", state=state, deed=deed)


def is_done(state: str, deed: str) -> bool:
    """Whether the deed was done before, so that doing it again changes nothing."""
    return state in DONE_AT[deed]
