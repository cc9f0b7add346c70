"""What lines are worth: to the minor unit, however an order is shipped, cancelled or returned in pieces."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from orderwright.values.money import share


class LineWorth(NamedTuple):
    """One line's money for all its units: goods after its share of order discounts, and its tax."""

    position: int
    quantity: int
    goods_minor: int
    tax_minor: int


class Worth(NamedTuple):
    """An amount split as papers need it; minor units."""

    goods_minor: int
    shipping_minor: int
    tax_minor: int

    @property
    def total_minor(self) -> int:
        """Everything together."""
        return self.goods_minor + self.shipping_minor + self.tax_minor


def line_worths(
    lines: Sequence[tuple[int, int, int, int]], discount_minor: int, *, prices_include_tax: bool
) -> list[LineWorth]:
    """What each line is worth. lines: (position, quantity, amount, tax).

    Order discounts are spread over the lines by amount (largest remainders; a free order spreads nothing).
    With tax-inclusive prices a line's goods are its amount less its tax, so goods and tax add up to what
    was charged either way.
    """
    weights = [max(amount, 0) for _, _, amount, _ in lines]
    parts = share(discount_minor, weights) if discount_minor and sum(weights) else [0] * len(lines)
    return [
        LineWorth(position, quantity, amount - part - (tax if prices_include_tax else 0), tax)
        for (position, quantity, amount, tax), part in zip(lines, parts, strict=True)
    ]


def part_worth(line: LineWorth, before: int, units: int) -> tuple[int, int]:
    """(goods, tax) of `units` units of a line after `before` others were counted.

    Each unit's share is the difference of two rounded running totals, so the parts of a line always sum to
    the line, in whatever pieces it is invoiced, and a refund of the same units mirrors the charge.
    """
    return (
        _until(line.goods_minor, line.quantity, before + units) - _until(line.goods_minor, line.quantity, before),
        _until(line.tax_minor, line.quantity, before + units) - _until(line.tax_minor, line.quantity, before),
    )


def _until(amount_minor: int, quantity: int, units: int) -> int:
    """Running total after `units` of `quantity`, rounded half up away from the end: exact at both ends."""
    return (2 * amount_minor * units + quantity) // (2 * quantity)


def order_worth(
    lines: Sequence[LineWorth], live: Mapping[int, int], shipping: tuple[int, int], *, is_shipped_part: bool
) -> Worth:
    """What an order is worth with `live` units of each line (position -> units not cancelled).

    shipping: (price without tax, tax), owed while anything is left of the order or was shipped.
    """
    goods = tax = 0
    for line in lines:
        line_goods, line_tax = part_worth(line, 0, live.get(line.position, 0))
        goods += line_goods
        tax += line_tax
    owes_shipping = is_shipped_part or any(live.values())
    return Worth(goods, shipping[0] if owes_shipping else 0, tax + (shipping[1] if owes_shipping else 0))


PAYMENT_STATES = ("authorised", "captured", "partly_captured", "voided", "refunded", "partly_refunded")


def payment_state(authorised: int, captured: int, refunded: int, voided: int) -> str:
    """One word for a payment, derived from its amounts."""
    if refunded:
        return "refunded" if refunded == captured else "partly_refunded"
    if captured:
        return "captured" if captured + voided == authorised else "partly_captured"
    return "voided" if voided and voided == authorised else "authorised"


PayLinkState = Literal["open", "changed", "covered", "expired", "withdrawn", "paid", "returning", "returned"]


def pay_link_state(
    amount_minor: int, missing_minor: int | None, *, is_over: bool, is_withdrawn: bool, is_paid: bool, has_order: bool,
    is_returned: bool,
) -> PayLinkState:  # fmt: skip
    """The one word for a link to pay. missing_minor: what is still to be paid; None: its quote is nothing to pay for.

    What was paid for a quote that could become no order is returned. A link asks for one amount: where another is
    missing by now, it is changed, and covered where none is.
    """
    if is_paid:
        return "paid" if has_order else "returned" if is_returned else "returning"
    if is_withdrawn or missing_minor is None:
        return "withdrawn"
    if missing_minor == 0:
        return "covered"
    if is_over:
        return "expired"
    return "open" if missing_minor == amount_minor else "changed"
