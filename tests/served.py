"""A server in this process: the API on a port of its own, beside the test that calls it."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager

from orderwright.app import wiring
from orderwright.doors.api.house import House
from orderwright.doors.api.route import Route
from orderwright.doors.figures import Figures
from orderwright.doors.serving.api import Server, config_of
from orderwright.doors.serving.listening import listen
from orderwright.doors.shops import Shops
from tests.kept_connections import kept_database


@contextmanager
def serving(dsn: str, routes: Sequence[Route], store: str = "main") -> Iterator[int]:
    """A server on a thread of its own while the block runs; its port. store: where people sign in."""
    running: Future[tuple[int, Server]] = Future()

    async def main() -> None:
        shops = Shops(database, {})
        house = House(shops, Figures(), routes, store)
        wired = wiring()
        house.kinds, house.checkouts = wired.kinds, wired.checkouts
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

    with kept_database(dsn) as database:
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        port, server = running.result(timeout=30)
        try:
            yield port
        finally:
            server.stop()
            thread.join(20)
