"""What buyers write, and what they are answered."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.business.purchasing.rules import State
from orderwright.values.forms import Command, Decimal, Form, Units, Word

Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Days = Annotated[int, Meta(ge=0, le=1000)]
ShortText = Annotated[str, Meta(max_length=64)]
UnitsOrNone = Annotated[int, Meta(ge=0, le=1_000_000_000)]
EndReason = Literal["not_needed", "supplier_cannot", "too_late", "wrong_order", "other"]


class SupplierProductForm(Form, frozen=True):
    """A product a supplier sells: what they call it, what a unit costs in their currency, units in a pack."""

    sku: Word
    unit_cost: Decimal
    code: ShortText = ""
    pack_size: Units = 1


class SupplierForm(Form, frozen=True):
    """A supplier. Without an e-mail address, orders are sent by hand."""

    name: Annotated[str, Meta(min_length=1, max_length=500)]
    currency: Currency
    email: Annotated[str, Meta(max_length=254)] = ""
    lead_time_days: Days = 7
    is_active: bool = True
    products: Annotated[list[SupplierProductForm], Meta(max_length=100_000)] = msgspec.field(default_factory=list)


class PutSupplier(Command, frozen=True):
    """Create or replace a supplier, with all they sell."""

    code: Word
    form: SupplierForm


class SupplierNow(msgspec.Struct, frozen=True):
    """A supplier as it stands."""

    code: str
    name: str
    email: str
    currency: str
    lead_time_days: int
    is_active: bool
    products: int


class PurchaseLineForm(Form, frozen=True):
    """Units to buy. What is left out comes from the supplier: cost, and the date by their lead time."""

    sku: Word
    quantity: Units
    unit_cost: Decimal | None = None
    due_on: date | None = None


class PurchaseForm(Form, frozen=True):
    """What to buy from whom, for which site."""

    supplier: Word
    site: Word
    lines: Annotated[list[PurchaseLineForm], Meta(min_length=1, max_length=1_000)]


class DraftPurchase(Command, frozen=True):
    """A purchase order to draw up."""

    form: PurchaseForm


class ChangeForm(Form, frozen=True):
    """The lines a draft is to have."""

    lines: Annotated[list[PurchaseLineForm], Meta(min_length=1, max_length=1_000)]


class ChangePurchase(Command, frozen=True):
    """Other lines for a draft."""

    number: str
    form: ChangeForm


class SendPurchase(Command, frozen=True):
    """Order it."""

    number: str


class AnsweredLine(Form, frozen=True):
    """What the supplier says of a product: when it comes, how many in all (None: as ordered), at what cost."""

    sku: Word
    due_on: date | None = None
    quantity: UnitsOrNone | None = None


class AnswerForm(Form, frozen=True):
    """The supplier's answer. due_on: of every line that says no other date."""

    due_on: date | None = None
    lines: Annotated[list[AnsweredLine], Meta(max_length=1_000)] = msgspec.field(default_factory=list)


class ConfirmPurchase(Command, frozen=True):
    """The supplier answered."""

    number: str
    form: AnswerForm


class EndForm(Form, frozen=True):
    """Why nothing more of it is to come."""

    reason: EndReason = "not_needed"


class EndPurchase(Command, frozen=True):
    """A purchase order is cancelled before anything came, or closed after some of it did."""

    number: str
    form: EndForm


class PurchaseLineNow(msgspec.Struct, frozen=True):
    """A line of a purchase order. open: units still to come; rejected ones are."""

    position: int
    sku: str
    supplier_code: str
    quantity: int
    unit_cost: str
    due_on: date
    accepted: int
    rejected: int
    cancelled: int
    open: int


class PurchaseNow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A purchase order as it stands. mail: what became of the message to the supplier."""

    number: str
    supplier: str
    site: str
    state: State
    currency: str
    total: str
    version: int
    made_at: datetime
    sent_at: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None
    lines: list[PurchaseLineNow]
    mail: str = ""
    repeated: bool = False


class LevelForm(Form, frozen=True):
    """When to order more of a product for a site, and up to how many units. Neither: work it out from the picks."""

    reorder_point: UnitsOrNone | None = None
    target: UnitsOrNone | None = None


class PutLevel(Command, frozen=True):
    """A level for a product at a site."""

    sku: Word
    site: Word
    form: LevelForm


class LevelNow(msgspec.Struct, frozen=True):
    """How a product stands at a site. position: on hand + on order - promised - waiting.

    on_order: from suppliers, and from other sites of ours. is_low: at or below the reorder point. daily_milli: units
    picked a day, in thousandths.
    """

    sku: str
    site: str
    reorder_point: int
    target: int
    is_computed: bool
    on_hand: int
    promised: int
    waiting: int
    on_bench: int
    on_order: int
    position: int
    is_low: bool
    daily_milli: int


class OrderRequestsForm(Form, frozen=True):
    """Which requests to turn into drafts: of a site or supplier, or all there are."""

    site: ShortText = ""
    supplier: ShortText = ""


class OrderRequests(Command, frozen=True):
    """Turn open requests into drafts."""

    form: OrderRequestsForm


class DraftsMade(msgspec.Struct, frozen=True):
    """The drafts, and what nobody sells."""

    purchases: list[PurchaseNow]
    without_supplier: list[str]


class RequestNow(msgspec.Struct, frozen=True):
    """A product that runs low at a site."""

    id: str
    sku: str
    site: str
    reason: str
    units: int
    state: str
    purchase: str
    made_at: datetime
    ended_at: datetime | None
