"""What may happen to a parcel, what a scan means for it, and whether it weighs what it should. Pure."""

from collections.abc import Mapping, Sequence
from math import isqrt
from typing import Literal, NamedTuple

ParcelState = Literal["packed", "labelled", "shipped", "delivered", "lost", "unpacked"]
Deed = Literal["unpack", "buy_label", "void_label", "hand_over", "deliver", "lose"]

PARCEL_STEPS: Mapping[tuple[str, Deed], ParcelState] = {
    ("packed", "unpack"): "unpacked",
    ("packed", "buy_label"): "labelled",
    ("labelled", "void_label"): "packed",
    ("labelled", "hand_over"): "shipped",
    ("shipped", "deliver"): "delivered",
    ("shipped", "lose"): "lost",
    ("lost", "deliver"): "delivered",  # carriers do find parcels
}
"""(state, deed) -> the state it leads to; what is not here is not done."""

CARRIER = "practice"
"""Whom labels are bought from."""

Milestone = Literal["accepted", "in_transit", "out_for_delivery", "delivered", "failed", "returned", "lost"]
MILESTONES: tuple[Milestone, ...] = (
    "accepted", "in_transit", "out_for_delivery", "delivered", "failed", "returned", "lost",
)  # fmt: skip


class Heard(NamedTuple):
    """What a scan leads to: a deed, exceptions to open and to close. All empty: it is only kept."""

    deed: Deed | None = None
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()


_ARRIVED = Heard("deliver", closes=("delivery_failed", "parcel_lost", "delivered_unshipped"))

_HEARD: Mapping[tuple[str, str], Heard] = {
    ("packed", "delivered"): Heard(opens=("delivered_unshipped",)),
    ("labelled", "delivered"): Heard(opens=("delivered_unshipped",)),
    ("shipped", "delivered"): _ARRIVED,
    ("shipped", "failed"): Heard(opens=("delivery_failed",)),
    ("shipped", "returned"): Heard(opens=("delivery_failed",)),
    ("shipped", "lost"): Heard("lose", opens=("parcel_lost",)),
    ("lost", "delivered"): _ARRIVED,
}


def heard(state: str, milestone: str) -> Heard:
    """What a scan means for a parcel in that state. Once delivered, no later scan takes it back."""
    return _HEARD.get((state, milestone), Heard())


class Piece(NamedTuple):
    """Units of one product in a parcel, with the weight of one in grams (0: not known).

    learned: what one really weighs, and how far single ones are from that, in mg, where weighings taught it.
    """

    sku: str
    unit_g: int
    units: int
    learned: "Learned | None" = None

    @property
    def unit_mg(self) -> int:
        """What one unit weighs, as learned or as the catalogue says."""
        return self.unit_g * 1_000 if self.learned is None else self.learned.mg


class Learned(NamedTuple):
    """A weight that weighings taught: the middle one, and its spread (standard deviation), in mg."""

    mg: int
    spread_mg: int


class Packaging(NamedTuple):
    """A carton's own weight, as its kind says or as weighings taught it with its fill.

    fill_g: what fills it around the goods, at most; part of what was learned.
    """

    carton: str
    tare_g: int
    learned: Learned | None = None
    fill_g: int = 0

    @property
    def mg(self) -> int:
        """What it weighs."""
        return self.tare_g * 1_000 if self.learned is None else self.learned.mg


class OffWeight(NamedTuple):
    """A weight that does not fit, and all that would explain it.

    sku: the product, with one unit missing (-1) or extra (1). carton: another carton with the same contents. scale:
    the unit the scale seems to be in.
    """

    expected_g: int
    measured_g: int
    sku: str | None
    units: int
    carton: str | None = None
    scale: str | None = None

    def facts(self) -> dict[str, object]:
        """It as facts, without what does not explain it."""
        told = self._asdict()
        return {name: told[name] for name in told if told[name] is not None or name in ("sku", "units")}


LEARNED_FROM, LEARNED_MAX = 5, 30
"""Weighings that teach a weight, at least; and of how many of the latest."""
SCALE_ERROR_G, SCALE_ERROR_PERCENT = 5, 1
PACKAGING_G, PACKAGING_PERCENT = 60, 10
SPREADS = 3
_SCALES = (("lb", 10_000, 22_046), ("kg", 22_046, 10_000), ("oz", 28_350, 1_000), ("g", 1_000, 28_350))
"""Unit -> by what a reading in it is mended that was taken for another: 1 kg is 2.2046 lb, 1 oz is 28.35 g."""


def learn(weights_mg: Sequence[int]) -> Learned | None:
    """What weighings teach: their median, and 1.5 times the median distance from it as their spread.

    A wrong weighing among five moves neither. None with fewer than five. Source: MAD, 1.4826 for normal spread.
    """
    if len(weights_mg) < LEARNED_FROM:
        return None
    middle = _middle(weights_mg)
    return Learned(middle, _middle([abs(each - middle) for each in weights_mg]) * 3 // 2)


def _middle(numbers: Sequence[int]) -> int:
    return sorted(numbers)[len(numbers) // 2]


def expected_weight_g(pieces: Sequence[Piece], packaging: Packaging | None = None) -> int:
    """What the contents weigh, in the carton where it is known; else without packaging."""
    return (sum(piece.unit_mg * piece.units for piece in pieces) + (packaging.mg if packaging else 0)) // 1_000


def weight_problem(
    pieces: Sequence[Piece], measured_g: int, packaging: Packaging | None = None, others: Sequence[Packaging] = ()
) -> OffWeight | None:
    """Whether a measured weight is off by more than is usual, and what explains it.

    A scale may err by 5 g, a weight that was not learned by 1 %, a learned one by three times its spread; a carton
    nobody weighed may hold 60 g of fill, or what fills it if that is more; an unknown one may weigh 60 g and 10 %.
    Beyond that the likely item is the one whose single missing or extra unit brings the weight back between these
    bounds (the heaviest; then by sku); or it is one of the other cartons; or else the scale is in another unit. None
    when it fits, or when what a product weighs is not known.
    """
    if not pieces or any(piece.unit_mg == 0 for piece in pieces):
        return None
    expected = expected_weight_g(pieces, packaging)
    if _fits(pieces, packaging, measured_g):
        return None
    units = -1 if measured_g < expected else 1
    explains = [piece for piece in pieces if _fits(_with(pieces, piece, units), packaging, measured_g)]
    likely = min(explains, key=lambda piece: (-piece.unit_mg, piece.sku), default=None)
    cartons = [each for each in others if packaging and _fits(pieces, each, measured_g)]
    carton = min(
        cartons, key=lambda each: (abs(expected_weight_g(pieces, each) - measured_g), each.carton), default=None
    )
    # What one item or another carton explains is no reason to doubt the scale.
    doubted = () if likely or carton else _SCALES
    scales = [unit for unit, by, to in doubted if _fits(pieces, packaging, measured_g * by // to)]
    return OffWeight(
        expected, measured_g, likely.sku if likely else None, units if likely else 0,
        carton.carton if carton else None, scales[0] if scales else None,
    )  # fmt: skip


def _with(pieces: Sequence[Piece], changed: Piece, units: int) -> list[Piece]:
    return [each._replace(units=each.units + units) if each is changed else each for each in pieces]


def _fits(pieces: Sequence[Piece], packaging: Packaging | None, measured_g: int) -> bool:
    unsure_mg = sum(each.unit_mg * each.units for each in pieces if each.learned is None) * SCALE_ERROR_PERCENT // 100
    variance = sum(each.learned.spread_mg**2 * each.units for each in pieces if each.learned)
    if packaging and packaging.learned:
        variance += packaging.learned.spread_mg**2
    expected_g = expected_weight_g(pieces, packaging)
    margin_g = SCALE_ERROR_G + (unsure_mg + SPREADS * isqrt(variance)) // 1_000
    least, most = expected_g - margin_g, expected_g + margin_g
    if packaging is None:
        most = expected_g + PACKAGING_G + expected_g * PACKAGING_PERCENT // 100
    elif packaging.learned is None:
        most += max(PACKAGING_G, packaging.fill_g)
    return least <= measured_g <= most
