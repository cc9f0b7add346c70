"""Connections used again: a new one gets to know each table anew, which takes PostgreSQL longer than most tests do."""

from collections.abc import Iterator
from contextlib import contextmanager

from orderwright.database.store import Database
from orderwright.flows import FLOWS
from tests.spare_stores import KEY_FILE, close_connections

KEPT_MAX = 5
"""So many connections are kept at most: PostgreSQL has 100 for all workers and the servers they start."""
_KEPT: dict[str, "list[Kept]"] = {}


class Kept(Database):
    """Who has it for a while and closes it, as a server does with its own, closes nothing."""

    def close(self) -> None:
        """Nothing."""

    def let_go(self) -> None:
        """Close all connections."""
        super().close()


@contextmanager
def kept_database(dsn: str) -> Iterator[Database]:
    """Connections that nobody else uses meanwhile, kept for the next unless something happened to them."""
    kept = _KEPT.setdefault(dsn, [])
    database = kept.pop() if kept else Kept(dsn, FLOWS, key_file=KEY_FILE)
    try:
        yield database
    except BaseException:
        database.let_go()
        raise
    if _is_as_before(database):
        kept.append(database)
    else:
        database.let_go()


def close_kept() -> None:
    """Let go of PostgreSQL, before it is stopped."""
    for kept in _KEPT.values():
        while kept:
            kept.pop().let_go()
    close_connections()


def _is_as_before(database: Kept) -> bool:
    """Whether all connections are there, few, and answer."""
    if database.pool.closed:
        return False
    told = database.pool.get_stats()
    if told["pool_available"] != told["pool_size"] or told["pool_size"] > KEPT_MAX:
        return False
    database.pool.check()
    return True
