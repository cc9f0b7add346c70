"""A walk along given lines, each once: from lines to the points a picker passes."""

from collections.abc import Sequence

from orderwright.business.warehouse.walking.layout import Point


def walk_along(lines: Sequence[tuple[Point, Point]], start: Point, *, is_directed: bool) -> list[Point]:
    """The points of a walk from `start` that takes every line once (Hierholzer 1873).

    The lines hang together and every point has as many in as out, but for the walk's two ends; without direction
    every other point has an even number. Where there is a choice the walk goes on to the last line given.
    """
    at: dict[Point, list[int]] = {}
    for index, (one, other) in enumerate(lines):
        at.setdefault(one, []).append(index)
        if not is_directed:
            at.setdefault(other, []).append(index)
    is_walked = [False] * len(lines)
    path, walked = [start], []
    while path:
        here = path[-1]
        left = at.get(here, [])
        while left and is_walked[left[-1]]:
            left.pop()
        if left:
            index = left.pop()
            is_walked[index] = True
            one, other = lines[index]
            path.append(other if one == here else one)
        else:
            walked.append(path.pop())
    return walked[::-1]


def straightened(points: Sequence[Point]) -> list[Point]:
    """The same way without repeated points and without points passed straight on."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and _is_straight(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return kept


def _is_straight(one: Point, middle: Point, other: Point) -> bool:
    return (one.x_mm == middle.x_mm == other.x_mm and (middle.y_mm - one.y_mm) * (other.y_mm - middle.y_mm) > 0) or (
        one.y_mm == middle.y_mm == other.y_mm and (middle.x_mm - one.x_mm) * (other.x_mm - middle.x_mm) > 0
    )
