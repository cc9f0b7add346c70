"""Counting: bin after bin, what lies there, unit by unit or by number, without being told what should. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from orderwright.business.warehouse.sessions.forms import Instruction, Notice
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.business.warehouse.sessions.steps import Stepped, Told, lot_told, notice, unfit
from orderwright.values.refusal import Refusal


class CountTask(NamedTuple):
    """What is to be counted. sku: '' all that lies there. is_begun: by this person."""

    id: str
    place_id: int
    place: str
    zone: str
    sku: str
    is_begun: bool


class CountedGoods(NamedTuple):
    """What a counter may see of a product."""

    title: str
    has_lots: bool
    is_kit: bool


class CountView(NamedTuple):
    """What this person is to count, first to last, how many counts that is in all, and the products they scan."""

    tasks: tuple[CountTask, ...]
    counts: int
    goods: Mapping[str, CountedGoods]


class Pile(msgspec.Struct, omit_defaults=True):
    """Units of one lot that were counted, and when the last of them was."""

    sku: str
    units: int
    at: datetime
    lot: str | None = None


class CountState(msgspec.Struct, omit_defaults=True):
    """The bin at hand. piles: what was counted, the last one at the end; a lot of None is still to be scanned."""

    count_id: str = ""
    piles: list[Pile] = []
    skipped: list[str] = []


class BeginBin(NamedTuple):
    """Somebody stands at the bin."""

    count_id: str


class EnterBin(NamedTuple):
    """All of the bin is counted."""

    count_id: str
    place: str
    piles: tuple[Pile, ...]
    at: datetime


class WantAlso(NamedTuple):
    """Something else lies there, which another count is to look at."""

    place: str
    sku: str


def task_of(state: CountState, view: CountView) -> CountTask | None:
    """What is to be counted now: the first that was not left for later."""
    return next((each for each in view.tasks if each.id not in state.skipped), None)


def tell(state: CountState, view: CountView) -> tuple[CountState, list[Notice]]:
    """Forget what was counted of a bin that is no longer this person's."""
    task = task_of(state, view)
    if state.count_id and (task is None or task.id != state.count_id or not task.is_begun):
        return CountState(skipped=state.skipped), [notice("count_gone")]
    return state, []


def ask(state: CountState, view: CountView) -> Instruction:
    """What is to be done now."""
    task = task_of(state, view)
    if task is None:
        return Instruction("nothing_to_count", words_of("nothing_to_count", {}), "done", "done")
    where: dict[str, Any] = {"where": task.place, "zone": task.zone, "left": view.counts}
    if not state.count_id:
        return Instruction(
            "go_and_count", words_of("go_and_count", {"where": task.place}), "bin", sku=task.sku, **where
        )
    if not state.piles:
        say = "count_product" if task.sku else "count_units"
        words = words_of(say, {"where": task.place, "sku": task.sku})
        return Instruction(say, words, "item", sku=task.sku, **where)
    last = state.piles[-1]
    facts = {"sku": last.sku, "units": last.units}
    told = {"sku": last.sku, "title": view.goods[last.sku].title if last.sku in view.goods else "", **where}
    if last.lot is None:
        return Instruction("scan_lot_of", words_of("scan_lot_of", facts), "lot", facts=facts, **told)
    return Instruction("count_more", words_of("count_more", facts), "item", lot=last.lot, facts=facts, **told)


def step(state: CountState, told: Told, view: CountView) -> Stepped:
    """What a scan or a command leads to."""
    task = task_of(state, view)
    if told.command == "pause":
        return Stepped(state, say="paused")
    if task is None:
        none = Refusal("command_step", command=told.command) if told.command else unfit(told, "done")
        return Stepped(state, refusal=none)
    if told.command:
        return _command(state, told, task)
    if not state.count_id:
        return _bin(state, told, task)
    if state.piles and state.piles[-1].lot is None:
        return _lot(state, told, task)
    found = told.found
    if found.place is not None and found.place.id == task.place_id:
        return Stepped(state, say="already_there")
    if not told.code and told.quantity is not None and state.piles:
        return _with_last(state, told, msgspec.structs.replace(state.piles[-1], units=told.quantity), task)
    if not found.sku:
        return Stepped(state, refusal=unfit(told, "item"), sku=task.sku, zone=task.zone)
    return _unit(state, told, task, view)


def _command(state: CountState, told: Told, task: CountTask) -> Stepped:
    if told.command == "skip":
        return Stepped(CountState(skipped=[*state.skipped, task.id]))
    if told.command == "back":
        if not state.piles:
            return Stepped(state, say="nothing_to_take_back")
        return Stepped(msgspec.structs.replace(state, piles=state.piles[:-1]), say="taken_back")
    if told.command == "done" and state.count_id:
        if state.piles and state.piles[-1].lot is None:
            return Stepped(state, refusal=Refusal("lot_needed", sku=state.piles[-1].sku), sku=state.piles[-1].sku)
        effect = EnterBin(task.id, task.place, tuple(state.piles), told.occurred_at)
        units = sum(each.units for each in state.piles)
        return Stepped(CountState(skipped=state.skipped), (effect,), zone=task.zone, units=units)
    return Stepped(state, refusal=Refusal("command_step", command=told.command))


def _bin(state: CountState, told: Told, task: CountTask) -> Stepped:
    place = told.found.place
    if place is None:
        return Stepped(state, refusal=unfit(told, "bin"), zone=task.zone)
    if place.id != task.place_id:
        refusal = Refusal("wrong_bin", wanted=task.place, scanned=place.code)
        return Stepped(state, refusal=refusal, zone=task.zone)
    begun = CountState(count_id=task.id, skipped=state.skipped)
    return Stepped(begun, () if task.is_begun else (BeginBin(task.id),), zone=task.zone)


def _unit(state: CountState, told: Told, task: CountTask, view: CountView) -> Stepped:
    sku = told.found.sku
    goods = view.goods[sku]
    if goods.is_kit:
        return Stepped(state, refusal=Refusal("kit_not_stocked", sku=sku), sku=sku, zone=task.zone)
    if task.sku and sku != task.sku:
        # One product is counted here: the other is another count's, and is not lost sight of.
        return Stepped(state, (WantAlso(task.place, sku),), say="noted_also", facts={"sku": sku}, sku=sku)
    lot = (told.found.scan.lot or None) if goods.has_lots else ""
    units = 1 if told.quantity is None else told.quantity
    if lot is not None:
        units += sum(each.units for each in state.piles if (each.sku, each.lot) == (sku, lot))
    return _with_last(state, told, Pile(sku, units, told.occurred_at, lot), task)


def _lot(state: CountState, told: Told, task: CountTask) -> Stepped:
    lot, last = lot_told(told), state.piles[-1]
    if not lot or len(lot) > 64:
        return Stepped(state, refusal=unfit(told, "lot"), sku=last.sku, zone=task.zone)
    state = msgspec.structs.replace(state, piles=state.piles[:-1])
    units = last.units + sum(each.units for each in state.piles if (each.sku, each.lot) == (last.sku, lot))
    return _with_last(state, told, Pile(last.sku, units, told.occurred_at, lot), task)


def _with_last(state: CountState, told: Told, pile: Pile, task: CountTask) -> Stepped:
    """The pile as it is now stands at the end."""
    pile = msgspec.structs.replace(pile, at=told.occurred_at)
    others = [each for each in state.piles if (each.sku, each.lot) != (pile.sku, pile.lot)]
    return Stepped(msgspec.structs.replace(state, piles=[*others, pile]), sku=pile.sku, zone=task.zone)
