"""The embedded PostgreSQL of a server under torture: set otherwise, killed at its work."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg

from bench.server import Server


@contextmanager
def set_otherwise(server: Server, settings: Mapping[str, str]) -> Iterator[None]:
    """PostgreSQL with other settings while the block runs."""
    conf = server.folder / "postgres" / "postgresql.conf"
    usual = conf.read_text()
    with psycopg.connect(server.cluster.dsn, autocommit=True) as connection:
        before = {name: _shown(connection, name) for name in settings}
        conf.write_text(usual + "".join(f"\n{name} = '{value}'" for name, value in settings.items()) + "\n")
        _reload(server, connection, settings)
        try:
            yield
        finally:
            conf.write_text(usual)
            _reload(server, connection, before)


def kill_in_vacuum(server: Server) -> None:
    """kill -9 of PostgreSQL while it vacuums what the orders left."""

    def vacuum() -> None:
        try:
            with psycopg.connect(server.cluster.dsn, autocommit=True) as connection:
                connection.execute("SET search_path TO store_main")
                for table in ("orders", "demand", "availability", "stock", "fact", "task"):
                    connection.execute(f"VACUUM (FULL, ANALYZE) {table}".encode())
        except psycopg.OperationalError:
            pass  # that is what was to happen

    thread = threading.Thread(target=vacuum)
    thread.start()
    time.sleep(0.05)
    os.kill(server.postmaster(), signal.SIGKILL)
    thread.join()


def kill_in_recovery(server: Server) -> None:
    """kill -9 of PostgreSQL, and of the one that is started after it, as soon as it is there."""
    first = server.postmaster()
    os.kill(first, signal.SIGKILL)
    until = time.monotonic() + 30
    while (second := _postmaster(server)) in (None, first) and time.monotonic() < until:
        time.sleep(0.002)
    if second is not None:
        os.kill(second, signal.SIGKILL)


def _postmaster(server: Server) -> int | None:
    try:
        return server.postmaster()
    except (FileNotFoundError, IndexError):
        return None  # just being written


def _reload(server: Server, connection: psycopg.Connection[tuple[object, ...]], wanted: Mapping[str, str]) -> None:
    os.kill(server.postmaster(), signal.SIGHUP)
    until = time.monotonic() + 20
    while any(_shown(connection, name) != value for name, value in wanted.items()):
        if time.monotonic() > until:
            raise TimeoutError(f"PostgreSQL did not take over {wanted}")
        time.sleep(0.01)


def _shown(connection: psycopg.Connection[tuple[object, ...]], name: str) -> str:
    row = connection.execute(f"SHOW {name}".encode()).fetchone()
    return str(row[0]) if row else ""
