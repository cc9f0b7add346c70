"""A layout from the places alone, for a site nobody has described yet.

Coordinates are taken as the site's own: bins with the same x lie in the same aisle. A stretch of floor that no
bin of any aisle lies in, wide enough to walk through, is taken for a cross aisle. Without coordinates aisles and
bays are taken to stand in order at the usual distances.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

from orderwright.business.warehouse.walking.layout import Aisle, CrossAisle, Layout, Point

AISLE_PITCH_MM = 3000
"""From aisle to aisle: two racks of a metre back to back, and a metre to walk in."""
BAY_PITCH_MM = 1000
MARGIN_MM = 1500
"""From the last bay's middle to the middle of the cross aisle behind it."""
CROSS_AISLE_MM = 2400
"""The least free stretch between bays that is taken for a cross aisle."""

Name = tuple[str, int]


class PlaceRow(NamedTuple):
    """A bin as the store keeps it."""

    zone: str
    aisle: int
    bay: int
    x_mm: int = 0
    y_mm: int = 0


def layout_of_places(places: Iterable[PlaceRow], start: Point | None = None, end: Point | None = None) -> Layout:
    """A layout in which every bin has a spot. start: by default the front of the first aisle; end: by default there."""
    bins: dict[Name, list[PlaceRow]] = {}
    for place in sorted(places):
        bins.setdefault((place.zone, place.aisle), []).append(place)
    xs, bays = _aisle_xs(bins), _bay_ys(bins)
    middles = sorted({y for ys in bays.values() for y in ys.values()}) or [0]
    rows = [middles[0] - MARGIN_MM, *_free_stretches(middles), middles[-1] + MARGIN_MM]
    aisles, also = _aisles(xs, bays, rows)
    left, right = min(xs.values(), default=0), max(xs.values(), default=0)
    begin = start or Point(left, rows[0])
    return Layout(
        tuple(aisles), tuple(CrossAisle(y, left, right) for y in rows), begin, end or begin, also
    )  # fmt: skip


def _is_known(place: PlaceRow) -> bool:
    return (place.x_mm, place.y_mm) != (0, 0)


def _aisle_xs(bins: Mapping[Name, Sequence[PlaceRow]]) -> dict[Name, int]:
    """The x of each aisle: the middle one of its bins' x, or by its rank if they tell no aisle from another."""
    known = {name: [place.x_mm for place in places if _is_known(place)] for name, places in bins.items()}
    given = {name: median_low(xs) for name, xs in known.items() if xs}
    if len(given) < len(bins) or (len(bins) > 1 and len(set(given.values())) == 1):
        return {name: rank * AISLE_PITCH_MM for rank, name in enumerate(bins)}
    return given


def _bay_ys(bins: Mapping[Name, Sequence[PlaceRow]]) -> dict[Name, dict[int, int]]:
    """The y of each bay by aisle: the middle one of its bins' y, or by the bay's rank among all bay numbers."""
    given: dict[Name, dict[int, int]] = {}
    for name, places in bins.items():
        of_bay: dict[int, list[int]] = {}
        for place in places:
            if _is_known(place):
                of_bay.setdefault(place.bay, []).append(place.y_mm)
        given[name] = {bay: median_low(ys) for bay, ys in of_bay.items()}
    tells = any(len(set(ys.values())) > 1 for ys in given.values())
    if not tells or not all(given.values()):
        ranks = {bay: rank for rank, bay in enumerate(sorted({p.bay for places in bins.values() for p in places}))}
        return {name: {p.bay: ranks[p.bay] * BAY_PITCH_MM for p in places} for name, places in bins.items()}
    return {name: {p.bay: _near(given[name], p.bay) for p in places} for name, places in bins.items()}


def _near(ys: Mapping[int, int], bay: int) -> int:
    """The y of a bay, or of the one with the nearest number: where a bin without coordinates is taken to lie."""
    return ys[min(ys, key=lambda other: (abs(other - bay), other))]


def _free_stretches(middles: Sequence[int]) -> list[int]:
    """The middles of the stretches that are free in every aisle and much wider than a bay."""
    steps = [b - a for a, b in pairwise(middles)]
    if not steps:
        return []
    least = max(CROSS_AISLE_MM, 2 * median_low(steps) + median_low(steps) // 2)
    return [(a + b) // 2 for a, b in pairwise(middles) if b - a >= least]


def _aisles(
    xs: Mapping[Name, int], bays: Mapping[Name, dict[int, int]], rows: Sequence[int]
) -> tuple[list[Aisle], dict[Name, tuple[int, Mapping[int, int]]]]:
    """Aisles between the cross aisles their bins lie between; names after the first at the same x lie in it too."""
    by_x: dict[int, list[Name]] = {}
    for name in xs:
        by_x.setdefault(xs[name], []).append(name)
    aisles: list[Aisle] = []
    also: dict[Name, tuple[int, Mapping[int, int]]] = {}
    for x, names in sorted(by_x.items()):
        ys = [y for name in names for y in bays[name].values()]
        from_mm = max(row for row in rows if row < min(ys))
        to_mm = min(row for row in rows if row > max(ys))
        zone, number = names[0]
        also.update({name: (len(aisles), bays[name]) for name in names[1:]})
        aisles.append(Aisle(zone, number, x, from_mm, to_mm, "both", bays[names[0]]))
    return aisles, also
