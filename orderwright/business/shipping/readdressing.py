"""An order's address changes while its parcels are still here: what was bought for the old one is taken back."""

from collections.abc import Iterable, Sequence
from typing import Any

from orderwright.business.shipping.actions import void_labels
from orderwright.business.shipping.forms import VoidLabel
from orderwright.business.shipping.labels import BUY, open_intents
from orderwright.database.rows import array
from orderwright.database.tx import Tx


def lock_unsent(tx: Tx, order_ids: Iterable[str]) -> dict[str, list[Any]]:
    """Lock the parcels of orders, themselves locked, that have not left, in id order; rows by order."""
    rows = tx.rows(
        "SELECT id::text, order_id::text, number, state FROM parcel WHERE order_id = ANY(%(ids)s::uuid[])"
        " AND state IN ('packed', 'labelled') ORDER BY id FOR UPDATE",
        ids=array(sorted(set(order_ids))),
    )
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(row)
    return found


def awaited(tx: Tx, parcels: Sequence[Any]) -> dict[str, str]:
    """Numbers of locked parcels whose label is being bought to the address as it was, by order: one each.

    A purchase that is only wanted is made to whatever address the order has when it is called.
    """
    buying = open_intents(tx, BUY, [parcel.id for parcel in parcels])
    asked = [parcel for parcel in parcels if parcel.id in buying and buying[parcel.id].state != "wanted"]
    return {parcel.order_id: parcel.number for parcel in asked}


def take_back_stale(tx: Tx, parcels: Sequence[tuple[Any, str]]) -> None:
    """Labels of locked parcels, each with who changed the address, are stale: wanted back, once, and good for nothing.

    Whatever the carrier answers, a parcel does not leave with a stale label.
    """
    labelled = [(parcel.id, actor) for parcel, actor in parcels if parcel.state == "labelled"]
    if not labelled:
        return
    tx.write(
        "UPDATE label SET is_stale = true WHERE parcel_id = ANY(%(ids)s::uuid[]) AND state = 'live'",
        ids=array(id_ for id_, _ in labelled),
    )
    void_labels(tx, [VoidLabel(parcel_id=id_, actor=actor) for id_, actor in labelled])
