"""One transaction of one store: the only way to read or write."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import psycopg

from orderwright.database import facts, tasks
from orderwright.database.rows import copy_lines, named_row

if TYPE_CHECKING:
    from orderwright.database.store import Store

Flows = Mapping[str, Sequence[str]]
"""Fact type -> names of the tasks it leads to."""


class Collision(Exception):
    """What was read without a lock was changed by another process; the group is run again, locking first."""


class Tx:
    """One open transaction. `now` is the store's time (real or simulated), aware UTC.

    Rows come back as named tuples. What was recorded and enqueued is written by `settle`, which the
    store calls just before COMMIT, so an action never sees its own facts half written.
    """

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        store: "Store",
        now: datetime,
        xid: str | None,
        revision: int,
    ) -> None:
        self.connection = connection
        self.store = store
        self.now = now
        self.xid = xid
        self.is_again = False  # the group met another process: lock first this time, instead of hoping
        self.revision = revision  # of what processes cache of the catalogue, as this transaction found it
        self._cursor = connection.cursor(row_factory=named_row)
        self._recorded: list[facts.Recorded] = []
        self._enqueued: list[tasks.NewTask] = []

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """All rows of one statement, as named tuples."""
        return self._cursor.execute(sql.encode(), values or None).fetchall()

    def tuples(self, sql: str, **values: Any) -> list[Any]:
        """All rows of one statement as plain tuples: for the few reads where thousands of rows come back."""
        return self.connection.execute(sql.encode(), values or None).fetchall()

    def row(self, sql: str, **values: Any) -> Any:
        """The first row, or None."""
        return self._cursor.execute(sql.encode(), values or None).fetchone()

    def write(self, sql: str, **values: Any) -> int:
        """Run a statement that returns nothing; the number of rows it touched."""
        return self._cursor.execute(sql.encode(), values or None).rowcount

    def copy(self, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
        """Append rows with COPY. `columns` is the comma-separated column list."""
        self.copy_text(table, columns, copy_lines(rows))

    def copy_text(self, table: str, columns: str, lines: str) -> None:
        """Append rows that are already in COPY text form (see `rows.copy_lines`)."""
        if not lines:
            return
        with self._cursor.copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
            copy.write(lines.encode())

    def record(
        self, kind: str, subject: str, fact: facts.Fact, *, actor: str, occurred_at: datetime | None = None
    ) -> None:
        """Record a fact about a subject whose row exists, or will before the transaction ends.

        kind: one of `facts.SUBJECTS`. Follow-up tasks (flows.py) are enqueued with it.
        """
        self._recorded.append(facts.Recorded(kind, subject, fact, actor, occurred_at or self.now))

    def record_rows(self, lines: str, follow_ups: Sequence[tasks.NewTask]) -> None:
        """Append facts whose chain heads the caller writes itself (see `facts.first_of_chain`)."""
        self.copy_text("fact", facts.COLUMNS, lines)
        self._enqueued.extend(follow_ups)

    def enqueue(self, name: str, subject: str, body: Any = None, *, run_at: datetime | None = None) -> None:
        """Enqueue a task that no fact causes (schedules, people)."""
        self._enqueued.append(tasks.NewTask(name, subject, None, body, run_at or self.now))

    def settle(self) -> None:
        """Write what was recorded and enqueued. Called by the store before COMMIT."""
        if self._recorded:
            recorded, self._recorded = self._recorded, []
            self._enqueued.extend(facts.append(self, recorded))
        if self._enqueued:
            enqueued, self._enqueued = self._enqueued, []
            tasks.insert(self, enqueued)
