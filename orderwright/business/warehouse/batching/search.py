"""Batches of little walking: savings, then annealing, then the best choice among all that was seen. Pure.

A small set is searched as one. A large one is joined by savings among neighbours and then improved neighbourhood
by neighbourhood, each pass with other borders: the work grows with the number of orders, not with its square.
"""

import math

from orderwright.business.warehouse.batching.annealing import Heat, annealed
from orderwright.business.warehouse.batching.pool import Pool, members
from orderwright.business.warehouse.batching.savings import by_savings
from orderwright.business.warehouse.batching.work import Effort

NEIGHBOURS = 30
SMALL_SET_HEAT = Heat(0.05, 0.001)
LATER_HEAT = Heat(0.03, 0.001)
NEIGHBOURHOOD_HEAT = Heat(0.01, 0.001)


class Moves:
    """How many moves searches may try in all, counted down: a bound on work, so it is the same on every machine."""

    def __init__(self, most: float) -> None:
        self.left = most

    def spend(self, moves: int) -> bool:
        """Whether so many may still be tried; they count from then on."""
        is_enough = moves <= self.left
        if is_enough:
            self.left -= moves
        return is_enough


ENDLESS = Moves(math.inf)
"""The bound of a caller who sets none."""


def searched(pool: Pool, effort: Effort, bound: Moves = ENDLESS) -> list[int]:
    """Batches within the cart's limits with every order of a pool in one of them, of little cost.

    The work of `effort` ends the search. bound: the caller's, over several searches; a step that would go beyond it is
    left out, and the best so far is the answer. The same pool, effort and bound give the same batches.
    """
    if not len(pool):
        return []
    batches = by_savings(pool, near_orders(pool))
    if len(batches) < 2:
        return batches
    if len(pool) <= effort.group_orders:
        return _thoroughly(pool, batches, effort, bound)
    for turn in range(effort.passes):
        batches = _by_neighbourhood(pool, batches, effort, turn, bound)
    return batches


def near_orders(pool: Pool) -> list[list[int]]:
    """For each order of a pool the orders to try with it: all of a small set, else the nearest."""
    if len(pool) <= NEIGHBOURS + 1:
        return [[other for other in range(len(pool)) if other != one] for one in range(len(pool))]
    # NumPy takes longer to load than a small search takes.
    from orderwright.business.warehouse.batching.neighbours import nearest

    return nearest(pool.keys, pool.width, NEIGHBOURS)


def _thoroughly(pool: Pool, batches: list[int], effort: Effort, bound: Moves) -> list[int]:
    for turn in range(effort.rounds):
        if not bound.spend(effort.moves):
            break
        heat = LATER_HEAT if turn else SMALL_SET_HEAT
        batches = annealed(pool, batches, effort.moves, heat, effort.seed + turn)
        if effort.columns:
            # NumPy and SciPy take longer to load than a small search takes.
            from orderwright.business.warehouse.batching.covering import covered

            batches = covered(pool, batches, effort.columns, effort.nodes)
    return batches


def _by_neighbourhood(pool: Pool, batches: list[int], effort: Effort, turn: int, bound: Moves) -> list[int]:
    """One pass: carts that go equally far, in groups; every second pass the borders lie between the others."""
    reach = {batch: (_reach(pool, batch), batch) for batch in batches}
    groups: list[list[int]] = [[]]
    size = effort.group_orders // 2 if turn % 2 else 0
    for batch in sorted(batches, key=reach.__getitem__):
        if size >= effort.group_orders:
            groups.append([])
            size = 0
        groups[-1].append(batch)
        size += batch.bit_count()
    better: list[int] = []
    for number, group in enumerate(groups):
        orders = sorted(order for batch in group for order in members(batch))
        moves = effort.moves_per_order * len(orders)
        if not bound.spend(moves):
            better += group
            continue
        part = pool.part(orders)
        at = {order: index for index, order in enumerate(orders)}
        inner = [sum(1 << at[order] for order in members(batch)) for batch in group]
        for batch in annealed(part, inner, moves, NEIGHBOURHOOD_HEAT, effort.seed + 1_000 * turn + number):
            better.append(sum(1 << orders[index] for index in members(batch)))
    return better


def _reach(pool: Pool, batch: int) -> int:
    """How far to the right a batch goes."""
    return max(pool.keys[order] for order in members(batch)).bit_length()
