"""What may happen to a parcel, what a scan means for it, and whether it weighs what it should. Pure."""

from collections.abc import Mapping, Sequence
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
    """Units of one product in a parcel, with the weight of one in grams (0: not known)."""

    sku: str
    unit_g: int
    units: int


class OffWeight(NamedTuple):
    """A weight that does not fit. `sku`: the product that explains it, with one unit missing (-1) or extra (1)."""

    expected_g: int
    measured_g: int
    sku: str | None
    units: int


SCALE_ERROR_G, SCALE_ERROR_PERCENT = 5, 1
PACKAGING_G, PACKAGING_PERCENT = 60, 10


def expected_weight_g(pieces: Sequence[Piece]) -> int:
    """What the contents weigh by the catalogue, without packaging."""
    return sum(piece.unit_g * piece.units for piece in pieces)


def weight_problem(pieces: Sequence[Piece], measured_g: int) -> OffWeight | None:
    """Whether a measured weight is off by more than scale and packaging explain, and the likely item.

    A scale may err by 5 g and 1 % of the contents, packaging may add 60 g and 10 %. Beyond that the likely item
    is the one whose single missing or extra unit brings the weight back between these bounds (the heaviest;
    then by sku). None when it fits, or when the catalogue does not know what a product weighs.
    """
    if not pieces or any(piece.unit_g == 0 for piece in pieces):
        return None
    expected = expected_weight_g(pieces)
    if _fits(expected, measured_g):
        return None
    units = -1 if measured_g < expected else 1
    explains = [piece for piece in pieces if _fits(expected + units * piece.unit_g, measured_g)]
    if not explains:
        return OffWeight(expected, measured_g, None, 0)
    likely = min(explains, key=lambda piece: (-piece.unit_g, piece.sku))
    return OffWeight(expected, measured_g, likely.sku, units)


def _fits(expected_g: int, measured_g: int) -> bool:
    least = expected_g - SCALE_ERROR_G - expected_g * SCALE_ERROR_PERCENT // 100
    most = expected_g + PACKAGING_G + expected_g * PACKAGING_PERCENT // 100
    return least <= measured_g <= most
