"""Keeping the embedded PostgreSQL up: whoever opened it for long starts it again when it died."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from orderwright.database.away import DatabaseAway
from orderwright.database.cluster import Cluster
from orderwright.doors.logs import told

LOOK_S, AWAY_S = 0.5, 5.0
"""Between two looks; and after it could not be started."""

log = structlog.get_logger(room="serve")


@contextmanager
def kept_up(cluster: Cluster) -> Iterator[None]:
    """Look after the cluster from a thread while the block runs. A database that others run is theirs to keep up.

    It ends before the cluster is closed, so that what is stopped on purpose stays stopped.
    """
    stopped = threading.Event()

    def watch() -> None:
        pause_s = LOOK_S
        while not stopped.wait(pause_s):
            pause_s = LOOK_S
            try:
                if cluster.start_again():
                    log.error("postgres_died", now="it was started again")
            except DatabaseAway as away:
                log.error("postgres_died", error=told(away))
                pause_s = AWAY_S

    thread = threading.Thread(target=watch, name="keeping", daemon=True)
    if cluster.is_ours:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        if thread.is_alive():
            thread.join()
