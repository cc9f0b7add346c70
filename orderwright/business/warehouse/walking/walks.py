"""How long and which way a picker walks for a set of stops: the one entry for every layout."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, Protocol

from orderwright.business.warehouse.walking.layout import Bin, Layout, Point, Spot
from orderwright.business.warehouse.walking.one_block import OneBlock
from orderwright.business.warehouse.walking.paths import Paths, Place
from orderwright.business.warehouse.walking.search import exact_order, good_order, tour_mm
from orderwright.business.warehouse.walking.sweep import sweep
from orderwright.business.warehouse.walking.touring import passing_order, straightened, walk_along

SWEPT_ROWS_MAX = 5
"""With more cross aisles the sweep has too many kinds to tell apart."""
FLOWS_MAX_OF_ROWS = {2: 8, 3: 3, 4: 2}
"""How many walks the same way along one line the sweep of a floor with one-way aisles looks at, by cross aisles."""
EXACT_STOPS_MAX = 10
KICKS = 100


class Walk(NamedTuple):
    """A picker's walk. order: indices of the stops as they are passed, `unplaced` ones last. corners: where it goes.

    unplaced: indices of stops the layout lacks or no way leads to; the length leaves them out.
    is_shortest: proven; otherwise the best found.
    """

    order: list[int]
    length_mm: int
    corners: list[Point]
    unplaced: list[int]
    is_shortest: bool


@dataclass(frozen=True)
class WorkPace:
    """How fast people pick. Defaults are the usual figures of planning by hand; a site sets its own.

    walk_mm_s: 1.0 m/s is an order picker pushing a cart (Gudehus & Kotzab, Comprehensive Logistics 2012, give
    0.8-1.4 m/s); an unhindered walker makes 1.4. setup_s: fetching a cart and list and handing over. stop_s:
    finding the bin and scanning it. unit_s: each unit taken and put into its tote. The shares of time these give
    (walking about half) agree with Tompkins et al., Facilities Planning 2010.
    """

    walk_mm_s: int = 1000
    setup_s: int = 90
    stop_s: int = 8
    unit_s: int = 3

    def seconds(self, length_mm: int, stops: int, units: int) -> int:
        """How long a walk takes, whole seconds rounded up; 0 for no stops."""
        if not stops:
            return 0
        return self.setup_s + -(-length_mm // self.walk_mm_s) + self.stop_s * stops + self.unit_s * units


class Lengths(Protocol):
    """Lengths of shortest tours over one layout, asked often: see `OneBlock`."""

    def key_of(self, stops: Iterable[Spot]) -> int:
        """A set of stops as one number; the OR of two keys is the key of both sets together."""

    def length_mm(self, key: int) -> int:
        """The length of the tour past the stops of a key."""


class SweptLengths:
    """Lengths over any floor: a bit for each spot before a bay, and a tour worked out for each length asked."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._spots = [Spot(i, y) for i, cells in enumerate(layout.cells) for y in cells]
        self._bits = {spot: bit for bit, spot in enumerate(self._spots)}

    def key_of(self, stops: Iterable[Spot]) -> int:
        """A set of stops as one number; each must stand before a bay of the layout (KeyError otherwise)."""
        key = 0
        for stop in stops:
            key |= 1 << self._bits[stop]
        return key

    def length_mm(self, key: int) -> int:
        """The length of the tour past the stops of a key."""
        stops = []
        while key:
            bit = key & -key
            stops.append(self._spots[bit.bit_length() - 1])
            key ^= bit
        return walk_of(self._layout, stops).length_mm


def lengths_for(layout: Layout) -> Lengths:
    """The quickest way to ask this layout for many lengths."""
    if layout.is_one_block and layout.is_closed and not layout.is_one_way:
        return OneBlock(layout)
    return SweptLengths(layout)


@lru_cache(maxsize=32)
def paths_of(layout: Layout) -> Paths:
    """The ways of a layout, kept while it is in use."""
    return Paths(layout)


def walk_of(layout: Layout, stops: Sequence[Bin | Point | Spot]) -> Walk:
    """A shortest walk from the start past all stops to the end.

    stops: bins by their name, or points or spots of the floor; several may be the same. Exact for up to
    `SWEPT_ROWS_MAX` cross aisles; with one-way aisles as `Walk.is_shortest` says. Stops at the same spot keep the
    order they came in. No refusals: what the layout lacks is told as unplaced.
    """
    placed, unplaced = spots_of(layout, stops)
    if not placed:
        return Walk(unplaced, 0, [], unplaced, True)
    swept = _swept(layout, placed)
    if swept is None or not (swept[2] or len(placed) > EXACT_STOPS_MAX):
        swept = _searched(layout, placed)
    length, points, is_shortest = swept
    by_point: dict[Point, list[int]] = {}
    for spot, indices in placed.items():
        by_point.setdefault(layout.point(spot), []).extend(indices)
    points = [*bent(layout.start, points[0]), *points, *bent(points[-1], layout.end)]
    order = passing_order(points, by_point)
    return Walk(order + unplaced, length + layout.doors_mm, straightened(points), unplaced, is_shortest)


def spots_of(layout: Layout, stops: Sequence[Bin | Point | Spot]) -> tuple[dict[Spot, list[int]], list[int]]:
    """Indices of the stops by spot, and of those the layout lacks or no way leads to."""
    is_open = layout.is_grid and not layout.is_one_way
    placed: dict[Spot, list[int]] = {}
    unplaced: list[int] = []
    for index, stop in enumerate(stops):
        spot = stop if isinstance(stop, Spot) else layout.find_spot(stop)
        if spot in placed:
            placed[spot].append(index)
        elif spot is None or layout.find_piece(spot) is None or not (is_open or paths_of(layout).is_reachable(spot)):
            unplaced.append(index)
        else:
            placed[spot] = [index]
    return placed, unplaced


def bent(one: Point, other: Point) -> list[Point]:
    """Straight along y, then along x: between a door and the start or end it serves."""
    return [one, Point(one.x_mm, other.y_mm) if one.y_mm != other.y_mm else one, other]


def _swept(layout: Layout, spots: Iterable[Spot]) -> tuple[int, list[Point], bool] | None:
    """The exact tour from door to door; None where the floor has too many cross aisles."""
    if len(layout.rows) > SWEPT_ROWS_MAX:
        return None
    stops: dict[int, list[int]] = {}
    for spot in sorted(spots):
        piece = layout.find_piece(spot)
        if piece is None:
            return None
        stops.setdefault(piece, []).append(spot.y_mm)
    flow_max, is_enough = _flows(layout, stops)
    swept = sweep(layout, stops, flow_max)
    if swept is None:
        return None
    points = walk_along(swept.lines, layout.doors[0], is_directed=layout.is_one_way)
    return swept.length_mm, points, is_enough


def _flows(layout: Layout, stops: Iterable[int]) -> tuple[int, bool]:
    """How many walks the same way the sweep allows, and whether that leaves nothing out.

    A shortest walk takes no line more often than it has legs between parts of aisles: two for a part walked both
    ways (from either end), one for a one-way part, one to get home.
    """
    if not layout.is_one_way:
        return 0, True
    ways = [layout.aisles[layout.pieces[piece].aisle].way for piece in stops]
    legs = sum(2 if way == "both" else 1 for way in ways) + 1
    most = FLOWS_MAX_OF_ROWS.get(len(layout.rows), 1)
    return min(legs, most), legs <= most


def _searched(layout: Layout, spots: Iterable[Spot]) -> tuple[int, list[Point], bool]:
    paths = paths_of(layout)
    places: list[Place] = [layout.doors[0], *sorted(spots), layout.doors[1]]
    distances = [[paths.distance_mm(one, other) for other in places] for one in places]
    is_exact = len(places) - 2 <= EXACT_STOPS_MAX
    order = exact_order(distances) if is_exact else good_order(distances, KICKS)
    points = [places[0]] if isinstance(places[0], Point) else []
    for one, other in pairwise(order):
        points += paths.way(places[one], places[other])
    return tour_mm(order, distances), points, is_exact
