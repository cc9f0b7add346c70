"""The wish to look after supply: a task of its own, so that a mail which is tried again holds nothing up."""

from collections.abc import Iterable

import msgspec

from orderwright.database.tx import Tx
from orderwright.values.ids import new_id

LOOK = "look_after_supply"


class Looking(msgspec.Struct, frozen=True):
    """Which products."""

    skus: list[str]


def want_looking(tx: Tx, skus: Iterable[str]) -> None:
    """Look after these products once this transaction is done: who waits is told when, what is low is asked for."""
    named = sorted(set(skus))
    if named:
        tx.enqueue(LOOK, new_id(), Looking(named))
