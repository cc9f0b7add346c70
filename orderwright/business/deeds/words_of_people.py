"""Texts that are known as somebody's by nothing but their id or e-mail address in them: drafts, rows of files that were
not taken, and kept answers.

These tables are read whole, so they are looked through before anybody is kept waiting, and only what was found is
looked at again when it goes. Drafts are few and saved all the time: they are looked through again, and nobody saves one
meanwhile.
"""

import re
from collections.abc import Mapping, Sequence

from orderwright.business.customers.forms import CustomerKept
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.contacts import email_key

_DRAFTS = "order_draft"
TEXTS: Mapping[str, str] = {
    _DRAFTS: "form", "import_error": "cells", "idempotency": "convert_from(answer, 'UTF8')",
}  # fmt: skip
"""Tables, and what is said in their rows."""

_APART = r'[\s"<>(),;:=&?!/|\[\]{}\\]'
# Between others a word may stand in quotes of one stroke, which are part of some addresses, and end a sentence; a line
# or a tab of a text is two letters in JSON.
_BEFORE, _AFTER = rf"(^|{_APART}|\\[nrt])'?", rf"[.'!?]*($|{_APART})"


def find_texts(tx: Tx, people: Sequence[CustomerKept]) -> dict[str, str]:
    """Where texts that name people stand, by table, for `forget_texts`."""
    words = _words(people)
    found = {}
    for table in TEXTS.keys() - {_DRAFTS}:
        column = TEXTS[table]
        rows = tx.rows(f"SELECT t.ctid::text AS at FROM {table} t WHERE {_names(column)}", **words)
        found[table] = array(row.at for row in rows)
    return found


def lock_drafts_of_all(tx: Tx) -> None:
    """Nobody takes up, saves or places a draft until the transaction ends: before anything else is locked, as who does
    locks the draft first."""
    tx.write(f"LOCK TABLE {_DRAFTS} IN EXCLUSIVE MODE")


def forget_texts(tx: Tx, people: Sequence[CustomerKept], found: Mapping[str, str]) -> None:
    """Delete of the texts that were found those that still name them, and every draft that does.

    Drafts, and their customers, are locked by the caller.
    """
    words = _words(people)
    tx.write(f"DELETE FROM {_DRAFTS} t WHERE {_names(TEXTS[_DRAFTS])}", **words)
    for table, at in found.items():
        tx.write(f"DELETE FROM {table} t WHERE t.ctid = ANY(%(at)s::tid[]) AND {_names(TEXTS[table])}", at=at, **words)


def _words(people: Sequence[CustomerKept]) -> dict[str, str]:
    words = sorted({word for each in people for word in (each.id, email_key(each.card.email)) if word})
    return {"words": array(words), "patterns": array(_BEFORE + re.escape(word) + _AFTER for word in words)}


def _names(column: str) -> str:
    """Whether a text says one of the words, as a whole one; most say none of them even as a part of another."""
    return (
        "EXISTS (SELECT FROM unnest(%(words)s::text[], %(patterns)s::text[]) AS w(word, pattern)"
        f" WHERE strpos(lower({column}), w.word) > 0 AND lower({column}) ~ w.pattern)"
    )
