"""Parcels as they are known at the door, by whichever of their barcodes is scanned there."""

from typing import NamedTuple

from orderwright.database.tx import Tx
from orderwright.values import gs1
from orderwright.values.floor_codes import find_floor_code
from orderwright.values.refusal import Refusal


class AtTheDoor(NamedTuple):
    """A parcel. carrier: None while it has no label. order: its order's number."""

    id: str
    number: str
    state: str
    carrier: str | None
    order: str


def find_at_the_door(tx: Tx, site: str, scanned: str) -> AtTheDoor | None:
    """The parcel at a site that a scan names, by its label, its carton label (SSCC), its slip or its number; or None.

    An order packed anew may leave two of one number of a label behind: the one that can still leave is meant.
    """
    code = _name_of(scanned.strip())
    row = tx.row(
        "SELECT p.id::text, p.number, p.state, p.carrier, o.number AS order_number FROM parcel p"
        " JOIN orders o ON o.id = p.order_id"
        " WHERE p.site = %(site)s AND (p.number = %(code)s OR p.tracking_code = %(code)s OR p.sscc = %(code)s)"
        " ORDER BY p.state = 'unpacked', p.packed_at DESC, p.id LIMIT 1",
        site=site, code=code,
    )  # fmt: skip
    return AtTheDoor(*row) if row else None


def _name_of(scanned: str) -> str:
    try:
        ours = find_floor_code(scanned)
        if ours is not None:
            return ours.code if ours.kind == "parcel" else ""
        return gs1.by_name(gs1.parse(scanned)).get("sscc", scanned)
    except Refusal:
        return scanned  # a carrier's code is in no form of ours
