"""Batches by savings: always the two join whose common tour saves most (Clarke & Wright 1964). Pure."""

import heapq
from collections.abc import Sequence

from orderwright.business.warehouse.batching.pool import Pool, members


class _Joining:
    """Batches being joined. Batch `i` is the one order `i` ended up in; near: batches it may be joined with."""

    def __init__(self, pool: Pool, near: Sequence[Sequence[int]]) -> None:
        self.pool = pool
        self.batches: list[int] = [1 << order for order in range(len(pool))]
        self.loads = list(pool.loads)
        self.near: list[set[int]] = [set() for _ in near]
        for one, others in enumerate(near):
            for other in others:
                self.near[one].add(other)
                self.near[other].add(one)
        # A batch that was joined since has another stamp, and savings found before are void.
        self.stamps = [0] * len(pool)
        self.heap: list[tuple[int, int, int, int, int]] = []
        for one in range(len(pool)):
            self.offer(one, [other for other in sorted(self.near[one]) if other > one])

    def offer(self, one: int, others: Sequence[int]) -> None:
        """Note what joining a batch with each of these saves, where the cart takes both and it saves anything."""
        cost = self.pool.cost
        here = cost(self.batches[one])
        for other in others:
            both = self.batches[one] | self.batches[other]
            if (saved := here + cost(self.batches[other]) - cost(both)) > 0:
                first, last = min(one, other), max(one, other)
                heapq.heappush(self.heap, (-saved, first, last, self.stamps[first], self.stamps[last]))

    def join(self, one: int, other: int) -> None:
        """Make one batch of two, and note what it would save with those near either."""
        self.batches[one] |= self.batches[other]
        self.loads[one] += self.loads[other]
        self.stamps[one] += 1
        self.stamps[other] = -1
        around = (self.near[one] | self.near[other]) - {one, other}
        for batch in around:
            self.near[batch] -= {one, other}
        room = [batch for batch in sorted(around) if self.pool.fits(self.loads[one] + self.loads[batch])]
        self.near[one] = set(room)
        for batch in room:
            self.near[batch].add(one)
        self.offer(one, room)


def by_savings(pool: Pool, near: Sequence[Sequence[int]]) -> list[int]:
    """Batches within the cart's limits, every order in one of them.

    near: for each order the orders worth trying with it first; what lies near a batch is what lies near any of its
    orders. An order that is more than a cart takes stays alone. Ties go to the orders that stand first.
    """
    trimmed = [
        [other for other in others if pool.fits(pool.loads[order] + pool.loads[other])]
        for order, others in enumerate(near)
    ]
    joining = _Joining(pool, trimmed)
    while joining.heap:
        _, one, other, stamp, other_stamp = heapq.heappop(joining.heap)
        if joining.stamps[one] == stamp and joining.stamps[other] == other_stamp:
            joining.join(one, other)
    alive = [batch for batch, stamp in zip(joining.batches, joining.stamps, strict=True) if stamp >= 0]
    return sorted(alive, key=lambda batch: next(members(batch)))
