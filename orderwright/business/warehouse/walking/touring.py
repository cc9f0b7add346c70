"""A walk along given lines, each once: from lines to the points a picker passes."""

from collections.abc import Mapping, Sequence

from orderwright.business.warehouse.walking.layout import Point

Line = tuple[Point, Point] | tuple[Point, Point, Point]
"""A walk from a crossing to the next one, or from a crossing back to itself by way of a third point."""


def walk_along(lines: Sequence[Line], start: Point, *, is_directed: bool) -> list[Point]:
    """The points of a walk from `start` that takes every line once (Hierholzer 1873).

    The lines hang together and every point has as many in as out, but for the walk's two ends; without direction
    every other point has an even number. Where there is a choice the walk goes on to the last line given.
    """
    at: dict[Point, list[int]] = {}
    for index, line in enumerate(lines):
        at.setdefault(line[0], []).append(index)
        if not is_directed and line[0] != line[1]:
            at.setdefault(line[1], []).append(index)
    is_walked = [False] * len(lines)
    path: list[tuple[Point, ...]] = [(start,)]
    walked: list[Point] = []
    while path:
        here = path[-1][0]
        left = at.get(here, [])
        while left and is_walked[left[-1]]:
            left.pop()
        if left:
            index = left.pop()
            is_walked[index] = True
            line = lines[index]
            # What lies on the way comes behind the point reached, as the walk is read backwards.
            path.append((line[1] if line[0] == here else line[0], *line[2:]))
        else:
            walked += path.pop()
    return walked[::-1]


def passing_order(points: Sequence[Point], stops: Mapping[Point, Sequence[int]]) -> list[int]:
    """The stops in the order a walk along these points first passes them; those at one point stay as they are."""
    waiting: dict[int, list[int]] = {}
    for x, y in sorted(stops):
        waiting.setdefault(x, []).append(y)
    order: list[int] = []
    before = points[0]
    for here in points:
        x, y = here
        if x in waiting:
            y_before = before.y_mm if before.x_mm == x else y
            low, high = (y, y_before) if y < y_before else (y_before, y)
            passed = [each for each in waiting[x] if low <= each <= high]
            if passed:
                for each in passed if y >= y_before else reversed(passed):
                    order += stops[Point(x, each)]
                waiting[x] = [each for each in waiting[x] if not low <= each <= high]
                if not waiting[x]:
                    del waiting[x]
        before = here
    return order


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
