"""The shortest picking tour over a floor, exactly, by a sweep from left to right.

Which parts of aisles and cross aisles a shortest tour walks, and how often, is found by a dynamic program over the
kinds of `shapes`; a tour is then any walk along all of these lines (Euler). One-way aisles are lines with a
direction: the program then balances walks instead of counting lines modulo 2.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from orderwright.business.warehouse.walking.layout import Layout, Piece, Point
from orderwright.business.warehouse.walking.shapes import (
    DONE,
    DOWN,
    EMPTY,
    GAP,
    HIGH,
    LOW,
    NONE,
    TWICE,
    UP,
    Lines,
    Option,
    Shapes,
    Step,
    shapes_of,
)
from orderwright.business.warehouse.walking.touring import Line


class Swept(NamedTuple):
    """The lines of a shortest tour, from door to door. Where no aisle is one-way they may be walked either way."""

    length_mm: int
    lines: list[Line]


class _Turn(NamedTuple):
    """One step of the sweep: part of an aisle served, or a move from a column to another over `across_mm`."""

    step: Step
    options: tuple[Option, ...] = ()
    costs: Sequence[int] = (0,)
    piece: int = -1
    column: int = -1
    next_column: int = -1
    across_mm: int = 0


def sweep(layout: Layout, stops: Mapping[int, Sequence[int]], flow_max: int) -> Swept | None:
    """The shortest tour from the start's door past all stops to the end's door; None when there is none.

    stops: y of the stops by index into `layout.pieces`, ascending; each piece opens into a cross aisle.
    flow_max: 0 where no aisle is one-way; else the most walks the same way along one line.
    """
    shapes = shapes_of(len(layout.rows), flow_max)
    turns = _turns(layout, stops, shapes)
    costs = {EMPTY: 0}
    trail: list[dict[int, tuple[int, int]]] = []
    for turn in turns:
        costs, back = _moved(costs, turn, shapes) if turn.piece < 0 else _served(costs, turn)
        trail.append(back)
    if DONE not in costs:
        return None
    lines: list[Line] = []
    kind = DONE
    for turn, back in zip(reversed(turns), reversed(trail), strict=True):
        kind, option = back[kind]
        if turn.next_column >= 0:
            lines += _across(layout, turn, shapes.lines[option])
        elif turn.piece >= 0:
            lines += _along(layout, turn.piece, stops.get(turn.piece, ()), turn.options[option])
    return Swept(costs[DONE], lines)


def _served(costs: dict[int, int], turn: _Turn) -> tuple[dict[int, int], dict[int, tuple[int, int]]]:
    after_costs: dict[int, int] = {}
    back: dict[int, tuple[int, int]] = {}
    step, prices = turn.step, turn.costs
    for kind, so_far in costs.items():
        for after, option, trace in step[kind]:
            cost = so_far + prices[option]
            if after not in after_costs or cost < after_costs[after]:
                after_costs[after] = cost
                back[after] = trace
    return after_costs, back


def _moved(costs: dict[int, int], turn: _Turn, shapes: Shapes) -> tuple[dict[int, int], dict[int, tuple[int, int]]]:
    after_costs: dict[int, int] = {}
    back: dict[int, tuple[int, int]] = {}
    step, counts, across = turn.step, shapes.line_counts, turn.across_mm
    for kind, so_far in costs.items():
        for after, option, trace in step[kind]:
            cost = so_far + counts[option] * across
            if after not in after_costs or cost < after_costs[after]:
                after_costs[after] = cost
                back[after] = trace
    return after_costs, back


def _turns(layout: Layout, stops: Mapping[int, Sequence[int]], shapes: Shapes) -> list[_Turn]:
    """All steps, left to right. In a plain grid columns without stops are passed over: none would pay."""
    doors = _doors(layout)
    used = range(len(layout.columns))
    if layout.is_grid and not layout.is_one_way:
        with_stops = {layout.pieces[piece].column for piece in stops}
        used = [column for column in used if column in with_stops or column in doors]  # type: ignore[assignment]
    turns: list[_Turn] = []
    for at, column in enumerate(used):
        turns += [_Turn(shapes.touching(row, surplus)) for row, surplus in doors.get(column, ())]
        for piece in layout.pieces_at[column]:
            turns += _piece_turns(layout, piece, stops.get(piece, ()), shapes)
        if at + 1 < len(used):
            onward = used[at + 1]
            step = shapes.moving(layout.blocked(column, onward))
            across = layout.columns[onward] - layout.columns[column]
            turns.append(_Turn(step, column=column, next_column=onward, across_mm=across))
    turns.append(_Turn(shapes.moving((1 << len(layout.rows)) - 1)))
    return turns


def _doors(layout: Layout) -> dict[int, list[tuple[int, int]]]:
    """(row, surplus) of the start's and the end's crossing, by column."""
    start, end = layout.crossing(layout.start), layout.crossing(layout.end)
    if start == end:
        return {start[0]: [(start[1], 0)]}
    doors: dict[int, list[tuple[int, int]]] = {start[0]: [(start[1], 1)]}
    doors.setdefault(end[0], []).append((end[1], -1))
    return doors


def _piece_turns(layout: Layout, index: int, stops: Sequence[int], shapes: Shapes) -> list[_Turn]:
    piece = layout.pieces[index]
    if piece.low is None or piece.high is None:
        return [_dead_end(piece, index, stops, shapes)] if stops else []
    turns = []
    if stops and (stops[0] == piece.from_mm or stops[-1] == piece.to_mm):
        # A stop at a crossing is passed by whoever comes by; its aisle need not be walked.
        ends = (piece.from_mm, piece.low), (piece.to_mm, piece.high)
        turns = [_Turn(shapes.touching(row, 0)) for y, row in ends if y in stops]
        stops = _inner(piece, stops)
    length = piece.to_mm - piece.from_mm
    way = layout.aisles[piece.aisle].way if shapes.flow_max else "free"
    options: tuple[Option, ...] = _THROUGH[way]
    costs = [length] * len(options)
    if way in ("free", "both"):
        options, more = _SERVING[way, min(len(stops), 2)]
        costs += [2 * length, *(_cost(option, piece, stops) for option in more)]
    if not stops:
        options, costs = _IDLE[options], [*costs, 0]
    turns.append(_Turn(shapes.serving(piece.low, piece.high, options), options, costs, index))
    if shapes.flow_max:
        # Walked through more often, for the sake of what lies behind.
        again = _IDLE[_THROUGH[way]]
        costs = [length] * (len(again) - 1) + [0]
        turns += [_Turn(shapes.serving(piece.low, piece.high, again), again, costs, index)] * shapes.flow_max
    return turns


_THROUGH: Mapping[str, tuple[Option, ...]] = {"free": (UP,), "both": (UP, DOWN), "up": (UP,), "down": (DOWN,)}
"""How an aisle is walked through; free: lines have no direction."""
_MORE: Mapping[int, tuple[Option, ...]] = {0: (), 1: (LOW, HIGH), 2: (LOW, HIGH, GAP)}
_SERVING = {
    (way, count): ((*_THROUGH[way], TWICE, *more), more) for way in ("free", "both") for count, more in _MORE.items()
}
"""All ways to serve an aisle walked both ways with no, one or more stops, and those that turn round in it."""
_IDLE = {options: (*options, NONE) for options in (*_THROUGH.values(), *(options for options, _ in _SERVING.values()))}
"""The same, or left alone."""


def _inner(piece: Piece, stops: Sequence[int]) -> list[int]:
    """The stops of a piece that are at none of its crossings."""
    return [y for y in stops if piece.from_mm < y < piece.to_mm]


def _dead_end(piece: Piece, index: int, stops: Sequence[int], shapes: Shapes) -> _Turn:
    option, row = (HIGH, piece.high) if piece.low is None else (LOW, piece.low)
    if row is None:
        raise ValueError("stops in an aisle that opens into no cross aisle")
    return _Turn(shapes.serving(row, row, (option,)), (option,), [_cost(option, piece, stops)], index)


def _cost(option: Option, piece: Piece, stops: Sequence[int]) -> int:
    """What turning round in an aisle costs."""
    if option is LOW:
        return 2 * (stops[-1] - piece.from_mm)
    if option is HIGH:
        return 2 * (piece.to_mm - stops[0])
    return 2 * (piece.to_mm - piece.from_mm - max(b - a for a, b in pairwise(stops)))


def _across(layout: Layout, turn: _Turn, lines: Sequence[Lines]) -> list[Line]:
    left, right = layout.columns[turn.column], layout.columns[turn.next_column]
    found: list[Line] = []
    for y, (rightwards, leftwards) in zip(layout.rows, lines, strict=True):
        if rightwards or leftwards:
            one, other = Point(left, y), Point(right, y)
            found += [(one, other)] * rightwards + [(other, one)] * leftwards
    return found


def _along(layout: Layout, index: int, stops: Sequence[int], option: Option) -> list[Line]:
    """The lines of one way to serve a piece."""
    piece = layout.pieces[index]
    x = layout.columns[piece.column]
    low, high = Point(x, piece.from_mm), Point(x, piece.to_mm)
    if option is UP:
        return [(low, high)]
    if option is DOWN:
        return [(high, low)]
    if option is TWICE:
        return [(low, high), (high, low)]
    if piece.low is not None and piece.high is not None:
        stops = _inner(piece, stops)
    if option is LOW:
        return _there_and_back(low, stops[-1])
    if option is HIGH:
        return _there_and_back(high, stops[0])
    if option is GAP:
        at = max(range(1, len(stops)), key=lambda n: stops[n] - stops[n - 1])
        return _there_and_back(low, stops[at - 1]) + _there_and_back(high, stops[at])
    return []


def _there_and_back(crossing: Point, y: int) -> list[Line]:
    return [(crossing, crossing, Point(crossing.x_mm, y))] if y != crossing.y_mm else []
