"""What is suggested for exceptions is done by the system where its dial says so; people may decide otherwise."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.edit import edit_orders
from orderwright.business.deeds.editing.forms import EditOrder
from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.resolve import ResolveException, resolve_exceptions
from orderwright.business.orders.commands import CancelOrder, HoldOrder
from orderwright.business.orders.dials import (
    DIALS,
    AcceptDecision,
    Decision,
    OverrideDecision,
    came_of,
    decisions_now,
    settings_now,
)
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.business.orders.form import NewOrder
from orderwright.database.rows import array
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.values.address_mending import mended
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal

AT_ONCE = 50
"""So many exceptions are looked at, and so many suggestions done, in one go of the task."""


class _Case(NamedTuple):
    """An exception of a kind that has a dial, and its order."""

    id: str
    kind: str
    order_id: str
    number: str
    form: str
    document: str


def turn_dials(tx: Tx, tasks: Sequence[Task]) -> None:
    """The task verb: see what is suggested, do it where the dial says so, and note what came of what ended."""
    note_suggestions(tx)
    do_suggested(tx)
    note_outcomes(tx)


def note_suggestions(tx: Tx) -> int:
    """Write down what is suggested for open exceptions that were not looked at yet; how many were."""
    rows = tx.rows(
        "SELECT e.id::text, e.kind, e.order_id::text, o.number, o.form, e.document FROM exception e"
        " JOIN orders o ON o.id = e.order_id WHERE e.closed_at IS NULL AND e.kind = ANY(%(kinds)s::text[])"
        " AND NOT EXISTS (SELECT 1 FROM suggestion s WHERE s.exception_id = e.id)"
        " ORDER BY e.due_at, e.id LIMIT %(most)s",
        kinds=array(DIALS), most=AT_ONCE,
    )  # fmt: skip
    cases = [_Case(*row) for row in rows]
    tx.copy(
        "suggestion",
        "exception_id, order_id, kind, made_at, digest",
        [(each.id, each.order_id, each.kind, tx.now, _digest(each)) for each in cases],
    )
    return len(cases)


def do_suggested(tx: Tx) -> int:
    """Do what is suggested where the dial says so; how many were done. What is refused is left to people."""
    by_itself = {kind: setting for kind, setting in settings_now(tx).items() if setting != "suggest"}
    if not by_itself:
        return 0
    rows = tx.rows(
        "SELECT e.id::text, e.kind, e.order_id::text, o.number, o.form, e.document FROM suggestion s"
        " JOIN exception e ON e.id = s.exception_id JOIN orders o ON o.id = e.order_id"
        " WHERE s.came = '' AND s.digest <> '' AND s.refused = '' AND e.closed_at IS NULL"
        " AND e.kind = ANY(%(kinds)s::text[]) ORDER BY e.due_at, e.id LIMIT %(most)s",
        kinds=array(by_itself), most=AT_ONCE,
    )  # fmt: skip
    cases = [_Case(*row) for row in rows]
    lock_by_number(tx, [each.number for each in cases])
    came: dict[str, str] = {}
    for kind, way in _WAYS.items():
        mine = [each for each in cases if each.kind == kind]
        for each, result in zip(mine, way(tx, mine) if mine else (), strict=True):
            came[each.id] = result.code if isinstance(result, Refusal) else ""
    tx.write(
        """
        UPDATE suggestion s SET refused = r.refused, decided_at = %(now)s,
               dial = CASE WHEN r.refused = '' THEN r.dial ELSE '' END,
               done_at = CASE WHEN r.refused = '' THEN %(now)s END,
               came = CASE WHEN r.refused = '' THEN 'taken' ELSE '' END,
               decided_by = CASE WHEN r.refused = '' THEN 'dial:' || s.kind ELSE '' END
        FROM unnest(%(ids)s::uuid[], %(refused)s::text[], %(dials)s::text[]) AS r(id, refused, dial)
        WHERE s.exception_id = r.id
        """,
        now=tx.now, ids=array(came), refused=array(came.values()),
        dials=array([by_itself[each.kind] for id_ in came for each in cases if each.id == id_]),
    )  # fmt: skip
    return sum(not each for each in came.values())


def note_outcomes(tx: Tx) -> int:
    """Note what came of suggestions whose exceptions ended; how many."""
    rows = tx.rows(
        "SELECT e.id::text, s.kind, s.digest, e.resolution, e.closed_by, e.closed_at, e.note, o.form FROM suggestion s"
        " JOIN exception e ON e.id = s.exception_id JOIN orders o ON o.id = s.order_id"
        " WHERE s.came = '' AND e.closed_at IS NOT NULL ORDER BY e.closed_at, e.id LIMIT %(most)s",
        most=4 * AT_ONCE,
    )  # fmt: skip
    came = [
        came_of(row.kind, row.resolution or "", is_as_suggested=_of_address(row.form) == row.digest)
        if row.digest
        else "gone"
        for row in rows
    ]
    tx.write(
        "UPDATE suggestion s SET came = c.came, decided_by = c.actor, decided_at = c.at, reason = c.reason"
        " FROM unnest(%(ids)s::uuid[], %(came)s::text[], %(actors)s::text[], %(ats)s::timestamptz[],"
        " %(reasons)s::text[]) AS c(id, came, actor, at, reason) WHERE s.exception_id = c.id",
        ids=array(row.id for row in rows), came=array(came), actors=array(row.closed_by or "" for row in rows),
        ats=array(row.closed_at for row in rows),
        reasons=array(row.note if how == "overridden" else "" for row, how in zip(rows, came, strict=True)),
    )  # fmt: skip
    return len(rows)


def override_decisions(tx: Tx, commands: Sequence[OverrideDecision]) -> list[Decision | Refusal]:
    """Decide otherwise than the system did, with a reason; one `Decision` or Refusal per command.

    The order is held, where it can still be, until somebody has put it right: what was cancelled stays cancelled.
    Refuses not_found, reason_needed, decision_step (it was overridden before).
    """
    found = _lock(tx, [each.id for each in commands])
    results: list[Any] = []
    done: dict[str, OverrideDecision] = {}
    for each in commands:
        decision = found.get(each.id)
        if decision is None:
            results.append(Refusal("not_found", decision=each.id))
        elif not each.reason.strip():
            results.append(Refusal("reason_needed"))
        elif decision.came != "taken" or each.id in done:
            results.append(Refusal("decision_step", came="overridden"))
        else:
            done[each.id] = each
            results.append(None)
    # A hold that cannot be placed, since the order left or was cancelled, is no reason not to keep the decision.
    hold_orders(tx, [
        HoldOrder(number=found[id_].order, note=each.reason, actor=each.actor) for id_, each in done.items()
    ])  # fmt: skip
    tx.write(
        "UPDATE suggestion s SET came = 'overridden', reason = d.reason, decided_by = d.actor, decided_at = %(now)s,"
        " told_at = coalesce(told_at, %(now)s) FROM unnest(%(ids)s::uuid[], %(reasons)s::text[], %(actors)s::text[])"
        " AS d(id, reason, actor) WHERE s.exception_id = d.id",
        now=tx.now, ids=array(done), reasons=array(each.reason.strip() for each in done.values()),
        actors=array(each.actor for each in done.values()),
    )  # fmt: skip
    return _answers(tx, [each.id for each in commands], results)


def accept_decisions(tx: Tx, commands: Sequence[AcceptDecision]) -> list[Decision | Refusal]:
    """What the system did was looked at, and is all right; one `Decision` or Refusal per command.

    Looked at before: nothing happens. Refuses not_found.
    """
    found = _lock(tx, [each.id for each in commands])
    tx.write(
        "UPDATE suggestion SET told_at = %(now)s WHERE exception_id = ANY(%(ids)s::uuid[]) AND told_at IS NULL",
        now=tx.now, ids=array(sorted(found)),
    )  # fmt: skip
    results = [None if each.id in found else Refusal("not_found", decision=each.id) for each in commands]
    return _answers(tx, [each.id for each in commands], results)


def _lock(tx: Tx, ids: Sequence[str]) -> dict[str, Decision]:
    """What the system decided, by the exception's id, its orders locked first."""
    known = sorted({each for each in ids if is_id(each)})
    lock_by_number(tx, [each.order for each in decisions_now(tx, known).values()])
    tx.rows(
        "SELECT 1 FROM suggestion WHERE exception_id = ANY(%(ids)s::uuid[]) ORDER BY exception_id FOR UPDATE",
        ids=array(known),
    )
    return decisions_now(tx, known)


def _answers(tx: Tx, ids: Sequence[str], results: Sequence[Any]) -> list[Any]:
    now = decisions_now(tx, [id_ for id_, result in zip(ids, results, strict=True) if result is None])
    return [result or now[id_] for id_, result in zip(ids, results, strict=True)]


def _digest(case: _Case) -> str:
    """What is suggested, as a digest; '' where nothing is."""
    if case.kind == "address":
        better = _mended(case.form)
        return "" if better is None else _of_form(better)
    wanted = {"duplicate": "probable_duplicate", "price": "price_off"}[case.kind]
    findings = msgspec.json.decode(case.document).get("findings", ())
    codes = {each[0] for each in findings if each[0] != "probable_duplicate" or each[-1].get("number")}
    return case.kind if wanted in codes and (case.kind != "price" or codes == {"price_off"}) else ""


def _form(text: str) -> NewOrder | None:
    try:
        return msgspec.json.decode(text, type=NewOrder)
    except msgspec.MsgspecError:  # its people were erased
        return None


def _mended(text: str) -> NewOrder | None:
    """The order with the address that is suggested, None where nothing better is known."""
    form = _form(text)
    better = None if form is None else mended(form.ship_to)
    return None if form is None or better is None else msgspec.structs.replace(form, ship_to=better)


def _of_form(form: NewOrder) -> str:
    return sha256(msgspec.json.encode(form.ship_to)).hexdigest()


def _of_address(text: str) -> str:
    form = _form(text)
    return "" if form is None else _of_form(form)


def _mend(tx: Tx, cases: Sequence[_Case]) -> list[Any]:
    forms = [(each, _mended(each.form)) for each in cases]
    asked = [
        EditOrder(number=each.number, form=form, actor="dial:address", door="channel")
        for each, form in forms
        if form is not None
    ]
    answers = iter(edit_orders(tx, asked) if asked else [])
    return [Refusal("not_found") if form is None else next(answers) for _, form in forms]


def _drop(tx: Tx, cases: Sequence[_Case]) -> list[Any]:
    told = [CancelOrder(number=each.number, reason="duplicate", actor="dial:duplicate") for each in cases]
    return cancel_orders(tx, told)


def _keep(tx: Tx, cases: Sequence[_Case]) -> list[Any]:
    return resolve_exceptions(
        tx,
        [ResolveException(id=each.id, resolution="price_kept", release=True, actor="dial:price") for each in cases],
    )


_WAYS: Mapping[str, Any] = {"address": _mend, "duplicate": _drop, "price": _keep}
"""How what is suggested is done, by kind: through the deeds people use."""
