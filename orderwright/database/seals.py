"""Seals: words only this store can make, from a secret of its own; made again alike, so none need be kept."""

import hmac
from collections.abc import Iterable
from typing import cast

from orderwright.database.tx import Tx

_CACHED = "seal secret"


def seals_of(tx: Tx, purpose: str, names: Iterable[str]) -> list[bytes]:
    """32 bytes for each name, in order: HMAC-SHA256 of purpose and name. One statement at most, once a process.

    Whoever has the store's tables can make them too, so a seal may open no more than those tell anyway.
    """
    secret = cast("bytes | None", tx.store.cache.get(_CACHED))
    if secret is None:
        secret = tx.store.cache[_CACHED] = bytes(tx.row("SELECT secret FROM seal").secret)
    return [hmac.digest(secret, f"{purpose}\n{name}".encode(), "sha256") for name in names]
