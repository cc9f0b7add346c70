"""What is said of goods that come in, and what is answered."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.values.forms import Command, Decimal, Form, Word

Lot = Annotated[str, Meta(max_length=64)]
Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
RejectReason = Literal["", "damaged", "wrong_item", "expired", "short_dated", "other"]


class DeliveryLineForm(Form, frozen=True):
    """Units of one product and lot that were counted and looked at.

    accepted: found good; rejected: not, for a reason, with where a photo of it is kept. serials: of products tracked by
    serial, one per unit, the accepted first. confirm_over: take what is too many, or too short-dated, all the same.
    unit_cost: of goods that were not ordered; ordered ones cost what the order says.
    """

    sku: Word
    accepted: Count = 0
    rejected: Count = 0
    reason: RejectReason = ""
    photo: Annotated[str, Meta(max_length=200)] = ""
    lot: Lot = ""
    expires_on: date | None = None
    serials: Annotated[list[Word], Meta(max_length=10_000)] = msgspec.field(default_factory=list)
    confirm_over: bool = False
    unit_cost: Decimal | None = None


class DeliveryForm(Form, frozen=True):
    """Goods that came to a site, by a purchase order or (without one) blind."""

    site: Word
    lines: Annotated[list[DeliveryLineForm], Meta(min_length=1, max_length=1_000)]
    purchase: Annotated[str, Meta(max_length=64)] = ""
    reference: Annotated[str, Meta(max_length=64)] = ""


class Delivery(Command, frozen=True):
    """A delivery, and who received it."""

    form: DeliveryForm


class DeliveredLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of a line. accepted: on the receiving bench; rejected and held: in quarantine; held_for: why held."""

    sku: str
    accepted: int
    lot: str = ""
    rejected: int = 0
    held: int = 0
    held_for: str = ""
    reason: str = ""
    photo: str = ""


class Delivered(msgspec.Struct, frozen=True, omit_defaults=True):
    """A delivery that was received. purchase_state: of its purchase order, after it."""

    id: str
    site: str
    reference: str
    lines: list[DeliveredLine]
    purchase: str = ""
    purchase_state: str = ""
    repeated: bool = False


class DeliveryNow(msgspec.Struct, frozen=True):
    """A delivery, as lists show it."""

    id: str
    site: str
    purchase: str
    reference: str
    actor: str
    received_at: datetime
    lines: list[DeliveredLine]
