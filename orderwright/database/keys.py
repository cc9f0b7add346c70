"""API keys: `ow_<prefix>_<secret>`, kept as a hash, shown once. The prefix names the store."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.database.changes import Change, note
from orderwright.database.rows import array
from orderwright.database.settings import Setting
from orderwright.database.tx import Tx
from orderwright.values.forms import Command
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal

SCOPES = (
    "orders:read", "orders:write", "stock:read", "stock:write", "floor:read", "floor:write",
    "shipping:read", "shipping:write", "money:read", "money:write", "reports:read",
    "staff:read", "staff:write", "admin",
)  # fmt: skip
"""What a key may be allowed; `admin` allows everything."""
REQUESTS_PER_SECOND: Setting[int] = Setting(
    "api.requests_per_second",
    Annotated[int, Meta(ge=1, le=1_000_000)],
    5_000,
    "Requests a second that one API key may make of one serving process, averaged over two seconds.",
)
SETTINGS = (REQUESTS_PER_SECOND,)
PREFIX_BYTES, SECRET_BYTES = 6, 32


class Key(msgspec.Struct, frozen=True):
    """A key as people see it. `sites` and `channels`: what it is limited to; null for all of them."""

    id: str
    prefix: str
    name: str
    scopes: list[str]
    sites: list[str] | None
    channels: list[str] | None
    created_at: datetime
    revoked_at: datetime | None


class NewKey(Key, frozen=True):
    """A key just made. `key` is shown this once and kept nowhere."""

    key: str | None


class CreateKey(Command, frozen=True):
    """Make a key. `sites` and `channels` limit it; None: all."""

    name: str
    scopes: Sequence[str]
    sites: Sequence[str] | None = None
    channels: Sequence[str] | None = None


class RevokeKey(Command, frozen=True):
    """Make a key useless from now on (in every process within five seconds)."""

    prefix: str


def create_keys(tx: Tx, commands: Sequence[CreateKey]) -> list[NewKey | Refusal]:
    """Make keys; each secret is in its answer and nowhere else.

    Refuses bad_scope (scopes) for words that are no scope, for none at all, and for an admin with limits.
    """
    made: list[NewKey | Refusal] = []
    for command in commands:
        wrong = [scope for scope in command.scopes if scope not in SCOPES]
        is_limited = command.sites is not None or command.channels is not None
        if wrong or not command.scopes or ("admin" in command.scopes and is_limited):
            made.append(Refusal("bad_scope", scopes=wrong, known=list(SCOPES)))
            continue
        prefix = secrets.token_hex(PREFIX_BYTES)
        made.append(
            NewKey(
                id=new_id(), prefix=prefix, name=command.name, scopes=sorted(set(command.scopes)),
                sites=_sorted(command.sites), channels=_sorted(command.channels), created_at=tx.now,
                revoked_at=None, key=f"ow_{prefix}_{secrets.token_hex(SECRET_BYTES)}",
            )
        )  # fmt: skip
    _write(tx, [key for key in made if isinstance(key, NewKey)])
    note(
        tx,
        [
            Change("key", key.prefix, None, _told(key), command.actor)
            for key, command in zip(made, commands, strict=True)
            if isinstance(key, NewKey)
        ],
    )
    return made


def revoke_keys(tx: Tx, commands: Sequence[RevokeKey]) -> list[Key | Refusal]:
    """Revoke keys; one that is revoked already stays as it is. Refuses not_found."""
    rows = tx.rows(
        "SELECT * FROM api_key WHERE prefix = ANY(%(prefixes)s::text[]) ORDER BY id FOR UPDATE",
        prefixes=array(command.prefix for command in commands),
    )
    before = {row.prefix: _key(row) for row in rows}
    ended = {
        prefix: key if key.revoked_at else msgspec.structs.replace(key, revoked_at=tx.now)
        for prefix, key in before.items()
    }
    tx.write(
        "UPDATE api_key SET revoked_at = %(now)s WHERE prefix = ANY(%(prefixes)s::text[]) AND revoked_at IS NULL",
        now=tx.now, prefixes=array(ended),
    )  # fmt: skip
    note(
        tx,
        [
            Change("key", each.prefix, _told(before[each.prefix]), _told(ended[each.prefix]), each.actor)
            for each in commands
            if each.prefix in ended and before[each.prefix].revoked_at is None
        ],
    )
    return [ended.get(each.prefix) or Refusal("not_found", key=each.prefix) for each in commands]


def list_keys(tx: Tx) -> list[Key]:
    """All keys, newest first, revoked ones too."""
    return [_key(row) for row in tx.rows("SELECT * FROM api_key ORDER BY created_at DESC, id DESC LIMIT 1000")]


def find_key(tx: Tx, prefix: str, secret: str) -> Key | None:
    """The live key of that prefix, if the secret is its secret."""
    row = tx.row("SELECT * FROM api_key WHERE prefix = %(prefix)s AND revoked_at IS NULL", prefix=prefix)
    if row is None or not compare_digest(bytes(row.secret), _hash(secret)):
        return None
    return _key(row)


def read_token(token: str) -> tuple[str, str] | None:
    """Prefix and secret of a key as it is sent; None when it has not the form of one."""
    parts = token.split("_")
    if len(parts) != 3 or parts[0] != "ow" or len(parts[1]) != 2 * PREFIX_BYTES:
        return None
    return (parts[1], parts[2]) if len(parts[2]) == 2 * SECRET_BYTES else None


def _write(tx: Tx, made: Sequence[NewKey]) -> None:
    tx.copy("orderwright.key_prefix", "prefix, store", [(key.prefix, tx.store.name) for key in made])
    tx.copy(
        "api_key",
        "id, prefix, name, secret, scopes, sites, channels, created_at",
        [
            (key.id, key.prefix, key.name, _hash((key.key or "").split("_")[2]), key.scopes, key.sites,
             key.channels, key.created_at)
            for key in made
        ],
    )  # fmt: skip


def _hash(secret: str) -> bytes:
    # Not a password: 256 random bits need no slow hash.
    return sha256(secret.encode()).digest()


def _key(row: Any) -> Key:
    return Key(str(row.id), row.prefix, row.name, row.scopes, row.sites, row.channels, row.created_at, row.revoked_at)


def _told(key: Key) -> dict[str, object]:
    return {"name": key.name, "scopes": key.scopes, "sites": key.sites, "channels": key.channels,
            "revoked_at": key.revoked_at}  # fmt: skip


def _sorted(limits: Collection[str] | None) -> list[str] | None:
    return None if limits is None else sorted(set(limits))
