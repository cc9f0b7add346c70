"""One fulfilment as the floor sees it: whose order, which units, how far they are, in which parcels."""

from datetime import date, datetime

import msgspec

from orderwright.database.tx import Tx
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal


class FulfilmentLine(msgspec.Struct, frozen=True):
    """Units of one product of a line, by how far they are; a kit shows as its components."""

    position: int
    reference: str
    sku: str
    title: str
    allocated: int
    picked: int
    packed: int
    shipped: int


class ParcelOf(msgspec.Struct, frozen=True):
    """A parcel made of it."""

    id: str
    number: str
    state: str
    tracking_code: str | None


class FulfilmentNow(msgspec.Struct, frozen=True):
    """Planned work at a site. `is_held`: a hold stops the order, or just this."""

    id: str
    order: str
    site: str
    state: str
    service: str
    priority: int
    ship_by: datetime
    deliver_by: date
    released_at: datetime | None
    is_held: bool
    version: int
    lines: list[FulfilmentLine]
    parcels: list[ParcelOf]


def get_fulfilment(tx: Tx, fulfilment_id: str) -> FulfilmentNow:
    """A fulfilment by its id. Refuses not_found."""
    row = is_id(fulfilment_id) and tx.row(
        """
        SELECT f.id::text, o.number, f.site, f.state, f.service, o.priority, f.ship_by, f.deliver_by, f.released_at,
               o.is_held OR EXISTS (SELECT 1 FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL),
               f.version
        FROM fulfilment f JOIN orders o ON o.id = f.order_id WHERE f.id = %(id)s
        """,
        id=fulfilment_id,
    )
    if not row:
        raise Refusal("not_found", fulfilment_id=fulfilment_id)
    lines = tx.rows(
        """
        SELECT d.position, coalesce(nullif(l.reference, ''), l.position::text), d.sku,
               CASE WHEN l.sku = d.sku AND l.title <> '' THEN l.title ELSE p.title END,
               a.allocated, a.picked, a.packed, a.shipped
        FROM allocation a JOIN demand d ON d.id = a.demand_id JOIN product p ON p.sku = d.sku
        JOIN order_line l ON l.order_id = d.order_id AND l.position = d.position
        WHERE a.fulfilment_id = %(id)s AND a.allocated + a.picked + a.packed + a.shipped > 0
        ORDER BY d.position, d.sku
        """,
        id=fulfilment_id,
    )
    parcels = tx.rows(
        "SELECT id::text, number, state, tracking_code FROM parcel WHERE fulfilment_id = %(id)s ORDER BY id",
        id=fulfilment_id,
    )
    return FulfilmentNow(*[*row, [FulfilmentLine(*each) for each in lines], [ParcelOf(*each) for each in parcels]])
