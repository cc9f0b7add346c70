"""Picking: units go from their bins into the tote, or turn out not to be there."""

from collections.abc import Mapping, Sequence
from typing import Any

from orderwright.business.deeds.fill import want_filling
from orderwright.business.deeds.picking.round import PickRound
from orderwright.business.deeds.reroute import Reroute, reroute
from orderwright.business.orders.actions import NewException, open_exceptions
from orderwright.business.stock.actions import Move, move_units
from orderwright.business.warehouse.counting import WantedCount, want_counts
from orderwright.business.warehouse.facts import PickShort
from orderwright.business.warehouse.forms import Pick, Picked, Shorted, ShortPick
from orderwright.business.warehouse.pick_tasks import PickTask
from orderwright.business.warehouse.rules import WHERE_SHORT_UNITS_GO
from orderwright.business.warehouse.serials import settle_units
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal

_SHORT_PRIORITY = 50  # others are sent to that bin as well: before what is counted in turn


def pick(tx: Tx, commands: Sequence[Pick]) -> list[Picked | Refusal]:
    """Take units of pick tasks from their bins; one `Picked` or Refusal per command.

    A command says how many units of the task there are in the tote in all, so one that comes twice or out of
    order changes nothing and answers `repeated`. Refuses not_found, wrong_item, wrong_lot, wrong_tote, pick_quantity,
    pick_step (the task was cancelled or ended short), lot_expired, wrong_expiry, serial_needed,
    serial_elsewhere (where). A hold does not stop a picker: what was taken from a bin was taken; packing and hand-over
    are what it stops.
    """
    serials = {each.task_id: each.serials for each in commands}
    round_ = PickRound(
        tx, [each.task_id for each in commands], serials, [(each.task_id, each.tote) for each in commands]
    )  # fmt: skip
    results: list[Any] = []
    for command in commands:
        task = round_.tasks.get(command.task_id)
        answer = _pick_refusal(round_, task, command)
        results.append(answer)
        if task is not None and answer is None:
            is_repeated = command.quantity <= task.picked
            if not is_repeated:
                task.tote = command.tote or task.tote
                round_.take(task, command.quantity, command.actor, command.occurred_at, command.serials)
                round_.learn_date(task, command.expires_on)
            results[-1] = (task, is_repeated)
    round_.write()
    round_.tell()
    return [_picked(round_, *each) if isinstance(each, tuple) else each for each in results]


def _pick_refusal(round_: PickRound, task: PickTask | None, command: Pick) -> Refusal | None:
    if task is None:
        return Refusal("not_found", task_id=command.task_id)
    if command.sku and command.sku != task.sku:
        return Refusal("wrong_item", task_id=task.id, wanted=task.sku, scanned=command.sku)
    if command.lot is not None and command.lot != task.lot:
        return Refusal("wrong_lot", task_id=task.id, wanted=task.lot, scanned=command.lot)
    if command.tote and not round_.may_go_into(task, command.tote):
        return Refusal("wrong_tote", task_id=task.id, wanted=task.tote, scanned=command.tote)
    if command.quantity > task.quantity:
        return Refusal("pick_quantity", task_id=task.id, asked=task.quantity, told=command.quantity)
    if command.quantity <= task.picked:
        return None
    if task.state != "open":
        return Refusal("pick_step", task_id=task.id, state=task.state, picked=task.picked)
    return round_.date_refusal(task, command.expires_on) or round_.name_refusal(task, command.quantity, command.serials)


def _picked(round_: PickRound, task: PickTask, is_repeated: bool) -> Picked:
    state = round_.states[task.fulfilment_id]
    return Picked(task.id, task.picked, task.left, task.fulfilment_id, state, repeated=is_repeated)


def report_short(tx: Tx, commands: Sequence[ShortPick]) -> list[Shorted | Refusal]:
    """End pick tasks with fewer units than they ask for; one `Shorted` or Refusal per command.

    What was found is picked. What was not is routed again (elsewhere, or it waits), then the books of the
    bin learn of it: missing units are lost, damaged and expired ones go to quarantine; an exception and a task
    ask for a count of the bin. The same report again answers `repeated`. Refuses not_found, not_short,
    lot_expired (some were found), serial_needed, pick_step (ended already, or more was picked than was found).
    """
    round_ = PickRound(tx, [each.task_id for each in commands])
    results: list[Any] = []
    shorts: list[tuple[PickTask, ShortPick]] = []
    for command in commands:
        task = round_.tasks.get(command.task_id)
        answer = _short_refusal(round_, task, command)
        results.append(answer)
        if task is not None and answer is None:
            is_repeated = task.state == "short"
            if not is_repeated:
                if command.found > task.picked:
                    round_.take(task, command.found, command.actor, command.occurred_at)
                round_.end_short(task, command.actor)
                shorts.append((task, command))
            results[-1] = (task, is_repeated)
    if shorts:
        round_.write()
        want_counts(tx, [
            WantedCount(round_.site_of(task), task.place_id, task.sku, "pick_short", priority=_SHORT_PRIORITY)
            for task, _ in shorts
        ])  # fmt: skip
        _send_elsewhere(tx, round_, shorts)
        round_.refresh({task.fulfilment_id for task, _ in shorts})
        round_.tell()
        _tell_short(tx, round_, shorts)
    waiting = _waiting(tx, [each[0] for each in results if isinstance(each, tuple)])
    return [_shorted(round_, each[0], each[1], waiting) if isinstance(each, tuple) else each for each in results]


def _short_refusal(round_: PickRound, task: PickTask | None, command: ShortPick) -> Refusal | None:
    if task is None:
        return Refusal("not_found", task_id=command.task_id)
    if task.state == "short" and command.found == task.picked:
        return None
    if task.state != "open" or command.found < task.picked:
        return Refusal("pick_step", task_id=task.id, state=task.state, picked=task.picked)
    if command.found >= task.quantity:
        return Refusal("not_short", task_id=task.id, asked=task.quantity, found=command.found)
    if command.found == task.picked:
        return None
    return round_.date_refusal(task, None) or round_.name_refusal(task, command.found, ())


def _waiting(tx: Tx, tasks: Sequence[PickTask]) -> dict[str, int]:
    """Units that wait now, by demand."""
    rows = tx.rows(
        "SELECT id::text, waiting FROM demand WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(sorted({task.demand_id for task in tasks})),
    )
    return {row.id: row.waiting for row in rows}


def _shorted(round_: PickRound, task: PickTask, is_repeated: bool, waiting: Mapping[str, int]) -> Shorted:
    state = round_.states[task.fulfilment_id]
    missing = task.quantity - task.picked
    waits = min(missing, waiting[task.demand_id])
    return Shorted(
        task.id, task.picked, missing, task.fulfilment_id, state, sent=missing - waits, waiting=waits,
        repeated=is_repeated,
    )  # fmt: skip


def _send_elsewhere(tx: Tx, round_: PickRound, shorts: Sequence[tuple[PickTask, ShortPick]]) -> None:
    """Route the missing units again, then take them off the books of their bins."""
    missing: dict[tuple[str, str], list[tuple[PickTask, int]]] = {}
    moves = []
    for task, command in shorts:
        units = task.quantity - task.picked
        missing.setdefault((task.fulfilment_id, command.actor), []).append((task, units))
        code, kind = WHERE_SHORT_UNITS_GO[command.reason]
        target = round_.places[round_.site_of(task), code]
        moves.append(
            Move(task.sku, task.lot, task.place_id, target, units, kind, f"short:{task.id}", 1, command.actor,
                 uncommits=units, occurred_at=command.occurred_at)
        )  # fmt: skip
    # In this order: what is on hand may not fall below what is allocated, not even for a moment.
    reroute(
        tx,
        [
            Reroute(round_.work[id_].order_id, id_, _by_demand(tasks), "pick_short", actor)
            for (id_, actor), tasks in missing.items()
        ],
    )
    move_units(tx, moves)
    settle_units(tx, [(each.sku, each.from_place_id, each.to_place_id, each.quantity) for each in moves])
    # Now that the books know, what other bins of the same site hold may be had.
    want_filling(tx, {task.sku for task, _ in shorts})


def _by_demand(tasks: Sequence[tuple[PickTask, int]]) -> list[tuple[str, int]]:
    units: dict[str, int] = {}
    for task, count in tasks:
        units[task.demand_id] = units.get(task.demand_id, 0) + count
    return list(units.items())


def _tell_short(tx: Tx, round_: PickRound, shorts: Sequence[tuple[PickTask, ShortPick]]) -> None:
    new: dict[str, list[dict[str, object]]] = {}
    for task, command in shorts:
        fact = PickShort(
            task_id=task.id, demand_id=task.demand_id, sku=task.sku, lot=task.lot, asked=task.quantity,
            found=task.picked, reason=command.reason,
        )  # fmt: skip
        tx.record("fulfilment", task.fulfilment_id, fact, actor=command.actor, occurred_at=command.occurred_at)
        new.setdefault(task.fulfilment_id, []).append({
            "sku": task.sku, "lot": task.lot, "place_id": task.place_id, "missing": task.quantity - task.picked,
            "reason": command.reason,
        })  # fmt: skip
    open_exceptions(
        tx,
        [
            NewException(round_.work[id_].order_id, id_, "pick_short", {"site": round_.work[id_].site, "bins": bins})
            for id_, bins in new.items()
        ],
    )
