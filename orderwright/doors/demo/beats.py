"""The process in which a demo goes on by itself, beside those that serve it."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import psycopg
import structlog

from orderwright.database.cluster import locate_database, open_cluster
from orderwright.database.invented import Mark, mark_invented, set_pace, set_paused
from orderwright.database.store import Database, Store
from orderwright.doors.demo.folder import claim_folder, remember
from orderwright.doors.demo.living import Living
from orderwright.doors.demo.running import STORE
from orderwright.doors.deployment import Deployment
from orderwright.doors.logs import configure_logs, told, trace
from orderwright.doors.serving.parent import watch_parent
from orderwright.doors.wiring import Wiring
from orderwright.doors.worker.attempts import is_away

BEAT_S, AWAY_S = 2.0, 5.0

log = structlog.get_logger(room="demo")


def run_beats(deployment: Deployment, wiring: Wiring, *, parent: int | None = None) -> None:
    """Let the shop go on until SIGTERM or Ctrl-C, or until the parent is gone; the beat it is at is finished."""
    configure_logs()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN if parent is not None else lambda *_: stop.set())
    watch_parent(parent, stop.set)
    with locate_database(deployment).open() as cluster:
        database = Database(cluster.dsn, wiring.flows, size=4)
        try:
            _beat(Living(database.store(STORE)), stop)
        finally:
            database.close()


def _beat(living: Living, stop: threading.Event) -> None:
    before = time.monotonic()
    while not stop.is_set():
        now = time.monotonic()
        pause_s = BEAT_S
        try:
            living.beat(timedelta(seconds=now - before))
        except psycopg.Error as error:
            if not is_away(error):
                raise
            log.error("away", error=told(error), trace=trace(error))
            pause_s = AWAY_S
        before = now
        stop.wait(pause_s)


def is_alive(folder: Path, days: int | None, seed: int) -> bool:
    """Whether the folder holds a demo of these days and this seed that goes on by itself, however long ago it ended."""
    run = claim_folder(folder)
    return run is not None and run.lives and (run.days, run.seed) == (days, seed)


def bring_to_life(folder: Path, pace: int) -> None:
    """From now on the demo of this folder goes on by itself."""
    with _store(folder) as store, store.begin() as tx:
        mark_invented(tx, Mark("demo"))
        set_pace(tx, pace)
    run = claim_folder(folder)
    if run is not None:
        remember(folder, msgspec.structs.replace(run, lives=True))


def pause(folder: Path, *, is_paused: bool) -> None:
    """Have the demo of this folder wait, or go on. Raises LookupError where there is none."""
    with _store(folder) as store, store.begin() as tx:
        set_paused(tx, is_paused=is_paused)


@contextmanager
def _store(folder: Path) -> Iterator[Store]:
    with open_cluster(folder / "postgres", may_initialise=False) as cluster:
        database = Database(cluster.dsn, {}, size=1)
        try:
            yield database.store(STORE)
        finally:
            database.close()
