"""The order form and the credit lines made of lines read, with amounts that add up."""

from collections.abc import Sequence
from functools import lru_cache

from orderwright.business.imports.heads import Head
from orderwright.business.imports.lines import Line
from orderwright.business.imports.profile import Profile
from orderwright.business.imports.results import CreditLine
from orderwright.business.orders.form import DiscountForm, LineForm, NewOrder, ShippingForm
from orderwright.values.money import format_micro, format_minor, share

_DISCOUNTS_MAX = 20

_price_text = lru_cache(maxsize=100_000)(format_micro)


def order_form(profile: Profile, head: Head, sold: Sequence[Line], taken: Sequence[Line]) -> NewOrder:
    """The order of the lines sold and the charge rows taken into it.

    Without a total in the file, the total is what the form adds up to: line amounts (quantity times price,
    rounded half to even, less the line's discount), less order discounts, plus shipping, plus taxes unless
    prices include them. A total in the file is passed on as it stands, to be checked when the order is taken.
    """
    currency = head.currency
    lines, taxes = _line_forms(head, sold)
    discounts = _discounts(head, taken)
    shipping, shipping_tax = _shipping(head, taken)
    total = head.amounts.get("total")
    if total is None:
        total = sum(line.amount_minor - abs(line.discount_minor) for line in sold) + shipping
        total -= sum(discounts.values())
        total += 0 if profile.orders.prices_include_tax else sum(taxes) + shipping_tax
    texts = head.texts
    return NewOrder(
        channel=head.channel,
        reference=head.reference,
        currency=currency,
        ship_to=head.ship_to,
        bill_to=head.bill_to,
        lines=lines,
        total=format_minor(total, currency),
        placed_at=head.placed_at,
        customer=head.customer,
        service=texts.get("service", profile.orders.service),
        prices_include_tax=profile.orders.prices_include_tax,
        discounts=[
            DiscountForm(amount=format_minor(amount, currency), code=code) for code, amount in discounts.items()
        ],
        shipping=ShippingForm(price=format_minor(shipping, currency), tax=format_minor(shipping_tax, currency)),
        payment=head.payment,
        customer_reference=texts.get("purchase_order", ""),
        gift_note=texts.get("gift_note", ""),
    )


def credit_line(line: Line, currency: str) -> CreditLine:
    """A credited line, its quantity and amount turned above zero."""
    amount = abs(line.amount_minor) - abs(line.discount_minor)
    price = _price_text(line.price_micro, currency)
    return CreditLine(line.row, line.code.sku, line.title, abs(line.quantity), price, format_minor(amount, currency))


def _line_forms(head: Head, sold: Sequence[Line]) -> tuple[list[LineForm], list[int]]:
    """The lines and their taxes; a tax the file gives once for the order is shared by amount."""
    currency = head.currency
    taxes = [line.tax_minor for line in sold]
    if tax := head.amounts.get("order_tax", 0):
        weights = [line.amount_minor - abs(line.discount_minor) for line in sold]
        if min(weights) < 0 or not any(weights):
            weights = [1] * len(sold)
        taxes = [own + part for own, part in zip(taxes, share(tax, weights), strict=True)]
    forms = []
    for position, (line, tax) in enumerate(zip(sold, taxes, strict=True), start=1):
        form = LineForm(
            sku=line.code.sku,
            quantity=line.quantity,
            unit_price=_price_text(line.price_micro, currency),
            reference=line.reference or str(position),
            title=line.title,
            discount=format_minor(abs(line.discount_minor), currency) if line.discount_minor else "0",
            tax=format_minor(tax, currency) if tax else "0",
            amount=None if line.given_minor is None else format_minor(line.given_minor, currency),
            note=line.note,
            gift_note=line.gift_note,
        )
        forms.append(form)
    return forms, taxes


def _discounts(head: Head, taken: Sequence[Line]) -> dict[str, int]:
    """Order discounts by code, above zero, however the file writes their sign."""
    discounts: dict[str, int] = {}
    if amount := abs(head.amounts.get("order_discount", 0)):
        discounts[head.texts.get("discount_code", "")] = amount
    for line in taken:
        if line.code.rule and line.code.rule.turns_into == "discount":
            code = line.code.sku if line.code.sku in discounts or len(discounts) < _DISCOUNTS_MAX - 1 else ""
            discounts[code] = discounts.get(code, 0) - line.amount_minor
    return {code: amount for code, amount in discounts.items() if amount}


def _shipping(head: Head, taken: Sequence[Line]) -> tuple[int, int]:
    price = head.amounts.get("shipping_price", 0)
    price += sum(line.amount_minor for line in taken if line.code.rule and line.code.rule.turns_into == "shipping")
    return price, head.amounts.get("shipping_tax", 0)
