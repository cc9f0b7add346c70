"""Serial numbers of units that come in."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orderwright.business.purchasing.delivery_forms import DeliveryLineForm
from orderwright.business.warehouse.serials import Unit
from orderwright.database.rows import array
from orderwright.database.tx import Collision, Tx
from orderwright.values.findings import Finding, askable, known_as


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


def name_findings(
    pointer: str, line: DeliveryLineForm, goods: Any, known: set[Unit], here: set[Unit]
) -> Iterator[Finding]:
    """What is wrong with a line's serials: too few or too many, one twice, one that is known. `here` follows."""
    if goods is None:
        return
    if goods.tracking == "serial" and len(line.serials) != line.accepted + line.rejected:
        yield known_as("serial_needed", f"{pointer}/serials")
    if goods.tracking != "serial" and line.serials:
        yield Finding(f"{pointer}/serials", "serials", "This product is not tracked by serial.")
    for i, serial in enumerate(line.serials):
        if (line.sku, serial) in known or (line.sku, serial) in here:
            yield known_as("serial_elsewhere", f"{pointer}/serials/{i}")
        here.add((line.sku, serial))


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
