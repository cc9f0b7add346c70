"""Per order: which sets of sites it may ship from, cheapest first, and for each line the best site of a set.

An order looks at its own few sites ("slots", at most sites_max); a set of slots is a bit mask. The cost of a
set is its parcels plus the best slot of each line, so an order is placed exactly by walking its sets in order
of their stock-free cost and stopping when that alone is dearer than what was found.
"""

from typing import NamedTuple

import numpy as np

from orderwright.business.routing.batch.grid import Flags, Grid, Ints
from orderwright.business.routing.batch.relaxation import SCALE, Relaxation
from orderwright.business.routing.batch.search import IMPOSSIBLE
from orderwright.business.routing.batch.slots import Slots


class Patterns(NamedTuple):
    """Flat tables for the search; m orders, n lines, M = 2**slots masks.

    first: (m + 1), where the patterns of each order begin; they end with mask 0, all lines open, which always
    fits. mask, cost, parcels: per pattern; cost is with unlimited stock. pick_cost, pick_slot: (n * M), the
    cheapest slot of a line in a mask, -1 for open.
    """

    first: Ints
    mask: Ints
    cost: Ints
    parcels: Ints
    pick_cost: Ints
    pick_slot: Ints


def patterns_of(grid: Grid, slots: Slots, charge: Ints | None = None) -> Patterns:
    """Tables at true cost in minor units; with `charge` at cost * SCALE plus the worth of the stock used."""
    scale = 1 if charge is None else SCALE
    line_site = slots.of_lines(grid)
    at = np.arange(len(grid.order))[:, None]
    cost = grid.cost[at, line_site] * scale
    if charge is not None:
        cost += charge[at, line_site]
    cost = np.where((line_site >= 0) & grid.may[at, line_site], cost, IMPOSSIBLE)
    pick_cost, pick_slot = _best_of_masks(cost, grid.open_cost * scale, grid.ship_complete[grid.order])
    parcel = np.take_along_axis(grid.parcel, np.maximum(slots.site, 0), axis=1) * scale
    return _ordered(grid, slots, parcel, pick_cost, pick_slot, scale)


def _best_of_masks(cost: Ints, open_cost: Ints, complete: Flags) -> tuple[Ints, Ints]:
    """(n, M) the least cost of each line in each mask and its slot; complete orders leave none open."""
    lines, width = cost.shape
    best = np.empty((lines, 1 << width), dtype=np.int64)
    slot = np.full((lines, 1 << width), -1)
    best[:, 0] = np.where(complete, IMPOSSIBLE, open_cost)
    for bit in range(width):
        half = 1 << bit
        better = cost[:, bit, None] < best[:, :half]
        best[:, half : 2 * half] = np.where(better, cost[:, bit, None], best[:, :half])
        slot[:, half : 2 * half] = np.where(better, bit, slot[:, :half])
    return best, slot


def _ordered(grid: Grid, slots: Slots, parcel: Ints, pick_cost: Ints, pick_slot: Ints, scale: int) -> Patterns:
    """Sort each order's masks by cost and cut them off at "all open"; equal cost favours fewer sites."""
    orders, width = slots.site.shape
    masks = np.arange(1 << width)
    has_bit = (masks[:, None] >> np.arange(width)) & 1
    parcels = parcel @ has_bit.T
    cost = np.zeros((orders, 1 << width), dtype=np.int64)
    np.add.at(cost, grid.order, np.where(pick_cost < IMPOSSIBLE, pick_cost, 0))
    impossible = np.zeros((orders, 1 << width), dtype=bool)
    np.logical_or.at(impossible, grid.order, pick_cost >= IMPOSSIBLE)
    # Sets with a slot the order does not have, or more sites than a whole order may use.
    impossible |= ((slots.site < 0).astype(np.int64) @ has_bit.T) > 0
    impossible |= grid.never_split[:, None] & (has_bit.sum(axis=1) > 1)
    cost = np.where(impossible, IMPOSSIBLE, cost + parcels)
    cost[:, 0] = 0
    np.add.at(cost[:, 0], grid.order, grid.open_cost * scale)
    by_sites = np.lexsort((masks, has_bit.sum(axis=1)))
    by_sites = np.concatenate((by_sites[1:], by_sites[:1]))  # all open comes last among equals
    sorting = by_sites[np.argsort(cost[:, by_sites], axis=1, kind="stable")]
    ends = (sorting == 0).argmax(axis=1)
    kept = masks <= ends[:, None]
    return Patterns(
        first=np.concatenate(([0], np.cumsum(ends + 1))),
        mask=sorting[kept],
        cost=np.take_along_axis(cost, sorting, axis=1)[kept],
        parcels=np.take_along_axis(parcels, sorting, axis=1)[kept],
        pick_cost=pick_cost.ravel(),
        pick_slot=pick_slot.ravel(),
    )


def bound_of(grid: Grid, slots: Slots, relaxation: Relaxation, priced: Patterns) -> int:
    """No plan costs less than this, minor units: the Lagrangian bound at the LP's prices.

    Each order at its cheapest priced pattern, less the worth of all scarce stock. In whole numbers, so no
    tolerance of the solver can spoil it; and at least the LP's own value, since patterns are whole.
    """
    least = priced.cost[priced.first[:-1]].tolist()
    for order in np.flatnonzero(slots.is_pruned).tolist():
        least[order] = _least_over_all_sites(grid, relaxation, order)
    bound: int = -((relaxation.stock_worth - sum(least)) // SCALE)
    return bound


def _least_over_all_sites(grid: Grid, relaxation: Relaxation, order: int) -> int:
    """No priced pattern of the order is cheaper: one site by trying all, more by lines that share parcels."""
    lines = slice(grid.line_start[order], grid.line_start[order + 1])
    open_cost = grid.open_cost[lines, None] * SCALE
    all_open = int(open_cost.sum())
    enough = all_open + 1  # capped here, so that sums of impossible lines stay small
    price = np.where(grid.may[lines], grid.cost[lines] * SCALE + relaxation.charge[lines], enough)
    parcel = grid.parcel[order] * SCALE
    most = enough if grid.ship_complete[order] else open_cost
    if grid.never_split[order]:
        return min(all_open, int((np.minimum(price, most).sum(axis=0) + parcel).min()))
    part = relaxation.parcel_part[lines]
    too_much = int(np.maximum(part.sum(axis=0) - parcel, 0).sum())
    best = np.minimum(price + part, most).min(axis=1)
    return min(all_open, int(best.sum())) - too_much
