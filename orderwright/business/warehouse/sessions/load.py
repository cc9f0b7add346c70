"""Loading a transfer by scans: out of bins of this site, on the way to another. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from orderwright.business.warehouse.sessions.forms import Instruction, Notice
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.business.warehouse.sessions.steps import Stepped, Told, lot_asked, serial_of, take_lot, unfit
from orderwright.values.refusal import Refusal


class ToLoad(NamedTuple):
    """A product that is asked for. left: units still to be loaded; where: a bin that holds it, '' for none."""

    sku: str
    left: int
    where: str


class LoadView(NamedTuple):
    """A transfer as its loader sees it.

    asked: what is still to be loaded, by sku; piles: units by lot that lie in a bin, by (bin, sku); by_serial: products
    of which each unit is named; holders: who has units by the books, by (sku, serial).
    """

    number: str
    to_site: str
    is_open: bool
    is_free: bool  # nothing is asked for: anything goes
    asked: tuple[ToLoad, ...]
    titles: Mapping[str, str]
    piles: Mapping[tuple[str, str], Mapping[str, int]]
    by_serial: frozenset[str] = frozenset()
    holders: Mapping[tuple[str, str], str] = {}


class LoadState(msgspec.Struct, omit_defaults=True):
    """The bin somebody stands at, and units in hand. lot: None until it is known."""

    place: str = ""
    sku: str = ""
    lot: str | None = None
    units: int = 0
    serials: list[str] = []
    asks_serial: bool = False


class LoadUp(NamedTuple):
    """Units are loaded."""

    place: str
    sku: str
    lot: str
    units: int
    serials: tuple[str, ...] = ()


class SendOff(NamedTuple):
    """All is loaded."""


def tell(state: LoadState, view: LoadView) -> tuple[LoadState, list[Notice]]:
    """Units in hand are still booked in their bin: nothing happens to them."""
    return state, []


def ask(state: LoadState, view: LoadView) -> Instruction:
    """What is to be done now."""
    facts: dict[str, Any] = {"to_site": view.to_site, "transfer": view.number, "where": state.place}
    if not view.is_open:
        return Instruction("transfer_left", words_of("transfer_left", facts), "done", "done", facts=facts)
    left = sum(each.left for each in view.asked)
    if not state.place:
        return _next_bin(view, facts, left)
    if not state.sku:
        return Instruction("scan_to_load", words_of("scan_to_load", facts), "item", left=left, facts=facts)
    facts |= {"sku": state.sku, "units": state.units}
    told: dict[str, Any] = {"sku": state.sku, "title": view.titles.get(state.sku, ""), "facts": facts, "left": left}
    if state.asks_serial:
        return Instruction("scan_serial", words_of("scan_serial", facts), "serial", **told)
    if state.lot is None:
        lots = sorted(view.piles.get((state.place, state.sku), {}))
        say, words, named = lot_asked(lots)
        return Instruction(say, words, "lot", lot=lots[0] if lots else "", **told | {"facts": facts | named})
    return Instruction("load_more", words_of("load_more", facts), "quantity", lot=state.lot, **told)


def _next_bin(view: LoadView, facts: dict[str, Any], left: int) -> Instruction:
    first = next((each for each in view.asked if each.where), None)
    if first is not None:
        facts |= {"where": first.where, "sku": first.sku, "asked": first.left}
        title = view.titles.get(first.sku, "")
        return Instruction(
            "load_from_bin", words_of("load_from_bin", facts), "bin", where=first.where, sku=first.sku, title=title,
            left=left, facts=facts,
        )  # fmt: skip
    if view.is_free or left:
        return Instruction("load_from_any_bin", words_of("load_from_any_bin", facts), "bin", left=left, facts=facts)
    return Instruction("nothing_to_load", words_of("nothing_to_load", facts), "done", "done", facts=facts)


def step(state: LoadState, told: Told, view: LoadView) -> Stepped:
    """What a scan or a command leads to. A bin, or `done`, books what is in hand; `done` with empty hands sends it."""
    found = told.found
    if not view.is_open:
        refusal = Refusal("transfer_step", transfer=view.number, state="sent", deed="load")
        return Stepped(state, refusal=refusal)
    if told.command:
        return _command(state, told)
    if state.units and not told.code and told.quantity is not None:
        return _keyed(state, told.quantity, view)
    if state.asks_serial and not found.sku:
        return _named(state, serial_of(told), view) if serial_of(told) else _wrong(state, told, "serial")
    if state.sku and state.lot is None and not found.sku:
        return take_lot(told, state, view.piles.get((state.place, state.sku), {}))
    if found.place is not None:
        return _bin(state, told)
    if not state.place or not found.sku:
        return _wrong(state, told, "item" if state.place else "bin")
    return _unit(state, told, view)


def _command(state: LoadState, told: Told) -> Stepped:
    if told.command == "pause":
        return Stepped(state, say="paused")
    if told.command == "back":
        return Stepped(LoadState(), say="taken_back" if state.place else "nothing_to_take_back")
    if told.command == "done" and state.asks_serial:
        return _unnamed(state, state.units + 1)
    if told.command == "done" and not state.units:
        return Stepped(LoadState(), (SendOff(),))
    if told.command == "done" and state.lot is not None:
        return _loaded(state, LoadState())
    if told.command == "done":
        return Stepped(state, refusal=Refusal("lot_needed", sku=state.sku), sku=state.sku)
    return Stepped(state, refusal=Refusal("command_step", command=told.command))


def _bin(state: LoadState, told: Told) -> Stepped:
    place = told.found.place
    if place is None or place.kind != "bin":
        return Stepped(state, refusal=Refusal("unexpected_scan", expects="bin", scanned=place.kind if place else ""))
    if state.asks_serial:
        return _unnamed(state, state.units + 1)
    if state.units:
        return _loaded(state, LoadState(place.code))
    return Stepped(LoadState(place.code), zone=place.zone)


def _loaded(state: LoadState, after: LoadState) -> Stepped:
    effect = LoadUp(state.place, state.sku, state.lot or "", state.units, tuple(state.serials))
    return Stepped(after, (effect,), sku=state.sku, units=state.units)


def _unit(state: LoadState, told: Told, view: LoadView) -> Stepped:
    scan, sku = told.found.scan, told.found.sku
    if state.sku and sku != state.sku:
        return Stepped(state, refusal=Refusal("wrong_item", wanted=state.sku, scanned=sku), sku=state.sku)
    lots = view.piles.get((state.place, sku), {})
    lot = scan.lot if scan.lot in lots else state.lot
    if lot is None and len(lots) == 1:
        [lot] = lots
    more = told.quantity if told.quantity is not None else scan.quantity or 1
    now = msgspec.structs.replace(state, sku=sku, lot=lot)
    if sku not in view.by_serial:
        return _held(state, now, state.units + more, view)
    if more != 1 or state.asks_serial:
        return _unnamed(state, more, sku)
    named = _held(state, now, state.units + 1, view)
    if named.refusal is not None:
        return named
    if not (scan.serial and scan.is_certain):
        return Stepped(msgspec.structs.replace(now, asks_serial=True), sku=sku)
    return _named(now, scan.serial, view, state)


def _named(state: LoadState, serial: str, view: LoadView, before: LoadState | None = None) -> Stepped:
    """A unit that has a serial number is in hand, unless by the books it is elsewhere."""
    where = "in hand" if serial in state.serials else view.holders.get((state.sku, serial), "")
    if where:
        refusal = Refusal("serial_elsewhere", sku=state.sku, serial=serial[:64], where=where)
        return Stepped(before or state, refusal=refusal, sku=state.sku)
    serials = [*state.serials, serial]
    now = msgspec.structs.replace(state, serials=serials, units=len(serials), asks_serial=False)
    return Stepped(now, sku=state.sku)


def _keyed(state: LoadState, units: int, view: LoadView) -> Stepped:
    if state.sku in view.by_serial and units != len(state.serials):
        return _unnamed(state, units)
    return _held(state, state, units, view)


def _unnamed(state: LoadState, told: int, sku: str = "") -> Stepped:
    sku = sku or state.sku
    return Stepped(state, refusal=Refusal("serial_needed", sku=sku, told=told), sku=sku)


def _wrong(state: LoadState, told: Told, expects: str) -> Stepped:
    return Stepped(state, refusal=unfit(told, expects), sku=state.sku)


def _held(before: LoadState, now: LoadState, units: int, view: LoadView) -> Stepped:
    """So many units are in hand: the bin must hold them by its books, and the transfer ask for them."""
    lots = view.piles.get((now.place, now.sku), {})
    lying = sum(lots.values()) if now.lot is None else lots.get(now.lot, 0)
    if not 0 < units <= lying:
        refusal = Refusal("short_stock", sku=now.sku, lot=now.lot or "", wanted=units, free=lying)
        return Stepped(before, refusal=refusal, sku=now.sku)
    left = sum(each.left for each in view.asked if each.sku == now.sku)
    if not view.is_free and units > left:
        refusal = Refusal("transfer_quantity", sku=now.sku, asked=units, left=left)
        return Stepped(before, refusal=refusal, sku=now.sku)
    return Stepped(msgspec.structs.replace(now, units=units), sku=now.sku)
