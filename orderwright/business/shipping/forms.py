"""What packing and shipping are told and what they answer. A form is the body a caller writes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.business.shipping.rules import Milestone
from orderwright.values.findings import Finding
from orderwright.values.forms import Command, Form, Units, Word
from orderwright.values.weights import WeightUnit, grams_of

Instant = Annotated[datetime, Meta(tz=True)]
WeightG = Annotated[int, Meta(ge=1, le=10_000_000)]


class PackedLine(Form, frozen=True):
    """Units of one line: of its product as ordered, or with `sku` of one component of a kit."""

    reference: Annotated[str, Meta(min_length=1, max_length=64)]
    quantity: Units
    sku: Annotated[str, Meta(max_length=64)] = ""


class ScaleWeight(Form, frozen=True):
    """What a scale shows, in its own unit."""

    value: Annotated[str, Meta(pattern=r"^[0-9]{1,7}([.][0-9]{1,6})?$")]
    unit: WeightUnit = "kg"


class ScannedUnits(Form, frozen=True):
    """Units of a product that were scanned into a parcel."""

    sku: Word
    quantity: Units


class ParcelForm(Form, frozen=True):
    """One parcel. Without lines: everything picked that is in no parcel yet.

    weight_g: by the scale, in grams; or weight: in the scale's own unit; not both. carton: its kind; left out, the one
    advised. own_packing: it ships as it is, in no carton of ours. scanned: what was scanned into it.
    """

    lines: Annotated[list[PackedLine], Meta(max_length=10_000)] = msgspec.field(default_factory=list)
    weight_g: WeightG | None = None
    weight: ScaleWeight | None = None
    carton: Annotated[str, Meta(max_length=64)] = ""
    own_packing: bool = False
    scanned: Annotated[list[ScannedUnits], Meta(max_length=10_000)] = msgspec.field(default_factory=list)

    @property
    def told_g(self) -> int | None:
        """The weight told, in grams; a scale that shows next to nothing shows 1 g."""
        return self.weight_g if self.weight is None else max(1, grams_of(self.weight.value, self.weight.unit))


def weight_findings(form: "ParcelForm | WeighForm", pointer: str = "") -> Iterator[Finding]:
    """Two weights are one too many: nobody knows which of them is right."""
    if form.weight is not None and form.weight_g is not None:
        yield Finding(f"{pointer}/weight", "weight", "Give the weight in grams or in the scale's own unit, not both.")


class PackForm(Form, frozen=True):
    """Parcels to make; without any, one with everything. `confirm`: the weight is right, contents were checked.

    person: who packs, if not who asks. checked_by: who looked at it besides, where two have to.
    """

    parcels: Annotated[list[ParcelForm], Meta(max_length=1_000)] = msgspec.field(default_factory=list)
    confirm: bool = False
    person: Annotated[str, Meta(max_length=64)] = ""
    checked_by: Annotated[str, Meta(max_length=64)] = ""


class Pack(PackForm, frozen=True, kw_only=True):
    """Picked units of a fulfilment go into parcels. is_guided: by scans, which always ask for the check it needs."""

    fulfilment_id: str
    actor: str
    is_guided: bool = False

    @property
    def packer(self) -> str:
        """Who packs."""
        return self.person or self.actor


class Unpack(Command, frozen=True):
    """A parcel is opened again."""

    parcel_id: str


class WeighForm(Form, frozen=True):
    """A parcel's weight by the scale, in grams, or as `weight` in its own unit, not both. `confirm` as for packing."""

    weight_g: WeightG | None = None
    weight: ScaleWeight | None = None
    confirm: bool = False

    @property
    def told_g(self) -> int | None:
        """The weight told, in grams; a scale that shows next to nothing shows 1 g."""
        return self.weight_g if self.weight is None else max(1, grams_of(self.weight.value, self.weight.unit))


class Weigh(WeighForm, frozen=True, kw_only=True):
    """A parcel is put on the scale again."""

    parcel_id: str
    actor: str


class WantLabel(Command, frozen=True):
    """A label is wanted for a parcel."""

    parcel_id: str


class VoidLabel(Command, frozen=True):
    """A parcel's label is to be taken back."""

    parcel_id: str


class HandOverForm(Form, frozen=True):
    """The carrier took a parcel along."""

    occurred_at: Instant | None = None


class HandOver(HandOverForm, frozen=True, kw_only=True):
    """A parcel leaves the site."""

    parcel_id: str
    actor: str


class TrackingForm(Form, frozen=True):
    """A scan from a carrier; `external_id` is the carrier's own name for it, `raw` its own words."""

    carrier: Word
    external_id: Annotated[str, Meta(min_length=1, max_length=200)]
    tracking_code: Word
    milestone: Milestone
    occurred_at: Instant
    detail: Annotated[str, Meta(max_length=500)] = ""
    raw: Annotated[str, Meta(max_length=20_000)] = ""


class TrackingEvent(TrackingForm, frozen=True, kw_only=True):
    """A scan, and who brought it."""

    actor: str


class PackedUnits(msgspec.Struct, frozen=True):
    """Units of one product in a parcel."""

    reference: str
    sku: str
    quantity: int


class NewParcel(msgspec.Struct, frozen=True):
    """A parcel just made. `tracking_token` is the customer's key to follow it: shown here alone, kept nowhere.

    sscc: the number of its carton label, where the shop has a GS1 company prefix. carton: its kind, and how many of
    that are left (below zero: more were used than the books knew of; count them).
    """

    id: str
    number: str
    lines: list[PackedUnits]
    weight_g: int
    expected_weight_g: int
    tracking_token: str
    sscc: str | None = None
    carton: str | None = None
    cartons_left: int | None = None


class Packed(msgspec.Struct, frozen=True):
    """What packing made of a fulfilment."""

    fulfilment_id: str
    fulfilment_state: str
    parcels: list[NewParcel]


class ParcelNow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A parcel after a deed. `repeated`: it was so before. `is_pending`: a carrier's answer is awaited."""

    id: str
    number: str
    state: str
    weight_g: int
    carrier: str | None = None
    tracking_code: str | None = None
    is_pending: bool = False
    repeated: bool = False


class HandedOver(msgspec.Struct, frozen=True, omit_defaults=True):
    """A parcel that left, and its order since."""

    id: str
    number: str
    state: str
    order_number: str
    order_state: str
    repeated: bool = False


class Tracked(msgspec.Struct, frozen=True, omit_defaults=True):
    """A scan as kept. parcel_id: None when it is no parcel of ours. `repeated`: it was here before."""

    external_id: str
    parcel_id: str | None
    parcel_state: str | None
    repeated: bool = False
