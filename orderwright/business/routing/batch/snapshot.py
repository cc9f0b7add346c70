"""What the batch re-optimiser is given and what it answers, in the shop's words.

How to fill a snapshot: take the orders not yet released, with every stocked line of theirs that is
allocated or waiting. `stock` counts, per site and sku, the units these orders may use: what they hold now
plus what is free to them. Lines already picked or packed stay out, and so do their units.
- A line now shared by several sites is given as one line per part, with the same key: parts of a line move
  alone, and open units of it are a part too.
- A kit leaves one site together: an order that is nothing but one kit is given as its components, with
  both flags; an order with a kit among other lines stays out, and so do the units it holds.

How to use the answer: `moves(snapshot, plan)` lists only what changes. First give back every `from_site`,
then take every `to_site`, in one transaction, after checking that the orders are still as in the snapshot.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

COST_MAX_MINOR = 10_000_000_000  # keeps every sum, a thousand times finer, inside 64 bits
QUANTITY_MAX = 1_000_000_000

Sites = tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True, slots=True)
class LineToRoute:
    """One line: it ships whole from one site, or stays open.

    key: the caller's id, handed back in moves. quantity: units, at least 1.
    cost_minor: site code -> what this line adds when it ships from there (weight, zone, distance; may be
    negative as a credit), without the parcel; an absent site cannot serve the line.
    open_minor: what leaving it open costs, at least 0. A line dearer than that everywhere stays open, so set
    it well above any shipping cost; priority orders may have a higher one.
    """

    key: str
    sku: str
    quantity: int
    cost_minor: Mapping[str, int]
    open_minor: int


@dataclass(frozen=True, slots=True)
class OrderToRoute:
    """One order: each site that ships any of its lines costs one parcel.

    parcel_minor: site code -> cost of that parcel, at least 0; an absent site cannot serve the order.
    never_split: all lines that ship do so from one site (others may stay open).
    ship_complete: all lines ship or none does. Both flags: all from one site, or nothing.
    current: the incumbent, a site or None (open) for each line; empty means that all lines are open.
    """

    key: str
    parcel_minor: Mapping[str, int]
    lines: Sequence[LineToRoute]
    never_split: bool = False
    ship_complete: bool = False
    current: tuple[str | None, ...] = ()

    @property
    def current_sites(self) -> tuple[str | None, ...]:
        """The incumbent, one entry per line."""
        return self.current or (None,) * len(self.lines)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Orders and stock at one moment, all amounts in minor units of one currency.

    stock: site code -> sku -> units these orders may use, at least 0, what they hold now included. A sku or
    site that is absent has none.
    """

    orders: Sequence[OrderToRoute]
    stock: Mapping[str, Mapping[str, int]]

    @property
    def current(self) -> Sites:
        """The incumbent of every order, in order."""
        return tuple(order.current_sites for order in self.orders)


@dataclass(frozen=True, slots=True)
class WorkLimits:
    """How much work to do: work, never time, so the same input gives the same answer.

    seed: of the random moves. moves_per_order: destroy-and-repair moves, times the number of orders.
    moves_min: the least moves of a small batch. lp_iterations: simplex steps; when they run out the answer
    is still sound, only the bound is weaker. sites_max: sites looked at per order (2**sites_max patterns).
    """

    seed: int = 1
    moves_per_order: int = 6
    moves_min: int = 500
    lp_iterations: int = 200_000
    sites_max: int = 6


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """The answer: a site, or None for open, per order and line, in the snapshot's order.

    cost_minor: parcels + lines + penalties of open lines. current_minor: the same for the incumbent, None
    when that breaks stock or a flag and so is no plan. bound_minor: no plan whatever costs less.
    is_bound_from_lp: False when the LP ran out of iterations and the bound is the stock-free one.
    """

    sites: Sites
    cost_minor: int
    current_minor: int | None
    bound_minor: int
    is_bound_from_lp: bool = True
    moves_tried: int = field(default=0, compare=False)

    @property
    def gap_ppm(self) -> int:
        """The cost above the bound, in millionths of the bound, rounded up; 0 is proven optimal."""
        return -(-(self.cost_minor - self.bound_minor) * 1_000_000 // max(abs(self.bound_minor), 1))

    @property
    def lines_open(self) -> int:
        """Lines left without a site."""
        return sum(site is None for order in self.sites for site in order)


@dataclass(frozen=True, slots=True)
class Move:
    """One line that changes its site; None stands for open."""

    order_key: str
    line_key: str
    sku: str
    quantity: int
    from_site: str | None
    to_site: str | None


def moves(snapshot: Snapshot, plan: BatchPlan) -> list[Move]:
    """The lines whose site differs from the incumbent, in the snapshot's order."""
    return [
        Move(order.key, line.key, line.sku, line.quantity, before, after)
        for order, chosen in zip(snapshot.orders, plan.sites, strict=True)
        for line, before, after in zip(order.lines, order.current_sites, chosen, strict=True)
        if before != after
    ]


def check_snapshot(snapshot: Snapshot, limits: WorkLimits) -> None:
    """Refuse, by ValueError, figures that have no meaning; a wrong snapshot is a bug of its builder."""
    for wrong in _wrong_figures(snapshot, limits):
        raise ValueError(f"re-optimise: {wrong}")


def _wrong_figures(snapshot: Snapshot, limits: WorkLimits) -> Iterator[str]:
    if not 1 <= limits.sites_max <= 8:
        yield f"sites_max is {limits.sites_max}, not 1 to 8"
    if min(limits.moves_per_order, limits.moves_min, limits.lp_iterations) < 0:
        yield "a work limit is negative"
    for site, units in snapshot.stock.items():
        if _is_outside(units, 0, QUANTITY_MAX):
            yield f"stock at {site} is outside 0 to {QUANTITY_MAX}"
    for order in snapshot.orders:
        if order.current and len(order.current) != len(order.lines):
            yield f"order {order.key} has {len(order.lines)} lines and {len(order.current)} current sites"
        if _is_outside(order.parcel_minor, 0, COST_MAX_MINOR):
            yield f"order {order.key} has a parcel cost outside 0 to {COST_MAX_MINOR}"
        for line in order.lines:
            if not 1 <= line.quantity <= QUANTITY_MAX:
                yield f"order {order.key}, line {line.key} has quantity {line.quantity}"
            if not 0 <= line.open_minor <= COST_MAX_MINOR:
                yield f"order {order.key}, line {line.key} has an open cost outside 0 to {COST_MAX_MINOR}"
            if _is_outside(line.cost_minor, -COST_MAX_MINOR, COST_MAX_MINOR):
                yield f"order {order.key}, line {line.key} has a cost beyond {COST_MAX_MINOR}"


def _is_outside(amounts: Mapping[str, int], least: int, most: int) -> bool:
    values = amounts.values()
    return bool(values) and not least <= min(values) <= max(values) <= most
