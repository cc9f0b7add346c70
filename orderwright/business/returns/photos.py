"""Photos of what a customer sends back. Kept in the store as those of parcels are, so that a backup has them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

import msgspec

from orderwright.business.orders.actions import lock_orders
from orderwright.business.orders.buyers import of_erased
from orderwright.business.returns.actions import lock_returns, orders_of
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.bare_pictures import bare
from orderwright.values.forms import Command
from orderwright.values.ids import is_id, new_ids
from orderwright.values.pictures import read_picture
from orderwright.values.refusal import Refusal

PHOTOS_MAX = 12
"""Of one return."""


class AddReturnPhoto(Command, frozen=True):
    """A picture of what a return is about."""

    return_id: str
    content: bytes


class ReturnPhotoShown(msgspec.Struct, frozen=True, omit_defaults=True):
    """A photo as it is kept. `repeated`: it was there before."""

    id: str
    return_id: str
    media: str
    width_px: int
    height_px: int
    size_bytes: int
    taken_at: datetime
    repeated: bool = False


class ReturnPhotoFile(msgspec.Struct, frozen=True):
    """A photo itself."""

    media: str
    content: bytes


_SHOWN = "id::text, return_id::text, media, width_px, height_px, length(content) AS size_bytes, taken_at"


def add_return_photos(tx: Tx, commands: Sequence[AddReturnPhoto]) -> list[ReturnPhotoShown | Refusal]:
    """Keep photos, without what cameras write beside them; one `ReturnPhotoShown` or Refusal per command.

    The same picture again: `repeated`. Refuses not_found, customer_step (the order's buyer was erased), bad_photo
    (reason: what `read_picture` says, or too_many).
    """
    homes = orders_of(tx, [each.return_id for each in commands])
    gone = of_erased(tx, lock_orders(tx, homes.values()))
    lock_returns(tx, homes)
    held = _held(tx, homes)
    results: list[ReturnPhotoShown | Refusal] = []
    rows = []
    for command, id_ in zip(commands, new_ids(len(commands)), strict=True):
        picture = read_picture(command.content)
        if command.return_id not in homes:
            results.append(Refusal("not_found", return_id=command.return_id))
            continue
        if homes[command.return_id] in gone:
            results.append(Refusal("customer_step", merged_into=""))
            continue
        if isinstance(picture, str):
            results.append(Refusal("bad_photo", reason=picture))
            continue
        content = bare(command.content, picture.media)
        mine, digest = held.setdefault(command.return_id, {}), sha256(content).digest()
        if digest in mine:
            results.append(msgspec.structs.replace(mine[digest], repeated=True))
        elif len(mine) >= PHOTOS_MAX:
            results.append(Refusal("bad_photo", reason="too_many"))
        else:
            size = (picture.width_px, picture.height_px)
            mine[digest] = ReturnPhotoShown(id_, command.return_id, picture.media, *size, len(content), tx.now)
            results.append(mine[digest])
            rows.append((id_, command.return_id, picture.media, *size, digest, content, command.actor, tx.now))
    columns = "id, return_id, media, width_px, height_px, sha256, content, actor, taken_at"
    tx.copy("return_photo", columns, rows)
    return results


def list_return_photos(tx: Tx, return_id: str) -> list[ReturnPhotoShown]:
    """A return's photos, in the order they came."""
    if not is_id(return_id):
        return []
    rows = tx.rows(f"SELECT {_SHOWN} FROM return_photo WHERE return_id = %(id)s ORDER BY id", id=return_id)
    return [ReturnPhotoShown(*row) for row in rows]


def photos_by_return(tx: Tx, return_ids: Iterable[str]) -> dict[str, list[ReturnPhotoShown]]:
    """The photos of returns, in the order they came, by return."""
    found: dict[str, list[ReturnPhotoShown]] = {}
    for row in tx.rows(
        f"SELECT {_SHOWN} FROM return_photo WHERE return_id = ANY(%(ids)s::uuid[]) ORDER BY return_id, id",
        ids=array(sorted({id_ for id_ in return_ids if is_id(id_)})),
    ):
        found.setdefault(row.return_id, []).append(ReturnPhotoShown(*row))
    return found


def get_return_photo(tx: Tx, return_id: str, photo_id: str) -> ReturnPhotoFile:
    """A photo of a return itself. Refuses not_found, also for one of another return."""
    row = (is_id(return_id) and is_id(photo_id)) and tx.row(
        "SELECT media, content FROM return_photo WHERE id = %(id)s AND return_id = %(return_id)s",
        id=photo_id, return_id=return_id,
    )  # fmt: skip
    if not row:
        raise Refusal("not_found", photo_id=photo_id)
    return ReturnPhotoFile(row.media, bytes(row.content))


def _held(tx: Tx, return_ids: Iterable[str]) -> dict[str, dict[bytes, ReturnPhotoShown]]:
    rows = tx.rows(
        f"SELECT {_SHOWN}, sha256 FROM return_photo WHERE return_id = ANY(%(ids)s::uuid[])",
        ids=array(sorted(set(return_ids))),
    )
    found: dict[str, dict[bytes, ReturnPhotoShown]] = {}
    for row in rows:
        found.setdefault(row.return_id, {})[bytes(row.sha256)] = ReturnPhotoShown(*row[:-1])
    return found
