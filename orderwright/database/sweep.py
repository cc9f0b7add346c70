"""How far `check` has looked, so that the next sweep takes only what came since.

A sweep must miss no transaction. It notes the oldest transaction that was still open when it began (the
xmin of its snapshot): whatever was committed before is seen by this sweep, whatever commits later has that
number or a higher one and is seen by the next. Subjects are found by their facts, which carry the number;
stock moves have no facts and are found by their id, whose first 48 bits are the time it was made.
"""

import time
from typing import NamedTuple

from orderwright.database.tx import Tx

# An id is older than its commit by the length of a transaction of ours (2 s) and by how far clocks differ.
_CLOCKS_AND_COMMITS_MS = 60_000


class Watermark(NamedTuple):
    """Where a sweep began: the store's epoch, the oldest open transaction, the first id that may be new."""

    epoch: int
    xid: str
    first_id: str


def watermark_of(tx: Tx) -> Watermark:
    """The watermark of a sweep that begins with this transaction."""
    row = tx.row("SELECT epoch, pg_snapshot_xmin(pg_current_snapshot())::text AS xid FROM clock")
    made = f"{time.time_ns() // 1_000_000 - _CLOCKS_AND_COMMITS_MS:012x}"
    return Watermark(row.epoch, row.xid, f"{made[:8]}-{made[8:]}-7000-8000-{0:012}")


def last_watermark(tx: Tx) -> Watermark | None:
    """Where the last clean check began; None before the first, and after a restore, whose numbers start anew."""
    row = tx.row(
        "SELECT epoch, xid::text, first_id::text FROM sweep"
        " WHERE epoch = (SELECT epoch FROM clock) AND xid <= pg_snapshot_xmin(pg_current_snapshot())"
    )
    return Watermark(*row) if row else None


def keep_watermark(tx: Tx, watermark: Watermark) -> None:
    """Remember where a clean check began."""
    tx.write(
        """
        INSERT INTO sweep (epoch, xid, first_id) VALUES (%(epoch)s, %(xid)s::xid8, %(first_id)s)
        ON CONFLICT (only_row) DO UPDATE SET epoch = excluded.epoch, xid = excluded.xid, first_id = excluded.first_id
        """,
        **watermark._asdict(),
    )
