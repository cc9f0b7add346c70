"""How far somebody is, read from the store alone: nobody says of themselves that a task is done."""

from collections.abc import Collection

from orderwright.business.practice.forms import MENDED, PREFIX, Course, Step
from orderwright.business.practice.rules import TASKS
from orderwright.database.tx import Tx

_DONE = """
    SELECT o.reference, o.number,
        CASE o.reference
        WHEN %(prefix)s || 'REVIEW' THEN ''
        WHEN %(prefix)s || 'RETURN'
        THEN coalesce((SELECT r.id::text FROM return_request r WHERE r.order_id = o.id LIMIT 1), '')
        ELSE coalesce((SELECT e.id::text FROM exception e WHERE e.order_id = o.id ORDER BY e.opened_at LIMIT 1), '')
        END AS subject,
        CASE o.reference
        WHEN %(prefix)s || 'REVIEW' THEN NOT o.is_held AND o.form::json #>> '{ship_to,lines,0}' = %(mended)s
          AND EXISTS (SELECT FROM hold h WHERE h.order_id = o.id AND h.released_by = ANY(%(actors)s::text[]))
        WHEN %(prefix)s || 'EXCEPTION' THEN EXISTS (
            SELECT FROM exception e WHERE e.order_id = o.id AND e.closed_by = ANY(%(actors)s::text[]))
        WHEN %(prefix)s || 'PICK' THEN EXISTS (
            SELECT FROM fulfilment f JOIN fact ON fact.subject = f.id
            WHERE f.order_id = o.id AND fact.type = 'units_picked' AND fact.actor = ANY(%(actors)s::text[]))
          AND NOT EXISTS (SELECT FROM fulfilment f JOIN pick_task t ON t.fulfilment_id = f.id
                          WHERE f.order_id = o.id AND t.state = 'open')
        WHEN %(prefix)s || 'PACK' THEN EXISTS (
            SELECT FROM parcel p JOIN fact ON fact.subject = p.id
            WHERE p.order_id = o.id AND p.state <> 'unpacked'
              AND fact.type = 'parcel_packed' AND fact.actor = ANY(%(actors)s::text[]))
        WHEN %(prefix)s || 'RETURN' THEN EXISTS (
            SELECT FROM return_request r JOIN fact ON fact.subject = r.id
            WHERE r.order_id = o.id AND r.state IN ('inspected', 'settled')
              AND fact.type = 'return_inspected' AND fact.actor = ANY(%(actors)s::text[]))
        ELSE false END AS is_done,
        EXISTS (SELECT FROM practice_hint h WHERE %(prefix)s || upper(h.task) = o.reference) AS is_hinted
    FROM orders o WHERE o.reference = ANY(%(references)s::text[])
    """


def course_of(tx: Tx, actors: Collection[str]) -> Course:
    """The course of who practises here. actors: as facts name them; what others did does not count."""
    references = {f"{PREFIX}{name.upper()}": name for name in TASKS}
    rows = tx.rows(_DONE, prefix=PREFIX, mended=MENDED, actors=sorted(actors), references=list(references))
    found = {references[row.reference]: row for row in rows}
    refused = tx.row("SELECT count(*)::int AS n FROM scan WHERE outcome = 'refused'")
    return Course(
        [
            Step(name, row.number, row.subject, row.is_done, row.is_hinted)
            for name in TASKS
            if (row := found.get(name)) is not None
        ],
        refused.n,
    )
