"""What batches of a set of orders cost, each worked out once. Pure.

A batch is one whole number with a bit per order, so moving an order is `^` and what was costed before is found
in one look.
"""

from collections.abc import Callable, Iterator, Sequence

from orderwright.business.warehouse.batching.loads import GUARD
from orderwright.business.warehouse.walking.layout import FAR_MM


class Pool:
    """Costs of batches in mm of walking: the tour past all their stops, and what setting out costs.

    keys: of each order's stops, `width` bits an aisle. loads: of each order. top: the cart's limits, guards set
    (`Room.top`). trip_mm: the walk that takes as long as setting up one more trip. is_packable: what loads alone do
    not tell; None if nothing.
    """

    def __init__(
        self,
        keys: Sequence[int],
        loads: Sequence[int],
        top: int,
        length_mm: Callable[[int], int],
        width: int,
        trip_mm: int = 0,
        is_packable: Callable[[list[int]], bool] | None = None,
    ) -> None:
        self.keys = keys
        self.loads = loads
        self.top = top
        self.width = width
        self.costs: dict[int, int] = {0: 0}
        self._length_mm = length_mm
        self._trip_mm = trip_mm
        self._is_packable = is_packable

    def __len__(self) -> int:
        return len(self.keys)

    def cost(self, batch: int) -> int:
        """What a batch costs; FAR_MM when its totes cannot hold it. Its load is the caller's to mind."""
        known = self.costs.get(batch)
        if known is not None:
            return known
        if self._is_packable and batch & (batch - 1) and not self._is_packable(list(members(batch))):
            self.costs[batch] = FAR_MM
            return FAR_MM
        key, left = 0, batch
        while left:
            low = left & -left
            key |= self.keys[low.bit_length() - 1]
            left ^= low
        cost = self._length_mm(key) + self._trip_mm
        self.costs[batch] = cost
        return cost

    def load(self, batch: int) -> int:
        """The load of a batch."""
        return sum(self.loads[order] for order in members(batch))

    def part(self, orders: Sequence[int]) -> "Pool":
        """A pool of some of the orders, numbered anew in the order given."""
        is_packable = self._is_packable
        return Pool(
            [self.keys[order] for order in orders],
            [self.loads[order] for order in orders],
            self.top,
            self._length_mm,
            self.width,
            self._trip_mm,
            is_packable and (lambda batch: is_packable([orders[at] for at in batch])),
        )

    def fits(self, load: int) -> bool:
        """Whether a load is within the cart's limits."""
        return (self.top - load) & GUARD == GUARD

    def total(self, batches: Sequence[int]) -> int:
        """What these batches cost together."""
        return sum(self.cost(batch) for batch in batches)


def members(batch: int) -> Iterator[int]:
    """The orders of a batch, ascending."""
    while batch:
        low = batch & -batch
        yield low.bit_length() - 1
        batch ^= low
