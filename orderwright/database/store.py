"""A store is one PostgreSQL schema; the `Database` holds the connections that all stores share."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from orderwright.database import crash
from orderwright.database.outcome import CommitUnknown, outcome_of
from orderwright.database.tx import Tx

POOL_SIZE = 12
RESTART_S = 5.0
"""For so long each try to connect waits for a server that restarts."""


class Store:
    """One store of a database: begins its transactions and keeps what a process caches of it.

    flows: fact type -> task names, as flows.py says. `cache` belongs to the areas: a value under a name,
    each with the revision it was read at.
    """

    def __init__(self, database: "Database", name: str, schema: str) -> None:
        self.database = database
        self.name = name
        self.schema = schema
        self.flows: Mapping[str, Sequence[str]] = database.flows
        self.cache: dict[str, Any] = {}

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A writing transaction: commits when the block ends, undone when it raises.

        Raises CommitUnknown when the connection is lost while committing and the outcome could not be learnt.
        """
        crash.point("before begin")
        with self.database.pool.connection() as connection:
            tx = self._open(connection, "BEGIN", "pg_current_xact_id()::text")
            try:
                yield tx
                tx.settle()
            except BaseException:
                _undo(connection)
                raise
            crash.point("before commit")
            self.database.commit(connection, tx.xid)
            crash.point("after commit")

    @contextmanager
    def read(self, moment: str | None = None) -> Iterator[Tx]:
        """A read-only transaction that sees one moment: its own, or that of another, by its exported snapshot."""
        begin = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY{self.database.plans_of_reads}"
        if moment is not None:
            begin += f"; SET TRANSACTION SNAPSHOT '{moment}'"
        with self.database.pool.connection() as connection:
            tx = self._open(connection, begin, "NULL")
            try:
                yield tx
            finally:
                _undo(connection)

    def look_over(self) -> None:
        """Have PostgreSQL count what lies in the tables: worth it after very much was put in at once."""
        with self.database.pool.connection() as connection, connection.transaction():
            connection.execute(f'SET LOCAL search_path TO "{self.schema}"'.encode())
            rows = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename", [self.schema]
            ).fetchall()
            connection.execute("ANALYZE " + ", ".join(f'"{name}"' for (name,) in rows))

    def _open(self, connection: psycopg.Connection[Any], begin: str, xid: str) -> Tx:
        # One round trip: the path is local to the transaction, outside of one it is empty.
        cursor = connection.execute(
            f'{begin}; SET LOCAL search_path TO "{self.schema}"; '
            f"SELECT simulated_at, {xid}, number FROM clock, revision WHERE name = 'catalog'".encode()
        )
        while cursor.nextset():
            pass
        found = cursor.fetchone()
        if found is None:
            raise RuntimeError(f"store {self.name}: its clock or revision row is missing")
        return Tx(connection, self, found[0] or datetime.now(UTC), found[1], found[2])


class _Patient(psycopg.Connection[Any]):
    """A connection that waits a while for a server that restarts.

    The pool alone tries again after 1, 2, 4, 8 s, so it could be as long away once more as the server was.
    """

    @classmethod
    def connect(cls, conninfo: str = "", **given: Any) -> "_Patient":
        """Connect, trying for up to RESTART_S. Raises psycopg.OperationalError."""
        until = time.monotonic() + RESTART_S
        while True:
            try:
                return super().connect(conninfo, **given)
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)


STATEMENTS_KEPT = 500
"""So many statements a connection keeps ready. There are more of ours than the driver's 100, which it would go through
in turns, and read and plan each anew."""


class Database:
    """The connections to one PostgreSQL, shared by the stores in it.

    keeps_plans: statements that write are planned once for whatever they ask, not anew each time: for deeds, which look
    up few rows by key many times a second, planning costs more than looking up does. Reads, whose lists are asked for
    in many ways, are planned as PostgreSQL sees fit. key_file: where the key lies that secrets are enclosed by.
    """

    def __init__(
        self,
        dsn: str,
        flows: Mapping[str, Sequence[str]],
        size: int = POOL_SIZE,
        *,
        keeps_plans: bool = False,
        key_file: Path | None = None,
    ) -> None:
        self.dsn = dsn
        self.flows = flows
        self.key_file = key_file
        self._keeps_plans = keeps_plans
        self.plans_of_reads = "; SET LOCAL plan_cache_mode TO auto" if keeps_plans else ""
        self.pool = ConnectionPool(
            dsn, min_size=1, max_size=size, open=True, timeout=10, connection_class=_Patient,
            configure=self._configure, kwargs={"autocommit": True, "prepare_threshold": 3},
        )  # fmt: skip

    def store(self, name: str) -> Store:
        """The store of that name. Raises LookupError when there is none."""
        row: tuple[str] | None = None
        # A database in which nobody made a store yet has no list of them either.
        with self.pool.connection() as connection, suppress(psycopg.errors.UndefinedTable):
            row = connection.execute("SELECT schema FROM orderwright.store WHERE name = %s", [name]).fetchone()
        if row is None:
            raise LookupError(f"there is no store {name!r}; `orderwright stores create {name}` makes it")
        return Store(self, name, row[0])

    def commit(self, connection: psycopg.Connection[Any], xid: str | None) -> None:
        """COMMIT; after a lost connection the outcome is asked for, never guessed.

        Raises psycopg.OperationalError when the transaction is known to be undone, CommitUnknown when
        nothing could be learnt, or it may not have reached the standby that commits are to wait for.
        """
        warnings: list[str] = []

        def hear(notice: psycopg.errors.Diagnostic) -> None:
            if notice.severity_nonlocalized == "WARNING":
                warnings.append(notice.message_primary or "")

        connection.add_notice_handler(hear)
        try:
            connection.execute(b"COMMIT")
        except psycopg.OperationalError as lost:
            if outcome_of(self.dsn, xid) == "committed":
                return
            raise lost
        finally:
            connection.remove_notice_handler(hear)
        if warnings:
            # A wait for a standby that somebody cancelled also answers COMMIT; a fail-over may then lose it.
            raise CommitUnknown(f"transaction {xid}: {warnings[0]}")

    def wait_until_up(self) -> bool:
        """Wait up to 10 s for a server that restarts; False when it stays away."""
        give_up_at = time.monotonic() + 10
        while time.monotonic() < give_up_at:
            try:
                psycopg.connect(self.dsn, connect_timeout=2).close()
                return True
            except psycopg.OperationalError:
                time.sleep(0.1)
        return False

    def close(self) -> None:
        """Close all connections."""
        self.pool.close()

    def _configure(self, connection: psycopg.Connection[Any]) -> None:
        connection.prepared_max = STATEMENTS_KEPT
        plans = "force_generic_plan" if self._keeps_plans else "auto"
        connection.execute(
            f"SET search_path TO ''; SET timezone TO 'UTC'; SET jit TO off; SET plan_cache_mode TO {plans}".encode()
        )


def _undo(connection: psycopg.Connection[Any]) -> None:
    # A connection that is gone has undone everything by itself.
    if not connection.closed and not connection.broken:
        connection.execute(b"ROLLBACK")
