"""Parcels and what is in them. A parcel's row is locked after its order's and its fulfilment's, by id."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id

PARCEL_COLUMNS = (
    "p.id::text, p.number, p.fulfilment_id::text, p.order_id::text, p.site, p.state, p.service, p.weight_g,"
    " p.expected_weight_g, p.carrier, p.tracking_code, p.packed_at, p.shipped_at, p.delivered_at, p.deliver_by,"
    " p.carton"
)


class ParcelRow(NamedTuple):
    """A parcel to be written."""

    id: str
    number: str
    fulfilment_id: str
    order_id: str
    site: str
    service: str
    weight_g: int
    expected_weight_g: int
    token_hash: bytes
    deliver_by: Any
    sscc: str | None


def next_numbers(tx: Tx, count: int) -> list[str]:
    """Fresh parcel numbers, in order."""
    rows = tx.rows("SELECT nextval('parcel_number') AS number FROM generate_series(1, %(count)s)", count=count)
    return [f"P-{row.number:06}" for row in rows]


def insert_parcels(tx: Tx, parcels: Sequence[ParcelRow], lines: Sequence[tuple[str, str, str, str, int]]) -> None:
    """Write packed parcels and their lines (parcel, demand, sku, lot, units)."""
    tx.copy(
        "parcel",
        "id, number, fulfilment_id, order_id, site, service, weight_g, expected_weight_g, token_hash, deliver_by,"
        " sscc, state, packed_at",
        [(*each, "packed", tx.now) for each in parcels],
    )
    tx.copy("parcel_line", "parcel_id, demand_id, sku, lot, quantity", lines)


def orders_of(tx: Tx, parcel_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """(order, fulfilment) by parcel, read without a lock: a parcel never changes hands."""
    rows = tx.rows(
        "SELECT id::text, order_id::text, fulfilment_id::text FROM parcel WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(sorted({id_ for id_ in parcel_ids if is_id(id_)})),
    )
    return {row.id: (row.order_id, row.fulfilment_id) for row in rows}


def lock_parcels(tx: Tx, parcel_ids: Iterable[str]) -> dict[str, Any]:
    """Lock parcels in id order; their rows by id. Unknown ids are left out."""
    rows = tx.rows(
        f"SELECT {PARCEL_COLUMNS} FROM parcel p WHERE p.id = ANY(%(ids)s::uuid[]) ORDER BY p.id FOR UPDATE",
        ids=array(sorted({id_ for id_ in parcel_ids if is_id(id_)})),
    )
    return {row.id: row for row in rows}


def lines_of(tx: Tx, parcel_ids: Iterable[str]) -> dict[str, list[Any]]:
    """Rows (parcel_id, demand_id, position, reference, sku, lot, quantity) of parcels, by parcel, in line order."""
    rows = tx.rows(
        """
        SELECT l.parcel_id::text, l.demand_id::text, d.position, o.reference, l.sku, l.lot, l.quantity
        FROM parcel_line l JOIN demand d ON d.id = l.demand_id
        JOIN order_line o ON o.order_id = d.order_id AND o.position = d.position
        WHERE l.parcel_id = ANY(%(ids)s::uuid[]) ORDER BY l.parcel_id, d.position, l.sku, l.lot
        """,
        ids=array(sorted(set(parcel_ids))),
    )
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.parcel_id, []).append(row)
    return found


def units_by_position(lines: Sequence[Any]) -> list[tuple[int, int]]:
    """(line, stocked units) of a parcel's lines, in order."""
    units: dict[int, int] = {}
    for row in lines:
        units[row.position] = units.get(row.position, 0) + row.quantity
    return sorted(units.items())


def set_states(tx: Tx, states: Mapping[str, str]) -> None:
    """Set the states of locked parcels."""
    _update(tx, "state = n.state", list(states), states=array(states.values()))


def set_weights(tx: Tx, weights: Mapping[str, int]) -> None:
    """Set what locked parcels weigh, in grams."""
    _update(tx, "weight_g = n.weight_g", list(weights), weights=array(weights.values()))


def set_shipped(tx: Tx, times: Mapping[str, datetime]) -> None:
    """Locked parcels left, at these times."""
    _update(tx, "state = 'shipped', shipped_at = n.at", list(times), times=array(times.values()))


def set_delivered(tx: Tx, times: Mapping[str, datetime]) -> None:
    """Locked parcels arrived, at these times."""
    _update(tx, "state = 'delivered', delivered_at = n.at", list(times), times=array(times.values()))


def _update(tx: Tx, sets: str, ids: Sequence[str], **columns: str) -> None:
    if not ids:
        return
    tx.write(
        f"""
        UPDATE parcel p SET {sets}, version = p.version + 1
        FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(weights)s::int[], %(times)s::timestamptz[])
             AS n(id, state, weight_g, at)
        WHERE p.id = n.id
        """,
        **{"states": "{}", "weights": "{}", "times": "{}", **columns, "ids": array(ids)},
    )


def live_labels(tx: Tx, parcel_ids: Iterable[str]) -> dict[str, Any]:
    """Rows (id, parcel_id, intent_id, carrier, tracking_code, is_stale) of live labels, by parcel."""
    rows = tx.rows(
        "SELECT id::text, parcel_id::text, intent_id::text, carrier, tracking_code, is_stale FROM label"
        " WHERE parcel_id = ANY(%(ids)s::uuid[]) AND state = 'live'",
        ids=array(sorted(set(parcel_ids))),
    )
    return {row.parcel_id: row for row in rows}
