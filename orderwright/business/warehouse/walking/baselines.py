"""How warehouses walk by rule of thumb: what the shortest walk is compared with, never what pickers are sent on.

Sources: S-shape and return, Goetschalckx & Ratliff 1988; largest gap, Hall 1993. Aisles are taken one by one from
the left, over their whole length whatever cross aisles lie between; from end to end the shortest way is walked.
near is the end of an aisle on the start's side of the floor, far the other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from orderwright.business.warehouse.walking.layout import Bin, Layout, Point, Spot
from orderwright.business.warehouse.walking.paths import Place
from orderwright.business.warehouse.walking.touring import straightened
from orderwright.business.warehouse.walking.walks import Walk, bent, paths_of, spots_of

Lane = tuple[int, list[Spot]]
"""An aisle and its stops, front to back."""


def s_shape(layout: Layout, stops: Sequence[Bin | Point | Spot]) -> Walk:
    """Up one aisle and down the next, out of the last one the shorter way; from the left or right, as is shorter."""
    return _walked(layout, stops, _s_shape_either_way)


def s_shape_mm(layout: Layout, stops: Sequence[Bin | Point | Spot]) -> int:
    """How long the `s_shape` walk is, without its corners."""
    placed, _ = spots_of(layout, stops)
    if not placed:
        return 0
    # What lies between the first and the last stop of an aisle is passed on the way.
    lanes = [(aisle, [spots[0], *spots[1:][-1:]]) for aisle, spots in _lanes(layout, placed)]
    return min(_route_mm(layout, _s_shape(layout, each)) for each in (lanes, lanes[::-1])) + layout.doors_mm


def return_walk(layout: Layout, stops: Sequence[Bin | Point | Spot]) -> Walk:
    """Into each aisle as far as its last stop, and back out."""
    return _walked(layout, stops, _return)


def largest_gap(layout: Layout, stops: Sequence[Bin | Point | Spot]) -> Walk:
    """Through the first and the last aisle; into the others from both sides, leaving out the widest gap.

    From the near side aisles left of the start are served on the way to the first, the others on the way home.
    """
    return _walked(layout, stops, _largest_gap)


BASELINES: Mapping[str, Callable[[Layout, Sequence[Bin | Point | Spot]], Walk]] = {
    "S-shape": s_shape,
    "return": return_walk,
    "largest gap": largest_gap,
}


def _walked(
    layout: Layout, stops: Sequence[Bin | Point | Spot], route: Callable[[Layout, list[Lane]], list[Place]]
) -> Walk:
    placed, unplaced = spots_of(layout, stops)
    if not placed:
        return Walk(unplaced, 0, [], unplaced, True)
    places = _between_doors(layout, route(layout, _lanes(layout, placed)))
    paths = paths_of(layout)
    passed = dict.fromkeys(place for place in places if isinstance(place, Spot))
    order = [index for spot in passed for index in placed.get(spot, ())]
    points = [point for one, other in pairwise(places) for point in paths.way(one, other)]
    corners = straightened([*bent(layout.start, points[0]), *points, *bent(points[-1], layout.end)])
    return Walk(order + unplaced, _length_mm(layout, places) + layout.doors_mm, corners, unplaced, False)


def _lanes(layout: Layout, spots: Iterable[Spot]) -> list[Lane]:
    lanes: dict[int, list[Spot]] = {}
    for spot in sorted(spots, key=lambda spot: (layout.aisles[spot.aisle].x_mm, spot)):
        lanes.setdefault(spot.aisle, []).append(spot)
    return list(lanes.items())


def _between_doors(layout: Layout, places: Iterable[Place]) -> list[Place]:
    return [layout.doors[0], *places, layout.doors[1]]


def _route_mm(layout: Layout, places: Iterable[Place]) -> int:
    return _length_mm(layout, _between_doors(layout, places))


def _length_mm(layout: Layout, places: Sequence[Place]) -> int:
    distance_mm = paths_of(layout).distance_mm
    return sum(distance_mm(one, other) for one, other in pairwise(places))


def _s_shape_either_way(layout: Layout, lanes: list[Lane]) -> list[Place]:
    return min(
        _s_shape(layout, lanes), _s_shape(layout, lanes[::-1]), key=lambda places: _route_mm(layout, places)
    )  # fmt: skip


def _s_shape(layout: Layout, lanes: list[Lane]) -> list[Place]:
    places: list[Place] = []
    is_near = True
    for at, (aisle, spots) in enumerate(lanes):
        near, far = _ends(layout, aisle)
        goes_far = is_near if layout.aisles[aisle].way == "both" else _runs_far(layout, aisle)
        places += [near, *_from_near(layout, spots)] if goes_far else [far, *_from_near(layout, spots)[::-1]]
        if at + 1 < len(lanes):
            places.append(far if goes_far else near)
        is_near = not goes_far
    return places


def _return(layout: Layout, lanes: list[Lane]) -> list[Place]:
    places: list[Place] = []
    for aisle, spots in lanes:
        near, _ = _ends(layout, aisle)
        places += [near, *_from_near(layout, spots), near]
    return places


def _largest_gap(layout: Layout, lanes: list[Lane]) -> list[Place]:
    if len(lanes) == 1:
        return _return(layout, lanes)
    (first, first_spots), (last, last_spots) = lanes[0], lanes[-1]
    near, far = _ends(layout, first)
    out: list[Place] = [near, *_from_near(layout, first_spots), far]
    before: list[Place] = []
    back: list[Place] = []
    door_x = layout.doors[0].x_mm
    for aisle, spots in lanes[1:-1]:
        near, far = _ends(layout, aisle)
        stops = [near, *_from_near(layout, spots), far]
        gaps = [abs(one.y_mm - other.y_mm) for one, other in pairwise(stops)]
        at = gaps.index(max(gaps)) + 1
        out += [far, *stops[-2 : at - 1 : -1], far] if at < len(stops) - 1 else []
        if at > 1 and layout.aisles[aisle].x_mm < door_x:
            before = [near, *stops[1:at], near, *before]
        elif at > 1:
            back = [near, *stops[1:at], near, *back]
    near, far = _ends(layout, last)
    return [*before, *out, far, *_from_near(layout, last_spots)[::-1], near, *back]


def _is_front(layout: Layout) -> bool:
    """Whether the start lies on the front half of the floor."""
    return 2 * layout.doors[0].y_mm <= layout.rows[0] + layout.rows[-1]


def _runs_far(layout: Layout, aisle: int) -> bool:
    """Whether a one-way aisle leads away from the start's side."""
    return (layout.aisles[aisle].way == "up") == _is_front(layout)


def _ends(layout: Layout, aisle: int) -> tuple[Spot, Spot]:
    lane = layout.aisles[aisle]
    front, back = Spot(aisle, lane.from_mm), Spot(aisle, lane.to_mm)
    return (front, back) if _is_front(layout) else (back, front)


def _from_near(layout: Layout, spots: Sequence[Spot]) -> list[Spot]:
    return list(spots) if _is_front(layout) else list(spots)[::-1]
