"""Tokens of links that open one thing each: its store, its id, and a seal only this store can make. None is kept."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hmac import compare_digest
from uuid import UUID

from orderwright.database.seals import seals_of
from orderwright.database.tx import Tx

LENGTH_MAX = 160
_SEAL_BYTES = 16
_ID_BYTES = 16


def store_of(token: str) -> str:
    """The store a token names; what is no token names one that does not exist."""
    return token.partition(".")[0] if len(token) <= LENGTH_MAX else ""


def tokens_of(tx: Tx, purpose: str, things: Sequence[tuple[str, int]]) -> list[str]:
    """The tokens of things, (id, turn): those of an earlier turn fit no more."""
    seals = _seals(tx, purpose, things)
    return [
        f"{tx.store.name}.{urlsafe_b64encode(UUID(id_).bytes + seal).decode().rstrip('=')}"
        for (id_, _), seal in zip(things, seals, strict=True)
    ]


def read_token(token: str) -> tuple[str, bytes] | None:
    """The id and the seal of a token; None where it cannot be one."""
    if len(token) > LENGTH_MAX or not token.isascii():
        return None
    try:
        content = urlsafe_b64decode(token.partition(".")[2] + "=")
    except ValueError:
        return None
    if len(content) != _ID_BYTES + _SEAL_BYTES:
        return None
    return str(UUID(bytes=content[:_ID_BYTES])), content[_ID_BYTES:]


def fits(tx: Tx, purpose: str, id_: str, turn: int, seal: bytes) -> bool:
    """Whether a token's seal is the one of this thing at this turn."""
    return compare_digest(seal, _seals(tx, purpose, [(id_, turn)])[0])


def _seals(tx: Tx, purpose: str, things: Sequence[tuple[str, int]]) -> list[bytes]:
    return [seal[:_SEAL_BYTES] for seal in seals_of(tx, purpose, [f"{id_}:{turn}" for id_, turn in things])]
