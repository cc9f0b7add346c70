"""Facts of parcels; and of orders, where their customer would care."""

from typing import ClassVar

import msgspec

from orderwright.database.facts import Fact


class FulfilmentPacked(Fact, frozen=True):
    """Picked units went into parcels. `is_complete`: nothing of the fulfilment is left to pick or pack."""

    TYPE: ClassVar[str] = "fulfilment_packed"
    parcels: list[str]
    is_complete: bool = False


class ParcelPacked(Fact, frozen=True):
    """A parcel was made. lines: (demand, sku, units)."""

    TYPE: ClassVar[str] = "parcel_packed"
    number: str
    order_id: str
    fulfilment_id: str
    lines: list[tuple[str, str, int]]
    weight_g: int
    expected_weight_g: int


class ParcelUnpacked(Fact, frozen=True):
    """A parcel was opened again; its units are back in the tote."""

    TYPE: ClassVar[str] = "parcel_unpacked"


class ParcelWeighed(Fact, frozen=True):
    """A parcel was put on a scale again."""

    TYPE: ClassVar[str] = "parcel_weighed"
    weight_g: int
    before_g: int


class LabelWanted(Fact, frozen=True):
    """Somebody asked for a label (again)."""

    TYPE: ClassVar[str] = "label_wanted"
    attempt: int


class LabelBought(Fact, frozen=True):
    """A carrier took the parcel on."""

    TYPE: ClassVar[str] = "label_bought"
    carrier: str
    tracking_code: str
    cost_minor: int
    currency: str


class LabelRefused(Fact, frozen=True):
    """A carrier would not take the parcel; what it said stands with the intent."""

    TYPE: ClassVar[str] = "label_refused"
    carrier: str
    intent_id: str


class LabelVoidWanted(Fact, frozen=True):
    """The label is to be taken back."""

    TYPE: ClassVar[str] = "label_void_wanted"
    tracking_code: str


class LabelVoided(Fact, frozen=True):
    """The carrier took the label back; the parcel has none now."""

    TYPE: ClassVar[str] = "label_voided"
    carrier: str
    tracking_code: str


class VoidRefused(Fact, frozen=True):
    """The carrier would not take the label back; it stays live."""

    TYPE: ClassVar[str] = "void_refused"
    carrier: str
    intent_id: str


class ParcelHandedOver(Fact, frozen=True):
    """The carrier has the parcel. lines as in ParcelPacked."""

    TYPE: ClassVar[str] = "parcel_handed_over"
    order_id: str
    carrier: str
    tracking_code: str
    lines: list[tuple[str, str, int]]


class TrackingRecorded(Fact, frozen=True):
    """The carrier scanned the parcel."""

    TYPE: ClassVar[str] = "tracking_recorded"
    event_id: str
    milestone: str


class ParcelDelivered(Fact, frozen=True):
    """The parcel arrived."""

    TYPE: ClassVar[str] = "parcel_delivered"
    event_id: str
    was_lost: bool = False


class ParcelLost(Fact, frozen=True):
    """The carrier does not find the parcel."""

    TYPE: ClassVar[str] = "parcel_lost"
    event_id: str


class OrderShipped(Fact, frozen=True):
    """Part of the order, or the last of it, left a site. units: (line, stocked units)."""

    TYPE: ClassVar[str] = "order_shipped"
    parcel_id: str
    units: list[tuple[int, int]]
    state: str


class OrderDelivered(Fact, frozen=True):
    """Part of the order, or the last of it, arrived. units as in OrderShipped."""

    TYPE: ClassVar[str] = "order_delivered"
    parcel_id: str
    units: list[tuple[int, int]] = msgspec.field(default_factory=list)
    state: str = ""


class ParcelReshipped(Fact, frozen=True):
    """A lost parcel's contents go out again, as this order."""

    TYPE: ClassVar[str] = "parcel_reshipped"

    order: str
