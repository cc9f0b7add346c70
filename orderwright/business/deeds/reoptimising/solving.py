"""From orders as they stand to moves that pay: costs for the solver, then the exact bill of what it found. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from orderwright.business.deeds.reoptimising.standing import Piece, Standing, Ways, promised_by
from orderwright.business.routing.reoptimise import LineToRoute, OrderToRoute, Snapshot, WorkLimits, reoptimise

OPEN_MINOR = 100_000_000
"""What leaving a line without a site costs in the comparison: more than any parcel, for nothing is to wait."""

Stock = Mapping[str, Mapping[str, int]]


class Batch(NamedTuple):
    """Orders with their ways, and the units they may use: by site and sku, what they hold now included."""

    orders: list[tuple[Standing, Ways]]
    stock: Stock


class OrderMove(NamedTuple):
    """An order and where each of its pieces ships from now; exact costs, minor units."""

    order: Standing
    to: tuple[str, ...]
    before_minor: int
    after_minor: int

    @property
    def moved(self) -> list[tuple[Piece, str]]:
        """The pieces that change their site."""
        return [(piece, to) for piece, to in zip(self.order.pieces, self.to, strict=True) if to != piece.site]


Group = list[OrderMove]
"""Orders that take each other's place: all of them move, or none."""


def solve_batch(batch: Batch, limits: WorkLimits | None = None) -> list[Group]:
    """The groups of moves that pay. Takes its time: never call it in a transaction."""
    snapshot = Snapshot([_to_route(order, ways) for order, ways in batch.orders], batch.stock)
    plan = reoptimise(snapshot, limits)
    moves = []
    for (order, ways), sites in zip(batch.orders, plan.sites, strict=True):
        to = [site for site in sites if site is not None]
        now = tuple(piece.site for piece in order.pieces)
        if len(to) == len(sites) and tuple(to) != now:
            moves.append(OrderMove(order, tuple(to), bill(order, ways, now), bill(order, ways, to)))
    return [group for group in _grouped(moves) if saving(group) > 0]


def saving(group: Iterable[OrderMove]) -> int:
    """What moving a group saves, minor units."""
    return sum(move.before_minor - move.after_minor for move in group)


def bill(order: Standing, ways: Ways, sites: Sequence[str]) -> int:
    """What an order's parcels cost when its pieces ship from these sites."""
    weights: dict[str, int] = {}
    for piece, site in zip(order.pieces, sites, strict=True):
        weights[site] = weights.get(site, 0) + piece.weight_g
    return sum(ways.parcel_minor(site, weight_g) for site, weight_g in weights.items())


def _to_route(order: Standing, ways: Ways) -> OrderToRoute:
    promised = promised_by(order)
    total_g = sum(piece.weight_g for piece in order.pieces)
    lines = [
        LineToRoute(
            f"{piece.fulfilment_id}/{piece.demand_id}", piece.sku, piece.units,
            {site: _weight_part(ways, site, piece.weight_g, total_g)
             for site in ways.lanes if ways.may_take(piece, site, promised)},
            OPEN_MINOR,
        )
        for piece in order.pieces
    ]  # fmt: skip
    return OrderToRoute(
        order.id, {site: ways.parcel_minor(site, 0) for site in ways.lanes}, lines, order.is_never_split,
        order.ship_complete, tuple(piece.site for piece in order.pieces),
    )  # fmt: skip


def _weight_part(ways: Ways, site: str, weight_g: int, total_g: int) -> int:
    """A line's share of what the weight of the whole order would cost there: the solver adds lines up."""
    return (ways.parcel_minor(site, total_g) - ways.parcel_minor(site, 0)) * weight_g // max(total_g, 1)


def _grouped(moves: Sequence[OrderMove]) -> list[Group]:
    """Moves that touch the same product at the same site hang together: one gives what the other takes."""
    leader = list(range(len(moves)))

    def lead(n: int) -> int:
        while leader[n] != n:
            leader[n] = n = leader[leader[n]]
        return n

    touched: dict[tuple[str, str], int] = {}
    for n, move in enumerate(moves):
        for piece, to in move.moved:
            for place in ((piece.sku, piece.site), (piece.sku, to)):
                leader[lead(n)] = lead(touched.setdefault(place, n))
    groups: dict[int, Group] = {}
    for n, move in enumerate(moves):
        groups.setdefault(lead(n), []).append(move)
    return list(groups.values())
