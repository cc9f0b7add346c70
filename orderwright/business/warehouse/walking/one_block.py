"""The shortest picking tour through one block, exactly: length alone, fast enough to be asked a million times.

The dynamic program of Ratliff & Rosenthal (Operations Research 31, 1983): aisle by aisle from the left, the part
of a tour walked so far is one of a few kinds, told by how it meets the back and the front cross aisle; of each
kind only the shortest counts. Linear in the number of aisles.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from orderwright.business.warehouse.walking.layout import FAR_MM, Layout, Spot


class Costs(NamedTuple):
    """What the ways to serve the stops of one aisle cost, in mm. cross: once from end to end.

    back, front: there and back from that cross aisle. gap: from both, all but the widest gap left out.
    """

    cross: int
    back: int
    front: int
    gap: int


def aisle_costs(stops: Sequence[int], from_mm: int, to_mm: int) -> Costs:
    """What serving stops at these y (ascending, at least one) of an aisle between two cross aisles costs."""
    length = to_mm - from_mm
    widest = max((b - a for a, b in pairwise(stops)), default=0)
    gap = 2 * (length - widest) if widest else FAR_MM
    return Costs(length, 2 * (to_mm - stops[0]), 2 * (stops[-1] - from_mm), gap)


def with_door(costs: Costs | None, length: int, *, is_back: bool) -> Costs:
    """The costs of an aisle when the tour must also touch one of its ends; costs: None when it has no stops."""
    if costs is None:
        return Costs(length, 0, FAR_MM, FAR_MM) if is_back else Costs(length, FAR_MM, 0, FAR_MM)
    if is_back:
        return Costs(costs.cross, costs.back, FAR_MM, min(costs.gap, costs.front))
    return Costs(costs.cross, FAR_MM, costs.front, min(costs.gap, costs.back))


Column = tuple[int, int, int, int, int, int, int, int]
"""An aisle of a sweep: its x, its costs (cross, back, front, gap), then the choices a sweep would make each time anew:
the cheapest way but crossing; the cheapest that touches the front where only the back is walked; and the reverse."""


def column_of(x_mm: int, costs: Costs) -> Column:
    """An aisle at x with what serving it costs."""
    cross, back, front, gap = costs
    return x_mm, cross, back, front, gap, min(back, front, gap), min(front, gap), min(back, gap)


def closed_length_mm(columns: Iterable[Column]) -> int:
    """The length of the shortest closed tour over aisles, ascending in x and each visited; at least one.

    The kinds: odd = one line in each cross aisle; back, front = two lines in that one; both = two in each,
    joined; apart = two in each, not joined yet. Crossing one aisle twice is left out: between two cross aisles no
    shortest tour needs it (Revenant, Cambazard & Catusse 2024). `min` would take twice as long as what is spelled out.
    """
    sweep = iter(columns)
    x_before, odd, back, front, apart = next(sweep)[:5]
    both = FAR_MM
    for x, cross, from_back, from_front, _, half, to_front, to_back in sweep:
        way = 2 * (x - x_before)
        x_before = x
        # A joined pair may go on in one cross aisle alone; that never pays for a pair not joined yet.
        if both < back:
            back = both
        if both < front:
            front = both
        back += way
        front += way
        odd += way
        way += way
        both += way
        apart += way
        crossed = (back if back < front else front) + cross
        if apart + cross < crossed:
            crossed = apart + cross
        if both + cross < crossed:
            crossed = both + cross
        both += half
        if odd + cross < both:
            both = odd + cross
        odd += half
        if crossed < odd:
            odd = crossed
        apart += half
        if back + to_front < apart:
            apart = back + to_front
        if front + to_back < apart:
            apart = front + to_back
        back += from_back
        front += from_front
    return min(back, front, both)


class OneBlock:
    """Tour lengths in a layout of one block (`Layout.is_one_block`, no one-way aisle, closed tours).

    A set of stops is one whole number, its key: a bit for each distinct spot. The key of a cart is the OR of the
    keys of its orders. What an aisle costs is kept per set of its stops, so a length is a short sum.
    width: how many bits of a key an aisle has; the leftmost aisle has the lowest.
    """

    def __init__(self, layout: Layout) -> None:
        """Raises ValueError for a layout of another kind: `walks.lengths_for` picks the right one."""
        if not layout.is_one_block or layout.is_one_way or not layout.is_closed:
            raise ValueError("not one block walked both ways with closed tours")
        self._layout = layout
        self._from_mm, self._to_mm = layout.rows
        order = sorted(range(len(layout.aisles)), key=lambda index: layout.aisles[index].x_mm)
        self._xs = [layout.aisles[index].x_mm for index in order]
        self._cells = [layout.cells[index] for index in order]
        self._rank = {index: rank for rank, index in enumerate(order)}
        self.width = max((len(cells) for cells in self._cells), default=0) or 1
        self._bits = [{y: bit for bit, y in enumerate(cells)} for cells in self._cells]
        door = layout.doors[0]
        self._door_x, self._is_back = door.x_mm, door.y_mm == self._to_mm
        self._columns: list[dict[int, Column]] = [{} for _ in order]
        self._door = column_of(self._door_x, with_door(None, FAR_MM, is_back=self._is_back))

    def key_of(self, stops: Iterable[Spot]) -> int:
        """The key of a set of stops; each must stand before a bay of the layout (KeyError otherwise)."""
        key = 0
        for aisle, y_mm in stops:
            rank = self._rank[aisle]
            key |= 1 << (rank * self.width + self._bits[rank][y_mm])
        return key

    def length_mm(self, key: int) -> int:
        """The length of the shortest tour from the start past all stops of a key and back; 0 for none."""
        if not key:
            return 0
        columns: list[Column] = []
        width, full = self.width, (1 << self.width) - 1
        rank = 0
        while key:
            if cells := key & full:
                columns.append(self._columns[rank].get(cells) or self._served(rank, cells))
            key >>= width
            rank += 1
        return closed_length_mm(self._past_the_door(columns)) + self._layout.doors_mm

    def _served(self, rank: int, cells: int) -> Column:
        stops = [y for bit, y in enumerate(self._cells[rank]) if cells >> bit & 1]
        costs = aisle_costs(stops, self._from_mm, self._to_mm)
        if self._xs[rank] == self._door_x:
            costs = with_door(costs, costs.cross, is_back=self._is_back)
        self._columns[rank][cells] = column_of(self._xs[rank], costs)
        return self._columns[rank][cells]

    def _past_the_door(self, columns: list[Column]) -> list[Column]:
        x = self._door_x
        at = 0
        while at < len(columns) and columns[at][0] < x:
            at += 1
        if at == len(columns) or columns[at][0] != x:
            # Between aisles there is no way across, and along an aisle without stops none that would pay.
            columns.insert(at, self._door)
        return columns
