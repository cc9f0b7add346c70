"""Receipts, adjustments and transfers with a reference are booked once; the same again gets the same answer."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Generic, TypeVar

import msgspec

from orderwright.business.stock import tables
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal

Answer = TypeVar("Answer", bound=msgspec.Struct)

_encode = msgspec.json.Encoder(order="deterministic").encode


def body_hash(form: msgspec.Struct) -> bytes:
    """What a document says, as 32 bytes; what is absent counts as its default."""
    return sha256(_encode(form)).digest()


class Documents(Generic[Answer]):
    """Documents of one kind around a call: those booked before, and those booked now.

    `differs`: the code of the refusal when a reference comes again with something else. Two transactions that
    book one reference at the same moment meet at the table's key, and the later one is run again.
    """

    def __init__(self, tx: Tx, kind: str, differs: str, answer: type[Answer], keys: Iterable[tuple[str, str]]) -> None:
        self._kind = kind
        self._differs = differs
        self._known: dict[tuple[str, str], tuple[bytes, Answer]] = {
            key: (digest, msgspec.json.decode(text, type=answer))
            for key, (digest, text) in tables.documents(tx, kind, [key for key in keys if key[1]]).items()
        }
        self._rows: list[tuple[Any, ...]] = []

    def earlier(self, site: str, reference: str, form: msgspec.Struct) -> Answer | Refusal | None:
        """The answer given before to the same reference, a refusal when it said something else, or None."""
        known = self._known.get((site, reference))
        if known is None:
            return None
        if known[0] != body_hash(form):
            return Refusal(self._differs, site=site, reference=reference)
        return msgspec.structs.replace(known[1], repeated=True)

    def add(self, tx: Tx, site: str, reference: str, form: msgspec.Struct, answer: Answer) -> None:
        """Remember an answer; without a reference there is nothing to remember it by."""
        if reference:
            digest = body_hash(form)
            self._known[site, reference] = (digest, answer)
            self._rows.append((self._kind, site, reference, digest, _encode(answer).decode(), tx.now))

    def write(self, tx: Tx) -> None:
        """Keep what was added."""
        tx.copy("stock_document", "kind, site, reference, body_hash, answer, made_at", sorted(self._rows))
