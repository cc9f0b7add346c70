"""Re-optimise the sites of orders not yet released, all together.

Orders are routed one by one as they come; later ones then find the good sites empty. Looking at them together
before release saves several per cent of shipping cost. Method: linear relaxation (HiGHS), rounding guided by
its prices for scarce stock, reinsertion, then destroy and repair of small groups of orders that compete for
stock (after Xu, Allgor and Graves 2009). Pure: it reads no clock and no database; work limits, never time,
end it, so the same snapshot, limits and library versions give the same plan, with or without numba.
"""

from orderwright.business.routing.batch.snapshot import (
    BatchPlan,
    LineToRoute,
    Move,
    OrderToRoute,
    Snapshot,
    WorkLimits,
    check_snapshot,
    moves,
)

__all__ = [
    "BatchPlan",
    "LineToRoute",
    "Move",
    "OrderToRoute",
    "Snapshot",
    "WorkLimits",
    "moves",
    "reoptimise",
]


def reoptimise(snapshot: Snapshot, limits: WorkLimits | None = None) -> BatchPlan:
    """The cheapest plan found: a site or open per line, within stock, never_split and ship_complete.

    All amounts in minor units, as in the snapshot. The cost is never above the incumbent's, where that is a
    plan at all, and never below `bound_minor`. ValueError for a snapshot whose figures have no meaning.
    """
    limits = limits or WorkLimits()
    check_snapshot(snapshot, limits)
    # NumPy and SciPy take longer to load than many a command runs.
    from orderwright.business.routing.batch.solve import solve

    return solve(snapshot, limits)
