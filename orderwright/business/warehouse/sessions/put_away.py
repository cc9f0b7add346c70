"""Putting away by scans: units from the receiving bench to who waits for them, or into a bin. Pure."""

from typing import Any, NamedTuple

import msgspec

from orderwright.business.warehouse.sessions.forms import Instruction, Notice
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.business.warehouse.sessions.steps import Stepped, Told, lot_asked, lot_told, unfit
from orderwright.values.refusal import Refusal


class Pile(NamedTuple):
    """Units of one lot on the bench. waiting: (order, units) they go straight to; places: (bin, units), best first."""

    sku: str
    title: str
    lot: str
    units: int
    waiting: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]


class PutAwayView(NamedTuple):
    """What lies on a site's bench, what lies longest first."""

    site: str
    piles: tuple[Pile, ...]


class PutAwayState(msgspec.Struct, omit_defaults=True):
    """Units in hand, and bins that were found full meanwhile."""

    sku: str = ""
    lot: str | None = None
    units: int = 0
    full: list[str] = []


class Stow(NamedTuple):
    """Units go into a bin."""

    sku: str
    lot: str
    units: int
    place: str


class Dock(NamedTuple):
    """Units go to packing, for orders that wait."""

    sku: str
    lot: str
    units: int


def tell(state: PutAwayState, view: PutAwayView) -> tuple[PutAwayState, list[Notice]]:
    """Forget units in hand that somebody else put away meanwhile."""
    lying = sum(each.units for each in view.piles if each.sku == state.sku and state.lot in (None, each.lot))
    return (PutAwayState() if lying < state.units else state), []


def ask(state: PutAwayState, view: PutAwayView) -> Instruction:
    """What is to be done now."""
    left = sum(each.units for each in view.piles)
    if not state.units:
        if not left:
            return Instruction("receiving_empty", words_of("receiving_empty", {}), "item", "done")
        first = view.piles[0]
        words = words_of("scan_received", {"left": left})
        return Instruction("scan_received", words, "item", sku=first.sku, title=first.title, left=left)
    pile = _pile(state, view)
    told: dict[str, Any] = {"sku": state.sku, "title": pile.title, "left": left - state.units}
    facts: dict[str, Any] = {"units": state.units, "sku": state.sku}
    if state.lot is None:
        lots = sorted({each.lot for each in view.piles if each.sku == state.sku})
        say, words, named = lot_asked(lots)
        return Instruction(say, words, "lot", facts=facts | named, **told)
    if pile.waiting:
        facts |= {"order": pile.waiting[0][0], "wanted": min(sum(units for _, units in pile.waiting), state.units)}
        words = words_of("bring_to_packing", facts)
        return Instruction("bring_to_packing", words, "place", where="PACKING", lot=state.lot, facts=facts, **told)
    places = [place for place, _ in pile.places if place not in state.full]
    say = "stow_in_bin" if places else "stow_in_any_bin"
    where = places[0] if places else ""
    return Instruction(
        say, words_of(say, facts | {"where": where}), "bin", where=where, lot=state.lot, facts=facts, **told
    )


def step(state: PutAwayState, told: Told, view: PutAwayView) -> Stepped:
    """What a scan or a command leads to. `full`: the bin that is suggested has no room; another is."""
    found = told.found
    if told.command:
        return _command(state, told, view)
    if not told.code and told.quantity is not None and state.units:
        return _held(state, told.quantity, view)
    if state.units and state.lot is None and not found.sku:
        return _lot(state, told, view)
    if state.units and found.place is not None and state.lot is not None:
        return _place(state, told, view)
    if not found.sku:
        return Stepped(state, refusal=unfit(told, "bin" if state.units else "item"), sku=state.sku)
    return _unit(state, told, view)


def _command(state: PutAwayState, told: Told, view: PutAwayView) -> Stepped:
    if told.command == "pause":
        return Stepped(state, say="paused")
    if told.command == "back":
        return Stepped(PutAwayState(), say="taken_back" if state.units else "nothing_to_take_back")
    if told.command == "full" and state.units and state.lot is not None:
        places = [place for place, _ in _pile(state, view).places if place not in state.full]
        if places:
            return Stepped(msgspec.structs.replace(state, full=[*state.full, places[0]]), sku=state.sku)
    return Stepped(state, refusal=Refusal("command_step", command=told.command))


def _place(state: PutAwayState, told: Told, view: PutAwayView) -> Stepped:
    place = told.found.place
    if place is None or state.lot is None:
        return Stepped(state, refusal=unfit(told, "bin"))
    if place.kind == "packing":
        units = min(state.units, sum(units for _, units in _pile(state, view).waiting))
        if not units:
            return Stepped(state, refusal=Refusal("nobody_waits", sku=state.sku, asked=state.units, waiting=0))
        rest = state.units - units
        left = PutAwayState(state.sku, state.lot, rest) if rest else PutAwayState()
        return Stepped(left, (Dock(state.sku, state.lot, units),), sku=state.sku, zone=place.zone, units=units)
    if place.kind != "bin":
        return Stepped(state, refusal=Refusal("unexpected_scan", expects="bin", scanned=place.kind))
    effect = Stow(state.sku, state.lot, state.units, place.code)
    return Stepped(PutAwayState(), (effect,), sku=state.sku, zone=place.zone, units=state.units)


def _unit(state: PutAwayState, told: Told, view: PutAwayView) -> Stepped:
    found = told.found
    if state.units and found.sku != state.sku:
        return Stepped(state, refusal=Refusal("wrong_item", wanted=state.sku, scanned=found.sku), sku=state.sku)
    lots = {each.lot for each in view.piles if each.sku == found.sku}
    lot = found.scan.lot if found.scan.lot in lots else state.lot
    if lot is None and len(lots) == 1:
        [lot] = lots
    more = found.scan.quantity or 1 if told.quantity is None else told.quantity
    return _held(PutAwayState(found.sku, lot, state.units, state.full), state.units + more, view, before=state)


def _held(state: PutAwayState, units: int, view: PutAwayView, before: PutAwayState | None = None) -> Stepped:
    """So many units are in hand."""
    lying = sum(each.units for each in view.piles if each.sku == state.sku and state.lot in (None, each.lot))
    if not 0 < units <= lying:
        refusal = Refusal("nothing_to_put_away", sku=state.sku, lot=state.lot or "", asked=units, lying=lying)
        return Stepped(before or state, refusal=refusal, sku=state.sku)
    return Stepped(msgspec.structs.replace(state, units=units), sku=state.sku)


def _lot(state: PutAwayState, told: Told, view: PutAwayView) -> Stepped:
    lot = lot_told(told)
    lying = sum(each.units for each in view.piles if each.sku == state.sku and each.lot == lot)
    if lot and lying >= state.units:
        return Stepped(msgspec.structs.replace(state, lot=lot), sku=state.sku)
    if not lot:
        return Stepped(state, refusal=unfit(told, "lot"), sku=state.sku)
    wanted = ", ".join(sorted({each.lot for each in view.piles if each.sku == state.sku}))
    return Stepped(state, refusal=Refusal("wrong_lot", wanted=wanted, scanned=lot[:64]), sku=state.sku)


def _pile(state: PutAwayState, view: PutAwayView) -> Pile:
    mine = [each for each in view.piles if each.sku == state.sku]
    return next((each for each in mine if each.lot == state.lot), mine[0])
