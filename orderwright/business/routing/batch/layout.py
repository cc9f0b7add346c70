"""Lay the arrays out as the flat sequences the search works on, and read its answer back as sites."""

from collections.abc import Callable
from typing import Any

import numpy as np

from orderwright.business.routing.batch import search
from orderwright.business.routing.batch.grid import Grid, Ints
from orderwright.business.routing.batch.patterns import Patterns
from orderwright.business.routing.batch.relaxation import SCALE, Relaxation
from orderwright.business.routing.batch.slots import Slots, left_of

Sequence = Callable[[Ints], Any]  # an array as a list, or as it is


def book_of(grid: Grid, slots: Slots, plan: Ints, sequence: Sequence) -> search.Book:
    """Orders and stock when each line ships as planned: (lines) a site its order looks at, or -1."""
    orders, sites = grid.parcel.shape
    wanted = np.unique(grid.sku * orders + grid.order)
    pairs = np.bincount(wanted % orders, minlength=orders)
    line_site = slots.of_lines(grid)
    # Slots an order does not have point at the last cell, which is always empty.
    cell = np.where(line_site >= 0, grid.sku[:, None] * sites + line_site, grid.stock.size)
    return search.Book(
        slots=line_site.shape[1],
        sites=sites,
        line_start=sequence(grid.line_start),
        line_order=sequence(grid.order),
        quantity=sequence(grid.quantity),
        cell=sequence(cell.ravel()),
        stock=sequence(np.append(left_of(grid, plan).ravel(), 0)),
        slot_of=sequence(slots_of(line_site, plan)),
        cost_of=sequence(np.zeros(orders, dtype=np.int64)),
        has_twins=sequence((pairs < np.diff(grid.line_start)).astype(np.int64)),
        sku_of=sequence(grid.sku),
        sku_start=sequence(np.searchsorted(wanted // orders, np.arange(len(grid.stock) + 1))),
        sku_orders=sequence(wanted % orders),
        available=sequence(np.zeros(_longest(grid), dtype=np.int64)),
    )


def tables_of(patterns: Patterns, sequence: Sequence) -> search.Tables:
    """The patterns as the search reads them."""
    return search.Tables(*(sequence(table) for table in patterns))


def prices_of(grid: Grid, slots: Slots, relaxation: Relaxation, sequence: Sequence) -> search.Prices:
    """The worth of stock per line and slot, and per unit of each cell."""
    charge = np.take_along_axis(relaxation.charge, np.maximum(slots.of_lines(grid), 0), axis=1)
    unit = np.append(relaxation.unit_price.ravel(), 0)
    return search.Prices(SCALE, sequence(charge.ravel()), sequence(unit))


def scratch_of(grid: Grid, seed: int, sequence: Sequence) -> search.Scratch:
    """Work space for groups of the longest orders, and dice that begin at the seed."""
    places = len(grid.parcel) + grid.stock.size + len(grid.order)
    return search.Scratch(
        group=sequence(np.zeros(2 * search.GROUP_MAX, dtype=np.int64)),
        saved=sequence(np.zeros(search.GROUP_MAX * _longest(grid), dtype=np.int64)),
        pool=sequence(np.zeros(places, dtype=np.int64)),
        dice=sequence(np.array([seed % 2147483646 + 1], dtype=np.int64)),
    )


def plan_of(grid: Grid, slots: Slots, book: search.Book) -> Ints:
    """(lines) the site each ships from, -1 when open."""
    slot_of = np.array(book.slot_of, dtype=np.int64)
    line_site = slots.of_lines(grid)
    if not line_site.shape[1]:
        return slot_of
    return np.where(slot_of >= 0, line_site[np.arange(len(slot_of)), slot_of], -1)


def slots_of(line_site: Ints, plan: Ints) -> Ints:
    """Per line, the slot that stands for its site; -1 when open or when the order does not look there."""
    if not line_site.shape[1]:
        return np.full(len(plan), -1)
    same = (line_site == plan[:, None]) & (plan >= 0)[:, None]
    return np.where(same.any(axis=1), same.argmax(axis=1), -1)


def _longest(grid: Grid) -> int:
    return int(np.diff(grid.line_start).max(initial=0))
