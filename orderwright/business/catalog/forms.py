"""What people write about products, sites, places and channels; a PUT replaces, what is absent takes its default."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.values.forms import AddressForm, Command, Decimal, Form, Text, Word

Instant = Annotated[datetime, Meta(tz=True)]
Currency = Annotated[str, Meta(min_length=3, max_length=3)]
Measure = Annotated[int, Meta(ge=0, le=2_000_000_000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
NO_LIMIT = 1_000_000_000
"""As many units a day as come."""
Coordinate = Annotated[int, Meta(ge=-2_000_000_000, le=2_000_000_000)]
Room = Annotated[int, Meta(ge=0, le=2_000_000_000)]
ShortText = Annotated[str, Meta(max_length=64)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Version = Annotated[int, Meta(ge=1)]

OptionName = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[^=,;]+$")]
OptionValue = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^,;]+$")]

EVERY_WORKDAY: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")


class CodeForm(Form, frozen=True):
    """A name of the product: its GTIN, an alias, or what one channel calls it. No end: valid for ever."""

    code: Word
    kind: Literal["gtin", "alias", "channel"] = "gtin"
    channel: ShortText = ""
    valid_from: Instant | None = None
    valid_to: Instant | None = None


class ComponentForm(Form, frozen=True):
    """One component of a kit: how many units of it make one kit."""

    sku: Word
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)] = 1


class ProductPacking(Form, frozen=True):
    """How a product is packed.

    bears_g: what may rest on one unit, 0 for nothing on top, None for anything (little, when it is fragile). groups:
    what it is ("food"); apart_from: groups it never shares a carton with. own_packing: it may ship as it is.
    protection_mm: padding all round each unit, of which `protection_minor` is the cost.
    """

    fragile: bool = False
    this_side_up: bool = False
    bears_g: Measure | None = None
    groups: Annotated[tuple[Word, ...], Meta(max_length=20)] = ()
    apart_from: Annotated[tuple[Word, ...], Meta(max_length=20)] = ()
    own_packing: bool = False
    protection_mm: Annotated[int, Meta(ge=0, le=500)] = 0
    protection_minor: Count = 0


class ProductForm(Form, frozen=True):
    """A product. With components it is a kit, which is not stocked itself.

    asks_expiry: of each lot the expiry date is asked for when it comes in and when it is picked. family: what it is one
    of, when it comes in sizes, colours or the like; options: what tells it apart from the others.
    """

    title: Annotated[str, Meta(min_length=1, max_length=500)]
    price: Decimal
    currency: Currency
    weight_g: Measure = 0
    length_mm: Measure = 0
    width_mm: Measure = 0
    height_mm: Measure = 0
    hs_code: Annotated[str, Meta(pattern=r"^([0-9]{6,12})?$")] = ""
    origin: Annotated[str, Meta(pattern=r"^([A-Z]{2})?$")] = ""
    hazard: ShortText = ""
    storage_class: ShortText = ""
    tracking: Literal["none", "lot", "serial"] = "none"
    asks_expiry: bool = False
    packing: ProductPacking = ProductPacking()
    is_retired: bool = False
    family: ShortText = ""
    options: Annotated[dict[OptionName, OptionValue], Meta(max_length=8)] = msgspec.field(default_factory=dict)
    codes: Annotated[list[CodeForm], Meta(max_length=1_000)] = msgspec.field(default_factory=list)
    components: Annotated[list[ComponentForm], Meta(max_length=200)] = msgspec.field(default_factory=list)


class SiteForm(Form, frozen=True):
    """A site. `cut_off` is wall-clock time there; `holidays` a country or country-region, or empty."""

    name: Text
    address: AddressForm
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    time_zone: Word
    cut_off: Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    daily_capacity: Count
    daily_units: Count = NO_LIMIT
    working_days: Annotated[tuple[Weekday, ...], Meta(min_length=1, max_length=7)] = EVERY_WORKDAY
    holidays: Annotated[str, Meta(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$")] = ""
    closed_dates: Annotated[list[date], Meta(max_length=1_000)] = msgspec.field(default_factory=list)
    handling_minor: Count = 0
    is_active: bool = True


class PlaceForm(Form, frozen=True):
    """A physical place of a site; goods are sold from bins alone. Coordinates in mm from the site's corner.

    storage_class: of the goods that may lie here ("" for those that ask for nothing). room_cm3, load_g: what fits in
    and what it carries; 0 where nobody said.
    """

    kind: Literal["bin", "quarantine", "returns", "packing"] = "bin"
    zone: ShortText = ""
    aisle: Coordinate = 0
    bay: Coordinate = 0
    level: Coordinate = 0
    x_mm: Coordinate = 0
    y_mm: Coordinate = 0
    storage_class: ShortText = ""
    room_cm3: Room = 0
    load_g: Room = 0


class ChannelPolicyForm(Form, frozen=True):
    """What a channel decides where its orders are silent; None falls back to the store.

    split_value_min: no parcel of a split is worth less, in the channel's currency. countries: those served.
    cancel_minutes: for so long after it was placed an order can be cancelled for nothing, and stays off the floor.
    """

    shortage: Literal["backorder", "refuse", "hold"] | None = None
    split: Literal["cheapest", "never"] | None = None
    ship_complete: bool | None = None
    price_tolerance_permille: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    split_value_min: Decimal | None = None
    countries: Annotated[tuple[str, ...], Meta(max_length=300)] | None = None
    cancel_minutes: Annotated[int, Meta(ge=0, le=7 * 24 * 60)] | None = None


class BufferForm(Form, frozen=True):
    """Units withheld from a channel: of one sku or of each, at one site or at each."""

    withheld: Count
    sku: ShortText = ""
    site: ShortText = ""


class ChannelForm(Form, frozen=True):
    """A sales channel."""

    name: Text
    kind: Word
    currency: Currency
    policy: ChannelPolicyForm = ChannelPolicyForm()
    buffers: Annotated[list[BufferForm], Meta(max_length=100_000)] = msgspec.field(default_factory=list)
    is_active: bool = True


class PutProduct(Command, frozen=True):
    """Create or replace a product. `version`: the one the caller read (If-Match), None to write blindly."""

    sku: Word
    form: ProductForm
    version: Version | None = None


class PutSite(Command, frozen=True):
    """Create or replace a site. `version` as for products."""

    code: Word
    form: SiteForm
    version: Version | None = None


class PutPlace(Command, frozen=True):
    """Create or replace a place of a site."""

    site: Word
    code: Word
    form: PlaceForm


class PutChannel(Command, frozen=True):
    """Create or replace a channel. `version` as for products."""

    code: Word
    form: ChannelForm
    version: Version | None = None


class Saved(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a PUT left behind: the key, its version (0 where there is none), whether it was made now."""

    key: str
    version: int = 0
    is_new: bool = False
