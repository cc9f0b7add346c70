"""A layout as the search asks it: lengths of tours past sets of bins, as whole numbers. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from orderwright.business.warehouse.walking.layout import Aisle, Bin, CrossAisle, Layout, Point, Spot
from orderwright.business.warehouse.walking.one_block import OneBlock
from orderwright.business.warehouse.walking.walks import walk_of


class Floor:
    """Tour lengths over one layout. `is_exact`: what the search sees is the length itself.

    Several blocks, one-way aisles or an end apart from the start cost a millisecond and more a tour. For those the
    search sees the floor as one block (`as_one_block`), and only the carts it ends with are measured as they are.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.is_exact = layout.is_one_block and not layout.is_one_way and layout.is_closed
        self._seen = layout if self.is_exact else as_one_block(layout)
        self._block = OneBlock(self._seen)
        self._column = {aisle.x_mm: index for index, aisle in enumerate(self._seen.aisles)}
        self._keys: dict[Bin, int] = {}
        self.length_mm = self._block.length_mm
        self.width = self._block.width

    def key_of(self, bins: Iterable[Bin]) -> int:
        """A set of bins as one number; the OR of two keys is the key of both. Unknown bins are left out."""
        key = 0
        for at in bins:
            if at not in self._keys:
                self._keys[at] = self._key(at)
            key |= self._keys[at]
        return key

    def aisles_of(self, key: int) -> int:
        """The aisles a key's bins lie in: a bit each, the leftmost lowest."""
        cells, aisles, at = (1 << self.width) - 1, 0, 0
        while key:
            if key & cells:
                aisles |= 1 << at
            key >>= self.width
            at += 1
        return aisles

    def walk_mm(self, bins: Sequence[Bin]) -> int:
        """The length of the shortest tour past these bins, on the floor as it is."""
        return self.length_mm(self.key_of(bins)) if self.is_exact else walk_of(self.layout, bins).length_mm

    def _key(self, at: Bin) -> int:
        spot = self.layout.find_spot(at)
        if spot is None:
            return 0
        return self._block.key_of([Spot(self._column[self.layout.aisles[spot.aisle].x_mm], spot.y_mm)])

    def of_zone(self, zone: str, hand_over: Point | None) -> "Floor":
        """The same floor for walks that begin and end at a zone's hand-over point.

        hand_over: None for the cross aisle nearest to the start, in front of the zone's middle aisle.
        """
        if hand_over is None:
            xs = sorted(aisle.x_mm for aisle in self.layout.aisles if aisle.zone == zone)
            middle = xs[len(xs) // 2] if xs else self.layout.start.x_mm
            hand_over = Point(middle, self.layout.doors[0].y_mm)
        return Floor(replace(self.layout, start=hand_over, end=hand_over))


def as_one_block(layout: Layout) -> Layout:
    """A floor of any kind seen as one block: aisles above each other are one, from the foremost to the last bay.

    A tour on it is a fair measure of how well orders lie together; it is not the length that is walked.
    """
    spans = [y for aisle in layout.aisles for y in (aisle.from_mm, aisle.to_mm)] or [0]
    front, back = min(spans), max(max(spans), min(spans) + 1)
    bays: dict[int, set[int]] = {}
    for aisle in layout.aisles:
        bays.setdefault(aisle.x_mm, set()).update(aisle.bays.values())
    aisles = tuple(
        Aisle("", number, x, front, back, "both", dict(enumerate(sorted(ys))))
        for number, (x, ys) in enumerate(sorted(bays.items()))
    )
    door = layout.doors[0]
    start = Point(door.x_mm, front if door.y_mm - front <= back - door.y_mm else back)
    xs = [aisle.x_mm for aisle in aisles] + [door.x_mm]
    cross_aisles = tuple(CrossAisle(y, min(xs), max(xs)) for y in (front, back))
    return Layout(aisles, cross_aisles, start, start)
