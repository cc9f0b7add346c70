"""Better batches by moving and exchanging orders, worse ones taken less and less often (simulated annealing). Pure."""

import math
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from orderwright.business.warehouse.batching.loads import GUARD
from orderwright.business.warehouse.batching.pool import Pool, members

_MOVES_A_STEP = 256
"""Moves tried between one temperature and the next."""


class Heat(NamedTuple):
    """How much worse a move may make it, as shares of the mean cost of a cart: at the beginning and at the end."""

    first: float
    last: float


class _Carts:
    """Batches under change. The last is always empty: an order moved there sets out on a cart of its own."""

    def __init__(self, pool: Pool, batches: Sequence[int]) -> None:
        self.batches = list(batches)
        self.loads = [pool.load(batch) for batch in batches]
        self.costs = [pool.cost(batch) for batch in batches]
        self.where = [0] * len(pool)
        for cart, batch in enumerate(batches):
            for order in members(batch):
                self.where[order] = cart
        self.add_empty()
        self.gain = self.best_gain = 0
        self.best = list(batches)

    def add_empty(self) -> None:
        """One more cart at the end."""
        self.batches.append(0)
        self.loads.append(0)
        self.costs.append(0)

    def note(self) -> None:
        """What there is now is the best so far."""
        self.best_gain = self.gain
        self.best = list(self.batches)


def annealed(pool: Pool, batches: Sequence[int], moves: int, heat: Heat, seed: int) -> list[int]:
    """The best batches met in so many moves (rounded to steps of 256), never dearer than those given; none empty.

    A move takes an order to another one's cart, exchanges two orders, or gives an order a cart of its own. The
    same seed gives the same answer.
    """
    carts = _Carts(pool, batches)
    if len(pool) > 1:
        mean = sum(carts.costs) / len(batches)
        chance = random.Random(seed).random
        steps = -(-moves // _MOVES_A_STEP)
        for step in range(steps):
            _try_moves(pool, carts, mean * heat.first * (heat.last / heat.first) ** (step / steps), chance)
    return [batch for batch in carts.best if batch]


def _try_moves(pool: Pool, carts: _Carts, warmth: float, chance: Callable[[], float]) -> None:
    """So many moves at one temperature. Names are local and costs looked up in place: this is all the time it takes."""
    batches, loads, costs, where = carts.batches, carts.loads, carts.costs, carts.where
    weights, top, known, cost = pool.loads, pool.top, pool.costs.get, pool.cost
    count = len(pool)
    for _ in range(_MOVES_A_STEP):
        one = int(chance() * count)
        other = int(chance() * count)
        here, there = where[one], where[other]
        weight = weights[one]
        change = 1 << one
        if here == there:
            there = len(batches) - 1
            back = 0
        elif chance() < 0.5 and (top - loads[there] - weight) & GUARD == GUARD:
            back = 0
        else:
            back = weights[other]
            if (top - loads[there] - weight + back) & GUARD != GUARD or (
                top - loads[here] - back + weight
            ) & GUARD != GUARD:
                continue
            change |= 1 << other
        batch_here, batch_there = batches[here] ^ change, batches[there] ^ change
        cost_here = known(batch_here)
        if cost_here is None:
            cost_here = cost(batch_here)
        cost_there = known(batch_there)
        if cost_there is None:
            cost_there = cost(batch_there)
        gain = costs[here] + costs[there] - cost_here - cost_there
        if gain < 0 and gain < warmth * math.log(chance() or 1e-300):
            continue
        batches[here], batches[there] = batch_here, batch_there
        costs[here], costs[there] = cost_here, cost_there
        loads[here] += back - weight
        loads[there] += weight - back
        where[one] = there
        if back:
            where[other] = here
        carts.gain += gain
        if carts.gain > carts.best_gain:
            carts.note()
        if batches[-1]:
            carts.add_empty()
