"""An order as it is handed in: the one form for every door (API, channel message, file)."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.values.forms import AddressForm, Decimal, Form, Text, Units, Word

USUAL_SERVICE = "standard"
"""What orders that name no service are sent by."""


class CustomerForm(Form, frozen=True):
    """Who buys. At least an e-mail or a phone is expected; their form is checked as findings."""

    email: Annotated[str, Meta(max_length=320)] = ""
    name: Text = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    reference: Annotated[str, Meta(max_length=64)] = ""


class LineForm(Form, frozen=True):
    """One line. `unit_price` may carry up to 6 decimals; `discount` and `tax` are whole-line amounts.

    `amount` (what the line comes to before order discount and tax on top) may be given to be checked.
    """

    sku: Word
    quantity: Units
    unit_price: Decimal
    reference: Annotated[str, Meta(max_length=64)] = ""
    title: Text = ""
    discount: Decimal = "0"
    tax: Decimal = "0"
    amount: Decimal | None = None
    note: Text = ""
    gift_note: Text = ""


class DiscountForm(Form, frozen=True):
    """An order-level discount, as a positive amount."""

    amount: Decimal
    code: Annotated[str, Meta(max_length=64)] = ""


class ShippingForm(Form, frozen=True):
    """What the customer pays for shipping."""

    price: Decimal = "0"
    tax: Decimal = "0"


class PaymentForm(Form, frozen=True):
    """What is known of payment. `unpaid` holds the order; `on_account` does not wait for money."""

    state: Literal["unpaid", "authorised", "paid", "on_account"] = "unpaid"
    gateway: Annotated[str, Meta(max_length=64)] = "practice"
    reference: Annotated[str, Meta(max_length=200)] = ""
    amount: Decimal | None = None


class PolicyForm(Form, frozen=True):
    """How a shortage and a split are dealt with; None falls back to the channel, then the store."""

    shortage: Literal["backorder", "refuse", "hold"] | None = None
    split: Literal["cheapest", "never"] | None = None
    ship_complete: bool | None = None


class NewOrder(Form, frozen=True):
    """One order as taken. Totals must add up to the cent: see `orders.rules.findings_of`."""

    channel: Word
    reference: Word
    currency: Annotated[str, Meta(min_length=3, max_length=3)]
    ship_to: AddressForm
    lines: Annotated[list[LineForm], Meta(min_length=1, max_length=10_000)]
    total: Decimal
    placed_at: datetime | None = None
    customer: CustomerForm = CustomerForm()
    bill_to: AddressForm | None = None
    service: Annotated[str, Meta(min_length=1, max_length=40)] = USUAL_SERVICE
    prices_include_tax: bool = False
    discounts: Annotated[list[DiscountForm], Meta(max_length=20)] = msgspec.field(default_factory=list)
    shipping: ShippingForm = ShippingForm()
    payment: PaymentForm = PaymentForm()
    policy: PolicyForm = PolicyForm()
    priority: Annotated[int, Meta(ge=0, le=100)] = 0
    customer_reference: Annotated[str, Meta(max_length=64)] = ""
    gift_note: Text = ""
    tags: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=50)] = msgspec.field(
        default_factory=list
    )
    ship_before: datetime | None = None
