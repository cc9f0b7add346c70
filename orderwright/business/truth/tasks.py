"""What must be true of tasks: each fact led to what flows.py names, and nothing is stuck or given up untried."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from orderwright.database.invariants import Invariant, Scope
from orderwright.database.retention import TASK_DAYS
from orderwright.database.rows import array
from orderwright.database.settings import value_of
from orderwright.database.tx import Tx

STUCK_AFTER = timedelta(minutes=10)


def _flows(tx: Tx, scope: Scope) -> Mapping[str, Any]:
    pairs = [(type_, name) for type_, names in tx.store.flows.items() for name in names]
    return {
        "types": array(type_ for type_, _ in pairs),
        "names": array(name for _, name in pairs),
        # Finished tasks are forgotten after a while; of older facts none need be left.
        "kept_since": tx.now - timedelta(days=value_of(tx, TASK_DAYS)),
    }


def _stuck_since(tx: Tx, scope: Scope) -> Mapping[str, Any]:
    return {"stuck_since": tx.now - STUCK_AFTER}


INVARIANTS = (
    Invariant(
        "every_fact_led_to_its_tasks",
        "Each fact has exactly one task of each kind that follows it.",
        """
        SELECT f.subject, f.seq, f.type, flow.name, count(t.id) AS times
        FROM {fact by subject} AS f
        JOIN unnest(%(types)s::text[], %(names)s::text[]) AS flow(type, name) ON flow.type = f.type
        LEFT JOIN {task by subject} AS t ON t.subject = f.subject AND t.cause_seq = f.seq AND t.name = flow.name
        WHERE f.recorded_at > %(kept_since)s
        GROUP BY f.subject, f.seq, f.type, flow.name HAVING count(t.id) <> 1
        """,
        "fact {seq} ({type}) of {subject} led {times} times to '{name}'",
        values=_flows,
    ),
    Invariant(
        "tasks_follow_facts",
        "Every task that names a fact as its cause has that fact.",
        """
        SELECT t.id, t.name, t.subject, t.cause_seq FROM {task by subject} AS t
        LEFT JOIN {fact by subject} AS f ON f.subject = t.subject AND f.seq = t.cause_seq
        WHERE t.cause_seq IS NOT NULL AND f.seq IS NULL
        """,
        "task {id} '{name}' follows fact {cause_seq} of {subject}, which is not there",
    ),
    Invariant(
        "no_task_is_stuck",
        "No task is at work, or waiting to be settled, ten minutes past its lease.",
        """
        SELECT id, name, state, leased_until FROM task
        WHERE state IN ('running', 'calling', 'unknown') AND (leased_until IS NULL OR leased_until < %(stuck_since)s)
        """,
        "task {id} '{name}' is {state} since its lease ended at {leased_until}",
        values=_stuck_since,
    ),
    Invariant(
        "dead_tasks_were_tried",
        "No task was given up before it was tried, nor without a word why.",
        "SELECT id, name, attempt FROM task WHERE state = 'dead' AND (attempt = 0 OR coalesce(error, '') = '')",
        "task {id} '{name}' was given up after {attempt} attempts",
    ),
)
