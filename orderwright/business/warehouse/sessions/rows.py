"""Sessions and their scans as rows: own SQL. A session's row is locked before everything else of the floor."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from orderwright.business.warehouse.sessions.forms import OpenSession
from orderwright.business.warehouse.sessions.sequence import Said
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id, new_ids

_COLUMNS = "id::text, site, kind, person, device, subject::text, state, next_n, opened_at, closed_at"


class SessionRow(NamedTuple):
    """A session. subject: '' for none."""

    id: str
    site: str
    kind: str
    person: str
    device: str
    subject: str
    state: str
    next_n: int
    opened_at: datetime
    closed_at: datetime | None


class ScanRow(NamedTuple):
    """A scan as it is kept."""

    session_id: str
    n: int
    code: str
    command: str
    reason: str
    quantity: int | None
    occurred_at: datetime
    outcome: str
    refusal: str
    sku: str
    zone: str
    units: int
    answer: str

    @property
    def said(self) -> Said:
        """What its number stands for."""
        return Said(self.code, self.command, self.quantity)


def open_rows(tx: Tx, new: Sequence[tuple[OpenSession, str]]) -> list[tuple[SessionRow, bool]]:
    """The open session of each (command, subject or ''), and whether it is new. Two at once meet at the index."""
    # In one order for everyone, and each once.
    keys = sorted({(each.site, each.person, each.kind, subject) for each, subject in new})
    devices = {(each.site, each.person, each.kind, subject): each.device for each, subject in new}
    made = tx.rows(
        """
        INSERT INTO floor_session (id, site, kind, person, device, subject, opened_at, last_at)
        SELECT id, site, kind, person, device, nullif(subject, '')::uuid, %(now)s, %(now)s
        FROM unnest(%(ids)s::uuid[], %(sites)s::text[], %(people)s::text[], %(kinds)s::text[], %(subjects)s::text[],
                    %(devices)s::text[]) AS n(id, site, person, kind, subject, device)
        ON CONFLICT (site, person, kind, subject) WHERE closed_at IS NULL DO NOTHING RETURNING id::text
        """,
        now=tx.now, ids=array(new_ids(len(keys))), sites=array(key[0] for key in keys),
        people=array(key[1] for key in keys), kinds=array(key[2] for key in keys),
        subjects=array(key[3] for key in keys), devices=array(devices[key] for key in keys),
    )  # fmt: skip
    fresh = {row.id for row in made}
    rows = tx.rows(
        f"""
        SELECT {", ".join("s." + column for column in _COLUMNS.split(", "))}
        FROM unnest(%(sites)s::text[], %(people)s::text[], %(kinds)s::text[], %(subjects)s::text[])
             AS n(asked_site, asked_person, asked_kind, asked_subject)
        JOIN floor_session s ON s.site = asked_site AND s.person = asked_person AND s.kind = asked_kind
             AND s.subject IS NOT DISTINCT FROM nullif(asked_subject, '')::uuid AND s.closed_at IS NULL
        """,
        sites=array(key[0] for key in keys), people=array(key[1] for key in keys),
        kinds=array(key[2] for key in keys), subjects=array(key[3] for key in keys),
    )  # fmt: skip
    found = {(row.site, row.person, row.kind, row.subject or ""): _session(row) for row in rows}
    told: list[tuple[SessionRow, bool]] = []
    for each, subject in new:
        row = found[each.site, each.person, each.kind, subject]
        told.append((row, row.id in fresh))
        fresh.discard(row.id)
    return told


def lock_sessions(tx: Tx, ids: Iterable[str]) -> dict[str, SessionRow]:
    """Sessions by id, locked in that order; unknown ones are left out."""
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM floor_session WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE",
        ids=array(sorted({id_ for id_ in ids if is_id(id_)})),
    )
    return {row.id: _session(row) for row in rows}


def find_session(tx: Tx, id_: str) -> SessionRow | None:
    """A session, without a lock."""
    row = tx.row(f"SELECT {_COLUMNS} FROM floor_session WHERE id = %(id)s::uuid", id=id_) if is_id(id_) else None
    return None if row is None else _session(row)


def sessions_of_walks(tx: Tx, walk_ids: Iterable[str]) -> dict[str, str]:
    """Ids of the open sessions that pick walks, by walk; a walk has one picker."""
    asked = sorted({id_ for id_ in walk_ids if is_id(id_)})
    if not asked:
        return {}
    rows = tx.rows(
        "SELECT subject::text AS walk, max(id::text) AS id FROM floor_session"
        " WHERE subject = ANY(%(ids)s::uuid[]) AND kind = 'pick' AND closed_at IS NULL GROUP BY subject",
        ids=array(asked),
    )
    return {row.walk: row.id for row in rows}


def known_scans(tx: Tx, asked: Mapping[str, tuple[int, Iterable[int]]]) -> dict[tuple[str, int], ScanRow]:
    """Scans by (session, n): those asked for, and all that wait. asked: (next n, numbers) by session."""
    pairs = [(id_, n) for id_, (_, numbers) in asked.items() for n in sorted(set(numbers))]
    rows = tx.rows(
        """
        WITH wanted AS (
            SELECT * FROM unnest(%(ids)s::uuid[], %(ns)s::int[]) AS a(session_id, n)
            UNION SELECT s.session_id, s.n FROM unnest(%(sessions)s::uuid[], %(nexts)s::int[]) AS a(session_id, next_n)
            JOIN scan s ON s.session_id = a.session_id AND s.n > a.next_n
        )
        SELECT s.session_id::text, s.n, s.code, s.command, s.reason, s.quantity, s.occurred_at, s.outcome, s.refusal,
               s.sku, s.zone, s.units, s.answer
        FROM wanted w JOIN scan s ON s.session_id = w.session_id AND s.n = w.n
        """,
        ids=array(id_ for id_, _ in pairs), ns=array(n for _, n in pairs), sessions=array(asked),
        nexts=array(next_n for next_n, _ in asked.values()),
    )  # fmt: skip
    return {(row.session_id, row.n): ScanRow(*row) for row in rows}


def save_done(tx: Tx, done: Sequence[ScanRow]) -> None:
    """Write what came of scans that had waited."""
    if done:
        tx.write(
            """
            UPDATE scan s SET outcome = d.outcome, refusal = d.refusal, sku = d.sku, zone = d.zone, units = d.units,
                   answer = d.answer
            FROM unnest(%(ids)s::uuid[], %(ns)s::int[], %(outcomes)s::text[], %(refusals)s::text[], %(skus)s::text[],
                        %(zones)s::text[], %(units)s::bigint[], %(answers)s::text[])
                 AS d(session_id, n, outcome, refusal, sku, zone, units, answer)
            WHERE s.session_id = d.session_id AND s.n = d.n
            """,
            ids=array(each.session_id for each in done), ns=array(each.n for each in done),
            outcomes=array(each.outcome for each in done), refusals=array(each.refusal for each in done),
            skus=array(each.sku for each in done), zones=array(each.zone for each in done),
            units=array(each.units for each in done), answers=array(each.answer for each in done),
        )  # fmt: skip


def save_sessions(tx: Tx, changed: Mapping[str, tuple[str, int]], scans: Sequence[ScanRow]) -> None:
    """Write (state, next n) of locked sessions by id, and the scans that are new, in one statement."""
    ids = sorted(changed)
    if not ids and not scans:
        return
    columns = {name: array(getattr(each, name) for each in scans) for name in ScanRow._fields}
    tx.write(
        """
        WITH scanned AS (
            INSERT INTO scan (session_id, n, code, command, reason, quantity, occurred_at, outcome, refusal, sku, zone,
                              units, answer, recorded_at)
            SELECT *, %(now)s FROM unnest(
                %(session_id)s::uuid[], %(n)s::int[], %(code)s::text[], %(command)s::text[], %(reason)s::text[],
                %(quantity)s::bigint[], %(occurred_at)s::timestamptz[], %(outcome)s::text[], %(refusal)s::text[],
                %(sku)s::text[], %(zone)s::text[], %(units)s::bigint[], %(answer)s::text[])
        )
        UPDATE floor_session s SET state = n.state, next_n = n.next_n, last_at = %(now)s
        FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(nexts)s::int[]) AS n(id, state, next_n) WHERE s.id = n.id
        """,
        now=tx.now, ids=array(ids), states=array(changed[id_][0] for id_ in ids),
        nexts=array(changed[id_][1] for id_ in ids), **columns,
    )  # fmt: skip


def close_rows(tx: Tx, ids: Iterable[str]) -> None:
    """Close locked sessions."""
    tx.write(
        "UPDATE floor_session SET closed_at = %(now)s, last_at = %(now)s WHERE id = ANY(%(ids)s::uuid[])",
        now=tx.now, ids=array(sorted(set(ids))),
    )  # fmt: skip


def _session(row: Any) -> SessionRow:
    return SessionRow(*row)._replace(subject=row.subject or "")
