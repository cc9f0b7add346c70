"""How people describe a site's floor: its layout, its carts, and how walks are put together there."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from orderwright.business.warehouse.walk_forms import Code, Strategy
from orderwright.values.forms import Command, Form, Word

Seconds = Annotated[int, Meta(ge=0, le=3_600)]
Grams = Annotated[int, Meta(ge=1, le=10_000_000)]
Cm3 = Annotated[int, Meta(ge=1, le=100_000_000)]


class CartForm(Form, frozen=True):
    """A kind of cart. tote_*: what one tote takes; weight_g, volume_cm3: what the cart takes in all.

    orders_per_tote: more than 1 lets small orders share a tote; their units are then sorted at packing.
    """

    kind: Word
    totes: Annotated[int, Meta(ge=1, le=200)]
    tote_weight_g: Grams = 15_000
    tote_volume_cm3: Cm3 = 40_000
    weight_g: Grams = 150_000
    volume_cm3: Cm3 = 500_000
    orders_per_tote: Annotated[int, Meta(ge=1, le=50)] = 1


class PaceForm(Form, frozen=True):
    """How fast people pick here: walking, fetching a cart, finding a bin, taking one unit."""

    walk_mm_s: Annotated[int, Meta(ge=100, le=10_000)] = 1_000
    setup_s: Seconds = 90
    stop_s: Seconds = 8
    unit_s: Seconds = 3


class ZoneForm(Form, frozen=True):
    """A zone of the site. skill: what somebody must be able to do to pick there.

    hand_over: name of the point where a walk of the zone leaves its totes, and where on the floor that is.
    """

    zone: Code
    skill: Code = ""
    hand_over: Code = ""
    x_mm: Annotated[int, Meta(ge=-10_000_000, le=10_000_000)] | None = None
    y_mm: Annotated[int, Meta(ge=-10_000_000, le=10_000_000)] | None = None


CARTS = (CartForm(kind="CART", totes=8),)


class FloorForm(Form, frozen=True):
    """A site's floor. layout: as `docs/layout.md` describes it; left out, it is told by the places' coordinates.

    strategies: ways to pick that may be chosen among. aim: fewest minutes of work, or done soonest with `pickers`.
    unit_weight_g, unit_volume_cm3: what a unit of a product without sizes counts as. window_minutes: orders due
    within the same window may share a cart freely. wave_orders: how many orders the sorting wall takes at once.
    """

    layout: dict[str, Any] | None = None
    carts: Annotated[tuple[CartForm, ...], Meta(min_length=1, max_length=50)] = CARTS
    strategies: Annotated[tuple[Strategy, ...], Meta(min_length=1, max_length=4)] = ("single", "batch")
    aim: Literal["minutes", "makespan"] = "minutes"
    pickers: Annotated[int, Meta(ge=1, le=500)] = 1
    pace: PaceForm = PaceForm()
    zones: Annotated[tuple[ZoneForm, ...], Meta(max_length=200)] = ()
    unit_weight_g: Grams = 500
    unit_volume_cm3: Cm3 = 1_500
    sort_s: Seconds = 4
    hand_over_s: Seconds = 15
    window_minutes: Annotated[int, Meta(ge=1, le=10_080)] = 60
    tops_up: bool = True
    wave_orders: Annotated[int, Meta(ge=1, le=1_000)] = 40


class PutFloor(Command, frozen=True):
    """Describe a site's floor. `version`: the one the caller read (If-Match), None to write blindly."""

    site: str
    form: FloorForm
    version: int | None = None


class UnplacedBin(msgspec.Struct, frozen=True):
    """Something about the floor that does not stop anybody: a bin the layout does not have, for one."""

    code: str
    message: str


class FloorShown(msgspec.Struct, frozen=True):
    """A site's floor as it is described, what it comes to, and bins the layout does not have.

    version: 0 while nobody described it. metres: of aisle to walk.
    """

    site: str
    version: int
    floor: FloorForm
    aisles: int
    cross_aisles: int
    metres: int
    bins: int
    unplaced: list[UnplacedBin]
