"""Tasks: what must follow a fact, written with it. Lease, attempt, retry, dead letter."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from orderwright.database.rows import array
from orderwright.values.ids import new_ids

if TYPE_CHECKING:
    from orderwright.database.tx import Tx

LEASE = timedelta(seconds=60)
ATTEMPTS_MAX = 8
RETRY_FIRST = timedelta(seconds=5)
RETRY_LONGEST = timedelta(hours=1)


class NewTask(NamedTuple):
    """A task to be written. `body` is anything msgspec can encode, or None."""

    name: str
    subject: str
    cause_seq: int | None
    body: Any
    run_at: datetime


class Task(NamedTuple):
    """A task as claimed. `attempt` is the token that finishing must show."""

    id: str
    name: str
    subject: str
    attempt: int
    state: str
    body: Any


def insert(tx: "Tx", new: Sequence[NewTask]) -> None:
    """Write tasks, in the order given."""
    ids = new_ids(len(new))
    tx.copy(
        "task",
        "id, name, subject, cause_seq, body, run_at, made_at",
        [
            (id_, each.name, each.subject, each.cause_seq,
             "{}" if each.body is None else msgspec.json.encode(each.body).decode(), each.run_at, tx.now)
            for id_, each in zip(ids, new, strict=True)
        ],
    )  # fmt: skip


# The name is chosen among tasks that are ready themselves: one that only waits for another to be done must not
# keep that other from being chosen. OFFSET 0 keeps each question a look-up by subject: as a join over a queue
# that has no statistics yet, a few hundred open tasks are compared each with each.
_READY = """
    t.state = 'open' AND t.run_at <= %(now)s
    AND NOT EXISTS (SELECT 1 FROM task o WHERE o.subject = t.subject AND o.state = 'open' AND o.id < t.id
                    AND (o.run_at <= %(now)s OR o.attempt > 0) OFFSET 0)
    AND NOT EXISTS (SELECT 1 FROM task r WHERE r.subject = t.subject AND r.state IN ('running', 'calling', 'unknown')
                    OFFSET 0)
"""


def claim(tx: "Tx", names: Sequence[str], limit: int) -> list[Task]:
    """Claim due tasks of one name (the one due first), at most one per subject, its oldest.

    A task waits while an earlier one of its subject is due, running or being retried, so a subject's
    effects keep their order; a later appointment does not block. SKIP LOCKED and the partial unique
    index on running subjects keep two workers apart.
    """
    rows = tx.rows(
        f"""
        WITH due AS MATERIALIZED (
            SELECT t.name FROM task t WHERE {_READY} AND t.name = ANY(%(names)s::text[])
            ORDER BY t.run_at, t.id LIMIT 1
        ), mine AS (
            SELECT t.id FROM task t JOIN due USING (name) WHERE {_READY}
            ORDER BY t.run_at, t.id LIMIT %(limit)s FOR UPDATE OF t SKIP LOCKED
        )
        UPDATE task SET state = 'running', attempt = attempt + 1, leased_until = %(until)s
        FROM mine WHERE task.id = mine.id
        RETURNING task.id::text, task.name, task.subject::text, task.attempt, task.state, task.body
        """,
        now=tx.now, names=array(names), limit=limit, until=tx.now + LEASE,
    )  # fmt: skip
    return sorted(_task(row) for row in rows)


def mark_calling(tx: "Tx", claimed: Sequence[Task]) -> set[str]:
    """Before an outside call: from now on a lapsed lease means "unknown". Returns the ids still ours."""
    return _move(tx, claimed, "running", "calling")


def finish(tx: "Tx", claimed: Sequence[Task]) -> set[str]:
    """Mark tasks done, in the transaction of their effect. Returns the ids that were still ours.

    A worker that slept through its lease finishes nothing; the caller must then undo (raise).
    """
    rows = tx.rows(
        """
        UPDATE task SET state = 'done', ended_at = %(now)s, leased_until = NULL, error = NULL
        FROM unnest(%(ids)s::uuid[], %(attempts)s::int[]) AS mine(id, attempt)
        WHERE task.id = mine.id AND task.attempt = mine.attempt
          AND task.state IN ('running', 'calling', 'unknown')
        RETURNING task.id::text
        """,
        now=tx.now, ids=array(task.id for task in claimed), attempts=array(task.attempt for task in claimed),
    )  # fmt: skip
    return {row.id for row in rows}


def fail(tx: "Tx", task: Task, error: str, *, final: bool = False) -> bool:
    """Put a failed task back with backoff, or among the dead after the last attempt; whether it is dead now."""
    dead = final or task.attempt >= ATTEMPTS_MAX
    wait = min(RETRY_FIRST * 2 ** (task.attempt - 1), RETRY_LONGEST)
    failed = tx.write(
        """
        UPDATE task SET state = %(state)s, run_at = %(run_at)s, error = %(error)s, leased_until = NULL,
                        ended_at = %(ended)s
        WHERE id = %(id)s AND attempt = %(attempt)s AND state IN ('running', 'calling', 'unknown')
        """,
        state="dead" if dead else "open", run_at=tx.now + wait, error=error[:2000],
        ended=tx.now if dead else None, id=task.id, attempt=task.attempt,
    )  # fmt: skip
    return dead and failed == 1


def sweep_lapsed(tx: "Tx") -> int:
    """Reopen tasks whose worker died: before the call they simply run again, within it they are unknown."""
    return tx.write(
        """
        UPDATE task SET state = CASE state WHEN 'running' THEN 'open' ELSE 'unknown' END,
                        leased_until = CASE state WHEN 'running' THEN NULL ELSE %(until)s END,
                        attempt = attempt + CASE state WHEN 'running' THEN 0 ELSE 1 END
        WHERE id IN (SELECT id FROM task WHERE state IN ('running', 'calling') AND leased_until < %(now)s
                     ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED)
        """,
        now=tx.now, until=tx.now,
    )  # fmt: skip


def claim_unknown(tx: "Tx", limit: int) -> list[Task]:
    """Claim tasks whose call may or may not have happened, to be settled by asking."""
    rows = tx.rows(
        """
        UPDATE task SET leased_until = %(until)s, attempt = attempt + 1
        WHERE id IN (SELECT id FROM task WHERE state = 'unknown' AND leased_until <= %(now)s
                     ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
        RETURNING id::text, name, subject::text, attempt, state, body
        """,
        now=tx.now, until=tx.now + LEASE, limit=limit,
    )  # fmt: skip
    return sorted(_task(row) for row in rows)


def retry_dead(tx: "Tx", task_id: str) -> bool:
    """Reopen a dead task with fresh attempts. False when it is not dead."""
    return (
        tx.write(
            "UPDATE task SET state = 'open', attempt = 0, run_at = %(now)s, ended_at = NULL"
            " WHERE id = %(id)s AND state = 'dead'",
            now=tx.now, id=task_id,
        ) == 1
    )  # fmt: skip


def _task(row: Any) -> Task:
    return Task(row.id, row.name, row.subject, row.attempt, row.state, msgspec.json.decode(row.body))


def _move(tx: "Tx", claimed: Sequence[Task], start: str, end: str) -> set[str]:
    rows = tx.rows(
        """
        UPDATE task SET state = %(end)s FROM unnest(%(ids)s::uuid[], %(attempts)s::int[]) AS mine(id, attempt)
        WHERE task.id = mine.id AND task.attempt = mine.attempt AND task.state = %(start)s
        RETURNING task.id::text
        """,
        start=start, end=end,
        ids=array(task.id for task in claimed), attempts=array(task.attempt for task in claimed),
    )  # fmt: skip
    return {row.id for row in rows}
