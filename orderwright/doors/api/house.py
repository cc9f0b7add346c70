"""What every request of a serving process shares."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from orderwright.business.billing.ports import Checkouts
from orderwright.database.keys import REQUESTS_PER_SECOND, find_key, read_token
from orderwright.database.replay import Answer
from orderwright.database.settings import value_of
from orderwright.doors.api import perform
from orderwright.doors.api.access import Access, Doorkeeper, OpenDoor, access_of
from orderwright.doors.api.asked import Question
from orderwright.doors.api.landing import Landing
from orderwright.doors.api.rate import Buckets
from orderwright.doors.api.route import Read, Route
from orderwright.doors.api.watching import watched
from orderwright.doors.figures import Figures, Gauge, Rows
from orderwright.doors.shops import Shops
from orderwright.doors.worker.kinds import Kind
from orderwright.values.refusal import Refusal

READERS = 4
COUNT_MAX = 10_000
READING_MAX = 400

Result = TypeVar("Result")


class House:
    """One serving process: its stores, keys, figures, and the threads that wait for the database.

    Made within the running event loop. `routes`: what it serves, to be described. `store`: where people sign in
    who name no other.
    """

    def __init__(self, shops: Shops, figures: Figures, routes: Sequence[Route], store: str = "main") -> None:
        self.shops = shops
        self.store = store
        self.figures = figures
        self.routes = [watched(route, figures) for route in routes]
        self.others: Callable[[], Iterable[Rows]] = tuple  # figures of the other processes, where there are some
        self.kinds: Sequence[Kind] = ()  # what tasks stand for, where stores to practise in are made
        self.checkouts: Checkouts | None = None  # on whose pages customers pay, where they do
        self.is_stopping = False  # what goes on until somebody leaves ends by itself then
        self.buckets = Buckets()
        self.doorkeeper: Doorkeeper | OpenDoor = Doorkeeper(self._look_up_soon)
        self.landing = Landing(asyncio.get_running_loop())
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._reading = 0

    async def in_reader(self, work: Callable[..., Result], *given: Any) -> Result:
        """Do something that waits for the database. Refuses overloaded when too much waits already."""
        if self._reading >= READING_MAX:
            raise Refusal("overloaded")
        self._reading += 1
        try:
            result: Result = await self.landing.wait(self._readers.submit(work, *given))
            return result
        finally:
            self._reading -= 1

    def find(self, read: Read, question: Question[Any]) -> Answer:
        """Answer a question. Waits for the database."""
        return perform.find(read, self.shops.shop(question.access.store), question)

    def close(self) -> None:
        """Finish what was accepted and let go of everything."""
        self._readers.shutdown(wait=True, cancel_futures=True)
        self.shops.stop()

    def ask_database(self) -> None:
        """Raises when the database does not answer. Waits for it."""
        with self.shops.database.pool.connection(timeout=2) as connection:
            connection.execute("SELECT 1")

    def all_figures(self) -> list[Rows]:
        """The figures of this process and of the others that serve with it."""
        return [self.figures.take(), *self.others()]

    def gauges(self) -> list[Gauge]:
        """What stands at this moment. Waits for the database."""
        waiting = float(self.landing.waiting)
        found: list[Gauge] = [("orderwright_waiting_calls", "Calls that wait for an answer.", {}, waiting)]
        says = "Tasks that are due or dead, counted up to 10000."
        for store, dead, due in task_counts(self.shops):
            for state, count in (("dead", dead), ("due", due)):
                found.append(("orderwright_tasks", says, {"store": store, "state": state}, float(count)))
        return found

    async def _look_up_soon(self, token: str) -> Access | None:
        return await self.in_reader(look_up, self.shops, token)


def look_up(shops: Shops, token: str) -> Access | None:
    """Whose key it is; None when it is nobody's. Waits for the database."""
    parts = read_token(token)
    if parts is None:
        return None
    with shops.database.pool.connection() as connection:
        row = connection.execute("SELECT store FROM orderwright.key_prefix WHERE prefix = %s", [parts[0]]).fetchone()
    if row is None:
        return None
    with shops.shop(row[0]).store.read() as tx:
        key = find_key(tx, *parts)
        return None if key is None else access_of(key, row[0], value_of(tx, REQUESTS_PER_SECOND))


def task_counts(shops: Shops) -> list[tuple[str, int, int]]:
    """Of each open store: its name, dead tasks, tasks due and not begun. Waits for the database."""
    counts = []
    for shop in shops.all_open():
        with shop.store.read() as tx:
            row = tx.row(
                """
                SELECT (SELECT count(*) FROM (SELECT 1 FROM task WHERE state = 'dead' LIMIT %(most)s) AS d) AS dead,
                       (SELECT count(*) FROM (SELECT 1 FROM task WHERE state = 'open' AND run_at <= %(now)s
                                              LIMIT %(most)s) AS o) AS due
                """,
                now=tx.now, most=COUNT_MAX,
            )  # fmt: skip
            counts.append((shop.store.name, row.dead, row.due))
    return counts
