"""Batches of little walking: savings, then annealing, then the best choice among all that was seen. Pure.

A small set is searched as one. A large one is joined by savings among neighbours and then improved neighbourhood
by neighbourhood, each pass with other borders: the work grows with the number of orders, not with its square.
"""

import math
from collections.abc import Callable

from orderwright.business.warehouse.batching.annealing import Heat, annealed
from orderwright.business.warehouse.batching.pool import Pool, members
from orderwright.business.warehouse.batching.savings import by_savings
from orderwright.business.warehouse.batching.work import Effort

NEIGHBOURS = 30
SMALL_SET_HEAT = Heat(0.05, 0.001)
LATER_HEAT = Heat(0.03, 0.001)
NEIGHBOURHOOD_HEAT = Heat(0.01, 0.001)

Clock = Callable[[], float]


def no_clock() -> float:
    """The guard of a caller who sets no time: there is always time left."""
    return math.inf


def searched(pool: Pool, effort: Effort, seconds_left: Clock = no_clock) -> list[int]:
    """Batches within the cart's limits with every order of a pool in one of them, of little cost.

    The work of `effort` ends the search. seconds_left: the caller's guard, asked between steps of that work; once it
    is 0 the best so far is the answer. As long as it stays above, the same pool and effort give the same batches.
    """
    if not len(pool):
        return []
    batches = by_savings(pool, near_orders(pool))
    if len(batches) < 2:
        return batches
    if len(pool) <= effort.group_orders:
        return _thoroughly(pool, batches, effort, seconds_left)
    for turn in range(effort.passes):
        if seconds_left() <= 0:
            break
        batches = _by_neighbourhood(pool, batches, effort, turn, seconds_left)
    return batches


def near_orders(pool: Pool) -> list[list[int]]:
    """For each order of a pool the orders to try with it: all of a small set, else the nearest."""
    if len(pool) <= NEIGHBOURS + 1:
        return [[other for other in range(len(pool)) if other != one] for one in range(len(pool))]
    # NumPy takes longer to load than a small search takes.
    from orderwright.business.warehouse.batching.neighbours import nearest

    return nearest(pool.keys, pool.width, NEIGHBOURS)


def _thoroughly(pool: Pool, batches: list[int], effort: Effort, seconds_left: Clock) -> list[int]:
    for turn in range(effort.rounds):
        if seconds_left() <= 0:
            break
        heat = LATER_HEAT if turn else SMALL_SET_HEAT
        batches = annealed(pool, batches, effort.moves, heat, effort.seed + turn)
        if effort.columns and (seconds := seconds_left()) > 0:
            # NumPy and SciPy take longer to load than a small search takes.
            from orderwright.business.warehouse.batching.covering import covered

            batches = covered(pool, batches, effort.columns, effort.nodes, seconds)
    return batches


def _by_neighbourhood(pool: Pool, batches: list[int], effort: Effort, turn: int, seconds_left: Clock) -> list[int]:
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
        if seconds_left() <= 0:
            better += group
            continue
        orders = sorted(order for batch in group for order in members(batch))
        part = pool.part(orders)
        at = {order: index for index, order in enumerate(orders)}
        inner = [sum(1 << at[order] for order in members(batch)) for batch in group]
        moves = effort.moves_per_order * len(orders)
        for batch in annealed(part, inner, moves, NEIGHBOURHOOD_HEAT, effort.seed + 1_000 * turn + number):
            better.append(sum(1 << orders[index] for index in members(batch)))
    return better


def _reach(pool: Pool, batch: int) -> int:
    """How far to the right a batch goes."""
    return max(pool.keys[order] for order in members(batch)).bit_length()
