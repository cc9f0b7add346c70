"""What a store is where it is nobody's shop: the demo's, or one that somebody practises in."""

from datetime import datetime
from typing import Literal, NamedTuple

from orderwright.database.tx import Tx


class Mark(NamedTuple):
    """What such a store says of itself. of_store, of_account: whose practice it is; '' in the demo's shop.

    pace: the demo goes on by itself, so many times as fast as its orders came; None where it stands still.
    paused_at: since when it waits.
    """

    kind: Literal["demo", "practice"]
    of_store: str = ""
    of_account: str = ""
    pace: int | None = None
    paused_at: datetime | None = None

    @property
    def is_practice(self) -> bool:
        """Whether somebody practises here."""
        return self.kind == "practice"


def find_mark(tx: Tx) -> Mark | None:
    """The store's mark; None where it is somebody's shop."""
    row = tx.row("SELECT kind, of_store, coalesce(of_account::text, '') AS who, pace, paused_at FROM invented")
    return None if row is None else Mark(*row)


def mark_invented(tx: Tx, mark: Mark) -> None:
    """Say so once and for all; what says so already keeps its first mark."""
    tx.write(
        "INSERT INTO invented (kind, of_store, of_account, made_at) VALUES (%(kind)s, %(store)s,"
        " nullif(%(who)s, '')::uuid, %(now)s) ON CONFLICT DO NOTHING",
        kind=mark.kind, store=mark.of_store, who=mark.of_account, now=tx.now,
    )  # fmt: skip


def set_pace(tx: Tx, pace: int | None) -> None:
    """From now on the demo goes on by itself, and does not wait; None: it stands still."""
    tx.write("UPDATE invented SET pace = %(pace)s, paused_at = NULL WHERE kind = 'demo'", pace=pace)


def set_paused(tx: Tx, *, is_paused: bool) -> None:
    """Have the demo wait, or go on; what waits already waits since then."""
    tx.write(
        "UPDATE invented SET paused_at = CASE WHEN %(paused)s THEN coalesce(paused_at, %(now)s) END"
        " WHERE kind = 'demo' AND pace IS NOT NULL",
        paused=is_paused, now=tx.now,
    )  # fmt: skip
