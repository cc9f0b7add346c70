"""Schedules: each falls due once, whichever worker looks first; what was missed is made up for once."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from orderwright.database.rows import array
from orderwright.database.tx import Tx

Next = Callable[[datetime], datetime]


def enqueue_due(tx: Tx, schedules: Mapping[str, Next]) -> list[str]:
    """Enqueue a task for each schedule that is due and whose last task is no longer on its way; their names.

    schedules: task name -> when it is due next, after a moment. A new one is due at once.
    """
    tx.write(
        "INSERT INTO schedule (name, next_at) SELECT name, %(now)s FROM unnest(%(names)s::text[]) AS name"
        " WHERE NOT EXISTS (SELECT 1 FROM schedule s WHERE s.name = name.name) ON CONFLICT DO NOTHING",
        names=array(schedules), now=tx.now,
    )  # fmt: skip
    due = tx.rows(
        """
        SELECT name FROM schedule WHERE next_at <= %(now)s AND name = ANY(%(names)s::text[])
        ORDER BY name FOR UPDATE SKIP LOCKED
        """,
        now=tx.now, names=array(schedules),
    )  # fmt: skip
    if not due:
        return []
    subjects = {row.name: subject_of(row.name) for row in due}
    busy = {
        row.subject
        for row in tx.rows(
            "SELECT subject::text FROM task WHERE subject = ANY(%(subjects)s::uuid[])"
            " AND state IN ('open', 'running', 'calling', 'unknown')",
            subjects=array(subjects.values()),
        )
    }
    started = [name for name, subject in subjects.items() if subject not in busy]
    for name in started:
        tx.enqueue(name, subjects[name])
    tx.write(
        """
        UPDATE schedule SET next_at = given.next_at, last_at = %(now)s
        FROM unnest(%(names)s::text[], %(times)s::timestamptz[]) AS given(name, next_at)
        WHERE schedule.name = given.name
        """,
        now=tx.now, names=array(subjects), times=array(schedules[name](tx.now) for name in subjects),
    )  # fmt: skip
    return started


def next_due(tx: Tx, names: Mapping[str, Next]) -> datetime | None:
    """When the next schedule or open task is due, by the store's clock; None when there is none."""
    row = tx.row(
        """
        SELECT least((SELECT min(next_at) FROM schedule WHERE name = ANY(%(names)s::text[])),
                     (SELECT min(run_at) FROM task WHERE state = 'open')) AS at
        """,
        names=array(names),
    )
    at: datetime | None = row.at
    return at


def make_due(tx: Tx, names: Iterable[str]) -> None:
    """Have schedules fall due now that were to fall due later: their pace was another until now."""
    tx.write(
        "UPDATE schedule SET next_at = %(now)s WHERE name = ANY(%(names)s::text[])", now=tx.now, names=array(names)
    )


def subject_of(name: str) -> str:
    """The subject of a schedule's tasks: always the same, so that two never run at once."""
    return str(uuid5(NAMESPACE_URL, f"orderwright:schedule:{name}"))
