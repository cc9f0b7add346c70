"""The words of carton choice: what is packed, into what, at what price, and the answer. Whole mm, g and minor units."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import msgspec


class Item(msgspec.Struct, frozen=True):
    """One product of an order and how many of it.

    Sizes in mm, the height up; 0 when not known, and so for weight_g. bears_g: how much may rest on one unit,
    0 for nothing, None for what the rules say (anything, or little when it is fragile). hazard: the class of
    dangerous goods, "" for none. storage: "" for ambient, else "cold" and the like. groups: what it is ("food");
    apart_from: the groups it may not share a carton with. own_packing: it may ship as it is. padding_mm: protection
    all round each unit; protection_minor: what that costs.
    """

    sku: str
    quantity: int
    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int
    title: str = ""
    fragile: bool = False
    bears_g: int | None = None
    hazard: str = ""
    storage: str = ""
    groups: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ()
    this_side_up: bool = False
    own_packing: bool = False
    padding_mm: int = 0
    protection_minor: int = 0


class Carton(msgspec.Struct, frozen=True):
    """A kind of carton. Inner sizes hold goods; outer sizes (0: as the inner ones) are what a carrier bills.

    weight_max_g: gross, 0 without limit. cost_minor: the carton itself.
    """

    code: str
    length_mm: int
    width_mm: int
    height_mm: int
    cost_minor: int = 0
    tare_g: int = 0
    weight_max_g: int = 0
    outer_length_mm: int = 0
    outer_width_mm: int = 0
    outer_height_mm: int = 0
    insulated: bool = False
    hazard_rated: bool = False

    @property
    def sizes(self) -> tuple[int, int, int]:
        """The inside in mm."""
        return self.length_mm, self.width_mm, self.height_mm

    @property
    def inner_mm3(self) -> int:
        """The inside in cubic mm."""
        return self.length_mm * self.width_mm * self.height_mm

    @property
    def outer_mm3(self) -> int:
        """What a carrier measures, in cubic mm."""
        return (
            (self.outer_length_mm or self.length_mm)
            * (self.outer_width_mm or self.width_mm)
            * (self.outer_height_mm or self.height_mm)
        )


class Rate(NamedTuple):
    """What a parcel costs to send.

    price_minor: from the billed g to minor units, None for a weight the carrier does not take; it never falls as
    weight grows. divisor_cm3_per_kg: the carrier's dimensional divisor (5000 is usual), 0 when volume is free.
    """

    price_minor: Callable[[int], int | None]
    divisor_cm3_per_kg: int = 0


class PackingRules(msgspec.Struct, frozen=True):
    """How a site packs.

    support_percent: how much of a unit's base must stand on something, 0 to 100. fragile_bears_g: what may rest on
    a fragile unit whose own limit nobody stated. fill_minor_per_litre, fill_g_per_litre: void fill.
    insulated_storages: classes that need an insulated carton. starts: how hard each carton is tried, 0 for what is
    answered at once. units_max: larger orders are packed by hand. splits_max: up to so many different part orders
    (1024: ten different units), several cartons are chosen by looking at every way to split.
    """

    support_percent: int = 75
    fragile_bears_g: int = 300
    fill_minor_per_litre: int = 0
    fill_g_per_litre: int = 0
    insulated_storages: tuple[str, ...] = ("cold", "frozen")
    starts: int = 0
    units_max: int = 200
    splits_max: int = 1024


class Placement(msgspec.Struct, frozen=True):
    """Where one unit goes: its corner nearest the back bottom left, and its sizes there, padding included.

    step: 1, 2, ... in the order of filling. turned: which of the product's sides lie along the carton's length,
    width and height ("lwh" as the product stands, "hwl" on end).
    """

    step: int
    sku: str
    x_mm: int
    y_mm: int
    z_mm: int
    length_mm: int
    width_mm: int
    height_mm: int
    turned: str

    @property
    def volume_mm3(self) -> int:
        """The room it takes."""
        return self.length_mm * self.width_mm * self.height_mm


Verdict = Literal[
    "chosen", "packers_choice", "dearer", "passed_over", "no_way_found",
    "too_heavy", "too_little_room", "unit_too_large", "units_collide",
    "not_insulated", "not_hazard_rated", "no_price",
]  # fmt: skip
"""What became of a carton. dearer: not tried, as a cheaper one does. passed_over: cheaper, but packers chose another
for this basket. no_way_found: it might still do; every later word is a proof that it does not."""

OPEN_VERDICTS = ("chosen", "packers_choice", "dearer", "passed_over", "no_way_found")


class Considered(msgspec.Struct, frozen=True):
    """A carton that was looked at. cost_minor: what it would cost with these goods, None without a price."""

    code: str
    cost_minor: int | None
    verdict: Verdict


class PackedCarton(msgspec.Struct, frozen=True):
    """A filled carton. fill_permille: goods and their padding in thousandths of the inside; void_mm3: the rest."""

    carton: Carton
    placements: tuple[Placement, ...]
    fill_permille: int
    void_mm3: int
    gross_g: int
    billed_g: int
    cost_minor: int
    considered: tuple[Considered, ...]


class OwnParcel(msgspec.Struct, frozen=True):
    """A unit that ships in its own packing, as no carton holds it."""

    sku: str
    gross_g: int
    billed_g: int
    cost_minor: int


class PackingPlan(msgspec.Struct, frozen=True):
    """How an order is packed.

    lower_bound_minor: no packing of these goods costs less: in one carton, or in any number where one will not do.
    one_carton: why no carton takes it all, where several do; empty when nothing was tried as goods may not share.
    """

    cartons: tuple[PackedCarton, ...]
    own_parcels: tuple[OwnParcel, ...]
    cost_minor: int
    lower_bound_minor: int
    one_carton: tuple[Considered, ...] = ()


FindingCode = Literal["packed_by_hand", "too_many_units", "too_large", "too_heavy", "no_carton"]


class PackingFinding(msgspec.Struct, frozen=True):
    """Why there is no plan, and for which products."""

    code: FindingCode
    skus: tuple[str, ...]
    words: str
