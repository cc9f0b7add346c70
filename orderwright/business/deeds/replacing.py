"""Orders that replace something of another one: a lost parcel, goods that come back for others."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from orderwright.business.deeds.hold import release_holds
from orderwright.business.deeds.placing.forms import Placed
from orderwright.business.orders.commands import ReleaseHold
from orderwright.business.orders.form import LineForm, NewOrder, PaymentForm, PolicyForm, ShippingForm
from orderwright.database.tx import Tx
from orderwright.values.money import format_minor

JUDGED = ("duplicate", "price", "quantity")
"""Holds for what looks odd about an order; whoever replaces something has looked at it."""


def replacement_of(
    form: NewOrder,
    number: str,
    *,
    reference: str,
    lines: list[LineForm],
    total_minor: int,
    shortage: Literal["backorder", "refuse"],
) -> NewOrder:
    """An order of these lines to the same customer, address and service as another one, of which it tells the number.

    Prices of its lines hold their tax. Sending it costs nothing, and it waits for no money.
    """
    return msgspec.structs.replace(
        form, reference=reference, placed_at=None, discounts=[], shipping=ShippingForm(), prices_include_tax=True,
        total=format_minor(total_minor, form.currency), payment=PaymentForm(state="on_account"),
        policy=PolicyForm(shortage=shortage), ship_before=None, customer_reference=number, lines=lines,
    )  # fmt: skip


def release_judged(tx: Tx, placed: Sequence[tuple[Placed, str]]) -> None:
    """Release what holds replacements, each with who placed it, only because they look odd."""
    release_holds(tx, [
        ReleaseHold(number=each.number, kind=kind, actor=actor)
        for each, actor in placed for kind in each.holds if kind in JUDGED
    ])  # fmt: skip
