"""Taking scans: each session's in their order, each once, whatever order they come in."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.deeds.scanning.kinds import KINDS
from orderwright.business.deeds.scanning.line import Line
from orderwright.business.warehouse.sessions.codes import find_codes
from orderwright.business.warehouse.sessions.commands import PREFIX, read_command
from orderwright.business.warehouse.sessions.forms import SessionNow, TakeScans
from orderwright.business.warehouse.sessions.rows import (
    known_scans,
    lock_sessions,
    save_done,
    save_sessions,
    sessions_of_walks,
)
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def take_scans(tx: Tx, commands: Sequence[TakeScans]) -> list[SessionNow | Refusal]:
    """Take the scans of sessions; one `SessionNow` with an answer to each scan, or a Refusal, per command.

    A scan that came before is answered as then. One ahead of its turn waits, and is done when those before it have
    come. What it leads to is done by the deeds of the API; those of all sessions together, so that a call costs the
    same statements for one scanner as for fifty. Refuses not_found, session_closed; a scan that is refused by itself
    changes nothing and has its refusal in its answer.
    """
    walks = sessions_of_walks(tx, [each.walk_id for each in commands if each.walk_id])
    ids = [walks.get(each.walk_id, "") if each.walk_id else each.session_id for each in commands]
    sessions = lock_sessions(tx, ids)
    results: list[Any] = []
    lines: dict[str, Line] = {}
    for id_, command in zip(ids, commands, strict=True):
        session = sessions.get(id_)
        if session is None:
            results.append(Refusal("not_found", session_id=command.session_id or command.walk_id))
        elif session.closed_at is not None:
            results.append(Refusal("session_closed", session_id=id_))
        else:
            lines.setdefault(id_, Line(session, KINDS[session.kind])).bring(command.scans, tx.now)
            results.append(None)
    _line_up(tx, lines)
    while busy := [line for line in lines.values() if line.is_busy]:
        _look_and_do(tx, busy)
    save_sessions(
        tx, {id_: line.kept() for id_, line in lines.items() if line.has_changed},
        [row for line in lines.values() for row in line.new_rows()],
    )  # fmt: skip
    save_done(tx, [row for line in lines.values() for row in line.done_rows()])
    return [
        lines[id_].answer(command.scans) if result is None else result
        for id_, command, result in zip(ids, commands, results, strict=True)
    ]


def _line_up(tx: Tx, lines: dict[str, Line]) -> None:
    """Tell what came before from what is new, and find out what the codes that are next are."""
    if not lines:
        return
    before = {id_: (line.session.next_n, line.numbers) for id_, line in lines.items() if line.has_past}
    for (id_, n), row in (known_scans(tx, before) if before else {}).items():
        lines[id_].remember(n, row)
    for line in lines.values():
        line.line_up()
    codes = find_codes(tx, {(line.session.site, code) for line in lines.values() for code in line.codes()})
    for line in lines.values():
        for code in line.codes():
            line.found[code] = codes[line.session.site, code]
            if code.startswith(PREFIX):
                line.sealed[code] = read_command(tx, code)


def _look_and_do(tx: Tx, lines: Sequence[Line]) -> None:
    """Step each session until it wants something done whose end is not certain, then do all they want at once."""
    for name in sorted({line.session.kind for line in lines}):
        kind = KINDS[name]
        mine = [line for line in lines if line.session.kind == name]
        views = kind.read(tx, [line.asking() for line in mine])
        for line in mine:
            line.advance(views[line.session.id], is_foreseen=not tx.is_again)
        wanted = [each for line in mine for each in line.wanted]
        if wanted:
            outcomes = iter(kind.do(tx, wanted))
            for line in mine:
                line.settle([next(outcomes) for _ in line.wanted])
