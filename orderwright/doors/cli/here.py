"""What commands share: the deployment in force here, the house put together, the database, the store."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orderwright.database.store import Store
    from orderwright.doors.deployment import Deployment
    from orderwright.doors.shops import Shops
    from orderwright.doors.wiring import Wiring


class WrongUsage(Exception):
    """The command was given something it cannot take; `str()` of it is what people read."""


_wire: "list[Callable[[], Wiring]]" = []


def remember(wire: "Callable[[], Wiring]") -> None:
    """Keep how to put the house together, for the commands that need it."""
    _wire[:] = [wire]


def wiring() -> "Wiring":
    """The house put together."""
    return _wire[0]()


def deployment() -> "Deployment":
    """What is in force here."""
    from orderwright.doors.deployment import read_deployment

    return read_deployment()


@contextmanager
def shops() -> "Iterator[Shops]":
    """The stores of the database in force, which is started if need be and never made."""
    from orderwright.database.cluster import locate_database
    from orderwright.database.store import Database
    from orderwright.doors.shops import Shops
    from orderwright.flows import FLOWS  # without the verbs they lead to, which take half a second to import

    ours = deployment()
    with locate_database(ours).open() as cluster:
        database = Database(cluster.dsn, FLOWS, size=4, key_file=ours.key_file)
        opened = Shops(database, ours.store_settings, writer_threads=1)
        try:
            yield opened
        finally:
            opened.stop()


@contextmanager
def store(name: str | None = None) -> "Iterator[Store]":
    """The store named, or the command line's own."""
    with shops() as opened:
        yield opened.shop(name or deployment().store).store
