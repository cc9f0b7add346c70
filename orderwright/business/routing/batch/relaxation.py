"""The linear relaxation: what a unit of scarce stock is worth at each site, and where the LP would ship."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

from orderwright.business.routing.batch.grid import Grid, Ints
from orderwright.business.routing.batch.model import Cells, Model, is_single, model_of
from orderwright.business.routing.batch.snapshot import COST_MAX_MINOR

SCALE = 1000  # prices are thousandths of a minor unit, so that rounding them costs nothing visible
CHARGE_MAX = 2 * COST_MAX_MINOR * SCALE  # dearer than any line: no line would pay it
SIMPLEX_ENTRIES_MAX = 10_000  # beyond, interior points are 1.4 to 4 times faster (2,000 orders, 5-12 sites)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What the LP says; all zero when it was not solved. Prices are in 1/SCALE minor units, never negative.

    share: (lines, sites) how much of a line the LP ships from there. charge: (lines, sites) the worth of the
    stock the line would use. parcel_part: (lines, sites) the part of the parcel that the LP lets a line pay.
    unit_price: (skus, sites) worth of one unit. stock_worth: worth of all scarce stock together.
    """

    is_solved: bool
    share: Floats
    charge: Ints
    parcel_part: Ints
    unit_price: Ints
    stock_worth: int


def relax(grid: Grid, lp_iterations: int) -> Relaxation:
    """Solve with SciPy's HiGHS, on one thread and so always to the same answer."""
    share = np.zeros(grid.may.shape)
    parcel_part = np.where(is_single(grid)[:, None], grid.parcel[grid.order] * SCALE, 0)
    model = model_of(grid)
    none = np.zeros_like(grid.cost)
    if not len(model.cost):
        return Relaxation(True, share, none, parcel_part, np.zeros_like(grid.stock), 0)
    answer = _solved(model, lp_iterations)
    if answer.status != 0:
        return Relaxation(False, share, none, parcel_part, np.zeros_like(grid.stock), 0)
    dual = np.maximum(-answer.ineqlin.marginals, 0) * SCALE
    price = np.rint(dual[model.stock]).astype(np.int64)
    linked = model.line[model.linked], model.site[model.linked]
    parcel_part[linked] = np.floor(dual[model.linking]).astype(np.int64)
    share[model.line, model.site] = answer.x[model.column]
    units = np.concatenate(model.rows.most)[model.stock].tolist()
    return Relaxation(
        is_solved=True,
        share=share,
        charge=_charges(grid, model.cells, price),
        parcel_part=parcel_part,
        unit_price=_unit_prices(grid, model.cells, price),
        stock_worth=sum(worth * most for worth, most in zip(price.tolist(), units, strict=True)),
    )


def _solved(model: Model, lp_iterations: int) -> Any:
    rows = model.rows
    value = np.concatenate(rows.value).astype(np.float64)
    entries = (value, (np.concatenate(rows.row), np.concatenate(rows.column)))
    matrix: Any = csr_array(entries, shape=(rows.count, len(model.cost)))
    return linprog(
        model.cost.astype(np.float64),
        A_ub=matrix,
        b_ub=np.concatenate(rows.most).astype(np.float64),
        bounds=(0, None),
        method="highs-ds" if len(value) <= SIMPLEX_ENTRIES_MAX else "highs-ipm",
        options={"maxiter": lp_iterations},
    )


def _charges(grid: Grid, cells: Cells, price: Ints) -> Ints:
    """Worth of the stock each line would use at each site, summed over the rows it is in.

    Capped so that it fits 64 bits; charging too little keeps the bound valid.
    """
    charge = np.zeros_like(grid.cost)
    for size in np.unique(cells.size):
        there = cells.size == size
        worth = np.zeros_like(grid.stock)
        worth[cells.sku[there], cells.site[there]] = price[there]
        each, times = worth[grid.sku], (grid.quantity // size)[:, None]
        charge += np.where(each > CHARGE_MAX // np.maximum(times, 1), CHARGE_MAX, each * times)
    return charge


def _unit_prices(grid: Grid, cells: Cells, price: Ints) -> Ints:
    """Worth of one unit at each site; a row that counts in pairs gives each unit half."""
    worth = np.zeros_like(grid.stock)
    np.add.at(worth, (cells.sku, cells.site), price // cells.size)
    return worth
