"""An embedded PostgreSQL that died while it was in use is started again by whoever looks after it."""

import os
import signal
import time
from pathlib import Path

import psycopg

from orderwright.database import cluster_lock
from orderwright.database.cluster import Cluster, open_cluster
from orderwright.database.cluster_server import PORT, find_postmaster
from orderwright.doors.serving import keeping


def answers(dsn: str) -> bool:
    try:
        with psycopg.connect(dsn) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def kill(folder: Path) -> None:
    found = find_postmaster(folder)
    assert found is not None
    os.kill(found.pid, signal.SIGKILL)


def test_a_server_that_was_killed_is_started_again_at_the_same_address(stopped):
    with open_cluster(stopped, may_initialise=False) as cluster:
        assert not cluster.start_again()
        kill(stopped)
        until = time.monotonic() + 30
        while not cluster.start_again():
            assert time.monotonic() < until
        assert answers(cluster.dsn)
        assert not cluster.start_again()
    assert not cluster_lock.is_running(stopped)
    assert not cluster.start_again()  # closed: it is nobody's to keep up any more


def test_it_is_kept_up_while_the_block_runs_and_not_after_it(stopped, monkeypatch):
    monkeypatch.setattr(keeping, "LOOK_S", 0.01)
    with open_cluster(stopped, may_initialise=False) as cluster:
        with keeping.kept_up(cluster):
            kill(stopped)
            first = find_postmaster(stopped)
            until = time.monotonic() + 30
            while find_postmaster(stopped) == first or not answers(cluster.dsn):
                assert time.monotonic() < until
        kill(stopped)
        while cluster_lock.is_running(stopped):
            assert time.monotonic() < until
        assert not answers(cluster.dsn)


def test_a_database_that_others_run_is_not_ours_to_start():
    cluster = Cluster("host=db.example.org")
    assert not cluster.is_ours
    assert not cluster.start_again()


def test_the_lock_of_a_socket_that_was_left_behind_is_no_obstacle(stopped):
    # What a server leaves that may not enter its own folder any more when it ends; the number is a living process's.
    (stopped / f".s.PGSQL.{PORT}.lock").write_text(f"{os.getpid()}\n{stopped}\n0\n{PORT}\n{stopped}\n")
    with open_cluster(stopped, may_initialise=False) as cluster:
        assert answers(cluster.dsn)
