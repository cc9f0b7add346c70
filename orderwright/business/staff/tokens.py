"""Secrets that are links and cookies: 256 random bits behind the name of the store. Kept as a hash, told once."""

import secrets
from collections.abc import Iterable
from hashlib import sha256
from hmac import digest

from orderwright.database.tx import Tx

BYTES = 32
LENGTH_MAX = 128


def new_token(tx: Tx) -> str:
    """A fresh token of this store, fit for a cookie and for a path."""
    return f"{tx.store.name}.{secrets.token_urlsafe(BYTES)}"


def store_of(token: str) -> str:
    """The store a token names; what is no token names one that does not exist."""
    return token.partition(".")[0] if len(token) <= LENGTH_MAX else ""


def hash_of(token: str) -> bytes:
    """How a token is kept. Not a password: 256 random bits need no slow hash."""
    return sha256(token.encode("utf-8", "replace")).digest()


def csrf_of(token: str) -> str:
    """What every changing request of a session has to say beside its cookie; made of the token, told by no table."""
    return digest(token.encode("utf-8", "replace"), b"csrf", "sha256").hex()


def subject_of(kind: str, words: Iterable[str]) -> bytes:
    """What a gate counts, so that no e-mail and no address is kept for it."""
    return sha256("\n".join([kind, *words]).encode("utf-8", "replace")).digest()
