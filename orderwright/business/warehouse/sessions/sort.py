"""Sorting a wave: unit by unit out of the mixed totes into the totes of their orders. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from orderwright.business.warehouse.sessions.forms import Instruction, Notice
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.business.warehouse.sessions.steps import Stepped, Told, unfit
from orderwright.values.refusal import Refusal


class Lot(NamedTuple):
    """Picked units of one task that lie in a mixed tote. target: the tote of their order, '' while it has none."""

    task_id: str
    fulfilment_id: str
    order: str
    sku: str
    title: str
    lot: str
    tote: str
    units: int
    target: str


class SortView(NamedTuple):
    """What lies in the mixed totes of a wave, and what was sorted of it."""

    lots: tuple[Lot, ...]
    sorted_units: int

    @property
    def units(self) -> int:
        """Units still to be sorted."""
        return sum(each.units for each in self.lots)


class SortState(msgspec.Struct, omit_defaults=True):
    """The mixed tote scanned, and the units in hand with the task they are of."""

    tote: str = ""
    task: str = ""
    units: int = 0


class PutIn(NamedTuple):
    """Units of a task go into the tote of their order, a free one becoming that."""

    task_id: str
    tote: str
    units: int


def tell(state: SortState, view: SortView) -> tuple[SortState, list[Notice]]:
    """Forget units in hand that are no longer to be sorted, and a tote that is empty."""
    if state.task and all(each.task_id != state.task or each.units < state.units for each in view.lots):
        state = SortState(tote=state.tote)
    if state.tote and all(each.tote != state.tote for each in view.lots):
        state = SortState()
    return state, []


def ask(state: SortState, view: SortView) -> Instruction:
    """What is to be done now."""
    facts: dict[str, Any] = {"tote": state.tote}
    told: dict[str, Any] = {"stops_done": view.sorted_units, "stops": view.sorted_units + view.units}
    if not view.lots:
        return Instruction("all_sorted", words_of("all_sorted", {}), "done", "done", **told)
    if not state.tote:
        return Instruction("scan_mixed_tote", words_of("scan_mixed_tote", {}), "tote", **told)
    left = sum(each.units for each in view.lots if each.tote == state.tote)
    lot = _in_hand(state, view)
    if lot is None:
        words = words_of("scan_unit", {"tote": state.tote, "left": left})
        return Instruction("scan_unit", words, "item", left=left, tote=state.tote, facts=facts, **told)
    say = "sort_into_tote" if lot.target else "sort_into_free_tote"
    facts |= {"order": lot.order, "units": state.units}
    return Instruction(
        say, words_of(say, facts | {"tote": lot.target}), "tote", sku=lot.sku, title=lot.title, lot=lot.lot,
        left=left - state.units, tote=lot.target, facts=facts, **told,
    )  # fmt: skip


def step(state: SortState, told: Told, view: SortView) -> Stepped:
    """What a scan or a command leads to."""
    if told.command == "pause":
        return Stepped(state, say="paused")
    if told.command == "back":
        if state.task:
            return Stepped(SortState(tote=state.tote), say="taken_back")
        return Stepped(SortState(), say="taken_back" if state.tote else "nothing_to_take_back")
    if told.command:
        return Stepped(state, refusal=Refusal("command_step", command=told.command))
    if not view.lots:
        return Stepped(state, refusal=unfit(told, "done"))
    if not state.tote:
        return _tote(state, told, view)
    lot = _in_hand(state, view)
    if lot is None:
        return _unit(state, told, view)
    return _keyed(state, told.quantity, lot) if not told.code and told.quantity else _target(state, told, lot)


def _tote(state: SortState, told: Told, view: SortView) -> Stepped:
    tote = told.found.tote
    if not tote:
        return Stepped(state, refusal=unfit(told, "tote"))
    mixed = sorted({each.tote for each in view.lots})
    if tote not in mixed:
        return Stepped(state, refusal=Refusal("wrong_tote", wanted=", ".join(mixed), scanned=tote))
    return Stepped(SortState(tote=tote))


def _unit(state: SortState, told: Told, view: SortView) -> Stepped:
    """A unit goes to the order that waits for it first, one that has a tote before one that needs another."""
    found = told.found
    if not found.sku:
        return Stepped(state, refusal=unfit(told, "item"))
    here = [each for each in view.lots if each.tote == state.tote and each.sku == found.sku]
    if not here:
        return Stepped(state, refusal=Refusal("wrong_item", wanted=state.tote, scanned=found.sku))
    if found.scan.lot and not (here := [each for each in here if each.lot in ("", found.scan.lot)]):
        return Stepped(state, refusal=Refusal("wrong_lot", wanted=state.tote, scanned=found.scan.lot))
    lot = min(here, key=lambda each: (not each.target, each.order, each.task_id))
    return _keyed(SortState(tote=state.tote, task=lot.task_id), told.quantity or 1, lot)


def _keyed(state: SortState, units: int, lot: Lot) -> Stepped:
    """So many units of what was scanned there are in hand, in all."""
    if units > lot.units:
        return Stepped(state, refusal=Refusal("pick_quantity", asked=lot.units, told=units), sku=lot.sku)
    return Stepped(msgspec.structs.replace(state, units=units), sku=lot.sku)


def _target(state: SortState, told: Told, lot: Lot) -> Stepped:
    tote, use = told.found.tote, told.found.use
    if not tote:
        return Stepped(state, refusal=unfit(told, "tote"), sku=lot.sku)
    if lot.target and tote != lot.target:
        return Stepped(state, refusal=Refusal("wrong_tote", wanted=lot.target, scanned=tote), sku=lot.sku)
    if use is not None and use.fulfilment_id != lot.fulfilment_id:
        return Stepped(state, refusal=Refusal("tote_in_use", tote=tote, order=use.order, walk=use.walk), sku=lot.sku)
    effect = PutIn(lot.task_id, tote, state.units)
    return Stepped(SortState(tote=state.tote), (effect,), sku=lot.sku, units=state.units)


def _in_hand(state: SortState, view: SortView) -> Lot | None:
    found: Mapping[str, Lot] = {each.task_id: each for each in view.lots}
    return found.get(state.task) if state.units else None
