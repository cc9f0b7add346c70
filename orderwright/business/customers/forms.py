"""What is written of customers and of the prices they buy at, and what is answered."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.values.forms import AddressForm, Amount, Command, Form, Text
from orderwright.values.pages import After, Limit

ADDRESSES_MAX = 20
TERMS_DAYS_MAX = 365
Language = Literal["", "en", "es"]
TermsDays = Annotated[int, Meta(ge=0, le=TERMS_DAYS_MAX)]


class CustomerCard(Form, frozen=True):
    """A customer as the shop keeps them. A name, an e-mail address or a phone number there must be.

    language: theirs, '' for unknown. addresses: the usual one first. price_list: the code of the prices they buy at,
    '' for those of all. pays_within_days: after the invoice; None: in advance.
    """

    name: Text = ""
    email: Annotated[str, Meta(max_length=320)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    reference: Annotated[str, Meta(max_length=64)] = ""
    language: Language = ""
    note: Annotated[str, Meta(max_length=2_000)] = ""
    addresses: Annotated[list[AddressForm], Meta(max_length=ADDRESSES_MAX)] = msgspec.field(default_factory=list)
    price_list: Annotated[str, Meta(max_length=64)] = ""
    pays_within_days: TermsDays | None = None


class PutCustomer(Command, frozen=True):
    """Write down a customer, new or known. version: the one they were read at; None where that does not matter."""

    id: str
    card: CustomerCard
    version: int | None = None


class JoinForm(Form, frozen=True):
    """Who a customer is: the id of the one that is kept."""

    into: Annotated[str, Meta(max_length=40)]


class JoinCustomer(Command, frozen=True):
    """A customer is the same as another one, who is kept."""

    id: str
    into: str


class CustomerKept(msgspec.Struct, frozen=True):
    """A customer as they are kept. merged_into: the id of the one who is the same, '' for none."""

    id: str
    version: int
    card: CustomerCard
    first_at: datetime
    erased_at: datetime | None = None
    merged_into: str = ""


class PriceListForm(Form, frozen=True):
    """A list of prices: which days it is valid, both included; None: without end."""

    name: Annotated[str, Meta(min_length=1, max_length=500)]
    currency: Annotated[str, Meta(min_length=3, max_length=3)]
    valid_from: date | None = None
    valid_until: date | None = None


class PutPriceList(Command, frozen=True):
    """Make or change a list of prices. version: as in `PutCustomer`."""

    code: str
    form: PriceListForm
    version: int | None = None


class PriceForm(Form, frozen=True):
    """What a unit costs, in the list's currency, to a millionth; None: what it costs everybody."""

    price: Amount | None = None


class PutPrice(Command, frozen=True):
    """Say what a product costs at a list."""

    price_list: str
    sku: str
    form: PriceForm


class PriceSaved(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a price. what: new, changed, same or gone."""

    sku: str
    what: Literal["new", "changed", "same", "gone"]


class PriceListNow(msgspec.Struct, frozen=True):
    """A list of prices. is_valid: today."""

    code: str
    version: int
    form: PriceListForm
    is_valid: bool


class PriceRow(msgspec.Struct, frozen=True):
    """A price of a list beside that of everybody; list_price: None where it is in another currency."""

    sku: str
    title: str
    price: str
    list_price: str | None


class PriceQuery(Form, frozen=True):
    """Which prices of a list: those of SKUs that begin so."""

    q: Annotated[str, Meta(max_length=64)] = ""
    after: After | None = None
    limit: Limit = 50
