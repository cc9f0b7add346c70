"""Shortest ways between spots of any floor, one-way aisles respected: what a picker walks from stop to stop."""

from functools import cached_property
from heapq import heappop, heappush
from itertools import pairwise

from orderwright.business.warehouse.walking.layout import FAR_MM, Layout, Piece, Point, Spot

Place = Point | Spot
"""A door or crossing, or a spot in an aisle."""

LENGTHS_KEPT = 100_000
"""Pairs of places whose distance is remembered: some 20 MB at most."""


class Paths:
    """Shortest ways over one floor. Ways from a crossing are worked out once, when first asked for."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._ways: dict[Point, list[tuple[Point, int]]] = {}
        self._known: dict[Point, dict[Point, tuple[int, Point]]] = {}
        self._lengths: dict[tuple[bool, Place, bool, Place], int] = {}
        for piece in layout.pieces:
            self._add_piece(piece)
        for column, onward in pairwise(range(len(layout.columns))):
            blocked = layout.blocked(column, onward)
            for row, y in enumerate(layout.rows):
                if not blocked >> row & 1:
                    left, right = Point(layout.columns[column], y), Point(layout.columns[onward], y)
                    self._add(left, right)
                    self._add(right, left)

    def _add_piece(self, piece: Piece) -> None:
        if piece.low is None or piece.high is None:
            return
        x, way = self.layout.columns[piece.column], self.layout.aisles[piece.aisle].way
        low, high = Point(x, piece.from_mm), Point(x, piece.to_mm)
        if way != "down":
            self._add(low, high)
        if way != "up":
            self._add(high, low)

    def _add(self, one: Point, other: Point) -> None:
        self._ways.setdefault(one, []).append((other, abs(one.x_mm - other.x_mm) + abs(one.y_mm - other.y_mm)))

    def distance_mm(self, one: Place, other: Place) -> int:
        """The length of the shortest way; FAR_MM or more when there is none."""
        if isinstance(one, Spot) and isinstance(other, Spot) and one.aisle == other.aisle and self._both(one.aisle):
            return abs(one.y_mm - other.y_mm)
        asked = isinstance(one, Spot), one, isinstance(other, Spot), other  # a spot and a point may be equal tuples
        length = self._lengths.get(asked)
        if length is None:
            if len(self._lengths) >= LENGTHS_KEPT:
                self._lengths.clear()
            length = self._lengths[asked] = self._best(one, other)[0]
        return length

    def _both(self, aisle: int) -> bool:
        """Whether an aisle is walked either way."""
        return self.layout.aisles[aisle].way == "both"

    def way(self, one: Place, other: Place) -> list[Point]:
        """The corners of a shortest way, both ends included. Raises ValueError when there is none."""
        length, out, home = self._best(one, other)
        if length >= FAR_MM:
            raise ValueError(f"no way from {one} to {other}")
        ends = self._point(one), self._point(other)
        if out is None or home is None:
            return list(ends)
        corners = [home]
        while corners[-1] != out:
            corners.append(self._from(out)[corners[-1]][1])
        return [ends[0], *corners[::-1], ends[1]]

    def _best(self, one: Place, other: Place) -> tuple[int, Point | None, Point | None]:
        one, other = self._settled(one), self._settled(other)
        best: tuple[int, Point | None, Point | None] = (self._within_mm(one, other), None, None)
        for out, first in self._exits(one):
            known = self._from(out)
            for home, last in self._entries(other):
                if home in known and first + known[home][0] + last < best[0]:
                    best = first + known[home][0] + last, out, home
        return best

    def _settled(self, place: Place) -> Place:
        """A spot at a crossing is that crossing, whichever way its aisle runs."""
        if isinstance(place, Spot) and (index := self.layout.find_piece(place)) is not None:
            piece = self.layout.pieces[index]
            ends = [piece.from_mm] * (piece.low is not None) + [piece.to_mm] * (piece.high is not None)
            return self.layout.point(place) if place.y_mm in ends else place
        return place

    def _within_mm(self, one: Place, other: Place) -> int:
        """The distance of two spots of one piece walked without leaving it."""
        if isinstance(one, Spot) != isinstance(other, Spot):
            return FAR_MM
        if one == other:
            return 0
        if not isinstance(one, Spot) or not isinstance(other, Spot) or one.aisle != other.aisle:
            return FAR_MM
        wrong_way = "down" if other.y_mm >= one.y_mm else "up"
        is_shut = self.layout.aisles[one.aisle].way == wrong_way and not self._share_dead_end(one, other)
        return FAR_MM if is_shut else abs(one.y_mm - other.y_mm)

    def _share_dead_end(self, one: Spot, other: Spot) -> bool:
        index = self.layout.find_piece(one)
        if index is None or index != self.layout.find_piece(other):
            return False
        return self.layout.pieces[index].low is None or self.layout.pieces[index].high is None

    def _exits(self, place: Place) -> list[tuple[Point, int]]:
        """Crossings a place leads to at once, and how far they are."""
        return self._ends(place, "down", "up")

    def _entries(self, place: Place) -> list[tuple[Point, int]]:
        return self._ends(place, "up", "down")

    def _ends(self, place: Place, low_way: str, high_way: str) -> list[tuple[Point, int]]:
        """The ends of a place's piece and how far they are; an end of a one-way aisle only if it runs that way."""
        if isinstance(place, Point):
            return [(place, 0)]
        index = self.layout.find_piece(place)
        if index is None:
            return []
        piece = self.layout.pieces[index]
        x, way = self.layout.columns[piece.column], self.layout.aisles[piece.aisle].way
        is_dead_end = piece.low is None or piece.high is None
        ends = []
        if piece.low is not None and (is_dead_end or way in ("both", low_way)):
            ends.append((Point(x, piece.from_mm), place.y_mm - piece.from_mm))
        if piece.high is not None and (is_dead_end or way in ("both", high_way)):
            ends.append((Point(x, piece.to_mm), piece.to_mm - place.y_mm))
        return ends

    def _from(self, start: Point) -> dict[Point, tuple[int, Point]]:
        """(distance, crossing before) of every crossing that can be reached (Dijkstra 1959)."""
        if start in self._known:
            return self._known[start]
        found: dict[Point, tuple[int, Point]] = {}
        queue = [(0, start, start)]
        while queue:
            length, here, before = heappop(queue)
            if here in found:
                continue
            found[here] = length, before
            for onward, far in self._ways.get(here, ()):
                if onward not in found:
                    heappush(queue, (length + far, onward, here))
        self._known[start] = found
        return found

    def _point(self, place: Place) -> Point:
        return place if isinstance(place, Point) else self.layout.point(place)

    def is_reachable(self, spot: Spot) -> bool:
        """Whether a picker gets from the start to a spot and back, so from any such spot to any other."""
        place = self._settled(spot)
        return any(home in self._both_ways for home, _ in self._entries(place)) and any(
            out in self._both_ways for out, _ in self._exits(place)
        )

    @cached_property
    def _both_ways(self) -> set[Point]:
        """The crossings one gets to from the start and back from; none when the end is not among them."""
        start, end = self.layout.doors
        back: dict[Point, list[Point]] = {}
        for here, ways in self._ways.items():
            for onward, _ in ways:
                back.setdefault(onward, []).append(here)
        found, queue = {start}, [start]
        while queue:
            before = [each for each in back.get(queue.pop(), ()) if each not in found]
            found.update(before)
            queue += before
        both = found & self._from(start).keys()
        return both if end in both else set()
