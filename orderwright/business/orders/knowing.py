"""Whether somebody knows an order as its buyer does: its number, and the e-mail address or postcode given with it."""

from hmac import compare_digest
from typing import Any

from orderwright.database.tx import Tx
from orderwright.values.addresses import normal_postal_code
from orderwright.values.contacts import email_key

SAME_MAX = 20
"""So many orders of one number (several channels may use it) are looked at."""


def find_known(tx: Tx, number: str, word: str) -> str | None:
    """The id of the order of that number (ours or its channel's) that `word` is e-mail address or postcode of.

    None for everything else alike. One statement, by the indexes of numbers and references.
    """
    rows = tx.rows(
        """
        SELECT id::text, email_key, postal_code, country, placed_at FROM orders WHERE number = %(number)s
        UNION (SELECT id::text, email_key, postal_code, country, placed_at FROM orders WHERE reference = %(reference)s
               ORDER BY placed_at DESC LIMIT %(most)s)
        ORDER BY placed_at DESC
        """,
        number=number.upper(), reference=number, most=SAME_MAX,
    )  # fmt: skip
    known = [row.id for row in rows if _knows(row, word)]
    return known[0] if known else None


def _knows(row: Any, word: str) -> bool:
    if not word:
        return False
    as_email = bool(row.email_key) and compare_digest(row.email_key.encode(), email_key(word).encode())
    code = normal_postal_code(row.country, word)
    as_code = bool(row.postal_code) and compare_digest(row.postal_code.encode(), code.encode())
    return as_email or as_code
