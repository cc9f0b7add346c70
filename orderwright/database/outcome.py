"""What became of a transaction whose COMMIT got no answer."""

import time
from datetime import timedelta

import psycopg

ASK_FOR = timedelta(seconds=5)


class CommitUnknown(Exception):
    """The connection was lost while committing and the outcome could not be learnt in time."""


def outcome_of(dsn: str, xid: str | None) -> str:
    """'committed' or 'aborted', asked of the server for up to 5 s (pg_xact_status).

    Raises CommitUnknown when the server cannot be reached in time or still works on it.
    """
    if xid is None:
        return "aborted"
    give_up_at = time.monotonic() + ASK_FOR.total_seconds()
    while time.monotonic() < give_up_at:
        try:
            with psycopg.connect(dsn, connect_timeout=2) as connection:
                row = connection.execute("SELECT pg_xact_status(%s::xid8)", [xid]).fetchone()
        except psycopg.OperationalError:
            time.sleep(0.1)
            continue
        if row is not None and row[0] in ("committed", "aborted"):
            return str(row[0])
        time.sleep(0.05)
    raise CommitUnknown(f"transaction {xid}: no answer from the server within {ASK_FOR}")
