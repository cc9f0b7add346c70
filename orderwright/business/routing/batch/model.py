"""The linear model of a batch: which line ships from where, as A v <= b with v >= 0 and the least cost.

Columns: x[line, site]; t[order, site] for orders that go whole from one site or not at all (never split and
ship complete: one column says it all); y[order, site] for the parcels of the other orders of several lines
(an order of one line pays its parcel in x); z[order] for orders that ship complete from any sites.
Rows: a line or whole order ships once; stock; x <= y; one parcel for orders never split; z <= what ships of
each line. Penalties of open lines are a constant, and shipping saves them.

Stock rows stand only where the lines that may ship want more than is there. For lines of several units they
stand once more, rounded down (Chvatal-Gomory: of 3 units, lines of 2 get one, not one and a half).
"""

from dataclasses import dataclass, field

import numpy as np

from orderwright.business.routing.batch.grid import Flags, Grid, Ints

ROUNDED_SIZES_MAX = 8  # quantities for which stock rows are rounded; rare larger ones stay as they are


@dataclass
class Rows:
    """A sparse matrix A and right-hand sides b of A v <= b, built block by block."""

    row: list[Ints] = field(default_factory=list)
    column: list[Ints] = field(default_factory=list)
    value: list[Ints] = field(default_factory=list)
    most: list[Ints] = field(default_factory=list)
    count: int = 0

    def terms(self, row: Ints, column: Ints, value: Ints | int) -> None:
        """Add coefficients to the block that begins at the next free row."""
        self.row.append(row + self.count)
        self.column.append(column)
        self.value.append(np.broadcast_to(np.asarray(value, dtype=np.int64), row.shape))

    def close(self, most: Ints) -> slice:
        """End the block with its right-hand sides, one per row. Returns where its rows are."""
        self.most.append(most)
        self.count += len(most)
        return slice(self.count - len(most), self.count)


@dataclass(frozen=True, slots=True)
class Cells:
    """The stock rows: sku and site of each, and the size that it counts in (1: units)."""

    sku: Ints
    site: Ints
    size: Ints


@dataclass(frozen=True, slots=True)
class Model:
    """Rows and costs, and what is needed to read the answer.

    line, site, column: which column ships which line from where; x columns come first, one each, then t.
    stock, cells: the stock rows. linked, linking: the x columns with a row x <= y, and those rows.
    """

    rows: Rows
    cost: Ints
    line: Ints
    site: Ints
    column: Ints
    stock: slice
    cells: Cells
    linked: Ints
    linking: slice


def model_of(grid: Grid) -> Model:
    """Build the model; columns that could never lower the cost are left out."""
    rows = Rows()
    whole = grid.never_split & grid.ship_complete
    x_line, x_site, x_cost = _line_columns(grid, whole)
    rows.terms(x_line, np.arange(len(x_line)), 1)
    rows.close(_ones(len(grid.order)))
    t_line, t_site, t, t_cost = _whole_columns(rows, grid, whole, len(x_line))
    line, site = np.concatenate((x_line, t_line)), np.concatenate((x_site, t_site))
    column = np.concatenate((np.arange(len(x_line)), t))
    stock, cells = _stock_rows(rows, grid, line, site, column)
    linked = np.flatnonzero(~is_single(grid)[x_line])
    first = len(x_cost) + len(t_cost)
    linking, y_cost = _parcel_rows(rows, grid, x_line[linked], x_site[linked], linked, first)
    z_cost = _complete_rows(rows, grid, x_line, grid.ship_complete & ~whole, first + len(y_cost))
    cost = np.concatenate((x_cost, t_cost, y_cost, z_cost))
    return Model(rows, cost, line, site, column, stock, cells, linked, linking)


def is_single(grid: Grid) -> Flags:
    """(n) lines that are alone in their order."""
    alone: Flags = np.diff(grid.line_start)[grid.order] == 1
    return alone


def _line_columns(grid: Grid, whole: Flags) -> tuple[Ints, Ints, Ints]:
    """Line, site and cost of each x. A line dearer than open never ships unless its order must."""
    complete = grid.ship_complete[grid.order]
    cost = grid.cost + np.where(is_single(grid)[:, None], grid.parcel[grid.order], 0)
    pays = grid.may & (complete[:, None] | (cost < grid.open_cost[:, None])) & ~whole[grid.order][:, None]
    line, site = np.nonzero(pays)
    return line, site, cost[line, site] - np.where(complete, 0, grid.open_cost)[line]


def _whole_columns(rows: Rows, grid: Grid, whole: Flags, first: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Columns t, each with all lines of its order. Returns line, site and column of those, cost per t."""
    can = np.broadcast_to(whole[:, None], grid.parcel.shape).copy()
    np.logical_and.at(can, grid.order, grid.may)
    line, site = np.nonzero(can[grid.order])
    pair, t = np.unique(grid.order[line] * len(grid.sites) + site, return_inverse=True)
    cost = grid.parcel.ravel()[pair]
    np.add.at(cost, t, grid.cost[line, site] - grid.open_cost[line])
    orders, row = np.unique(pair // max(len(grid.sites), 1), return_inverse=True)
    rows.terms(row, first + np.arange(len(pair)), 1)
    rows.close(_ones(len(orders)))
    return line, site, first + t, cost


def _stock_rows(rows: Rows, grid: Grid, line: Ints, site: Ints, column: Ints) -> tuple[slice, Cells]:
    sites = len(grid.sites)
    cell = grid.sku[line] * sites + site
    stock = grid.stock.ravel()
    sizes = [1, *np.unique(grid.quantity[grid.quantity > 1])[:ROUNDED_SIZES_MAX].tolist()]
    begin = rows.count
    found: list[Ints] = []
    for size in sizes:
        units = grid.quantity[line] // size
        wanted = np.zeros(len(stock), dtype=np.int64)
        np.add.at(wanted, cell, units)
        scarce = wanted > stock // size
        if size > 1:
            scarce &= stock % size != 0  # else the row in units says the same
        at = np.flatnonzero(scarce)
        number = np.full(len(stock), -1)
        number[at] = np.arange(len(at))
        used = np.flatnonzero((number[cell] >= 0) & (units > 0))
        rows.terms(number[cell[used]], column[used], units[used])
        rows.close(stock[at] // size)
        found.append(at)
    cells = np.concatenate(found)
    size_of = np.repeat(sizes, [len(at) for at in found])
    return slice(begin, rows.count), Cells(cells // max(sites, 1), cells % max(sites, 1), size_of)


def _parcel_rows(rows: Rows, grid: Grid, line: Ints, site: Ints, column: Ints, first: int) -> tuple[slice, Ints]:
    """x <= y, then at most one parcel for orders never split. Returns the former rows, the cost per y."""
    pair, y = np.unique(grid.order[line] * len(grid.sites) + site, return_inverse=True)
    row = np.arange(len(line))
    rows.terms(row, column, 1)
    rows.terms(row, first + y, -1)
    linking = rows.close(np.zeros(len(line), dtype=np.int64))
    order = pair // max(len(grid.sites), 1)
    unsplit = np.flatnonzero(grid.never_split[order])
    number, row = np.unique(order[unsplit], return_inverse=True)
    rows.terms(row, first + unsplit, 1)
    rows.close(_ones(len(number)))
    return linking, grid.parcel.ravel()[pair]


def _complete_rows(rows: Rows, grid: Grid, x_line: Ints, complete: Flags, first: int) -> Ints:
    """z <= what ships of each line, and z <= 1; z saves the penalties of all lines. Returns cost per z."""
    number = np.cumsum(complete) - 1
    lines = np.flatnonzero(complete[grid.order])
    row_of = np.full(len(grid.order), -1)
    row_of[lines] = np.arange(len(lines))
    z_of_line = number[grid.order[lines]]
    rows.terms(np.arange(len(lines)), first + z_of_line, 1)
    x = np.flatnonzero(row_of[x_line] >= 0)
    rows.terms(row_of[x_line[x]], x, -1)
    rows.close(np.zeros(len(lines), dtype=np.int64))
    orders = int(complete.sum())
    rows.terms(np.arange(orders), first + np.arange(orders), 1)
    rows.close(_ones(orders))
    cost = np.zeros(orders, dtype=np.int64)
    np.subtract.at(cost, z_of_line, grid.open_cost[lines])
    return cost


def _ones(count: int) -> Ints:
    return np.ones(count, dtype=np.int64)
