"""Opening, closing and looking at sessions."""

from collections.abc import Sequence
from typing import Any

import msgspec

from orderwright.business.catalog.reads import known_sites
from orderwright.business.deeds.scanning.asking import Asking
from orderwright.business.deeds.scanning.kinds import KINDS
from orderwright.business.deeds.scanning.line import Kept, session_now
from orderwright.business.shipping.packing.checking import leave_claims
from orderwright.business.warehouse.sessions.forms import CloseSession, Instruction, OpenForm, OpenSession, SessionNow
from orderwright.business.warehouse.sessions.rows import SessionRow, close_rows, find_session, lock_sessions, open_rows
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.database.tx import Tx
from orderwright.values.findings import known_as, refusal_of, text_findings, worded
from orderwright.values.refusal import Refusal


def open_sessions(tx: Tx, commands: Sequence[OpenSession]) -> list[SessionNow | Refusal]:
    """Begin to work with a scanner; one `SessionNow` with the first instruction, or a Refusal, per command.

    The same person, kind and subject again answer the session that is open, `repeated`. Refuses malformed,
    unknown_site, and what the kind refuses (of `pick`: no_walk).
    """
    results: list[Any] = _refusals(tx, commands)
    subjects: dict[int, str] = {}
    for name, kind in KINDS.items():
        mine = [i for i, each in enumerate(commands) if results[i] is None and each.kind == name]
        for i, begun in zip(mine, kind.begin(tx, [commands[i] for i in mine]) if mine else (), strict=True):
            if isinstance(begun, Refusal):
                results[i] = begun
            else:
                subjects[i] = begun
    rows = open_rows(tx, [(commands[i], subject) for i, subject in subjects.items()]) if subjects else []
    told = look_at(tx, [row for row, _ in rows])
    for i, (row, is_new) in zip(subjects, rows, strict=True):
        results[i] = msgspec.structs.replace(told[row.id], repeated=not is_new)
    return results


def close_sessions(tx: Tx, commands: Sequence[CloseSession]) -> list[SessionNow | Refusal]:
    """Stop working; what is not finished stays as it is, and units in hand were not picked. Again: `repeated`.

    Refuses not_found.
    """
    sessions = lock_sessions(tx, [each.session_id for each in commands])
    open_ones = {id_ for id_, row in sessions.items() if row.closed_at is None}
    close_rows(tx, open_ones)
    leave_claims(tx, [(row.subject, row.person) for id_, row in sessions.items()
                      if id_ in open_ones and row.kind == "pack"])  # fmt: skip
    now = {id_: row if row.closed_at else row._replace(closed_at=tx.now) for id_, row in sessions.items()}
    told = look_at(tx, list(now.values()))
    results: list[SessionNow | Refusal] = []
    for each in commands:
        if each.session_id not in told:
            results.append(Refusal("not_found", session_id=each.session_id))
            continue
        is_again = each.session_id not in open_ones
        open_ones.discard(each.session_id)
        results.append(msgspec.structs.replace(told[each.session_id], repeated=is_again))
    return results


def get_session(tx: Tx, session_id: str) -> SessionNow:
    """A session with what is to be done now. Refuses not_found."""
    row = find_session(tx, session_id)
    if row is None:
        raise Refusal("not_found", session_id=session_id)
    return look_at(tx, [row])[row.id]


def look_at(tx: Tx, sessions: Sequence[SessionRow]) -> dict[str, SessionNow]:
    """Sessions with what is to be done now, by id. Nothing is written, and what people were told is told again."""
    told = {
        row.id: session_now(row, row.next_n, Instruction("session_over", words_of("session_over", {}), "done", "done"))
        for row in sessions
    }
    for name, kind in KINDS.items():
        mine = [row for row in sessions if row.kind == name and row.closed_at is None]
        states = {
            row.id: msgspec.json.decode(msgspec.json.decode(row.state, type=Kept).step, type=kind.state) for row in mine
        }
        views = kind.read(tx, [Asking(row, states[row.id], ()) for row in mine]) if mine else {}
        for row in mine:
            state, notices = kind.tell(states[row.id], views[row.id])
            now = msgspec.structs.replace(kind.ask(state, views[row.id]), notices=notices)
            told[row.id] = session_now(row, row.next_n, now)
    return told


def _refusals(tx: Tx, commands: Sequence[OpenSession]) -> list[Refusal | None]:
    sites = known_sites(tx, (each.site for each in commands))
    results: list[Refusal | None] = []
    for each in commands:
        form = OpenForm(**{name: getattr(each, name) for name in OpenForm.__struct_fields__})
        findings = list(text_findings(form))
        if each.kind not in KINDS:
            findings.append(worded("/kind", "unknown_kind", "Known are: {known}.", known=", ".join(KINDS)))
        if not findings and each.site not in sites:
            findings.append(known_as("unknown_site", "/site"))
        results.append(refusal_of(findings) if findings else None)
    return results
