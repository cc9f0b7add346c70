"""Putting back: units from the returns bench into a bin, by scans. Pure."""

from typing import Any, NamedTuple

import msgspec

from orderwright.business.warehouse.sessions.forms import Instruction, Notice
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.business.warehouse.sessions.steps import Stepped, Told, expired, lot_asked, lot_told, told_of, unfit
from orderwright.values.refusal import Refusal


class Pile(NamedTuple):
    """Units of one lot on the bench that are to go into a bin. home: a bin that holds some, '' for none."""

    sku: str
    title: str
    lot: str
    units: int
    home: str


class PutBackView(NamedTuple):
    """What is to be put back at a site, what lies longest first; all is the units of the whole bench."""

    site: str
    today: Any
    piles: tuple[Pile, ...]
    all_units: int


class PutBackState(msgspec.Struct, omit_defaults=True):
    """Units in hand."""

    sku: str = ""
    lot: str | None = None
    units: int = 0


class PutIn(NamedTuple):
    """Units go into a bin."""

    sku: str
    lot: str
    units: int
    place: str


def tell(state: PutBackState, view: PutBackView) -> tuple[PutBackState, list[Notice]]:
    """Forget units in hand that somebody else put back meanwhile."""
    lying = sum(each.units for each in view.piles if each.sku == state.sku and state.lot in (None, each.lot))
    return (PutBackState() if lying < state.units else state), []


def ask(state: PutBackState, view: PutBackView) -> Instruction:
    """What is to be done now."""
    if not state.units:
        if not view.piles:
            return Instruction("bench_empty", words_of("bench_empty", {}), "item", "done")
        words = words_of("scan_returned", {"left": view.all_units})
        return Instruction("scan_returned", words, "item", left=view.all_units)
    pile = _pile(state, view)
    lots = sorted({each.lot for each in view.piles if each.sku == state.sku})
    told: dict[str, Any] = {"sku": state.sku, "title": pile.title, "left": view.all_units - state.units}
    facts: dict[str, Any] = {"units": state.units}
    if state.lot is None:
        say, words, named = lot_asked(lots)
        return Instruction(say, words, "lot", facts=facts | named, **told)
    say = "put_into_bin" if pile.home else "put_into_any_bin"
    words = words_of(say, facts | {"sku": state.sku, "where": pile.home})
    return Instruction(say, words, "bin", where=pile.home, lot=state.lot, facts=facts, **told)


def step(state: PutBackState, told: Told, view: PutBackView) -> Stepped:
    """What a scan or a command leads to."""
    if told.command == "pause":
        return Stepped(state, say="paused")
    if told.command == "back":
        return Stepped(PutBackState(), say="taken_back" if state.units else "nothing_to_take_back")
    if told.command:
        return Stepped(state, refusal=Refusal("command_step", command=told.command))
    found = told.found
    if state.units and not told.code and told.quantity:  # so many there are, in all
        return _unit(msgspec.structs.replace(state, units=0), told_of(told, state.sku), view)
    if state.units and state.lot is None and not found.sku:
        return _lot(state, told, view)
    if state.units and found.place is not None and state.lot is not None:
        if found.place.kind != "bin":
            return Stepped(state, refusal=Refusal("unexpected_scan", expects="bin", scanned=found.place.kind))
        effect = PutIn(state.sku, state.lot, state.units, found.place.code)
        return Stepped(PutBackState(), (effect,), sku=state.sku, zone=found.place.zone, units=state.units)
    if state.units and not found.sku:
        return Stepped(state, refusal=unfit(told, "bin"), sku=state.sku)
    return _unit(state, told, view)


def _unit(state: PutBackState, told: Told, view: PutBackView) -> Stepped:
    found = told.found
    if not found.sku:
        return Stepped(state, refusal=unfit(told, "item"))
    if state.units and found.sku != state.sku:
        return Stepped(state, refusal=Refusal("wrong_item", wanted=state.sku, scanned=found.sku), sku=state.sku)
    piles = [each for each in view.piles if each.sku == found.sku]
    lots = {each.lot for each in piles}
    lot = found.scan.lot if found.scan.lot in lots else state.lot
    if lot is None and len(lots) == 1:
        [lot] = lots
    units = state.units + (told.quantity or 1)
    lying = sum(each.units for each in piles if lot in (None, each.lot))
    if units > lying:
        refusal = Refusal("nothing_to_put_back", sku=found.sku, lot=lot or "", asked=units, lying=lying)
        return Stepped(state, refusal=refusal, sku=found.sku)
    if (day := expired(told, None, view.today)) is not None:
        return Stepped(state, refusal=Refusal("lot_expired", lot=lot or "", expires_on=str(day)), sku=found.sku)
    return Stepped(PutBackState(sku=found.sku, lot=lot, units=units), sku=found.sku)


def _lot(state: PutBackState, told: Told, view: PutBackView) -> Stepped:
    lot = lot_told(told)
    lying = sum(each.units for each in view.piles if each.sku == state.sku and each.lot == lot)
    if lying >= state.units and lot:
        return Stepped(msgspec.structs.replace(state, lot=lot), sku=state.sku)
    if not lot:
        return Stepped(state, refusal=unfit(told, "lot"), sku=state.sku)
    wanted = ", ".join(sorted({each.lot for each in view.piles if each.sku == state.sku}))
    return Stepped(state, refusal=Refusal("wrong_lot", wanted=wanted, scanned=lot[:64]), sku=state.sku)


def _pile(state: PutBackState, view: PutBackView) -> Pile:
    mine = [each for each in view.piles if each.sku == state.sku]
    return next((each for each in mine if each.lot == state.lot), mine[0])
