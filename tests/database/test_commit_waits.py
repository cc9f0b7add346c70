"""Commits that wait for a standby: a wait that was cut short is an unknown outcome, never a yes."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from orderwright.database.cluster import open_cluster
from orderwright.database.cluster_server import find_postmaster
from orderwright.database.outcome import CommitUnknown
from orderwright.database.store import Database, Store
from orderwright.database.stores import create_store
from orderwright.database.writer import Writer


@pytest.fixture
def folder(home: Path, copied: Callable[[Path], Path]) -> Path:
    return copied(home / "postgres")


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with open_cluster(folder, may_initialise=False) as cluster:
        create_store(cluster.dsn, "waits")
        database = Database(cluster.dsn, {})
        yield database.store("waits")
        database.close()


def wait_for_nobody(folder: Path, dsn: str) -> None:
    """From now on commits wait for a standby that is not there."""
    with (folder / "postgresql.conf").open("a") as conf:
        conf.write("\nsynchronous_standby_names = 'nobody'\n")
    found = find_postmaster(folder)
    assert found is not None
    os.kill(found.pid, signal.SIGHUP)
    until = time.monotonic() + 20
    with psycopg.connect(dsn, autocommit=True) as connection:
        while connection.execute("SHOW synchronous_standby_names").fetchone() != ("nobody",):
            assert time.monotonic() < until


def cut_short(dsn: str, how: str) -> None:
    """End the one wait there is, as soon as there is one."""
    until = time.monotonic() + 20
    with psycopg.connect(dsn, autocommit=True) as connection:
        waiting = f"SELECT {how}(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        while not connection.execute(waiting.encode()).fetchall():
            assert time.monotonic() < until
            time.sleep(0.01)


@pytest.mark.parametrize("how", ["pg_cancel_backend", "pg_terminate_backend"])
def test_a_commit_whose_wait_was_cut_short_is_unknown_or_asked_for(folder, store, how):
    wait_for_nobody(folder, store.database.dsn)
    writer = Writer(store, threads=1)
    future = writer.submit(lambda tx, _: [tx.write("UPDATE revision SET number = number + 1")], [None])
    ending = threading.Thread(target=cut_short, args=[store.database.dsn, how])
    ending.start()
    if how == "pg_cancel_backend":
        with pytest.raises(CommitUnknown, match="synchronous replication"):
            future.result(20)
    else:
        future.result(20)  # the server was asked, and it is committed there
    ending.join()
    writer.stop()
