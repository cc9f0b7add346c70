"""The steps of a re-optimisation: relax, round, reinsert, search; and the incumbent as a ceiling over it."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from orderwright.business.routing.batch import layout, search
from orderwright.business.routing.batch.engine import Engine, engine
from orderwright.business.routing.batch.grid import Grid, Ints, grid_of
from orderwright.business.routing.batch.patterns import Patterns, bound_of, patterns_of
from orderwright.business.routing.batch.relaxation import SCALE, Relaxation, relax
from orderwright.business.routing.batch.slots import Slots, choose_slots, left_of
from orderwright.business.routing.batch.snapshot import BatchPlan, Sites, Snapshot, WorkLimits
from orderwright.business.routing.batch.verify import cost_minor, faults

PASSES = 2  # of reinsertion; a third finds next to nothing
ROUNDS = 3  # of choosing sites anew and searching, when some order has more sites than it may look at
LOSS_PART = 64  # a loss below this part of a mean order is not worth a move
WHOLE = 1 - 1e-6


def solve(snapshot: Snapshot, limits: WorkLimits) -> BatchPlan:
    """Answer a checked snapshot; RuntimeError if the answer fails its own verification, which is a bug."""
    if not snapshot.orders:
        return BatchPlan((), 0, 0, 0)
    current = None if faults(snapshot, snapshot.current) else cost_minor(snapshot, snapshot.current)
    grid = grid_of(snapshot)
    relaxation = relax(grid, limits.lp_iterations)
    desk = _desk_of(grid, relaxation, engine(), limits.sites_max, grid.current)
    bound = bound_of(grid, desk.slots, relaxation, desk.priced)
    plan, tried = _search(desk, current, limits, bound)
    sites = _named(grid, plan)
    cost = cost_minor(snapshot, sites)
    if current is not None and current < cost:
        # Possible only where the incumbent uses more sites for an order than the search looked at.
        sites, cost = snapshot.current, current
    if wrong := faults(snapshot, sites):
        raise RuntimeError(f"re-optimise: {wrong[0]}")
    if cost < bound:
        raise RuntimeError(f"re-optimise: cost {cost} is below the bound {bound}")
    return BatchPlan(sites, cost, current, bound, relaxation.is_solved, tried)


@dataclass(frozen=True, slots=True)
class _Desk:
    """All that a round of the search has before it, once the sites of each order are chosen."""

    grid: Grid
    relaxation: Relaxation
    engine: Engine
    slots: Slots
    priced: Patterns
    priced_tables: search.Tables
    tables: search.Tables
    prices: search.Prices

    def seated(self, plan: Ints, waiting: Ints) -> tuple[search.Book, int]:
        """The plan, the waiting orders placed and all reinserted; and its cost."""
        sequence = self.engine.sequence
        book = layout.book_of(self.grid, self.slots, plan, sequence)
        cost = self.engine.settle(book, self.priced_tables, self.tables, sequence(waiting), PASSES)
        return book, int(cost)

    def improve(self, book: search.Book, scratch: search.Scratch, moves: int, goal: int) -> int:
        """Destroy and repair in place. Returns the moves made."""
        orders = len(book.cost_of)
        least = int(sum(book.cost_of)) * SCALE // (LOSS_PART * orders)
        improve = self.engine.improve
        return int(improve(book, self.priced_tables, self.tables, self.prices, scratch, moves, goal, least))


def _desk_of(grid: Grid, relaxation: Relaxation, engine: Engine, sites_max: int, plan: Ints) -> _Desk:
    slots = choose_slots(grid, relaxation, sites_max, plan)
    priced = patterns_of(grid, slots, relaxation.charge)
    return _Desk(
        grid=grid,
        relaxation=relaxation,
        engine=engine,
        slots=slots,
        priced=priced,
        priced_tables=layout.tables_of(priced, engine.sequence),
        tables=layout.tables_of(patterns_of(grid, slots), engine.sequence),
        prices=layout.prices_of(grid, slots, relaxation, engine.sequence),
    )


def _search(desk: _Desk, current: int | None, limits: WorkLimits, goal: int) -> tuple[Ints, int]:
    """Where each line ships from, and the moves made."""
    grid, engine = desk.grid, desk.engine
    rounds = ROUNDS if desk.slots.is_pruned.any() else 1
    moves = max(limits.moves_min, limits.moves_per_order * len(grid.parcel)) // rounds
    scratch = layout.scratch_of(grid, limits.seed, engine.sequence)
    nobody = np.zeros(0, dtype=np.int64)
    book = _started(desk, current)
    tried = desk.improve(book, scratch, moves, goal)
    for _ in range(rounds - 1):
        plan = layout.plan_of(grid, desk.slots, book)
        desk = _desk_of(grid, desk.relaxation, engine, limits.sites_max, plan)
        book, _ = desk.seated(plan, nobody)
        tried += desk.improve(book, scratch, moves, goal)
    return layout.plan_of(grid, desk.slots, book), tried


def _started(desk: _Desk, current: int | None) -> search.Book:
    """The rounded LP, or the incumbent if that is cheaper."""
    plan, waiting = _rounded(desk)
    book, cost = desk.seated(plan, _by_regret(desk.priced, waiting))
    if current is None or current >= cost:
        return book
    incumbent = desk.grid.current
    seen = layout.slots_of(desk.slots.of_lines(desk.grid), incumbent) >= 0
    if (seen != (incumbent >= 0)).any():
        return book
    return desk.seated(incumbent, np.zeros(0, dtype=np.int64))[0]


def _rounded(desk: _Desk) -> tuple[Ints, Ints]:
    """Orders the LP ships in whole lines stay so; the rest wait. Returns sites per line, waiting orders."""
    grid, share = desk.grid, desk.relaxation.share
    orders = len(grid.parcel)
    nowhere = np.full(len(grid.order), -1)
    if not desk.relaxation.is_solved or not len(grid.sites):
        return nowhere, np.arange(orders)
    plan = np.where(share.max(axis=1) >= WHOLE, share.argmax(axis=1), -1)
    is_broken = (plan < 0) & (share.sum(axis=1) > 1 - WHOLE)
    is_broken |= (plan >= 0) & (layout.slots_of(desk.slots.of_lines(grid), plan) < 0)
    # By the solver's tolerance whole lines may add up to more than the stock.
    is_broken |= (plan >= 0) & (left_of(grid, plan)[grid.sku, plan] < 0)
    waits = np.zeros(orders, dtype=bool)
    waits[grid.order[is_broken]] = True
    return np.where(waits[grid.order], nowhere, plan), np.flatnonzero(waits)


def _by_regret(priced: Patterns, waiting: Ints) -> Ints:
    """Those first who lose most when their best pattern is gone."""
    first, after = priced.first[waiting], priced.first[waiting + 1]
    second = priced.cost[np.minimum(first + 1, after - 1)]
    return waiting[np.argsort(priced.cost[first] - second, kind="stable")]


def _named(grid: Grid, plan: Ints) -> Sites:
    names = [*grid.sites, None]
    by_line = [names[site] for site in plan.tolist()]
    return tuple(tuple(by_line[begin:end]) for begin, end in pairwise(grid.line_start.tolist()))
