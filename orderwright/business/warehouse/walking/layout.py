"""A site's floor as a picker walks it: aisles along y, cross aisles along x, a start and a drop-off. Pure.

All lengths are whole millimetres; x runs to the right, y from the front to the back. Walking is measured along
the middle lines of aisles and cross aisles; the width of an aisle is not walked (Ratliff & Rosenthal 1983).
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

Way = Literal["both", "up", "down"]
"""Which way an aisle may be walked: up is from the front to the back."""

FAR_MM = 10**12
"""Longer than any walk: where there is no way."""


class Point(NamedTuple):
    """A place on the floor."""

    x_mm: int
    y_mm: int


class Bin(NamedTuple):
    """Where goods lie, as their label says it; levels stand above each other and change no walk."""

    zone: str
    aisle: int
    bay: int


class Spot(NamedTuple):
    """Where a picker stands to reach a bin. aisle: index into `Layout.aisles`."""

    aisle: int
    y_mm: int


@dataclass(frozen=True)
class Aisle:
    """One aisle between two racks, or a bare passage. bays: y of each bay's middle, by bay number."""

    zone: str
    number: int
    x_mm: int
    from_mm: int
    to_mm: int
    way: Way = "both"
    bays: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class CrossAisle:
    """A way along x that aisles open into, from one x to another."""

    y_mm: int
    from_mm: int
    to_mm: int


class Piece(NamedTuple):
    """Part of an aisle between two cross aisles (rows), or a dead end behind one of them.

    low, high: the rows it opens into; None where it ends at a wall. Columns and rows count from 0.
    """

    aisle: int
    column: int
    low: int | None
    high: int | None
    from_mm: int
    to_mm: int


@dataclass(frozen=True, eq=False)
class Layout:
    """A floor. Made by `described.layout_of` or `derived.layout_of_places`, which also say what is wrong with it.

    start, end: where a tour begins and where the goods are dropped; both are joined to the nearest cross aisle.
    also: names that lie in an aisle of another name (two zones along one aisle), with the y of their bays.
    """

    aisles: tuple[Aisle, ...]
    cross_aisles: tuple[CrossAisle, ...]
    start: Point
    end: Point
    also: Mapping[tuple[str, int], tuple[int, Mapping[int, int]]] = field(default_factory=dict)

    @cached_property
    def is_closed(self) -> bool:
        """Whether tours end where they begin."""
        return self.start == self.end

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """The y of every cross aisle, front to back, each once."""
        return tuple(sorted({cross.y_mm for cross in self.cross_aisles}))

    @cached_property
    def columns(self) -> tuple[int, ...]:
        """The x of every aisle and of the start and end, left to right, each once."""
        ends = {door.x_mm for door in self.doors}
        return tuple(sorted({aisle.x_mm for aisle in self.aisles} | ends))

    def door(self, point: Point) -> Point:
        """The nearest point of a cross aisle: where a walk from or to this point enters the floor."""
        doors = [Point(min(max(point.x_mm, cross.from_mm), cross.to_mm), cross.y_mm) for cross in self.cross_aisles]
        return min(doors, key=lambda door: (distance_mm(point, door), door), default=point)

    @cached_property
    def doors(self) -> tuple[Point, Point]:
        """Where every tour enters the floor and where it leaves it."""
        return self.door(self.start), self.door(self.end)

    @cached_property
    def doors_mm(self) -> int:
        """What every tour walks from the start to its cross aisle, and from a cross aisle to the end."""
        return distance_mm(self.start, self.doors[0]) + distance_mm(self.end, self.doors[1])

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """All aisles cut at the cross aisles they meet, by aisle, front to back."""
        return tuple(piece for index in range(len(self.aisles)) for piece in self._cut(index))

    @cached_property
    def pieces_at(self) -> tuple[tuple[int, ...], ...]:
        """Indices of the pieces in each column, front to back."""
        found: list[list[int]] = [[] for _ in self.columns]
        for index, piece in enumerate(self.pieces):
            found[piece.column].append(index)
        return tuple(tuple(sorted(each, key=lambda index: self.pieces[index].from_mm)) for each in found)

    @cached_property
    def _cell_pieces(self) -> dict[Spot, int | None]:
        return {
            spot: self._find_piece(spot) for index, ys in enumerate(self.cells) for spot in (Spot(index, y) for y in ys)
        }

    def find_piece(self, spot: Spot) -> int | None:
        """Index of the piece a spot lies in; at a crossing the one towards the front. None outside its aisle."""
        known = self._cell_pieces.get(spot, -1)
        return known if known != -1 else self._find_piece(spot)

    def _find_piece(self, spot: Spot) -> int | None:
        first = bisect_left(self.pieces, spot.aisle, key=lambda piece: piece.aisle)
        for index in range(first, len(self.pieces)):
            piece = self.pieces[index]
            if piece.aisle != spot.aisle:
                return None
            if piece.from_mm <= spot.y_mm <= piece.to_mm:
                return index
        return None

    def crossing(self, point: Point) -> tuple[int, int]:
        """Column and row of a point's door."""
        door = self.door(point)
        return bisect_left(self.columns, door.x_mm), bisect_left(self.rows, door.y_mm)

    def blocked(self, column: int, onward: int) -> int:
        """A bit for each row that does not lead from one column to a later one."""
        if self.is_grid:
            return 0
        left, right = self.columns[column], self.columns[onward]
        open_rows = {cross.y_mm for cross in self.cross_aisles if cross.from_mm <= left and right <= cross.to_mm}
        return sum(1 << row for row, y in enumerate(self.rows) if y not in open_rows)

    def _cut(self, index: int) -> list[Piece]:
        aisle = self.aisles[index]
        column = bisect_left(self.columns, aisle.x_mm)
        met = [row for row, y in enumerate(self.rows) if self._meets(aisle, y)]
        if not met:
            return [Piece(index, column, None, None, aisle.from_mm, aisle.to_mm)]
        pieces = [Piece(index, column, low, high, self.rows[low], self.rows[high]) for low, high in pairwise(met)]
        first, last = self.rows[met[0]], self.rows[met[-1]]
        if aisle.from_mm < first:
            pieces.insert(0, Piece(index, column, None, met[0], aisle.from_mm, first))
        if aisle.to_mm > last:
            pieces.append(Piece(index, column, met[-1], None, last, aisle.to_mm))
        return pieces

    def _meets(self, aisle: Aisle, y_mm: int) -> bool:
        return aisle.from_mm <= y_mm <= aisle.to_mm and any(
            cross.y_mm == y_mm and cross.from_mm <= aisle.x_mm <= cross.to_mm for cross in self.cross_aisles
        )

    @cached_property
    def is_one_way(self) -> bool:
        """Whether any aisle may be walked in one direction only."""
        return any(aisle.way != "both" for aisle in self.aisles)

    @cached_property
    def is_grid(self) -> bool:
        """Whether every aisle runs from the first cross aisle to the last and every cross aisle past all aisles."""
        rows, columns = self.rows, self.columns
        return (
            len(rows) > 1
            and all((aisle.from_mm, aisle.to_mm) == (rows[0], rows[-1]) for aisle in self.aisles)
            and all(cross.from_mm <= columns[0] and cross.to_mm >= columns[-1] for cross in self.cross_aisles)
            and len({aisle.x_mm for aisle in self.aisles}) == len(self.aisles)
        )

    @cached_property
    def is_one_block(self) -> bool:
        """Whether it is a grid with a cross aisle at the front and one at the back, and none between."""
        return self.is_grid and len(self.rows) == 2

    @cached_property
    def _by_name(self) -> dict[tuple[str, int], tuple[int, Mapping[int, int]]]:
        own = {(aisle.zone, aisle.number): (index, aisle.bays) for index, aisle in enumerate(self.aisles)}
        return {**self.also, **own}

    @cached_property
    def cells(self) -> tuple[tuple[int, ...], ...]:
        """The y of all bays in each aisle, ascending, each once: where pickers of that aisle stand."""
        found = [set(aisle.bays.values()) for aisle in self.aisles]
        for index, bays in self.also.values():
            found[index].update(bays.values())
        return tuple(tuple(sorted(each)) for each in found)

    def has_bin(self, at: Bin) -> bool:
        """Whether the layout lists the bay of a bin."""
        return at.bay in self._by_name.get((at.zone, at.aisle), (0, {}))[1]

    def find_spot(self, at: Bin | Point) -> Spot | None:
        """Where a picker stands to reach a bin, or the spot nearest to a point; None for what the layout lacks.

        A bay the aisle does not list is taken to stand beside the listed bay with the nearest number.
        """
        if isinstance(at, Point):
            return self._nearest_spot(at)
        index, bays = self._by_name.get((at.zone, at.aisle), (0, {}))
        if at.bay in bays:
            return Spot(index, bays[at.bay])
        near = min(bays, key=lambda bay: (abs(bay - at.bay), bay), default=None)
        return None if near is None else Spot(index, bays[near])

    def _nearest_spot(self, point: Point) -> Spot | None:
        spots = [Spot(i, min(max(point.y_mm, a.from_mm), a.to_mm)) for i, a in enumerate(self.aisles)]
        return min(spots, key=lambda spot: (distance_mm(point, self.point(spot)), spot), default=None)

    def point(self, spot: Spot) -> Point:
        """The point of a spot."""
        return Point(self.aisles[spot.aisle].x_mm, spot.y_mm)


def distance_mm(one: Point, other: Point) -> int:
    """The distance of two points along the axes."""
    return abs(one.x_mm - other.x_mm) + abs(one.y_mm - other.y_mm)
