"""Photos of parcels: what lay in them, how they were closed. Kept in the store, so that a backup has them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

import msgspec

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.forms import Command
from orderwright.values.ids import is_id, new_ids
from orderwright.values.pictures import read_picture
from orderwright.values.refusal import Refusal

PHOTOS_MAX = 20
"""Of one fulfilment."""


class AddPhoto(Command, frozen=True):
    """A picture of a parcel, or of what a fulfilment's next parcel is to hold."""

    content: bytes
    parcel_id: str = ""
    fulfilment_id: str = ""


class PhotoShown(msgspec.Struct, frozen=True, omit_defaults=True):
    """A photo as it is kept. parcel_id: None until what it shows is in a parcel. `repeated`: it was there before."""

    id: str
    parcel_id: str | None
    fulfilment_id: str
    media: str
    width_px: int
    height_px: int
    size_bytes: int
    sha256: str
    taken_at: datetime
    repeated: bool = False


class PhotoFile(msgspec.Struct, frozen=True):
    """A photo itself."""

    media: str
    content: bytes


_SHOWN = (
    "p.id::text, p.parcel_id::text, p.fulfilment_id::text, p.media, p.width_px, p.height_px,"
    " length(p.content) AS size_bytes, encode(p.sha256, 'hex') AS sha256, p.taken_at"
)


def add_photos(tx: Tx, commands: Sequence[AddPhoto]) -> list[PhotoShown | Refusal]:
    """Keep photos; one `PhotoShown` or Refusal per command. The same picture again: `repeated`.

    Refuses not_found, and bad_photo (what a file really is counts, not what it is called).
    """
    homes = _homes(tx, commands)
    held = _held(tx, [fulfilment_id for fulfilment_id, _ in homes.values()])
    results: list[PhotoShown | Refusal] = []
    rows = []
    for command, id_ in zip(commands, new_ids(len(commands)), strict=True):
        home = homes.get(command.parcel_id or command.fulfilment_id)
        picture = read_picture(command.content)
        if home is None:
            results.append(Refusal("not_found", id=command.parcel_id or command.fulfilment_id))
            continue
        if isinstance(picture, str):
            results.append(Refusal("bad_photo", reason=picture))
            continue
        fulfilment_id, order_id = home
        mine, digest = held.setdefault(fulfilment_id, {}), sha256(command.content).digest()
        if digest in mine:
            results.append(msgspec.structs.replace(mine[digest], repeated=True))
        elif len(mine) >= PHOTOS_MAX:
            results.append(Refusal("bad_photo", reason="too_many"))
        else:
            parcel_id = command.parcel_id or None
            mine[digest] = PhotoShown(
                id_, parcel_id, fulfilment_id, picture.media, picture.width_px, picture.height_px,
                len(command.content), digest.hex(), tx.now,
            )  # fmt: skip
            results.append(mine[digest])
            rows.append((
                id_, parcel_id, fulfilment_id, order_id, picture.media, picture.width_px, picture.height_px, digest,
                command.content, command.actor, tx.now,
            ))  # fmt: skip
    tx.copy(
        "photo", "id, parcel_id, fulfilment_id, order_id, media, width_px, height_px, sha256, content, actor, taken_at",
        rows,
    )  # fmt: skip
    return results


def _homes(tx: Tx, commands: Sequence[AddPhoto]) -> dict[str, tuple[str, str]]:
    """(fulfilment, order) by the id of the parcel or fulfilment asked for; the fulfilments are locked."""
    asked = sorted({id_ for each in commands if is_id(id_ := each.parcel_id or each.fulfilment_id)})
    rows = tx.rows(
        """
        SELECT p.id::text, p.fulfilment_id::text FROM parcel p WHERE p.id = ANY(%(ids)s::uuid[])
        UNION ALL SELECT f.id::text, f.id::text FROM fulfilment f WHERE f.id = ANY(%(ids)s::uuid[])
        """,
        ids=array(asked),
    )
    locked = tx.rows(
        "SELECT id::text, order_id::text FROM fulfilment WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE",
        ids=array(sorted({row.fulfilment_id for row in rows})),
    )
    orders = {row.id: row.order_id for row in locked}
    return {row.id: (row.fulfilment_id, orders[row.fulfilment_id]) for row in rows}


def _held(tx: Tx, fulfilment_ids: Iterable[str]) -> dict[str, dict[bytes, PhotoShown]]:
    rows = tx.rows(
        f"SELECT {_SHOWN} FROM photo p WHERE p.fulfilment_id = ANY(%(ids)s::uuid[])",
        ids=array(sorted(set(fulfilment_ids))),
    )
    found: dict[str, dict[bytes, PhotoShown]] = {}
    for row in rows:
        shown = PhotoShown(*row)
        found.setdefault(shown.fulfilment_id, {})[bytes.fromhex(shown.sha256)] = shown
    return found


def photographed(tx: Tx, fulfilment_ids: Iterable[str]) -> frozenset[str]:
    """Fulfilments with a photo of what is in no parcel yet."""
    rows = tx.rows(
        "SELECT DISTINCT fulfilment_id::text AS id FROM photo"
        " WHERE fulfilment_id = ANY(%(ids)s::uuid[]) AND parcel_id IS NULL",
        ids=array(sorted(set(fulfilment_ids))),
    )
    return frozenset(row.id for row in rows)


def put_into_parcels(tx: Tx, parcels: Mapping[str, str]) -> None:
    """What the photos of fulfilments show is in these parcels (by fulfilment) now."""
    if parcels:
        tx.write(
            "UPDATE photo p SET parcel_id = n.parcel_id"
            " FROM unnest(%(ids)s::uuid[], %(parcels)s::uuid[]) AS n(id, parcel_id)"
            " WHERE p.fulfilment_id = n.id AND p.parcel_id IS NULL",
            ids=array(parcels), parcels=array(parcels.values()),
        )  # fmt: skip


def list_photos(tx: Tx, parcel_id: str) -> list[PhotoShown]:
    """A parcel's photos, in the order they were taken."""
    if not is_id(parcel_id):
        return []
    rows = tx.rows(f"SELECT {_SHOWN} FROM photo p WHERE p.parcel_id = %(id)s ORDER BY p.id", id=parcel_id)
    return [PhotoShown(*row) for row in rows]


def get_photo(tx: Tx, photo_id: str) -> PhotoFile:
    """A photo itself. Refuses not_found."""
    row = is_id(photo_id) and tx.row("SELECT media, content FROM photo WHERE id = %(id)s", id=photo_id)
    if not row:
        raise Refusal("not_found", photo_id=photo_id)
    return PhotoFile(row.media, bytes(row.content))
