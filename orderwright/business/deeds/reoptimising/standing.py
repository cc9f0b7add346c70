"""Orders that may be routed again together: all of them still planned, whole and unheld in their parts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from orderwright.business.catalog.reads import Catalog
from orderwright.business.routing.lanes import Departure, Destination, lanes_to
from orderwright.business.routing.planning import Lane
from orderwright.business.routing.rates import RateCard, parcel_cost_minor
from orderwright.database.rows import array
from orderwright.database.tx import Tx


class Piece(NamedTuple):
    """Units of one demand in one planned fulfilment: what is moved, whole. weight_g: of all its units."""

    fulfilment_id: str
    demand_id: str
    position: int
    sku: str
    units: int
    per_unit: int
    weight_g: int
    site: str
    deliver_by: date


class Standing(NamedTuple):
    """An order as it is planned. Equal to what it was read as before: nothing about it has changed."""

    id: str
    number: str
    version: int
    channel: str
    destination: Destination
    is_never_split: bool
    ship_complete: bool
    pieces: tuple[Piece, ...]
    cancel_until: datetime | None  # no floor gets it before

    @property
    def sites(self) -> dict[str, str]:
        """Its fulfilment by site."""
        return {piece.site: piece.fulfilment_id for piece in self.pieces}


def choose_orders(tx: Tx, limit: int) -> list[str]:
    """The orders of which something is planned that is due to leave first."""
    rows = tx.rows(
        "SELECT order_id::text FROM fulfilment WHERE state = 'planned'"
        " GROUP BY order_id ORDER BY min(ship_by), order_id LIMIT %(limit)s",
        limit=limit,
    )
    return [row.order_id for row in rows]


def read_standing(tx: Tx, catalog: Catalog, order_ids: Sequence[str]) -> list[Standing]:
    """The orders as they are planned, in the order given; those that must not be touched are left out.

    Left out are orders of which something is on a floor or gone, or held apart; orders with two plans at one
    site, which were made at different times for a reason; and split ones that should not be, or whose channel
    says how small a part may be.
    """
    pieces: dict[str, list[Piece]] = {}
    for row in tx.rows(
        """
        SELECT f.order_id::text, a.fulfilment_id::text, a.demand_id::text, d.position, d.sku, a.allocated, d.per_unit,
               (p.weight_g * a.allocated)::bigint AS weight_g, f.site, f.deliver_by
        FROM fulfilment f JOIN allocation a ON a.fulfilment_id = f.id JOIN demand d ON d.id = a.demand_id
        JOIN product p ON p.sku = d.sku
        WHERE f.order_id = ANY(%(ids)s::uuid[]) AND f.state = 'planned' AND a.allocated > 0
        ORDER BY f.order_id, d.position, d.sku, a.fulfilment_id
        """,
        ids=array(sorted(order_ids)),
    ):
        pieces.setdefault(row.order_id, []).append(Piece(*row[1:]))
    orders = {row.id: row for row in tx.rows(_ORDERS, ids=array(sorted(order_ids)))}
    standing = []
    for order_id in order_ids:
        row, mine = orders.get(order_id), tuple(pieces.get(order_id, ()))
        if row is None or not mine:
            continue
        part_min = catalog.channels[row.channel].policy.split_value_min_minor or 0
        is_whole = len({piece.site for piece in mine}) == 1
        stays_whole = row.split == "never" or part_min > 0 or _has_kit(mine)
        if len({piece.fulfilment_id for piece in mine}) == len({piece.site for piece in mine}) and (
            is_whole or not stays_whole
        ):
            destination = Destination(row.country, row.postal_code, row.service)
            standing.append(Standing(
                row.id, row.number, row.version, row.channel, destination, stays_whole, row.ship_complete, mine,
                row.cancel_until,
            ))  # fmt: skip
    return standing


_ORDERS = """
    SELECT o.id::text, o.number, o.version, o.channel, o.country, o.postal_code, o.service, o.split, o.ship_complete,
           o.cancel_until
    FROM orders o WHERE o.id = ANY(%(ids)s::uuid[])
      AND NOT EXISTS (SELECT 1 FROM fulfilment f WHERE f.order_id = o.id
                      AND f.state IN ('released', 'picked', 'packed', 'shipped'))
      AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.order_id = o.id AND h.released_at IS NULL
                      AND h.fulfilment_id IS NOT NULL)
"""


def _has_kit(pieces: Sequence[Piece]) -> bool:
    """A kit leaves one site together; so does what is ordered with it, which is simplest."""
    demands = {(piece.position, piece.demand_id) for piece in pieces}
    return any(piece.per_unit > 1 for piece in pieces) or len(demands) > len({piece.position for piece in pieces})


class Ways(NamedTuple):
    """Sites an order could ship from, by code, now; and those it is planned at, which leave as they promised."""

    lanes: dict[str, Lane]
    planned: frozenset[str]

    def parcel_minor(self, site: str, weight_g: int) -> int:
        """What a parcel of that weight from there costs; leaving later counts only for a plan still to be made."""
        lane = self.lanes[site]
        late = 0 if site in self.planned else lane.late_minor
        return parcel_cost_minor(lane.zone, weight_g) + lane.handling_minor + late

    def may_take(self, piece: Piece, site: str, promised: dict[str, date]) -> bool:
        """Whether a piece would still arrive when it was promised. promised: by site where something is planned."""
        if site == piece.site:
            return True
        return promised.get(site, self.lanes[site].deliver_by) <= piece.deliver_by


def ways_of(order: Standing, departures: Sequence[Departure], card: RateCard) -> Ways | None:
    """None when a site it is planned at can no longer ship it: then a person has to look, not a solver."""
    lanes = {lane.site: lane for lane in lanes_to(order.destination, departures, card)}
    planned = frozenset(order.sites)
    return Ways(lanes, planned) if planned <= lanes.keys() else None


def promised_by(order: Standing) -> dict[str, date]:
    """When what is planned at a site arrives."""
    return {piece.site: piece.deliver_by for piece in order.pieces}
