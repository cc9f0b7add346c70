"""The best choice among all batches that were ever costed: set partitioning, by HiGHS. Pure."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array

from orderwright.business.warehouse.batching.pool import Pool, members
from orderwright.business.warehouse.walking.layout import FAR_MM

_LOOKED_AT = 2_000
"""Batches the first linear program sees; it grows by those its prices call cheap."""
_PRICED_ROUNDS = 20
_NEGLIGIBLE_MM = 0.5

Floats = NDArray[np.float64]


class _Choice:
    """All known batches as columns: what each costs, and which orders are in it."""

    def __init__(self, pool: Pool, batches: Sequence[int]) -> None:
        # Every costed batch is within the limits: no other is ever costed.
        known = {batch: cost for batch, cost in pool.costs.items() if batch and cost < FAR_MM}
        known.update((batch, pool.cost(batch)) for batch in batches)
        self.batches = list(known)
        self.costs = np.array(list(known.values()), dtype=float)
        starts, rows = [0], list[int]()
        for batch in self.batches:
            rows.extend(members(batch))
            starts.append(len(rows))
        shape = (len(pool), len(self.batches))
        self.orders: Any = csc_array((np.ones(len(rows)), np.array(rows), np.array(starts)), shape=shape)
        place = {batch: at for at, batch in enumerate(self.batches)}
        self.now = np.array([place[batch] for batch in batches])

    def prices(self) -> tuple[Floats, float]:
        """What each batch costs above its orders' prices in the linear program, and that program's value."""
        share = np.zeros(self.orders.shape[0])
        for at in self.now:
            orders = list(members(self.batches[at]))
            share[orders] = self.costs[at] / len(orders)
        reduced = self.costs - self.orders.T @ share
        seen = np.union1d(np.argsort(reduced, kind="stable")[:_LOOKED_AT], self.now)
        value = 0.0
        for _ in range(_PRICED_ROUNDS):
            ones = np.ones(self.orders.shape[0])
            solved = linprog(self.costs[seen], A_eq=self.orders[:, seen], b_eq=ones, method="highs-ds")
            value = float(solved.fun or 0.0)
            reduced = self.costs - self.orders.T @ solved.eqlin.marginals
            cheap = np.argsort(reduced, kind="stable")[: _LOOKED_AT // 2]
            cheap = cheap[reduced[cheap] < -_NEGLIGIBLE_MM]
            if not len(cheap):
                break
            seen = np.union1d(seen, cheap)
        return reduced, value


def covered(pool: Pool, batches: Sequence[int], columns: int, nodes: int) -> list[int]:
    """The cheapest choice among the known batches that has every order once; those given, when none is cheaper.

    columns: how many batches the choice is among, by their reduced costs. nodes: how far branching goes, so the
    work ends it and not the clock.
    """
    choice = _Choice(pool, batches)
    reduced, value = choice.prices()
    total = pool.total(batches)
    # A batch dearer than the whole gap cannot be part of anything better.
    hopeful = np.argsort(reduced, kind="stable")[:columns]
    hopeful = hopeful[reduced[hopeful] <= total - value]
    if total - value < 1:
        return list(batches)
    among = np.union1d(hopeful, choice.now)
    solved = milp(
        choice.costs[among],
        constraints=LinearConstraint(choice.orders[:, among], 1, 1),
        integrality=np.ones(len(among), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"node_limit": nodes, "mip_rel_gap": 1e-6},
    )
    if solved.x is None:
        return list(batches)
    chosen = [choice.batches[at] for at in among[np.flatnonzero(solved.x > 0.5)]]
    return chosen if pool.total(chosen) < total else list(batches)
