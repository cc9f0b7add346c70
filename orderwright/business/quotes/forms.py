"""What is written down of an order before it is one, and what drafts and quotes look like."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.business.orders.form import CustomerForm
from orderwright.values.forms import AddressForm, Amount, Command, Form, Units, Word
from orderwright.values.pages import After, Limit

LINES_MAX = 500
Payment = Literal["unpaid", "on_account", "paid"]
QuoteState = Literal["open", "expired", "ordered", "withdrawn"]


class DraftLine(Form, frozen=True):
    """One line. sku: a SKU, or any code the channel knows the product by. unit_price: None is what was agreed with the
    customer, else the list price.
    """

    sku: Word
    quantity: Units = 1
    unit_price: Amount | None = None


class DraftForm(Form, frozen=True):
    """An order as far as it is written down: everything may still be missing, but what is there is of its form.

    buyer: the id of the customer a clerk chose; '': the e-mail address says who they are.
    discount: off the whole order; shipping: what the customer pays for it. Both in the currency of the channel.
    """

    channel: Annotated[str, Meta(max_length=64)] = ""
    buyer: Annotated[str, Meta(max_length=40)] = ""
    customer: CustomerForm = CustomerForm()
    ship_to: AddressForm = AddressForm(country="")
    service: Annotated[str, Meta(max_length=40)] = "standard"
    lines: Annotated[list[DraftLine], Meta(max_length=LINES_MAX)] = msgspec.field(default_factory=list)
    discount: Amount | None = None
    shipping: Amount | None = None
    payment: Payment = "unpaid"
    payment_reference: Annotated[str, Meta(max_length=200)] = ""
    customer_reference: Annotated[str, Meta(max_length=64)] = ""


class SaveDraft(Command, frozen=True):
    """Keep what is written of an order. version: the one it was read at; None where that does not matter."""

    id: str
    form: DraftForm
    version: int | None = None


class DropDraft(Command, frozen=True):
    """Throw a draft away."""

    id: str


class OfDraft(Command, frozen=True, kw_only=True):
    """What is done with a draft. form: as it is written now; None as it was kept. version: as in `SaveDraft`.

    total: what the clerk told the customer, to be checked; None for nothing told.
    """

    id: str
    form: DraftForm | None = None
    total: str | None = None
    version: int | None = None


class PlaceDraft(OfDraft, frozen=True, kw_only=True):
    """Make an order of a draft. anyway: although it will be held."""

    anyway: bool = False


class MakeQuote(OfDraft, frozen=True, kw_only=True):
    """Make a quote of a draft, good until the end of that day."""

    valid_until: date


class OrderQuote(Command, frozen=True):
    """Turn a quote into the order it describes. anyway: although it will be held.

    accepted_at: when who asked said yes, where that is not now; the quote was good then.
    """

    number: str
    anyway: bool = False
    accepted_at: datetime | None = None


class WithdrawQuote(Command, frozen=True):
    """Take a quote back: it cannot be ordered any more."""

    number: str


class DraftNow(msgspec.Struct, frozen=True):
    """A draft as it is kept."""

    id: str
    version: int
    changed_at: datetime
    order: DraftForm


class DraftRow(msgspec.Struct, frozen=True):
    """A draft in a list. name: of who buys."""

    id: str
    name: str
    line_count: int
    changed_at: datetime


class Dropped(msgspec.Struct, frozen=True):
    """A draft that is no more."""

    id: str


class QuoteRow(msgspec.Struct, frozen=True):
    """A quote in a list. order: the number of the order it became."""

    number: str
    state: QuoteState
    name: str
    channel: str
    currency: str
    total: str
    valid_until: date
    made_at: datetime
    made_by: str
    order: str = ""


class DraftQuery(Form, frozen=True):
    """A page of drafts."""

    after: After | None = None
    limit: Limit = 50


class QuoteQuery(Form, frozen=True):
    """Which quotes."""

    state: QuoteState | None = None
    after: After | None = None
    limit: Limit = 50
