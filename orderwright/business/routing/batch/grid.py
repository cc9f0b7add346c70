"""A snapshot as arrays: lines x sites, orders x sites, skus x sites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderwright.business.routing.batch.snapshot import Snapshot

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

ABSENT = -(1 << 62)  # below every cost a snapshot may hold


@dataclass(frozen=True, slots=True)
class Grid:
    """All sites, before any is left out. n lines of m orders, w sites, s skus; amounts in minor units.

    line_start: (m + 1), where the lines of each order begin. order, sku, quantity, open_cost: (n).
    cost, may: (n, w), where `may` says that site can serve the line and once had enough units; the cost is
    0 where it may not. parcel: (m, w). stock: (s, w) units. never_split, ship_complete: (m), false for orders
    of one line, where they mean nothing. current: (n) a site or -1.
    """

    sites: tuple[str, ...]
    line_start: Ints
    order: Ints
    sku: Ints
    quantity: Ints
    open_cost: Ints
    cost: Ints
    may: Flags
    parcel: Ints
    stock: Ints
    never_split: Flags
    ship_complete: Flags
    current: Ints


def grid_of(snapshot: Snapshot) -> Grid:
    """Read a checked snapshot. Sites without stock are left out: no line can ship from there."""
    sites = tuple(site for site, units in snapshot.stock.items() if units)
    orders = snapshot.orders
    lines = [line for order in orders for line in order.lines]
    counts = _ints([len(order.lines) for order in orders])
    of_order = np.repeat(np.arange(len(orders)), counts)
    skus: dict[str, int] = {}
    sku = _ints([skus.setdefault(line.sku, len(skus)) for line in lines])
    stock = _table([snapshot.stock[site] for site in sites], list(skus), 0).T
    quantity = _ints([line.quantity for line in lines])
    cost = _table([line.cost_minor for line in lines], sites, ABSENT)
    parcel = _table([order.parcel_minor for order in orders], sites, ABSENT)
    may = (cost != ABSENT) & (parcel != ABSENT)[of_order] & (stock[sku] >= quantity[:, None])
    at = {site: i for i, site in enumerate(sites)}
    return Grid(
        sites=sites,
        line_start=np.concatenate(([0], np.cumsum(counts))),
        order=of_order,
        sku=sku,
        quantity=quantity,
        open_cost=_ints([line.open_minor for line in lines]),
        cost=np.where(may, cost, 0),
        may=may,
        parcel=np.where(parcel == ABSENT, 0, parcel),
        stock=stock,
        never_split=np.array([order.never_split for order in orders], dtype=bool) & (counts > 1),
        ship_complete=np.array([order.ship_complete for order in orders], dtype=bool) & (counts > 1),
        current=_ints([-1 if s is None else at.get(s, -1) for order in orders for s in order.current_sites]),
    )


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _table(rows: Sequence[Mapping[str, int]], columns: Sequence[str], absent: int) -> Ints:
    """(rows, columns) of mappings that need not have every column."""
    values = [row.get(column, absent) for row in rows for column in columns]
    return _ints(values).reshape(len(rows), len(columns))
