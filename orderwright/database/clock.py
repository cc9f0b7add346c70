"""A store's clock: the real time, or a simulated one that stands still until it is moved."""

from datetime import datetime

from orderwright.database.tx import Tx


def set_clock(tx: Tx, at: datetime | None) -> None:
    """Set the store's clock (aware UTC); None lets it go with the real time. Later transactions see it."""
    tx.write("UPDATE clock SET simulated_at = %(at)s", at=at)


def find_simulated(tx: Tx) -> datetime | None:
    """Where a simulated clock stands; None when the store lives in real time."""
    at: datetime | None = tx.row("SELECT simulated_at FROM clock").simulated_at
    return at
