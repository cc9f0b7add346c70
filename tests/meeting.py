"""Two processes that meet in the database, the same way every time."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from orderwright.database.writer import Writer
from tests.shop import Shop


def while_open(
    shop: Shop,
    first: Callable[[Any], Any],
    then: Callable[[Writer], "Future[list[Any]]"],
    at_last: Callable[[Any], Any] = lambda tx: None,
) -> Any:
    """Do `first`, and before it is committed let another process start `then`; what both answer.

    It is committed once the other waits for it: the other has decided on what it saw before. at_last: done before that.
    """
    writer = Writer(shop.store)
    try:
        with shop.begin() as tx:
            one = first(tx)
            me = tx.row("SELECT pg_backend_pid() AS pid").pid
            other = then(writer)
            # Whoever waits for somebody else, in a test next door, is not who we wait for.
            waits = "SELECT count(*) FROM pg_sleep(0.01), pg_locks WHERE NOT granted"
            while not other.done() and not shop.value(f"{waits} AND %(me)s = ANY(pg_blocking_pids(pid))", me=me):
                pass
            at_last(tx)
        return one, other.result(30)
    finally:
        writer.stop()
