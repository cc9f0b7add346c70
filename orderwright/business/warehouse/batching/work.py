"""What is to be picked, by what, and by which rules: the words of this package. Pure.

Weights are grams, volumes cubic centimetres, lengths millimetres, times whole seconds; all whole numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from orderwright.business.warehouse.walking.layout import Bin, Point

Strategy = Literal["single", "batch", "zone", "wave"]
"""A walk per order; a cart of totes; part orders by zone, handed over; lines of many orders, sorted afterwards."""

STRATEGIES: tuple[Strategy, ...] = ("single", "batch", "zone", "wave")
Aim = Literal["minutes", "makespan"]

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class PickStop(NamedTuple):
    """One line of an order at one bin. code: the bin's; two lines with the same code are one stop.

    weight_g, volume_cm3: of all its units together; None where the product has no sizes.
    """

    code: str
    at: Bin
    units: int
    weight_g: int | None = None
    volume_cm3: int | None = None


@dataclass(frozen=True)
class Work:
    """What one fulfilment wants from the floor. priority: higher goes first among those due at the same time."""

    fulfilment_id: str
    stops: tuple[PickStop, ...]
    ship_by: datetime
    priority: int = 0

    @property
    def units(self) -> int:
        """All its units."""
        return sum(stop.units for stop in self.stops)

    @property
    def is_sized(self) -> bool:
        """Whether weight and volume of every stop are known; else the policy's defaults count."""
        return all(stop.weight_g is not None and stop.volume_cm3 is not None for stop in self.stops)


@dataclass(frozen=True)
class Cart:
    """A kind of cart. tote_*: what one tote takes; weight_g, volume_cm3: what the cart takes in all.

    orders_per_tote: more than 1 lets small orders share a tote; their units are then sorted at packing.
    """

    kind: str
    totes: int
    tote_weight_g: int
    tote_volume_cm3: int
    weight_g: int
    volume_cm3: int
    orders_per_tote: int = 1

    def __post_init__(self) -> None:
        if min(self.totes, self.tote_weight_g, self.tote_volume_cm3, self.orders_per_tote) < 1:
            raise ValueError(f"cart {self.kind!r}: totes and what they take must be positive")
        if min(self.weight_g, self.volume_cm3) < 1:
            raise ValueError(f"cart {self.kind!r}: what it takes in all must be positive")


@dataclass(frozen=True)
class Effort:
    """How long to search, in work and not in time, so that the same question has the same answer everywhere.

    moves: tried in one annealing of a small set of orders. moves_per_order: tried per order and pass where a set
    is larger than `group_orders` and is taken neighbourhood by neighbourhood. rounds: how often annealing and
    set partitioning alternate on a small set. columns: how many batches set partitioning chooses from (0: it is
    left out). nodes: how far its branching goes.
    """

    moves: int = 20_000
    rounds: int = 1
    columns: int = 300
    nodes: int = 1
    moves_per_order: int = 25
    passes: int = 2
    group_orders: int = 100
    seed: int = 1

    def for_part(self, count: int, total: int) -> "Effort":
        """The effort for `count` orders out of a plan of `total`: the small sets of a large plan get their share."""
        if total <= self.group_orders:
            return self
        return replace(self, moves=self.moves_per_order * self.passes * count, columns=0)


@dataclass(frozen=True)
class PickPolicy:
    """How a site picks.

    unit_weight_g, unit_volume_cm3: what a unit without sizes counts as. sort_s: sorting one unit of a wave or of
    a shared tote to its order. hand_over_s: handing over one order's part at the end of a zone. window_minutes:
    orders due within the same window may share a cart freely; a cart at most half full is topped up from the next
    one if `tops_up`. wave_orders: how many orders the sorting wall takes at once. hand_over_points: by zone;
    where none is given a zone hands over at the cross aisle in front of its middle.
    """

    aim: Aim = "minutes"
    allowed: tuple[Strategy, ...] = STRATEGIES
    unit_weight_g: int = 500
    unit_volume_cm3: int = 1_500
    sort_s: int = 4
    hand_over_s: int = 15
    window_minutes: int = 60
    tops_up: bool = True
    wave_orders: int = 40
    hand_over_points: Mapping[str, Point] = field(default_factory=dict)
    effort: Effort = Effort()

    def window(self, ship_by: datetime) -> int:
        """The number of the window a time falls into; earlier windows go first."""
        return (ship_by - _EPOCH) // timedelta(minutes=self.window_minutes)

    def urgency(self, work: Work) -> tuple[int, int, datetime]:
        """What sorts works: by window, then the higher priority, then the time itself."""
        return self.window(work.ship_by), -work.priority, work.ship_by


class Pick(NamedTuple):
    """Units a trip takes for an order. work, stop: indices into the works and into that work's stops."""

    work: int
    stop: int
    units: int


@dataclass(frozen=True)
class Trip:
    """One walk with one cart. bins: the distinct bins it stops at.

    zone: "" but in zone picking. sorted_units: units that are sorted to their orders afterwards. hand_overs: parts
    of orders handed over to the next zone. due: when the first of its orders has to leave.
    is_over: one order alone that is more than the cart takes: the picker goes more often, or with a larger one.
    """

    picks: tuple[Pick, ...]
    bins: tuple[Bin, ...]
    length_mm: int
    due: datetime
    zone: str = ""
    sorted_units: int = 0
    hand_overs: int = 0
    is_over: bool = False

    @property
    def works(self) -> list[int]:
        """The works it picks for, ascending."""
        return sorted({pick.work for pick in self.picks})

    @property
    def units(self) -> int:
        """All units it takes."""
        return sum(pick.units for pick in self.picks)


def by_urgency(works: Sequence[Work], policy: PickPolicy) -> list[int]:
    """Indices of the works, the most urgent first; equally urgent ones in the order they came."""
    return sorted(range(len(works)), key=lambda index: (policy.urgency(works[index]), index))
