"""Tasks to look at: what runs, waits and died; and another try for the dead."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.forms import Command
from orderwright.values.ids import is_id
from orderwright.values.pages import Page, mark, read_mark
from orderwright.values.refusal import Refusal

TaskState = Literal["open", "running", "calling", "unknown", "done", "dead"]
# Written out, not given as a parameter, so that the partial indexes are used.
_IN_STATE = {state: f"state = '{state}'" for state in get_args(TaskState)}

_COLUMNS = """id::text, name, subject::text, state, attempt, run_at, made_at, ended_at, error"""


class TaskView(msgspec.Struct, frozen=True):
    """A task as people see it. `error`: why it failed last."""

    id: str
    name: str
    subject: str
    state: str
    attempt: int
    run_at: datetime
    made_at: datetime
    ended_at: datetime | None
    error: str | None


class RetryTask(Command, frozen=True):
    """Give a dead task fresh attempts."""

    id: str


def list_tasks(tx: Tx, state: TaskState, *, after: str | None, limit: int) -> Page[TaskView]:
    """Tasks in one state, newest first."""
    before = None if after is None else str(read_mark(after, tuple[UUID])[0])
    rows = tx.rows(
        f"""
        SELECT {_COLUMNS} FROM task
        WHERE {_IN_STATE[state]} AND (%(before)s::uuid IS NULL OR id < %(before)s::uuid)
        ORDER BY id DESC LIMIT %(limit)s
        """,
        before=before, limit=limit + 1,
    )  # fmt: skip
    items = [TaskView(*row) for row in rows[:limit]]
    return Page(items, mark(items[-1].id) if len(rows) > limit else None)


def retry_tasks(tx: Tx, commands: Sequence[RetryTask]) -> list[TaskView | Refusal]:
    """Give dead tasks fresh attempts, due now. Refuses not_found, and task_step for a task that is not dead."""
    ids = array(command.id for command in commands if is_id(command.id))
    found = {
        row.id: row
        for row in tx.rows(
            f"SELECT {_COLUMNS} FROM task WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE", ids=ids
        )
    }
    opened = {
        row.id: row
        for row in tx.rows(
            "UPDATE task SET state = 'open', attempt = 0, run_at = %(now)s, ended_at = NULL"
            f" WHERE id = ANY(%(ids)s::uuid[]) AND state = 'dead' RETURNING {_COLUMNS}",
            now=tx.now, ids=ids,
        )
    }  # fmt: skip
    return [_answer(found.get(command.id), opened.get(command.id)) for command in commands]


def _answer(found: Any, opened: Any) -> TaskView | Refusal:
    if found is None:
        return Refusal("not_found")
    return TaskView(*opened) if opened is not None else Refusal("task_step", state=found.state)
