"""One working process: the tasks and schedules of all stores."""

import signal
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import psycopg
import structlog

from orderwright.database.cluster import locate_database
from orderwright.database.store import Database
from orderwright.database.stores import list_stores
from orderwright.doors.deployment import Deployment
from orderwright.doors.figures import Figures
from orderwright.doors.logs import configure_logs, told, trace
from orderwright.doors.serving.keeping import kept_up
from orderwright.doors.serving.parent import watch_parent
from orderwright.doors.serving.shared_figures import share
from orderwright.doors.shops import Shops
from orderwright.doors.wiring import Wiring
from orderwright.doors.worker.attempts import is_away
from orderwright.doors.worker.loop import Worker

IDLE_S = 0.25
"""Between two looks when there was nothing to do."""
TEND_S = 2.0
STORES_S = 5.0
AWAY_S = 2.0

log = structlog.get_logger(room="worker")


def run_work(
    deployment: Deployment, wiring: Wiring, *, parent: int | None = None, figures_folder: Path | None = None
) -> None:
    """Work for all stores until SIGTERM or Ctrl-C, or until the parent is gone; the batch at work is finished."""
    configure_logs()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN if parent is not None else lambda *_: stop.set())
    watch_parent(parent, stop.set)
    figures = Figures()
    share(figures, figures_folder)
    with locate_database(deployment).open() as cluster, kept_up(cluster) if parent is None else nullcontext():
        shops = Shops(
            Database(cluster.dsn, wiring.flows, key_file=deployment.key_file),
            deployment.store_settings,
            writer_threads=0,
        )
        crew = _Crew(cluster.dsn, shops, wiring, figures, stop)
        # Calls to the outside are slow and have a thread of their own.
        threads = [threading.Thread(target=crew.go_round, args=[each]) for each in (_work_and_tend(), Worker.call)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        shops.stop()


class _Crew:
    """The workers of all stores; stores made later are found."""

    def __init__(self, dsn: str, shops: Shops, wiring: Wiring, figures: Figures, stop: threading.Event) -> None:
        self._dsn = dsn
        self._shops = shops
        self._wiring = wiring
        self._figures = figures
        self._stop = stop
        self._workers: dict[str, Worker] = {}
        self._looked_at = float("-inf")
        self._looking = threading.Lock()

    def go_round(self, step: Callable[[Worker], int]) -> None:
        """Let each store's worker do one step after the other until it is time to stop."""
        while not self._stop.is_set():
            try:
                done = sum(self._one(step, worker) for worker in self._all())
            except Exception as error:  # noqa: BLE001 - the worker outlives whatever goes wrong in one round
                log.error("away" if is_away(error) else "round_failed", error=told(error), trace=trace(error))
                self._stop.wait(AWAY_S)
                continue
            if not done:
                self._stop.wait(IDLE_S)

    def _one(self, step: Callable[[Worker], int], worker: Worker) -> int:
        try:
            return step(worker)
        except psycopg.errors.UndefinedTable:
            if worker.store.name in list_stores(self._dsn):
                raise
            self._looked_at = float("-inf")  # the store was thrown away a moment ago
            return 0

    def _all(self) -> list[Worker]:
        with self._looking:
            if time.monotonic() - self._looked_at > STORES_S:
                names = list_stores(self._dsn)
                for gone in set(self._workers) - set(names):
                    del self._workers[gone]
                    self._shops.close(gone)
                for name in names:
                    if name not in self._workers:
                        store = self._shops.shop(name).store
                        self._workers[name] = Worker(store, self._wiring.kinds, self._wiring.timetable, self._figures)
                self._looked_at = time.monotonic()
            return list(self._workers.values())


def _work_and_tend() -> Callable[[Worker], int]:
    """A step that also tends each store every TEND_S."""
    tended: dict[str, float] = {}

    def step(worker: Worker) -> int:
        now = time.monotonic()
        if now - tended.get(worker.store.name, float("-inf")) > TEND_S:
            tended[worker.store.name] = now
            worker.tend()
        return worker.work()

    return step
