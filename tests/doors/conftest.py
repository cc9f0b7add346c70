"""A server in this process, with a small shop behind it."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import NamedTuple

import pytest

from orderwright.database.keys import CreateKey, NewKey, create_keys
from orderwright.database.store import Database
from orderwright.doors.api.house import House
from orderwright.doors.api.route import Route
from orderwright.doors.api.routes import all_routes
from orderwright.doors.figures import Figures
from orderwright.doors.serving.api import Server, config_of
from orderwright.doors.serving.listening import listen
from orderwright.doors.shops import Shops
from orderwright.flows import FLOWS
from tests.client import Client
from tests.doors.trial_routes import TRIAL_ROUTES
from tests.shop import Shop, new_shop


class Served(NamedTuple):
    """A running server. `at(*scopes)`: a client with a key for these."""

    port: int
    shop: Shop

    def at(self, *scopes: str, sites: Sequence[str] | None = None, channels: Sequence[str] | None = None) -> Client:
        return Client(self.port, self.key(*scopes, sites=sites, channels=channels).key)

    def key(self, *scopes: str, sites: Sequence[str] | None = None, channels: Sequence[str] | None = None) -> NewKey:
        command = CreateKey(name="test", scopes=scopes, sites=sites, channels=channels, actor="test")
        (made,) = self.shop.run(create_keys, command)
        assert isinstance(made, NewKey)
        return made


def routes() -> list[Route]:
    return [*all_routes(), *TRIAL_ROUTES]


@pytest.fixture(scope="session")
def served(postgres: str) -> Iterator[Served]:
    """One server for all tests: they use references and keys of their own."""
    with new_shop(postgres) as shop:
        port, stop = _start(postgres)
        try:
            yield Served(port, shop)
        finally:
            stop()
            with shop.store.begin() as tx:
                tx.write("DELETE FROM orderwright.key_prefix WHERE store = %(store)s", store=shop.store.name)


@pytest.fixture(scope="session")
def admin(served: Served) -> Client:
    """A client that may do everything."""
    return served.at("admin")


def _start(dsn: str) -> tuple[int, Callable[[], None]]:
    """A server on a thread of its own: its port, and how to stop it."""
    running: Future[tuple[int, Server]] = Future()

    async def main() -> None:
        shops = Shops(Database(dsn, FLOWS), {})
        house = House(shops, Figures(), routes())
        (listener,) = listen("127.0.0.1", 0, 1)
        server = Server(config_of(house))
        running.set_result((listener.getsockname()[1], server))
        await server.serve([listener])
        await asyncio.get_running_loop().run_in_executor(None, house.close)

    def run() -> None:
        try:
            asyncio.run(main())
        except Exception as error:
            if running.done():
                raise
            running.set_exception(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    port, server = running.result(timeout=30)

    def stop() -> None:
        server.stop()
        thread.join(20)

    return port, stop
