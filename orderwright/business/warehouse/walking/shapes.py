"""The kinds of part tours a sweep over a floor must tell apart, and how each step leads from one to the next.

While a floor is swept from left to right, a part tour is told by one mark per cross aisle (row): None where the
tour does not touch the row in the current column, else (surplus, piece). Surplus is how many lines still have to
leave that crossing to the right: modulo 2 where lines have no direction, else signed (one-way aisles). Rows with
the same piece are joined already. With two rows that gives the seven kinds of Ratliff & Rosenthal (1983), with
three the twenty-five of Roodbergen & de Koster (2001); more rows as in Cambazard & Catusse (2018).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

Mark = tuple[int, int] | None
Shape = tuple[Mark, ...]
Moves = list[tuple[int, int, tuple[int, int]]]
"""(kind after, option taken, (kind before, option taken)) for every option that is open."""

EMPTY, DONE = 0, 1


@dataclass(frozen=True, eq=False)
class Option:
    """A way to serve part of an aisle. up: net walks from the low to the high row; joins: they are connected."""

    name: str
    touches_low: bool
    touches_high: bool
    joins: bool
    up: int


NONE = Option("none", False, False, False, 0)
UP = Option("up", True, True, True, 1)
DOWN = Option("down", True, True, True, -1)
TWICE = Option("twice", True, True, True, 0)
LOW = Option("low", True, False, False, 0)
HIGH = Option("high", False, True, False, 0)
GAP = Option("gap", True, True, False, 0)


Lines = tuple[int, int]
"""How many walks lead on to the right and to the left along one row."""


class Step(dict[int, Moves]):
    """Moves by kind, worked out when a kind is first met."""

    def __init__(self, moves_of: Callable[[int], Moves]) -> None:
        super().__init__()
        self._moves_of = moves_of

    def __missing__(self, kind: int) -> Moves:
        self[kind] = moves = self._moves_of(kind)
        return moves


class Shapes:
    """The kinds of one number of rows, numbered as they are met."""

    def __init__(self, rows: int, flow_max: int) -> None:
        """flow_max: 0 for lines without direction; else how many may run the same way side by side."""
        self.rows = rows
        self.flow_max = flow_max
        self.lines: list[tuple[Lines, ...]] = [((0, 0),) * rows]
        self.line_counts: list[int] = [0]
        self._line_numbers = {self.lines[0]: 0}
        self._shapes: list[Shape | None] = [(None,) * rows, None]
        self._numbers: dict[Shape, int] = {(None,) * rows: EMPTY}
        self._serving: dict[tuple[int, int, tuple[Option, ...]], Step] = {}
        self._touching: dict[tuple[int, int], Step] = {}
        self._moving: dict[int, Step] = {}

    def serving(self, low: int, high: int, options: tuple[Option, ...]) -> Step:
        """The step that serves part of an aisle between two rows in one of these ways."""
        key = low, high, options
        if key not in self._serving:
            self._serving[key] = Step(lambda kind: self._serve(kind, low, high, options))
        return self._serving[key]

    def touching(self, row: int, surplus: int) -> Step:
        """The step by which the tour starts (+1), ends (-1), or does both (0), at a crossing of this row."""
        key = row, surplus
        if key not in self._touching:
            self._touching[key] = Step(lambda kind: self._touch(kind, row, surplus))
        return self._touching[key]

    def moving(self, blocked: int) -> Step:
        """The step to the next column; blocked: a bit for each row that does not lead there."""
        if blocked not in self._moving:
            self._moving[blocked] = Step(lambda kind: self._move(kind, blocked))
        return self._moving[blocked]

    def _serve(self, kind: int, low: int, high: int, options: tuple[Option, ...]) -> Moves:
        shape = self._shapes[kind]
        moves = []
        for index, option in enumerate(options):
            if option is NONE:
                moves.append((kind, index, (kind, index)))
            elif shape is not None:
                marks = list(shape)
                if option.touches_low:
                    self._add(marks, low, -option.up)
                if option.touches_high:
                    self._add(marks, high, option.up)
                if option.joins:
                    _join(marks, low, high)
                if self._is_fit(marks):
                    moves.append((self._number(marks), index, (kind, index)))
        return moves

    def _touch(self, kind: int, row: int, surplus: int) -> Moves:
        shape = self._shapes[kind]
        if shape is None:
            return []
        marks = list(shape)
        self._add(marks, row, surplus)
        return [(self._number(marks), 0, (kind, 0))] if self._is_fit(marks) else []

    def _move(self, kind: int, blocked: int) -> Moves:
        shape = self._shapes[kind]
        if shape is None or kind == EMPTY:
            return [(kind, 0, (kind, 0))]
        pieces = {mark[1] for mark in shape if mark}
        moves = []
        for lines in product(*(_lines_on(mark, bool(blocked >> row & 1)) for row, mark in enumerate(shape))):
            after = [mark if line != (0, 0) else None for mark, line in zip(shape, lines, strict=True)]
            left = {mark[1] for mark in after if mark}
            if left == pieces or (not left and len(pieces) == 1):
                line = self._line(lines)
                moves.append((self._number(after) if left else DONE, line, (kind, line)))
        return moves

    def _line(self, lines: tuple[Lines, ...]) -> int:
        if lines not in self._line_numbers:
            self._line_numbers[lines] = len(self.lines)
            self.lines.append(lines)
            self.line_counts.append(sum(right + left for right, left in lines))
        return self._line_numbers[lines]

    def _add(self, marks: list[Mark], row: int, surplus: int) -> None:
        value, piece = marks[row] or (0, max((mark[1] for mark in marks if mark), default=-1) + 1)
        value += surplus
        marks[row] = (value if self.flow_max else value % 2, piece)

    def _is_fit(self, marks: Sequence[Mark]) -> bool:
        return not self.flow_max or all(mark is None or abs(mark[0]) <= self.flow_max for mark in marks)

    def _number(self, marks: Sequence[Mark]) -> int:
        names: dict[int, int] = {}
        shape = tuple(mark and (mark[0], names.setdefault(mark[1], len(names))) for mark in marks)
        if shape not in self._numbers:
            self._numbers[shape] = len(self._shapes)
            self._shapes.append(shape)
        return self._numbers[shape]


def _lines_on(mark: Mark, is_blocked: bool) -> Sequence[Lines]:
    """The ways to leave a crossing: its surplus, or nothing, or there and back."""
    if mark is None:
        return ((0, 0),)
    surplus = mark[0]
    if surplus:
        return () if is_blocked else ((max(surplus, 0), max(-surplus, 0)),)
    return ((0, 0),) if is_blocked else ((0, 0), (1, 1))


def _join(marks: list[Mark], low: int, high: int) -> None:
    one, other = marks[low], marks[high]
    if one and other and one[1] != other[1]:
        for row, mark in enumerate(marks):
            if mark and mark[1] == other[1]:
                marks[row] = (mark[0], one[1])


@cache
def shapes_of(rows: int, flow_max: int) -> Shapes:
    """The kinds for that many rows, shared by all floors."""
    return Shapes(rows, flow_max)
