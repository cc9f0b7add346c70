"""Transactions of the worker: tried again when two met, given up when the database is away."""

from collections.abc import Callable
from typing import TypeVar

import psycopg
import psycopg_pool

from orderwright.database.outcome import CommitUnknown
from orderwright.database.store import Store
from orderwright.database.tx import Tx
from orderwright.database.writer import RETRIES, RETRYABLE

Result = TypeVar("Result")


def in_tx(store: Store, work: Callable[[Tx], Result]) -> Result:
    """Do something in one transaction; when it met another one, again, locking first."""
    attempt = 0
    while True:
        attempt += 1
        try:
            with store.begin() as tx:
                tx.is_again = attempt > 1
                return work(tx)
        except RETRYABLE:
            if attempt == RETRIES:
                raise


def is_away(error: Exception) -> bool:
    """Whether the database is to blame, so that no task is: its lease lapses, and it runs again."""
    if isinstance(error, RETRYABLE):
        return False
    return isinstance(error, (psycopg.OperationalError, psycopg_pool.PoolTimeout, CommitUnknown))
