"""What goes out of kits, for who reads the titles of what they get: a shipment knows components alone."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from orderwright.database.tx import Tx

Parts = Mapping[int, Mapping[str, "KitPart"]]


class KitPart(NamedTuple):
    """A component of a line's kit: its own title, and how many of it are in one kit."""

    title: str
    per_unit: int


class KitUnits(NamedTuple):
    """Units of a component, or, without a sku, of the line's whole kit."""

    sku: str
    title: str
    units: int


def kit_parts(tx: Tx, order_id: str) -> Parts:
    """Components of an order's kits, by line position and sku; lines of what is no kit are not there."""
    parts: dict[int, dict[str, KitPart]] = {}
    for row in tx.rows(
        "SELECT d.position, d.sku, d.per_unit, coalesce(nullif(p.title, ''), d.sku) AS title"
        " FROM demand d JOIN order_line l ON l.order_id = d.order_id AND l.position = d.position"
        " LEFT JOIN product p ON p.sku = d.sku"
        " WHERE d.order_id = %(id)s::uuid AND l.sku <> d.sku ORDER BY d.position, d.sku",
        id=order_id,
    ):
        parts.setdefault(row.position, {})[row.sku] = KitPart(row.title, row.per_unit)
    return parts


def as_kits(parts: Mapping[str, KitPart], units: Mapping[str, int]) -> Iterable[KitUnits]:
    """Units of the components of one line as whole kits, and what is left over as what it is."""
    whole = min(units.get(sku, 0) // part.per_unit for sku, part in parts.items())
    if whole:
        yield KitUnits("", "", whole)
    for sku, part in parts.items():
        if left := units.get(sku, 0) - whole * part.per_unit:
            yield KitUnits(sku, part.title, left)
