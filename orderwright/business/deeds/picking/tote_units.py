"""Units and the totes they lie in: a task goes on in another tote, mixed units are sorted to their orders."""

from collections.abc import Iterable, Sequence
from typing import Any

from orderwright.business.deeds.floor import Work, lock_work
from orderwright.business.warehouse.pick_tasks import (
    PickTask,
    fulfilments_of_tasks,
    insert_rests,
    save_tasks,
    tasks_by_id,
    tasks_of,
)
from orderwright.business.warehouse.serials import Part, share_units
from orderwright.business.warehouse.totes import NewTote, free_totes, insert_totes, name_totes, totes_in_use
from orderwright.business.warehouse.walk_forms import SortUnits, SplitTask, TaskSplit, UnitsSorted
from orderwright.business.warehouse.walks import lock_walks
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, refusal_of, text_findings
from orderwright.values.ids import is_id, new_id
from orderwright.values.refusal import Refusal


class _Round:
    """Pick tasks under their locked orders, their walks and the totes named, and what changes of them."""

    def __init__(self, tx: Tx, commands: Iterable[SplitTask | SortUnits]) -> None:
        named = [(each.task_id, each.tote) for each in commands if is_id(each.task_id)]
        asked = {id_ for id_, _ in named}
        self._tx = tx
        self.work: dict[str, Work] = lock_work(tx, fulfilments_of_tasks(tx, asked)) if asked else {}
        self.tasks = tasks_by_id(tx, asked) if asked else {}
        self.beside = tasks_of(tx, self.work) if asked else {}
        self.walks = lock_walks(tx, {task.batch_id for task in self.tasks.values() if task.batch_id}) if asked else {}
        named += [(id_, task.tote) for id_, task in self.tasks.items() if task.tote]
        self.totes = totes_in_use(
            tx, [(self.work[self.tasks[id_].fulfilment_id].site, code) for id_, code in named if id_ in self.tasks]
        )
        self.new: dict[tuple[str, str], NewTote] = {}
        self.named: dict[tuple[str, str], tuple[str | None, int]] = {}
        self.changed: dict[str, PickTask] = {}
        self.rests: list[PickTask] = []
        self.left: set[tuple[str, str]] = set()
        self.shared: list[Part] = []

    def tote(self, task: PickTask, code: str) -> Any:
        """The tote of that code at the task's site: in use before, or since this call began; None if free."""
        key = (self.work[task.fulfilment_id].site, code)
        return self.new.get(key) or self.totes.get(key)

    def take_refusal(self, task: PickTask, code: str, *, spare: bool) -> Refusal | None:
        """Why a tote cannot be that of the task's fulfilment; else it is. spare: a spare one of the walk may be."""
        key = (self.work[task.fulfilment_id].site, code)
        holder = self.tote(task, code)
        if holder is None:
            self.new[key] = NewTote(*key, task.batch_id or "", task.fulfilment_id, 0)
        elif holder.fulfilment_id is None and spare and holder.batch_id == task.batch_id:
            self.named[key] = (task.fulfilment_id, holder.slot)
        elif holder.fulfilment_id != task.fulfilment_id:
            order, walk = getattr(holder, "order", None), getattr(holder, "walk", None)
            return Refusal("tote_in_use", tote=code, order=order, walk=walk)
        return None

    def write(self) -> None:
        """Write what changed."""
        tx = self._tx
        insert_totes(tx, list(self.new.values()))
        name_totes(tx, self.named)
        new = {rest.id for rest in self.rests}
        save_tasks(tx, [task for id_, task in self.changed.items() if id_ not in new])
        insert_rests(tx, self.rests)
        share_units(tx, self.shared)
        free_totes(tx, self.left)


def _findings(command: SplitTask | SortUnits) -> list[Finding]:
    missing = [] if command.tote else [Finding("/tote", "missing", "Say which tote.")]
    return [*text_findings(command), *missing]


def split_task(tx: Tx, commands: Sequence[SplitTask]) -> list[TaskSplit | Refusal]:
    """Go on with pick tasks whose totes are full in other totes; one `TaskSplit` or Refusal per command.

    What is picked stays where it lies as a task that is done; the rest, and whatever else was to go into the full
    tote, goes into the other. Again: `repeated`. Refuses malformed, not_found, pick_step, walk_step (the task is on
    no walk under way), tote_in_use.
    """
    round_ = _Round(tx, commands)
    results: list[TaskSplit | Refusal] = [_split(round_, each) for each in commands]
    round_.write()
    return results


def _split(round_: _Round, command: SplitTask) -> TaskSplit | Refusal:
    task = round_.tasks.get(command.task_id)
    if findings := _findings(command):
        return refusal_of(findings)
    if task is None:
        return Refusal("not_found", task_id=command.task_id)
    if task.state != "open":
        return _split_before(round_, task, command)
    walk = round_.walks.get(task.batch_id or "")
    if walk is None or walk.state != "walking":
        return Refusal("walk_step", walk=walk and walk.number, state=walk and walk.state)
    if task.tote == command.tote:
        return TaskSplit(task.id, task.picked, task.id, task.left, task.tote, repeated=True)
    refusal = round_.take_refusal(task, command.tote, spare=True)
    if refusal is not None:
        return refusal
    full = task.tote
    rest = task
    if task.picked:
        rest = task.rest(new_id())
        round_.rests.append(rest)
        round_.changed[task.id] = task
    for each in (rest, *_going_into(round_, task, full)):
        each.tote = command.tote
        round_.changed[each.id] = each
    round_.left.add((task.fulfilment_id, full))
    return TaskSplit(task.id, task.picked if rest is not task else 0, rest.id, rest.left, command.tote)


def _going_into(round_: _Round, task: PickTask, tote: str) -> list[PickTask]:
    """Open tasks of the same fulfilment and walk that were to go into a tote."""
    mine = [each for (id_, _), tasks in round_.beside.items() if id_ == task.fulfilment_id for each in tasks]
    found = [round_.tasks.get(each.id, each) for each in mine]
    return [
        each
        for each in found
        if each.id != task.id and each.state == "open" and each.batch_id == task.batch_id and each.tote == tote
        and not each.picked
    ]  # fmt: skip


def _split_before(round_: _Round, task: PickTask, command: SplitTask) -> TaskSplit | Refusal:
    for rest in round_.beside.get((task.fulfilment_id, task.demand_id), []):
        alike = (rest.place_id, rest.lot, rest.batch_id) == (task.place_id, task.lot, task.batch_id)
        if alike and rest.id != task.id and rest.tote == command.tote:
            return TaskSplit(task.id, task.picked, rest.id, rest.left, rest.tote, repeated=True)
    return Refusal("pick_step", task_id=task.id, state=task.state, picked=task.picked)


def sort_units(tx: Tx, commands: Sequence[SortUnits]) -> list[UnitsSorted | Refusal]:
    """Sort picked units out of mixed totes into the totes of their orders; one `UnitsSorted` or Refusal per command.

    Refuses malformed, not_found, pick_step (still being picked), not_in_tote (fewer units of the task lie in a mixed
    tote), tote_in_use (of another order, or a mixed one).
    """
    round_ = _Round(tx, commands)
    results = [_sort(round_, each) for each in commands]
    round_.write()
    return results


def _sort(round_: _Round, command: SortUnits) -> UnitsSorted | Refusal:
    if findings := _findings(command):
        return refusal_of(findings)
    task = round_.tasks.get(command.task_id)
    if task is None:
        return Refusal("not_found", task_id=command.task_id)
    if task.state == "open" or not task.batch_id:
        return Refusal("pick_step", task_id=task.id, state=task.state, picked=task.picked)
    mixed = round_.tote(task, task.tote)
    lying = task.in_tote if mixed is not None and mixed.fulfilment_id is None else 0
    if command.quantity > lying:
        return Refusal("not_in_tote", task_id=task.id, tote=task.tote, asked=command.quantity, lying=lying)
    refusal = round_.take_refusal(task, command.tote, spare=False)
    if refusal is not None:
        return refusal
    round_.left.add((task.fulfilment_id, task.tote))
    part = task if command.quantity == task.picked else task.part(new_id(), command.quantity)
    if part is not task:
        round_.rests.append(part)
        round_.shared.append(Part(task.id, part.id, command.quantity))
    part.tote = command.tote
    round_.changed[task.id] = task
    round_.changed[part.id] = part
    return UnitsSorted(part.id, command.tote, command.quantity, task.in_tote if part is not task else 0)
