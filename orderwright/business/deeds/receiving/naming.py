"""Serial numbers of units that come in."""

from collections.abc import Iterable, Mapping

from orderwright.business.warehouse.serials import Unit
from orderwright.database.rows import array
from orderwright.database.tx import Collision, Tx
from orderwright.values.findings import askable


def known_units(tx: Tx, units: Iterable[Unit]) -> set[Unit]:
    """Those of the units (sku, serial) that are in this house by the books, or left it in a parcel."""
    asked = [unit for unit in sorted(set(units)) if len(askable(unit)) == len(set(unit))]
    if not asked:
        return set()
    rows = tx.rows(
        "SELECT u.sku, u.serial FROM unnest(%(skus)s::text[], %(serials)s::text[]) AS a(sku, serial)"
        " JOIN serial_unit u ON u.sku = a.sku AND u.serial = a.serial",
        skus=array(sku for sku, _ in asked), serials=array(serial for _, serial in asked),
    )  # fmt: skip
    return {(row.sku, row.serial) for row in rows}


def name_at(tx: Tx, units: Mapping[Unit, int]) -> None:
    """Units, by (sku, serial), lie in these places. Raises Collision when one was named meanwhile."""
    if not units:
        return
    asked = sorted(units)
    named = tx.write(
        """
        INSERT INTO serial_unit (sku, serial, place_id, seen_at)
        SELECT sku, serial, place_id, %(now)s
        FROM unnest(%(skus)s::text[], %(serials)s::text[], %(places)s::bigint[]) AS n(sku, serial, place_id)
        ON CONFLICT (sku, serial) DO NOTHING
        """,
        now=tx.now, skus=array(sku for sku, _ in asked), serials=array(serial for _, serial in asked),
        places=array(units[unit] for unit in asked),
    )  # fmt: skip
    if named < len(asked):
        raise Collision
