"""People at the exception queue: what they settled is closed, with its hold; what is another's is given on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.business.deeds.hold import exception_of, release_kinds
from orderwright.business.orders.actions import lock_orders
from orderwright.business.orders.dials import came_of, suggested_among
from orderwright.business.orders.exception_queue import ExceptionShown, exceptions_now
from orderwright.business.orders.exceptions import Closing, close_by_id, lock_exceptions, orders_of, set_owners
from orderwright.business.orders.facts import ExceptionAssigned, ExceptionClosed
from orderwright.business.orders.procedures import ProcedureRead, keep_read, unknown_versions
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.forms import Form
from orderwright.values.refusal import Refusal

Owner = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_.@+-]{0,63}$")]
"""A role, or a person by user name or e-mail address."""


class ResolveForm(Form, frozen=True):
    """How it was settled: in one word (`resolution`), and in any words (`note`).

    release: let go of the hold behind it, which a hold's exception needs. procedure: which version of the shop's
    procedure for it was at hand.
    """

    resolution: Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,39}$")]
    note: Annotated[str, Meta(max_length=2000)] = ""
    release: bool = False
    procedure: ProcedureRead | None = None


class ResolveException(ResolveForm, frozen=True, kw_only=True):
    """An exception is settled."""

    id: str
    actor: str


class AssignForm(Form, frozen=True):
    """Whose it is from now on: a role (clerk, manager) or a user."""

    owner: Owner


class AssignException(AssignForm, frozen=True, kw_only=True):
    """An exception goes to another owner."""

    id: str
    actor: str


def resolve_exceptions(tx: Tx, commands: Sequence[ResolveException]) -> list[ExceptionShown | Refusal]:
    """Close exceptions; one as it stands, or a Refusal, per command. Closed before: `repeated`.

    Refuses not_found; hold_open (kinds) where a hold is behind it and is not to be released; no_such_hold
    where there is none to release; no_such_procedure where the version at hand was never written;
    reason_needed where it ends otherwise than was suggested, and nobody says why.
    """
    homes = orders_of(tx, [each.id for each in commands])
    lock_orders(tx, [id_ for id_ in homes.values() if id_])
    rows = lock_exceptions(tx, homes)
    holds = _holds(tx, [id_ for id_ in homes.values() if id_])
    results: list[Any] = []
    closed: dict[str, ResolveException] = {}
    suggested = suggested_among(tx, list(rows))
    unwritten = unknown_versions(tx, _read(commands, rows))
    for each in commands:
        row = rows.get(each.id)
        if row is None:
            results.append(Refusal("not_found", exception_id=each.id))
            continue
        behind = holds.get((row.subject, row.kind), [])
        is_repeated = row.closed_at is not None or each.id in closed
        refusal = None if is_repeated else _refusal(each, behind)
        if refusal is None and each.procedure is not None and each.id in unwritten:
            refusal = Refusal("no_such_procedure")
        if refusal is None and not is_repeated and each.id in suggested and _is_unreasoned(each, row.kind):
            refusal = Refusal("reason_needed")
        results.append(refusal or is_repeated)
        if refusal is None and not is_repeated:
            closed[each.id] = each
    if closed:
        _close(tx, closed, rows, holds)
    return _answers(tx, [each.id for each in commands], results)


def _read(
    commands: Iterable[ResolveException], rows: Mapping[str, Any]
) -> dict[str, tuple[str, ProcedureRead]]:  # fmt: skip
    """(kind, version at hand) by the exceptions' ids."""
    return {each.id: (rows[each.id].kind, each.procedure) for each in commands if each.procedure and each.id in rows}


def _is_unreasoned(command: ResolveException, kind: str) -> bool:
    """Whether it ends otherwise than was suggested, and nobody says why."""
    return not command.note.strip() and came_of(kind, command.resolution, is_as_suggested=False) == "overridden"


def _refusal(command: ResolveException, behind: Sequence[str]) -> Refusal | None:
    if behind and not command.release:
        return Refusal("hold_open", kinds=list(behind))
    if command.release and not behind:
        return Refusal("no_such_hold", open=[])
    return None


def _close(
    tx: Tx, closed: dict[str, ResolveException], rows: dict[str, Any], holds: dict[tuple[str, str], list[str]]
) -> None:
    # Closed before the holds go, or their release would close them in its own words.
    close_by_id(tx, {id_: Closing(each.resolution, each.note, each.actor) for id_, each in closed.items()})
    keep_read(tx, _read(closed.values(), rows))
    for id_, each in closed.items():
        fact = ExceptionClosed(kind=rows[id_].kind, resolution=each.resolution)
        if rows[id_].order_id:  # what is about a site keeps in its own row who closed it
            tx.record("order", rows[id_].order_id, fact, actor=each.actor)
    for actor in sorted({each.actor for each in closed.values()}):
        mine = [rows[id_] for id_, each in closed.items() if each.actor == actor]
        gone = [(row.order_id, kind) for row in mine for kind in holds.get((row.subject, row.kind), [])]
        release_kinds(tx, gone, actor=actor)


def assign_exceptions(tx: Tx, commands: Sequence[AssignException]) -> list[ExceptionShown | Refusal]:
    """Give exceptions to owners; one as it stands, or a Refusal, per command. Theirs already: `repeated`.

    Refuses not_found, exception_step (it is closed).
    """
    homes = orders_of(tx, [each.id for each in commands])
    lock_orders(tx, [id_ for id_ in homes.values() if id_])
    rows = lock_exceptions(tx, homes)
    owners = {id_: row.owner for id_, row in rows.items()}
    results: list[Any] = []
    for each in commands:
        row = rows.get(each.id)
        if row is None:
            results.append(Refusal("not_found", exception_id=each.id))
        elif row.closed_at is not None:
            results.append(Refusal("exception_step", closed_at=row.closed_at))
        else:
            results.append(owners[each.id] == each.owner)
            if owners[each.id] != each.owner:
                owners[each.id] = each.owner
                fact = ExceptionAssigned(kind=row.kind, owner=each.owner)
                if row.order_id:
                    tx.record("order", row.order_id, fact, actor=each.actor)
    set_owners(tx, {id_: owner for id_, owner in owners.items() if owner != rows[id_].owner})
    return _answers(tx, [each.id for each in commands], results)


def _holds(tx: Tx, order_ids: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """Kinds of the open holds by (order, kind of the exception they are worked on as)."""
    rows = tx.rows(
        "SELECT DISTINCT order_id::text, kind FROM hold WHERE order_id = ANY(%(ids)s::uuid[]) AND released_at IS NULL"
        " ORDER BY kind",
        ids=array(sorted(set(order_ids))),
    )
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        found.setdefault((row.order_id, exception_of(row.kind)), []).append(row.kind)
    return found


def _answers(tx: Tx, ids: Sequence[str], results: Sequence[Any]) -> list[Any]:
    """Refusals as they are; where it went well, the exception now, True meaning that it was so before."""
    now = exceptions_now(tx, ids)
    return [
        result if isinstance(result, Refusal) else _repeated(now[id_], is_repeated=result)
        for id_, result in zip(ids, results, strict=True)
    ]


def _repeated(shown: ExceptionShown, *, is_repeated: bool) -> ExceptionShown:
    return msgspec.structs.replace(shown, repeated=True) if is_repeated else shown
