"""What is asked of returns, and what is answered."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.business.orders.commands import ReasonWord
from orderwright.business.returns.exchanges import ExchangeNow
from orderwright.values.forms import Command, Word

Reason = Literal[
    "wrong_item", "wrong_quantity", "damaged", "defective", "not_as_described", "too_late", "unwanted", "unknown",
]  # fmt: skip
Units = Annotated[int, Meta(ge=0, le=1_000_000_000)]


class AskedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units of one order line that come back, named as in `LineUnits`. exchange: the SKU wanted instead of money."""

    position: Annotated[int, Meta(ge=0)]
    quantity: Annotated[int, Meta(ge=1, le=1_000_000_000)]
    reason: Reason = "unknown"
    reference: str = ""
    exchange: str = ""


class AskReturn(Command, frozen=True):
    """Ask to send units of an order back. Without `site` they go where they came from.

    by_customer: only as long as a customer may.
    """

    number: str
    lines: Annotated[list[AskedLine], Meta(min_length=1, max_length=1000)]
    site: str = ""
    by_customer: bool = False


class ReceivedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units of one line of the return that were in the parcel (0: it was not there)."""

    line: Annotated[int, Meta(ge=1)]
    quantity: Units


class UnexpectedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something in the parcel that the return does not speak of."""

    sku: Word
    quantity: Annotated[int, Meta(ge=1)]


class ReceiveReturn(Command, frozen=True):
    """The parcel was opened. Lines left out are as asked for."""

    return_id: str
    lines: Annotated[list[ReceivedLine], Meta(max_length=1000)] = msgspec.field(default_factory=list)
    unexpected: Annotated[list[UnexpectedLine], Meta(max_length=1000)] = msgspec.field(default_factory=list)


class InspectedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of the received units of one line. quarantine: somebody looks at them once more, and judges.

    place: the bin its restocked units go to, where that is another than the return's.
    """

    line: Annotated[int, Meta(ge=1)]
    restock: Units = 0
    scrap: Units = 0
    quarantine: Units = 0
    place: Annotated[str, Meta(max_length=64)] = ""


class InspectReturn(Command, frozen=True):
    """The bench's judgement of every received unit. Restocked units go to `place` (a bin of the site)."""

    return_id: str
    lines: Annotated[list[InspectedLine], Meta(max_length=1000)]
    place: Word = "STOCK"


class SettleReturn(Command, frozen=True):
    """Credit what was received and pay it back. `refund_shipping`: also what sending it had cost."""

    return_id: str
    refund_shipping: bool = False


class EndExchange(Command, frozen=True):
    """Money instead of what was to go out for a return: what was kept aside for it is free again.

    if_nothing_came: only as long as nothing of the return was booked.
    """

    return_id: str
    reason: ReasonWord = "money_instead"
    if_nothing_came: bool = False


class ReturnedLine(msgspec.Struct, frozen=True):
    """One line of a return as it stands; a kit has one per component."""

    line: int
    position: int
    sku: str
    reason: str
    asked: int
    received: int
    restocked: int
    scrapped: int
    quarantined: int


class ReturnLabelNow(msgspec.Struct, frozen=True):
    """A carrier's label for a return: wanted, bought or refused. cost: '' until it is bought."""

    state: str
    carrier: str
    tracking_code: str
    cost: str
    currency: str


class ReturnNow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A return as it stands. `refund`: what its credit note comes to, once settled, an exchange's part of it too."""

    id: str
    number: str
    order: str
    site: str
    state: str
    lines: list[ReturnedLine]
    refund: str | None = None
    credit_note: str | None = None
    exchange: ExchangeNow | None = None
    label: ReturnLabelNow | None = None
    repeated: bool = False
