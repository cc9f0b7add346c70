"""What is said of cartons and of what goes into parcels besides, and what is answered."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.values.forms import Amount, Command, Form, Text, Word

InsideMm = Annotated[int, Meta(ge=1, le=20_000)]
OutsideMm = Annotated[int, Meta(ge=0, le=20_000)]
Grams = Annotated[int, Meta(ge=0, le=10_000_000)]
Minor = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]


class CartonForm(Form, frozen=True):
    """A kind of carton, in mm and g. Outer sizes are what a carrier measures; 0: as inside.

    weight_max_g: gross, 0 without limit. cost_minor: what one costs, in the rate card's currency.
    """

    length_mm: InsideMm
    width_mm: InsideMm
    height_mm: InsideMm
    outer_length_mm: OutsideMm = 0
    outer_width_mm: OutsideMm = 0
    outer_height_mm: OutsideMm = 0
    tare_g: Grams = 0
    weight_max_g: Grams = 0
    cost_minor: Minor = 0
    is_insulated: bool = False
    is_hazard_rated: bool = False
    is_active: bool = True


class PutCarton(Command, frozen=True):
    """Create or replace a kind of carton."""

    code: Word
    form: CartonForm


class CartonShown(CartonForm, frozen=True, kw_only=True, omit_defaults=False):
    """A kind of carton."""

    code: str


StockingKind = Literal["receive", "count", "waste"]


class CartonStockForm(Form, frozen=True):
    """Cartons arrive, are thrown away, or were counted: then `quantity` is how many there are.

    reference: the same again is booked once. low_at: at this many or fewer, more are needed.
    """

    carton: Word
    site: Word
    kind: StockingKind
    quantity: Count
    reference: Annotated[str, Meta(max_length=64)] = ""
    low_at: Count | None = None


class StockCartons(CartonStockForm, frozen=True, kw_only=True):
    """A change of the stock of cartons, and who tells it."""

    actor: str


class CartonStock(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many cartons of a kind a site has. Below zero: more were used than the books knew of. is_low: get more."""

    carton: str
    site: str
    quantity: int
    low_at: int
    is_low: bool
    repeated: bool = False


class InsertForm(Form, frozen=True):
    """What goes into parcels besides what was ordered, and when.

    put: what it is, for the packer to read. Everything said must hold: an order of one of `channels` to one of
    `countries`, worth `value_min` or more in `currency`, the buyer's first, with one of `skus`, with a gift note,
    from the day `starts_on` to `ends_on`, by the site's calendar. What is not said holds always.
    """

    put: Annotated[str, Meta(min_length=1, max_length=200)]
    kind: Literal["insert", "sample", "gift_note"] = "insert"
    channels: Annotated[tuple[Word, ...], Meta(max_length=100)] = ()
    countries: Annotated[tuple[Annotated[str, Meta(pattern="^[A-Z]{2}$")], ...], Meta(max_length=300)] = ()
    skus: Annotated[tuple[Word, ...], Meta(max_length=1_000)] = ()
    value_min: Amount | None = None
    currency: Annotated[str, Meta(max_length=3)] = ""
    first_order: bool = False
    gift_note: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    is_active: bool = True


class PutInsert(Command, frozen=True):
    """Create or replace a rule for what goes in besides."""

    code: Word
    form: InsertForm


class InsertShown(msgspec.Struct, frozen=True):
    """A rule for what goes in besides."""

    code: str
    form: InsertForm


class Note(msgspec.Struct, frozen=True):
    """What a packer puts in besides, by which rule. text: what is written on it, of a gift note."""

    code: str
    kind: str
    put: str
    text: Text = ""
