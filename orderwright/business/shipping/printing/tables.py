"""Rows of print jobs, and whether what they print still counts."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id

JOB = "j.id::text, j.printer, j.kind, j.subject::text, j.label_id::text, j.state, j.attempts, j.reason, j.language"

# A label that was taken back or is for another address, a parcel opened again, a list nobody walks: never given out.
COUNTS = """
    CASE j.kind
        WHEN 'carrier_label' THEN EXISTS (SELECT FROM label l WHERE l.id = j.label_id AND l.state = 'live'
                                          AND NOT l.is_stale)
        WHEN 'pick_list' THEN EXISTS (SELECT FROM fulfilment f WHERE f.id = j.subject AND f.state = 'released')
        ELSE EXISTS (SELECT FROM parcel p WHERE p.id = j.subject AND p.state <> 'unpacked')
    END
    """


class NewJob(NamedTuple):
    """A job to be written."""

    id: str
    printer: str
    kind: str
    subject: str
    label_id: str | None
    site: str
    order_id: str
    ship_by: Any
    priority: int
    reason: str
    language: str
    asked_by: str
    state: str = "waiting"
    attempts: int = 0


class Ended(NamedTuple):
    """What became of a locked job. state: `waiting` where it is to be tried again."""

    id: str
    state: str
    attempts: int
    reason: str
    by: str


def printables(tx: Tx, parcel_ids: Iterable[str]) -> dict[str, Any]:
    """By parcel: its state, site, order, when and how urgently it leaves, its SSCC, its live label."""
    rows = tx.rows(
        """
        SELECT p.id::text, p.number, p.state, p.site, p.order_id::text, p.sscc, f.ship_by, o.priority,
               l.id::text AS label_id, l.is_stale
        FROM parcel p JOIN orders o ON o.id = p.order_id JOIN fulfilment f ON f.id = p.fulfilment_id
        LEFT JOIN label l ON l.parcel_id = p.id AND l.state = 'live'
        WHERE p.id = ANY(%(ids)s::uuid[])
        """,
        ids=array(sorted({id_ for id_ in parcel_ids if is_id(id_)})),
    )
    return {row.id: row for row in rows}


def walks(tx: Tx, fulfilment_ids: Iterable[str]) -> dict[str, Any]:
    """By fulfilment: its state, site, order, when and how urgently it leaves. They are locked."""
    rows = tx.rows(
        """
        SELECT f.id::text, f.state, f.site, f.order_id::text, f.ship_by, o.priority
        FROM fulfilment f JOIN orders o ON o.id = f.order_id
        WHERE f.id = ANY(%(ids)s::uuid[]) ORDER BY f.id FOR UPDATE OF f
        """,
        ids=array(sorted({id_ for id_ in fulfilment_ids if is_id(id_)})),
    )
    return {row.id: row for row in rows}


def jobs_of(tx: Tx, subjects: Iterable[str]) -> dict[tuple[str, str, str | None], list[Any]]:
    """All jobs of these parcels and fulfilments, oldest first, by (kind, subject, label). They are locked."""
    rows = tx.rows(
        f"SELECT {JOB} FROM print_job j WHERE j.subject = ANY(%(ids)s::uuid[]) ORDER BY j.id FOR UPDATE OF j",
        ids=array(sorted({id_ for id_ in subjects if is_id(id_)})),
    )
    found: dict[tuple[str, str, str | None], list[Any]] = {}
    for row in rows:
        found.setdefault((row.kind, row.subject, row.label_id), []).append(row)
    return found


def insert(tx: Tx, jobs: Sequence[NewJob]) -> None:
    """Write waiting jobs."""
    columns = ", ".join(NewJob._fields)
    tx.copy("print_job", f"{columns}, asked_at", [(*job, tx.now) for job in jobs])


def lock(tx: Tx, job_ids: Iterable[str]) -> dict[str, Any]:
    """Lock jobs in id order; rows by id, each with `counts`: whether what it prints still does."""
    rows = tx.rows(
        f"SELECT {JOB}, {COUNTS} AS counts FROM print_job j"
        " WHERE j.id = ANY(%(ids)s::uuid[]) ORDER BY j.id FOR UPDATE OF j",
        ids=array(sorted({id_ for id_ in job_ids if is_id(id_)})),
    )
    return {row.id: row for row in rows}


def end(tx: Tx, ended: Sequence[Ended]) -> None:
    """Set what became of locked jobs."""
    if not ended:
        return
    tx.write(
        """
        UPDATE print_job j SET state = n.state, attempts = n.attempts, reason = n.reason,
               ended_by = CASE WHEN n.state <> 'waiting' THEN n.by END,
               ended_at = CASE WHEN n.state <> 'waiting' THEN %(now)s END
        FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(attempts)s::int[], %(reasons)s::text[], %(by)s::text[])
             AS n(id, state, attempts, reason, by)
        WHERE j.id = n.id
        """,
        now=tx.now, ids=array(each.id for each in ended), states=array(each.state for each in ended),
        attempts=array(each.attempts for each in ended), reasons=array(each.reason for each in ended),
        by=array(each.by for each in ended),
    )  # fmt: skip
