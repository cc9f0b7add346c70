"""Broken goods by scans: the bin, what is broken, which or how many, and why; then they are out of sale. Pure."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, get_args

import msgspec

from orderwright.business.warehouse.sessions.forms import Instruction, Notice
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.business.warehouse.sessions.steps import Stepped, Told, lot_asked, serial_of, take_lot, unfit
from orderwright.values.refusal import Refusal

Reason = Literal["damaged", "defective", "expired", "contaminated"]
REASONS: Mapping[str, Reason] = {each: each for each in get_args(Reason)}
"""What may be said, by the word that is scanned or typed."""
_replaced = msgspec.structs.replace


class DamageView(NamedTuple):
    """What lies where people scan. piles: units by lot, by (bin, sku).

    by_serial: products of which each unit is named; at: where the books have units, by (sku, serial).
    """

    titles: Mapping[str, str]
    piles: Mapping[tuple[str, str], Mapping[str, int]]
    by_serial: frozenset[str] = frozenset()
    at: Mapping[tuple[str, str], str] = {}


class DamageState(msgspec.Struct, omit_defaults=True):
    """The bin somebody stands at, and broken units. lot: None until it is known.

    asks_serial: one more was scanned and not named yet. is_unread: no serial numbers can be read on these.
    """

    place: str = ""
    sku: str = ""
    lot: str | None = None
    units: int = 0
    serials: list[str] = []
    asks_serial: bool = False
    is_unread: bool = False


class TakeOut(NamedTuple):
    """Units go out of sale."""

    place: str
    sku: str
    lot: str
    units: int
    reason: Reason
    serials: tuple[str, ...] = ()


def tell(state: DamageState, view: DamageView) -> tuple[DamageState, list[Notice]]:
    """Broken units are still booked in their bin: nothing happens to them."""
    return state, []


def ask(state: DamageState, view: DamageView) -> Instruction:
    """What is to be done now."""
    facts: dict[str, Any] = {"where": state.place, "sku": state.sku, "units": state.units}
    if not state.place:
        return Instruction("scan_damaged_bin", words_of("scan_damaged_bin", facts), "bin")
    if not state.sku:
        return Instruction("scan_damaged_item", words_of("scan_damaged_item", facts), "item", where=state.place)
    told: dict[str, Any] = {"where": state.place, "sku": state.sku, "title": view.titles.get(state.sku, "")}
    if state.asks_serial:
        words = words_of("scan_readable_serial", facts)
        return Instruction("scan_readable_serial", words, "serial", facts=facts, **told)
    if state.lot is None:
        lots = sorted(view.piles.get((state.place, state.sku), {}))
        say, words, named = lot_asked(lots)
        return Instruction(say, words, "lot", facts=facts | named, **told)
    facts |= {"reasons": ", ".join(REASONS)}
    return Instruction("why_damaged", words_of("why_damaged", facts), "reason", lot=state.lot, facts=facts, **told)


def step(state: DamageState, told: Told, view: DamageView) -> Stepped:
    """What a scan or a command leads to. The reason is said last, as a word or by `short`: it books."""
    found, scan = told.found, told.found.scan
    if told.command:
        return _command(state, told)
    if state.units and not told.code and told.quantity is not None:
        return _keyed(state, told.quantity, view)
    if state.asks_serial and not found.sku:
        return _serial(state, told, view)
    word = scan.text.strip().casefold() if scan.kind == "plain" else ""
    if state.units and word in REASONS and not found.sku:
        return _told_why(state, REASONS[word])
    if state.sku and state.lot is None and not found.sku:
        return take_lot(told, state, view.piles.get((state.place, state.sku), {}))
    if found.place is not None and not state.units:
        if found.place.kind != "bin":
            return Stepped(state, refusal=Refusal("unexpected_scan", expects="bin", scanned=found.place.kind))
        return Stepped(DamageState(found.place.code), zone=found.place.zone)
    if not state.place or not found.sku:
        expects = "reason" if state.units else "item" if state.place else "bin"
        return Stepped(state, refusal=unfit(told, expects), sku=state.sku)
    return _unit(state, told, view)


def _command(state: DamageState, told: Told) -> Stepped:
    if told.command == "pause":
        return Stepped(state, say="paused")
    if told.command == "back":
        return Stepped(DamageState(), say="taken_back" if state.place else "nothing_to_take_back")
    if told.command == "done" and state.asks_serial and not state.serials:
        return Stepped(_replaced(state, units=1, asks_serial=False, is_unread=True), sku=state.sku)
    if state.asks_serial and told.command in ("done", "short"):
        return _unnamed(state, state.units + 1)
    if told.command == "short" and state.units and told.reason in REASONS:
        return _told_why(state, REASONS[told.reason])
    return Stepped(state, refusal=Refusal("command_step", command=told.command))


def _told_why(state: DamageState, reason: Reason) -> Stepped:
    if state.lot is None:
        return Stepped(state, refusal=Refusal("lot_needed", sku=state.sku), sku=state.sku)
    effect = TakeOut(state.place, state.sku, state.lot, state.units, reason, tuple(state.serials))
    return Stepped(DamageState(state.place), (effect,), sku=state.sku, units=state.units)


def _unit(state: DamageState, told: Told, view: DamageView) -> Stepped:
    scan, sku = told.found.scan, told.found.sku
    if state.sku and sku != state.sku:
        return Stepped(state, refusal=Refusal("wrong_item", wanted=state.sku, scanned=sku), sku=state.sku)
    lots = view.piles.get((state.place, sku), {})
    lot = scan.lot if scan.lot in lots else state.lot
    if lot is None and len(lots) == 1:
        [lot] = lots
    more = told.quantity if told.quantity is not None else scan.quantity or 1
    now = _replaced(state, sku=sku, lot=lot)
    held = _held(state, now, state.units + more, view)
    if sku not in view.by_serial or state.is_unread or held.refusal is not None:
        return held
    serial = scan.serial if scan.is_certain else ""
    if more != 1 or (state.asks_serial and not serial):
        return _unnamed(state, state.units + more, sku)
    return _named(state, now, serial, view) if serial else Stepped(_replaced(now, asks_serial=True), sku=sku)


def _serial(state: DamageState, told: Told, view: DamageView) -> Stepped:
    serial = "" if told.found.place else serial_of(told)
    if serial.casefold() in REASONS:
        return _unnamed(state, state.units + 1)
    if not serial:
        return Stepped(state, refusal=unfit(told, "serial"), sku=state.sku)
    return _named(state, state, serial, view)


def _named(before: DamageState, now: DamageState, serial: str, view: DamageView) -> Stepped:
    """One more unit is broken, unless by the books it is not in this bin. What nobody ever read is taken as told."""
    where = "in hand" if serial in now.serials else view.at.get((now.sku, serial), now.place)
    if where != now.place:
        refusal = Refusal("serial_elsewhere", sku=now.sku, serial=serial[:64], where=where)
        return Stepped(before, refusal=refusal, sku=now.sku)
    serials = [*now.serials, serial]
    return Stepped(_replaced(now, serials=serials, units=len(serials), asks_serial=False), sku=now.sku)


def _unnamed(state: DamageState, told: int, sku: str = "") -> Stepped:
    sku = sku or state.sku
    return Stepped(state, refusal=Refusal("serial_needed", sku=sku, told=told), sku=sku)


def _keyed(state: DamageState, units: int, view: DamageView) -> Stepped:
    """How many there are in all."""
    if state.asks_serial or (state.serials and units != len(state.serials)):
        return _unnamed(state, units)
    return _held(state, state, units, view)


def _held(before: DamageState, now: DamageState, units: int, view: DamageView) -> Stepped:
    """So many units are broken: the bin must hold them by its books."""
    lots = view.piles.get((now.place, now.sku), {})
    lying = sum(lots.values()) if now.lot is None else lots.get(now.lot, 0)
    if not 0 < units <= lying:
        refusal = Refusal("short_stock", sku=now.sku, lot=now.lot or "", wanted=units, free=lying)
        return Stepped(before, refusal=refusal, sku=now.sku)
    return Stepped(_replaced(now, units=units), sku=now.sku)
