"""Counts as people see them: what is to be counted without what the books say of it, and what came of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from orderwright.business.warehouse.counts.forms import CountFound, CountQuery, CountShown
from orderwright.business.warehouse.counts.rows import OVER, lines_of
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id
from orderwright.values.pages import Page, mark, read_mark
from orderwright.values.refusal import Refusal

_SHOWN = """
    SELECT c.id::text, c.site, p.code AS place, p.zone, c.sku, c.reason, c.state, c.round, c.priority, c.made_at,
           c.due_at, coalesce(c.counter, '') AS counter, c.counted_by, c.started_at, c.ended_at
    FROM count_task c JOIN place p ON p.id = c.place_id
"""


def list_counts(tx: Tx, query: CountQuery) -> Page[CountShown]:
    """A page of a site's counts; only those that are done tell what they found."""
    is_over = query.state in OVER
    keys = "c.ended_at, c.id" if is_over else "-c.priority, c.due_at, c.id"
    order = "c.ended_at DESC, c.id DESC" if is_over else "c.priority DESC, c.due_at, c.id"
    wanted = ["c.site = %(site)s", "c.state = %(state)s", "c.reason = %(reason)s" if query.reason else ""]
    told: dict[str, Any] = {}
    if query.after and is_over:
        told["at"], told["id"] = read_mark(query.after, tuple[datetime, UUID])
        wanted.append(f"({keys}) < (%(at)s, %(id)s)")
    elif query.after:
        told["first"], told["at"], told["id"] = read_mark(query.after, tuple[int, datetime, UUID])
        wanted.append(f"({keys}) > (%(first)s, %(at)s, %(id)s)")
    rows = tx.rows(
        f"{_SHOWN} WHERE {' AND '.join(each for each in wanted if each)} ORDER BY {order} LIMIT %(limit)s",
        site=query.site, state=query.state, reason=query.reason, limit=query.limit + 1, **told,
    )  # fmt: skip
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    rows = rows[: query.limit]
    next_ = None
    if last is not None:
        next_ = mark(last.ended_at, last.id) if is_over else mark(-last.priority, last.due_at, last.id)
    return Page(_with_found(tx, rows), next_)


def counts_now(tx: Tx, ids: Iterable[str]) -> dict[str, CountShown]:
    """Counts as they stand, by id; unknown ones are left out."""
    asked = array(sorted({id_ for id_ in ids if is_id(id_)}))
    return {
        each.id: each for each in _with_found(tx, tx.rows(f"{_SHOWN} WHERE c.id = ANY(%(ids)s::uuid[])", ids=asked))
    }


def get_count(tx: Tx, count_id: str) -> CountShown:
    """One count. Refuses not_found."""
    shown = counts_now(tx, [count_id]).get(count_id)
    if shown is None:
        raise Refusal("not_found", count_id=count_id)
    return shown


def _with_found(tx: Tx, rows: Iterable[Any]) -> list[CountShown]:
    shown = [CountShown(*row) for row in rows]
    lines = lines_of(tx, [each.id for each in shown if each.state == "done"])
    return [
        msgspec.structs.replace(each, found=[
            CountFound(line.sku, line.counted, line.counted - line.difference, line.lot, line.posted or 0)
            for line in lines.get(each.id, ())
            if line.round == each.round and line.counted is not None
        ])
        for each in shown
    ]  # fmt: skip
