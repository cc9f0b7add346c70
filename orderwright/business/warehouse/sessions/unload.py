"""Receiving a transfer by scans: what came from another site, onto the bench or into bins of this one. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from orderwright.business.warehouse.sessions.forms import Instruction, Notice
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.business.warehouse.sessions.steps import Stepped, Told, lot_asked, lot_told, serial_of, unfit
from orderwright.values.refusal import Refusal

BENCH = "RECEIVING"
_KINDS = ("bin", "quarantine", "receiving")


class UnloadView(NamedTuple):
    """A transfer as its receiver sees it.

    left: units under way by lot, by sku; homes: a bin that holds a product, by sku; needs_lot: products with lots;
    by_serial: products of which each unit is named; holders: who has units by the books, by (sku, serial).
    """

    number: str
    from_site: str
    is_over: bool
    left: Mapping[str, Mapping[str, int]]
    homes: Mapping[str, str]
    titles: Mapping[str, str]
    needs_lot: frozenset[str]
    by_serial: frozenset[str] = frozenset()
    holders: Mapping[tuple[str, str], str] = {}


class UnloadState(msgspec.Struct, omit_defaults=True):
    """Units in hand. lot: None until it is known."""

    sku: str = ""
    lot: str | None = None
    units: int = 0
    serials: list[str] = []
    asks_serial: bool = False


class PutIn(NamedTuple):
    """Units go into a bin, or lie on the receiving bench, to be put away."""

    sku: str
    lot: str
    units: int
    place: str
    serials: tuple[str, ...] = ()


class Finish(NamedTuple):
    """Nothing more came. missing: units still under way."""

    missing: int


def tell(state: UnloadState, view: UnloadView) -> tuple[UnloadState, list[Notice]]:
    """Nothing happens to goods that are not taken in yet."""
    return state, []


def ask(state: UnloadState, view: UnloadView) -> Instruction:
    """What is to be done now."""
    left = sum(units for lots in view.left.values() for units in lots.values())
    facts: dict[str, Any] = {"transfer": view.number, "from_site": view.from_site, "left": left}
    if not state.sku:
        if view.is_over:
            return Instruction("transfer_done", words_of("transfer_done", facts), "done", "done", facts=facts)
        sku = next(iter(view.left), "")
        words = words_of("scan_transferred", facts)
        return Instruction("scan_transferred", words, "item", sku=sku, left=left, facts=facts)
    facts |= {"sku": state.sku, "units": state.units}
    told: dict[str, Any] = {"sku": state.sku, "title": view.titles.get(state.sku, ""), "facts": facts, "left": left}
    if state.asks_serial:
        return Instruction("scan_serial", words_of("scan_serial", facts), "serial", **told)
    if state.lot is None:
        lots = sorted(view.left.get(state.sku, {}))
        if not lots:
            return Instruction("scan_its_lot", words_of("scan_its_lot", facts), "lot", **told)
        say, words, named = lot_asked(lots)
        return Instruction(say, words, "lot", lot=lots[0], **told | {"facts": facts | named})
    home = view.homes.get(state.sku, "")
    say = "unload_into_bin" if home else "unload_into_any_bin"
    return Instruction(say, words_of(say, facts | {"where": home}), "bin", where=home, lot=state.lot, **told)


def step(state: UnloadState, told: Told, view: UnloadView) -> Stepped:
    """What a scan or a command leads to. More than was sent is taken and told; what broke goes to quarantine."""
    found = told.found
    if view.is_over:
        return Stepped(state, refusal=Refusal("transfer_step", transfer=view.number, state="done", deed="receive"))
    if told.command:
        return _command(state, told, view)
    if state.units and not told.code and told.quantity:
        if state.sku in view.by_serial and told.quantity != state.units:
            return _unnamed(state, told.quantity)
        return Stepped(msgspec.structs.replace(state, units=told.quantity), sku=state.sku)
    if state.asks_serial and not found.sku:
        return _named(state, told, view)
    if state.units and state.lot is None and not found.sku:
        return _lot(state, told)
    if state.units and found.place is not None and state.lot is not None:
        return _place(state, told)
    if not found.sku:
        return Stepped(state, refusal=unfit(told, "bin" if state.units else "item"), sku=state.sku)
    return _unit(state, told, view)


def _command(state: UnloadState, told: Told, view: UnloadView) -> Stepped:
    if told.command == "pause":
        return Stepped(state, say="paused")
    if told.command == "back":
        return Stepped(UnloadState(), say="taken_back" if state.sku else "nothing_to_take_back")
    if told.command == "done" and state.asks_serial:
        return _unnamed(state, state.units + 1)
    if told.command == "done" and state.units:
        return _put(state, BENCH, "") if state.lot is not None else _lotless(state)
    if told.command == "done":
        missing = sum(units for lots in view.left.values() for units in lots.values())
        return Stepped(state, (Finish(missing),))
    return Stepped(state, refusal=Refusal("command_step", command=told.command))


def _place(state: UnloadState, told: Told) -> Stepped:
    place = told.found.place
    if place is None or state.lot is None or place.kind not in _KINDS:
        return Stepped(state, refusal=Refusal("unexpected_scan", expects="bin", scanned=place.kind if place else ""))
    if state.asks_serial:
        return _unnamed(state, state.units + 1)
    return _put(state, place.code, place.zone)


def _put(state: UnloadState, place: str, zone: str) -> Stepped:
    effect = PutIn(state.sku, state.lot or "", state.units, place, tuple(state.serials))
    return Stepped(UnloadState(), (effect,), sku=state.sku, zone=zone, units=state.units)


def _lotless(state: UnloadState) -> Stepped:
    return Stepped(state, refusal=Refusal("lot_needed", sku=state.sku), sku=state.sku)


def _unnamed(state: UnloadState, told: int, sku: str = "") -> Stepped:
    sku = sku or state.sku
    return Stepped(state, refusal=Refusal("serial_needed", sku=sku, told=told), sku=sku)


def _named(state: UnloadState, told: Told, view: UnloadView) -> Stepped:
    """A unit that has a serial number is in hand, unless by the books somebody else has it."""
    serial = serial_of(told)
    if not serial:
        return Stepped(state, refusal=unfit(told, "serial"), sku=state.sku)
    where = "in hand" if serial in state.serials else view.holders.get((state.sku, serial), "")
    if where not in ("", view.number):
        refusal = Refusal("serial_elsewhere", sku=state.sku, serial=serial[:64], where=where)
        return Stepped(state, refusal=refusal, sku=state.sku)
    serials = [*state.serials, serial]
    now = msgspec.structs.replace(state, serials=serials, units=len(serials), asks_serial=False)
    return Stepped(now, sku=state.sku)


def _unit(state: UnloadState, told: Told, view: UnloadView) -> Stepped:
    scan, sku = told.found.scan, told.found.sku
    if state.sku and sku != state.sku:
        return Stepped(state, refusal=Refusal("wrong_item", wanted=state.sku, scanned=sku), sku=state.sku)
    if sku not in view.needs_lot:
        lot: str | None = ""
    else:
        lots = view.left.get(sku, {})
        told_lot = scan.lot if scan.is_certain else ""
        lot = told_lot or state.lot or (next(iter(lots)) if len(lots) == 1 else None)
    if state.lot and lot != state.lot:
        return Stepped(state, refusal=Refusal("wrong_lot", wanted=state.lot, scanned=(lot or "")[:64]), sku=sku)
    more = told.quantity if told.quantity is not None else scan.quantity or 1
    if state.units + more < 1:
        return Stepped(state, refusal=Refusal("unexpected_scan", expects="item", scanned="quantity"), sku=sku)
    now = msgspec.structs.replace(state, sku=sku, lot=lot)
    if sku not in view.by_serial:
        return Stepped(msgspec.structs.replace(now, units=state.units + more), sku=sku)
    if more != 1 or state.asks_serial:
        return _unnamed(state, more, sku)
    if scan.serial and scan.is_certain:
        named = _named(now, told, view)
        return named if named.refusal is None else named._replace(state=state)
    return Stepped(msgspec.structs.replace(now, asks_serial=True), sku=sku)


def _lot(state: UnloadState, told: Told) -> Stepped:
    lot = lot_told(told)
    if not lot:
        return Stepped(state, refusal=unfit(told, "lot"), sku=state.sku)
    return Stepped(msgspec.structs.replace(state, lot=lot[:64]), sku=state.sku)
