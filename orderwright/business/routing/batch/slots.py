"""Which sites an order looks at: all that can serve it, or the most promising few."""

from dataclasses import dataclass

import numpy as np

from orderwright.business.routing.batch.grid import Flags, Grid, Ints
from orderwright.business.routing.batch.relaxation import SCALE, Relaxation
from orderwright.business.routing.batch.search import IMPOSSIBLE

SHIPPED_MIN = 1e-6  # less is the solver's tolerance


@dataclass(frozen=True, slots=True)
class Slots:
    """The sites an order looks at. site: (m, slots), -1 where it has fewer. is_pruned: (m) some left out."""

    site: Ints
    is_pruned: Flags

    def of_lines(self, grid: Grid) -> Ints:
        """(n, slots): the same per line."""
        return self.site[grid.order]


def choose_slots(grid: Grid, relaxation: Relaxation, sites_max: int, plan: Ints) -> Slots:
    """At most sites_max sites per order; plan: (lines) where they ship from now, -1 open.

    With more candidates than that, the sites of the plan come first, then those the LP uses. An order of
    several sites then takes, for one line after the other, the site with units to spare that is cheapest for
    it, stock counted at its worth; one never split takes those cheapest for all its lines together.
    """
    orders, sites = grid.parcel.shape
    candidate = np.zeros((orders, sites), dtype=bool)
    np.logical_or.at(candidate, grid.order, grid.may)
    counts = candidate.sum(axis=1)
    width = int(min(sites_max, counts.max(initial=0)))
    # A stable sort of "not a candidate" brings the candidates to the front, in the order of the sites.
    site = np.argsort(~candidate, axis=1, kind="stable")[:, :width]
    site[np.take_along_axis(~candidate, site, axis=1)] = -1
    is_pruned = counts > sites_max
    if is_pruned.any():
        spare = grid.may & (left_of(grid, plan)[grid.sku] >= grid.quantity[:, None])
        for order in np.flatnonzero(is_pruned).tolist():
            lines = slice(grid.line_start[order], grid.line_start[order + 1])
            ranking = _ranked(grid, relaxation, order, lines, plan[lines], spare[lines])
            kept = [at for at in dict.fromkeys(ranking) if candidate[order, at]]
            site[order] = kept[:sites_max]
    return Slots(site, is_pruned)


def _ranked(grid: Grid, relaxation: Relaxation, order: int, lines: slice, plan: Ints, spare: Flags) -> list[int]:
    """All sites, most promising first, some of them repeatedly."""
    shipped = relaxation.share[lines].sum(axis=0)
    kept = [site for site in plan.tolist() if site >= 0]
    kept += [site for site in np.argsort(-shipped, kind="stable").tolist() if shipped[site] > SHIPPED_MIN]
    price = grid.cost[lines] * SCALE + relaxation.charge[lines]
    parcel = grid.parcel[order] * SCALE
    kept += _cheapest(grid, order, lines, np.where(spare, price, IMPOSSIBLE), parcel)
    kept += _cheapest(grid, order, lines, np.where(grid.may[lines], price, IMPOSSIBLE), parcel)
    return kept


def _cheapest(grid: Grid, order: int, lines: slice, price: Ints, parcel: Ints) -> list[int]:
    if grid.never_split[order]:
        total = np.minimum(price, grid.open_cost[lines, None] * SCALE).sum(axis=0) + parcel
        ranking: list[int] = np.argsort(total, kind="stable").tolist()
        return ranking
    by_line = np.argsort(price + parcel, axis=1, kind="stable")
    by_line = np.where(np.take_along_axis(price, by_line, axis=1) < IMPOSSIBLE, by_line, -1)
    return [site for site in by_line.T.ravel().tolist() if site >= 0]


def left_of(grid: Grid, plan: Ints) -> Ints:
    """(skus, sites) units a plan leaves; below 0 where it takes more than there is."""
    left = grid.stock.copy()
    taken = np.flatnonzero(plan >= 0)
    np.subtract.at(left, (grid.sku[taken], plan[taken]), grid.quantity[taken])
    return left
