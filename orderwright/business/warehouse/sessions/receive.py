"""Receiving by scans: what came is scanned, counted, looked at, and taken in product by product. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec

from orderwright.business.warehouse.sessions.forms import Instruction, Notice
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.business.warehouse.sessions.steps import Stepped, Told, day_told, lot_told, serial_of, unfit
from orderwright.values.refusal import Refusal


class Arriving(NamedTuple):
    """A product that may come. left: by the purchase order; 0 for what was not ordered."""

    sku: str
    title: str
    tracking: str
    left: int
    asks_expiry: bool = False


class ReceiveView(NamedTuple):
    """What is to come to a site: by a purchase order (its number), or whatever comes (''). left: units of all of it.

    days: when lots that are known expire, by (sku, lot).
    """

    site: str
    purchase: str
    is_over: bool
    goods: Mapping[str, Arriving]
    left: int
    today: date
    days: Mapping[tuple[str, str], date | None] = {}

    def expires_on(self, state: "ReceiveState") -> date | None:
        """When the lot in hand expires, as it is known or was told."""
        return self.days.get((state.sku, state.lot or "")) or state.expires_on

    def lacks_expiry(self, state: "ReceiveState") -> bool:
        """Whether the lot in hand is known, and its date is still asked for."""
        goods = self.goods.get(state.sku)
        return bool(goods and goods.asks_expiry and state.lot and self.expires_on(state) is None)


class ReceiveState(msgspec.Struct, omit_defaults=True):
    """Units in hand: of them found good, and rejected. lot: None until it is known."""

    sku: str = ""
    lot: str | None = None
    expires_on: date | None = None
    good: int = 0
    bad: int = 0
    reason: str = ""
    serials: list[str] = []
    asks_serial: bool = False
    before: list[tuple[int, int, str]] = []  # (good, bad, reason) before each of the last scans, to be gone back to
    taken: int = 0  # lines of this session so far, which tells each from the others


UNDONE_MAX = 50
"""So many scans of a product are taken back one by one."""


class TakeIn(NamedTuple):
    """Units are taken in."""

    number: int
    sku: str
    lot: str
    expires_on: date | None
    good: int
    bad: int
    reason: str
    serials: tuple[str, ...]


def tell(state: ReceiveState, view: ReceiveView) -> tuple[ReceiveState, list[Notice]]:
    """Nothing happens to goods that are not taken in yet."""
    return state, []


def ask(state: ReceiveState, view: ReceiveView) -> Instruction:
    """What is to be done now."""
    if not state.sku:
        if view.is_over:
            return Instruction("all_received", words_of("all_received", {"purchase": view.purchase}), "item", "done")
        say = "scan_arrival" if view.purchase else "scan_any_arrival"
        facts = {"purchase": view.purchase, "left": view.left}
        return Instruction(say, words_of(say, facts), "item", left=view.left, facts=facts)
    goods = view.goods.get(state.sku)
    title, left = (goods.title, goods.left) if goods is not None else ("", 0)
    units = state.good + state.bad
    facts = {"sku": state.sku, "units": units, "bad": state.bad, "left": left}
    if (day := view.expires_on(state)) is not None:
        facts["expires_on"] = str(day)
    if state.asks_serial:
        words = words_of("scan_serial", facts)
        return Instruction("scan_serial", words, "serial", sku=state.sku, title=title, facts=facts)
    if state.lot is None:
        words = words_of("scan_its_lot", facts)
        return Instruction("scan_its_lot", words, "lot", sku=state.sku, title=title, facts=facts)
    if view.lacks_expiry(state):
        told = facts | {"lot": state.lot}
        words = words_of("scan_expiry", told)
        return Instruction("scan_expiry", words, "expiry", sku=state.sku, title=title, lot=state.lot, facts=told)
    return Instruction(
        "count_arrival", words_of("count_arrival", facts), "quantity", sku=state.sku, title=title, lot=state.lot,
        left=max(0, left - state.good), facts=facts,
    )  # fmt: skip


def step(state: ReceiveState, told: Told, view: ReceiveView) -> Stepped:
    """What a scan or a command leads to."""
    found = told.found
    if told.command:
        return _command(state, told, view)
    if not told.code and told.quantity is not None:
        return _counted(state, told.quantity, view)
    if state.sku and found.place is not None:
        return _take(state, view) if found.place.kind == "receiving" else _wrong(state, told, "quantity")
    if state.asks_serial and not found.sku:
        return _serial(state, told)
    if state.sku and state.lot is None and not found.sku:
        return _lot(state, told, view)
    if not found.sku:
        return _date(state, told, view) if state.lot else _wrong(state, told, "item")
    return _unit(state, told, view)


def _command(state: ReceiveState, told: Told, view: ReceiveView) -> Stepped:
    if told.command == "pause":
        return Stepped(state, say="paused")
    if told.command == "back":
        return _taken_back(state)
    if told.command == "done":
        return _take(state, view)
    if told.command == "short" and state.sku and told.reason != "missing":
        bad = 1 if told.quantity is None else told.quantity
        units = state.good + state.bad
        if bad > units:
            return Stepped(state, refusal=Refusal("command_step", command="short", counted=units), sku=state.sku)
        rejected = _after(state, good=units - bad, bad=bad, reason=told.reason if bad else "")
        return Stepped(rejected, sku=state.sku)
    return Stepped(state, refusal=Refusal("command_step", command=told.command))


def _after(state: ReceiveState, **changes: Any) -> ReceiveState:
    """The state once a scan or a key has changed how many are counted; what was before is kept, to be gone back to."""
    before = [*state.before, (state.good, state.bad, state.reason)][-UNDONE_MAX:] if state.good + state.bad else []
    return msgspec.structs.replace(state, before=before, **changes)


def _taken_back(state: ReceiveState) -> Stepped:
    """The last scan did not happen: one unit too many does not cost the others that were counted."""
    if state.asks_serial and state.serials:
        return Stepped(msgspec.structs.replace(state, asks_serial=False), say="taken_back", sku=state.sku)
    if state.before:
        good, bad, reason = state.before[-1]
        now = msgspec.structs.replace(
            state, good=good, bad=bad, reason=reason, serials=state.serials[: good + bad], before=state.before[:-1]
        )
        return Stepped(now, say="taken_back", sku=state.sku)
    return Stepped(ReceiveState(taken=state.taken), say="taken_back" if state.sku else "nothing_to_take_back")


def _take(state: ReceiveState, view: ReceiveView) -> Stepped:
    if not state.sku or not state.good + state.bad:
        return Stepped(state, refusal=Refusal("command_step", command="done"))
    if state.asks_serial:
        return Stepped(state, refusal=Refusal("serial_needed", sku=state.sku, told=state.good + state.bad))
    if state.lot is None:
        return Stepped(state, refusal=Refusal("lot_needed", sku=state.sku))
    if view.lacks_expiry(state):
        return Stepped(state, refusal=Refusal("expiry_needed", sku=state.sku, lot=state.lot))
    # What is rejected comes last, and so do its serials: the last units in hand are those somebody doubted.
    effect = TakeIn(
        state.taken + 1, state.sku, state.lot, state.expires_on, state.good, state.bad, state.reason,
        tuple(state.serials),
    )  # fmt: skip
    units = state.good + state.bad
    return Stepped(ReceiveState(taken=state.taken + 1), (effect,), say="arrival_taken", sku=state.sku, units=units,
                   facts={"units": units, "sku": state.sku})  # fmt: skip


def _counted(state: ReceiveState, units: int, view: ReceiveView) -> Stepped:
    """How many there are in all, keyed in."""
    if not state.sku or units < max(1, state.bad):
        return Stepped(state, refusal=Refusal("unexpected_scan", expects="item", scanned="quantity"))
    if _tracking(state.sku, view) == "serial" and units != len(state.serials):
        return Stepped(state, refusal=Refusal("serial_needed", sku=state.sku, told=units), sku=state.sku)
    return Stepped(_after(state, good=units - state.bad), sku=state.sku)


def _unit(state: ReceiveState, told: Told, view: ReceiveView) -> Stepped:
    scan, sku = told.found.scan, told.found.sku
    if state.sku and sku != state.sku:
        return Stepped(state, refusal=Refusal("wrong_item", wanted=state.sku, scanned=sku), sku=state.sku)
    lot = scan.lot if scan.is_certain else ""
    if state.lot and lot and lot != state.lot:
        return Stepped(state, refusal=Refusal("wrong_lot", wanted=state.lot, scanned=lot), sku=sku)
    tracking = _tracking(sku, view)
    known = lot or state.lot or (None if tracking == "lot" else "")
    units = told.quantity if told.quantity is not None else scan.quantity or 1
    now = msgspec.structs.replace(state, sku=sku, lot=known)
    day, told_day = view.expires_on(now), scan.expires_on or state.expires_on
    if known and told_day is not None and day not in (None, told_day):
        return _other_day(now, day, told_day)
    now.expires_on = told_day if known != "" else None
    if tracking != "serial":
        return _told_unordered(state, view, Stepped(_after(now, good=now.good + units), sku=sku))
    if units != 1 or state.asks_serial:
        return Stepped(state, refusal=Refusal("serial_needed", sku=sku, told=units), sku=sku)
    if not (scan.serial and scan.is_certain):
        return _told_unordered(state, view, Stepped(msgspec.structs.replace(now, asks_serial=True), sku=sku))
    return _told_unordered(state, view, _named(now, scan.serial))


def _told_unordered(before: ReceiveState, view: ReceiveView, stepped: Stepped) -> Stepped:
    """Whoever begins to count what their purchase order does not ask for is told at once, not when all is counted."""
    goods = view.goods.get(stepped.sku)
    if before.sku or not view.purchase or stepped.refusal or (goods is not None and goods.left):
        return stepped
    return stepped._replace(say="not_ordered", facts={"sku": stepped.sku, "purchase": view.purchase})


def _serial(state: ReceiveState, told: Told) -> Stepped:
    serial = serial_of(told)
    return _named(state, serial) if serial else _wrong(state, told, "serial")


def _named(state: ReceiveState, serial: str) -> Stepped:
    if serial in state.serials:
        refusal = Refusal("serial_elsewhere", sku=state.sku, serial=serial[:64], where="in hand")
        return Stepped(state, refusal=refusal, sku=state.sku)
    named = _after(state, serials=[*state.serials, serial], good=state.good + 1, asks_serial=False)
    return Stepped(named, sku=state.sku)


def _lot(state: ReceiveState, told: Told, view: ReceiveView) -> Stepped:
    """Which lot is in hand. What asks for a date and has no lot number is told apart by its date."""
    scan, goods = told.found.scan, view.goods.get(state.sku)
    lot = lot_told(told)
    # Bare digits are a lot number here, such as the day of production: its date is asked for next.
    is_date = scan.expires_on is not None or "-" in scan.text
    if goods is not None and goods.asks_expiry and not scan.lot and is_date:
        day = day_told(told, view.today)
        if isinstance(day, date):
            return _dated(msgspec.structs.replace(state, lot=str(day)), day, view)
    if not lot:
        return _wrong(state, told, "lot")
    now, told_day = msgspec.structs.replace(state, lot=lot[:64]), scan.expires_on or state.expires_on
    return _dated(now, told_day, view) if told_day else Stepped(now, sku=state.sku)


def _date(state: ReceiveState, told: Told, view: ReceiveView) -> Stepped:
    """When the lot in hand expires."""
    scan = told.found.scan
    if scan.lot and scan.lot != state.lot:
        return Stepped(state, refusal=Refusal("wrong_lot", wanted=state.lot, scanned=scan.lot), sku=state.sku)
    day = day_told(told, view.today)
    return _dated(state, day, view) if isinstance(day, date) else Stepped(state, refusal=day, sku=state.sku)


def _dated(state: ReceiveState, day: date, view: ReceiveView) -> Stepped:
    """The lot in hand has this date, which may be told anew until it is taken in; what is past it is told."""
    known = view.days.get((state.sku, state.lot or ""))
    if known not in (None, day):
        return _other_day(state, known, day)
    now = msgspec.structs.replace(state, expires_on=day)
    if day >= view.today:
        return Stepped(now, sku=state.sku)
    return Stepped(now, say="expiry_past", sku=state.sku, facts={"lot": state.lot, "expires_on": str(day)})


def _other_day(state: ReceiveState, wanted: date | None, scanned: date) -> Stepped:
    refusal = Refusal("wrong_expiry", lot=state.lot, wanted=str(wanted), scanned=str(scanned))
    return Stepped(state, refusal=refusal, sku=state.sku)


def _wrong(state: ReceiveState, told: Told, expects: str) -> Stepped:
    return Stepped(state, refusal=unfit(told, expects), sku=state.sku)


def _tracking(sku: str, view: ReceiveView) -> str:
    goods = view.goods.get(sku)
    return goods.tracking if goods is not None else "none"
