"""Walks under way and planned ones: totes go on them, they end, they are given up."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from orderwright.business.deeds.floor import lock_work
from orderwright.business.warehouse.floors import floors_of
from orderwright.business.warehouse.totes import NewTote, insert_totes, name_totes, totes_in_use
from orderwright.business.warehouse.walk_forms import AssignTote, DropWalk, EndWalk, ToteAssigned, Walk
from orderwright.business.warehouse.walk_reads import walks_by_id
from orderwright.business.warehouse.walks import (
    Ending,
    drop_walks,
    end_walks,
    give_totes,
    lock_walks,
    tasks_on,
)
from orderwright.database.tx import Tx
from orderwright.values.findings import refusal_of, text_findings
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal


class _Locked:
    """Walks with their pick tasks, the orders of what is still open on them locked, then the walks."""

    def __init__(self, tx: Tx, walk_ids: Iterable[str]) -> None:
        asked = {id_ for id_ in walk_ids if is_id(id_)}
        lock_work(tx, {row.fulfilment_id for row in tasks_on(tx, asked) if row.state == "open"})
        self.walks: Mapping[str, Any] = lock_walks(tx, asked)
        self.tasks: dict[str, list[Any]] = {}
        for row in tasks_on(tx, asked):
            self.tasks.setdefault(row.batch_id, []).append(row)

    def open_tasks(self, walk_id: str) -> list[Any]:
        """What is still to be picked on a walk."""
        return [row for row in self.tasks.get(walk_id, []) if row.state == "open"]


def end_walk(tx: Tx, commands: Sequence[EndWalk]) -> list[Walk | Refusal]:
    """End walks under way; one `Walk` or Refusal per command.

    Its totes stand where it says, for a walk of a zone at the zone's hand-over point. What is left to be picked is
    nobody's again, for the reason given. Ended before: `repeated`. Refuses malformed, not_found, walk_step (not
    begun, or dropped), walk_open (something is left, and no reason).
    """
    locked = _Locked(tx, [each.walk_id for each in commands])
    floors = floors_of(tx, {row.site for row in locked.walks.values()})
    results: list[Any] = []
    endings: dict[str, Ending] = {}
    for command in commands:
        walk: Any = locked.walks.get(command.walk_id)
        refusal = _end_refusal(walk, command, locked)
        results.append(refusal or (walk.state == "done" or walk.id in endings))
        if refusal is None and walk.state == "walking" and walk.id not in endings:
            point = floors[walk.site].hand_overs.get(walk.zone, "") if walk.strategy == "zone" else ""
            left = [row.id for row in locked.open_tasks(walk.id)]
            endings[walk.id] = Ending(walk.id, command.actor, left, command.stands_at or point, command.reason)
    end_walks(tx, list(endings.values()))
    return _shown(tx, commands, results)


def _end_refusal(walk: Any, command: EndWalk, locked: _Locked) -> Refusal | None:
    if findings := list(text_findings(command)):
        return refusal_of(findings)
    if walk is None:
        return Refusal("not_found", walk_id=command.walk_id)
    if walk.state not in ("walking", "done"):
        return Refusal("walk_step", walk=walk.number, state=walk.state)
    left = locked.open_tasks(walk.id)
    if walk.state == "walking" and left and not command.reason:
        return Refusal("walk_open", walk=walk.number, lines=len(left), units=sum(r.quantity - r.picked for r in left))
    return None


def give_up_walks(tx: Tx, commands: Sequence[DropWalk]) -> list[Walk | Refusal]:
    """Drop planned walks, so that their work can be planned otherwise; one `Walk` or Refusal per command.

    Dropped before: `repeated`. Refuses not_found, walk_step (somebody walks it, or it ended).
    """
    locked = _Locked(tx, [each.walk_id for each in commands])
    results: list[Any] = []
    endings: dict[str, Ending] = {}
    for command in commands:
        walk: Any = locked.walks.get(command.walk_id)
        if walk is None:
            results.append(Refusal("not_found", walk_id=command.walk_id))
        elif walk.state not in ("planned", "dropped"):
            results.append(Refusal("walk_step", walk=walk.number, state=walk.state))
        else:
            results.append(walk.state == "dropped" or walk.id in endings)
            if walk.state == "planned":
                left = [row.id for row in locked.open_tasks(walk.id)]
                endings.setdefault(walk.id, Ending(walk.id, command.actor, left))
    drop_walks(tx, list(endings.values()))
    return _shown(tx, commands, results)


def _shown(tx: Tx, commands: Sequence[Any], results: Sequence[Any]) -> list[Walk | Refusal]:
    """The walks as they stand now; a result that is no refusal says whether it was so before."""
    ids = [each.walk_id for each, result in zip(commands, results, strict=True) if not isinstance(result, Refusal)]
    walks = walks_by_id(tx, ids) if ids else {}
    return [
        result if isinstance(result, Refusal) else walks[each.walk_id].again(result)
        for each, result in zip(commands, results, strict=True)
    ]


def assign_totes(tx: Tx, commands: Sequence[AssignTote]) -> list[ToteAssigned | Refusal]:
    """Put totes on the carts of walks under way; one `ToteAssigned` or Refusal per command.

    What is still to be picked for the fulfilment, and has no tote yet, goes into it. Again: `repeated`. Refuses
    malformed, not_found (the walk, or nothing is to be picked on it for that fulfilment), walk_step, tote_in_use.
    """
    locked = _Locked(tx, [each.walk_id for each in commands])
    sites = {row.id: row.site for row in locked.walks.values()}
    used = totes_in_use(tx, [(sites[each.walk_id], each.tote) for each in commands if each.walk_id in sites])
    results: list[ToteAssigned | Refusal] = []
    new: dict[tuple[str, str], NewTote] = {}
    named: dict[tuple[str, str], tuple[str | None, int]] = {}
    tote_of: dict[str, str] = {}
    for command in commands:
        walk: Any = locked.walks.get(command.walk_id)
        mine = [row for row in locked.open_tasks(command.walk_id) if row.fulfilment_id == command.fulfilment_id]
        refusal = _assign_refusal(walk, mine, command)
        if refusal is not None:
            results.append(refusal)
            continue
        key = (walk.site, command.tote)
        holder = new.get(key) or used.get(key)
        refusal, is_repeated = _tote_refusal(holder, command)
        if refusal is not None:
            results.append(refusal)
            continue
        if holder is None:
            new[key] = NewTote(*key, walk.id, command.fulfilment_id or None, command.slot)
        elif not is_repeated:
            named[key] = (command.fulfilment_id or None, command.slot or holder.slot)
        tote_of.update({row.id: command.tote for row in mine if not row.tote})
        order = mine[0].order if mine else ""
        results.append(ToteAssigned(walk.id, command.tote, command.fulfilment_id, order, repeated=is_repeated))
    insert_totes(tx, list(new.values()))
    name_totes(tx, named)
    give_totes(tx, tote_of)
    return results


def _assign_refusal(walk: Any, mine: Sequence[Any], command: AssignTote) -> Refusal | None:
    findings = list(text_findings(command))
    if findings:
        return refusal_of(findings)
    if walk is None or (command.fulfilment_id and not mine):
        return Refusal("not_found", walk_id=command.walk_id, fulfilment_id=command.fulfilment_id)
    if walk.state != "walking":
        return Refusal("walk_step", walk=walk.number, state=walk.state)
    return None


def _tote_refusal(holder: Any, command: AssignTote) -> tuple[Refusal | None, bool]:
    """Whether the tote is taken; and whether it is on this walk for these units already."""
    if holder is None:
        return None, False
    whose = holder.fulfilment_id or ""
    if holder.batch_id == command.walk_id and whose in ("", command.fulfilment_id):
        return None, whose == command.fulfilment_id
    order, walk = getattr(holder, "order", None), getattr(holder, "walk", None)
    return Refusal("tote_in_use", tote=command.tote, order=order, walk=walk), False
