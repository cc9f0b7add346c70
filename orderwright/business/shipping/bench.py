"""What packers see beside their scans: photos of what is still open, and the parcels they have closed."""

import msgspec

from orderwright.database.tx import Tx
from orderwright.values.ids import is_id

PARCELS_MAX = 50
"""So many parcels of one fulfilment are shown, the latest."""


class BenchParcel(msgspec.Struct, frozen=True):
    """A parcel on the bench. state: packed until it has its label; tracking_code: None until then."""

    id: str
    number: str
    state: str
    tracking_code: str | None


class Bench(msgspec.Struct, frozen=True):
    """A fulfilment on the bench. photos: of what is in no parcel yet."""

    photos: int
    parcels: list[BenchParcel]


def bench_of(tx: Tx, fulfilment_id: str) -> Bench:
    """What was photographed and packed of a fulfilment; nothing of one there is not."""
    if not is_id(fulfilment_id):
        return Bench(0, [])
    photos = tx.row(
        "SELECT count(*) AS units FROM photo WHERE fulfilment_id = %(id)s::uuid AND parcel_id IS NULL",
        id=fulfilment_id,
    )
    parcels = tx.rows(
        "SELECT id::text, number, state, tracking_code FROM parcel WHERE fulfilment_id = %(id)s::uuid"
        " ORDER BY packed_at DESC, id DESC LIMIT %(limit)s",
        id=fulfilment_id, limit=PARCELS_MAX,
    )  # fmt: skip
    return Bench(photos.units if photos else 0, [BenchParcel(*row) for row in parcels])
