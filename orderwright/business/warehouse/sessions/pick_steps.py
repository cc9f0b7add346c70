"""Picking a walk by scans: bin, item, lot or serial, tote, and on to the next stop. Pure.

Units are counted in hand; they are picked when the tote they go into is scanned. So a wrong scan, and everything that
is taken back before, costs nothing.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from orderwright.business.warehouse.rules import ShortReason
from orderwright.business.warehouse.sessions.pick import (
    TO_HAND_OVER,
    PickState,
    PickStop,
    PickView,
    expects,
    stop_of,
)
from orderwright.business.warehouse.sessions.pick_codes import check_day, check_item, check_serial, check_tote
from orderwright.business.warehouse.sessions.steps import Stepped, Told, day_told, lot_told, unfit
from orderwright.values.refusal import Refusal

_PAST_MAX = 1_000
"""How many scans of a stop can be taken back."""


class Take(NamedTuple):
    """The units picked of a task come to `total`, the new ones in a tote. expires_on: as it was read on them."""

    task_id: str
    total: int
    tote: str
    serials: tuple[str, ...]
    expires_on: date | None = None


class UseTote(NamedTuple):
    """A tote is for units of a fulfilment, in a wave of several (""), from now on; those of the task go in."""

    task_id: str
    tote: str
    fulfilment_id: str


class NewTote(NamedTuple):
    """The tote of a task is full: the rest goes into another."""

    task_id: str
    tote: str


class Short(NamedTuple):
    """No more than `found` units of a task are there."""

    task_id: str
    sku: str
    found: int
    reason: ShortReason


class EndWalk(NamedTuple):
    """All is picked that can be. stands_at: where the totes were brought; reason: why something is left."""

    stands_at: str
    reason: str = ""


def step(state: PickState, told: Told, view: PickView) -> Stepped:
    """What a scan or a command leads to."""
    stop = stop_of(state, view)
    if stop is None:
        return _end(state, told, view)
    if told.command:
        return _command(state, told, view, stop)
    wanted = expects(state, stop)
    begun = _with(state, task=stop.task_id, sku=stop.sku, place=stop.place)
    if wanted == "bin":
        stepped = _bin(begun, told, stop, view.site)
    elif wanted == "item":
        stepped = _item(begun, told, view, stop)
    elif wanted == "lot":
        stepped = _lot(begun, told, view, stop)
    elif wanted == "expiry":
        stepped = _day(begun, told, view, stop)
    elif wanted == "serial":
        stepped = _serial(begun, told, view, stop)
    else:
        stepped = _tote(begun, told, view, stop)
    return stepped._replace(sku=stop.sku, zone=stop.zone)


def _bin(state: PickState, told: Told, stop: PickStop, site: str) -> Stepped:
    place, scan = told.found.place, told.found.scan
    if place is not None and place.id == stop.place_id:
        return Stepped(_with(state, at=place.id, past=[*state.past, ("bin", state.at)]))
    if place is not None:
        return Stepped(state, refusal=Refusal("wrong_bin", wanted=stop.place, scanned=place.code))
    if scan.kind == "place" and scan.site != site:
        return Stepped(state, refusal=Refusal("wrong_bin", wanted=stop.place, scanned=scan.code, site=scan.site))
    return Stepped(state, refusal=unfit(told, "bin"))


def _item(state: PickState, told: Told, view: PickView, stop: PickStop) -> Stepped:
    found = told.found
    if not told.code and told.quantity is not None:
        return _all_in_all(state, told.quantity, stop)
    if found.place is not None and found.place.id == stop.place_id and not found.sku:
        return Stepped(state, say="already_there")
    if found.tote and not found.sku:
        if state.units:
            return Stepped(state, refusal=Refusal("units_missing", wanted=stop.left, counted=state.units))
        return Stepped(state, refusal=unfit(told, "item"))
    refusal, units, serial = check_item(told, view, stop, state.units, state.serials)
    if refusal is not None:
        return Stepped(state, refusal=refusal)
    has_lot = bool(stop.lot) and found.scan.lot == stop.lot
    if stop.tracking == "serial" and not serial:
        return Stepped(_with(state, serial_due=True, past=_past(state, ("due", 0))))
    serials = [*state.serials, serial] if serial else state.serials
    past = _past(state, ("lot_item" if has_lot and not state.lot_seen else "item", units))
    seen = _seen(state, told, stop, has_lot=has_lot)
    return Stepped(_with(seen, units=state.units + units, serials=serials, past=past))


def _seen(state: PickState, told: Told, stop: PickStop, *, has_lot: bool) -> PickState:
    """The lot and its date as a barcode tells them; a date counts where one is asked for."""
    day = told.found.scan.expires_on if stop.asks_expiry and (has_lot or state.lot_seen) else None
    return _with(state, lot_seen=state.lot_seen or has_lot, day_seen=state.day_seen or day)


def _all_in_all(state: PickState, quantity: int, stop: PickStop) -> Stepped:
    """A quantity keyed by itself: that many of the item scanned before, in all."""
    if not state.units or quantity == 0:
        return Stepped(state, refusal=Refusal("unexpected_scan", expects="item", scanned="quantity"))
    if stop.tracking == "serial":
        return Stepped(state, refusal=Refusal("serial_needed", sku=stop.sku))
    if quantity > stop.left:
        return Stepped(state, refusal=Refusal("pick_quantity", asked=stop.left, told=quantity))
    return Stepped(_with(state, units=quantity, past=_past(state, ("item", quantity - state.units))))


def _lot(state: PickState, told: Told, view: PickView, stop: PickStop) -> Stepped:
    scan = told.found.scan
    lot = lot_told(told)
    is_of_it = told.found.sku in ("", stop.sku) and (scan.lot or told.found.place is None)
    if lot == stop.lot and is_of_it:
        if scan.expires_on is not None and (refusal := check_day(scan.expires_on, view, stop)) is not None:
            return Stepped(state, refusal=refusal)
        return Stepped(_with(_seen(state, told, stop, has_lot=True), past=_past(state, ("lot", 0))))
    if lot and is_of_it and (scan.lot or not told.found.sku):
        return Stepped(state, refusal=Refusal("wrong_lot", wanted=stop.lot, scanned=lot[:64]))
    return Stepped(state, refusal=unfit(told, "lot"))


def _day(state: PickState, told: Told, view: PickView, stop: PickStop) -> Stepped:
    scan = told.found.scan
    if told.found.sku not in ("", stop.sku if scan.expires_on else ""):
        return Stepped(state, refusal=unfit(told, "expiry"))
    if scan.lot and scan.is_certain and scan.lot != stop.lot:
        return Stepped(state, refusal=Refusal("wrong_lot", wanted=stop.lot, scanned=scan.lot))
    day = day_told(told, view.today)
    refusal = day if isinstance(day, Refusal) else check_day(day, view, stop)
    if refusal is not None:
        return Stepped(state, refusal=refusal)
    return Stepped(_with(state, day_seen=day, past=_past(state, ("day", 0))))


def _serial(state: PickState, told: Told, view: PickView, stop: PickStop) -> Stepped:
    scan = told.found.scan
    serial = scan.serial or (scan.text if scan.kind == "plain" else "")
    if not serial or told.found.place or told.found.sku not in ("", stop.sku if scan.serial else ""):
        # The product's own barcode once more, or a bin: that is no serial number.
        return Stepped(state, refusal=unfit(told, "serial"))
    refusal = check_serial(view, stop, serial, state.serials)
    if refusal is not None:
        return Stepped(state, refusal=refusal)
    past = _past(state, ("serial", 1))
    serials = [*state.serials, serial]
    return Stepped(_with(state, units=state.units + 1, serials=serials, serial_due=False, past=past))


def _tote(state: PickState, told: Told, view: PickView, stop: PickStop) -> Stepped:
    if not told.found.tote:
        if told.found.sku == stop.sku and not state.ending:
            told_units = state.units + (told.quantity or 1)
            return Stepped(state, refusal=Refusal("pick_quantity", asked=stop.left, told=told_units))
        return Stepped(state, refusal=unfit(told, "tote"))
    is_swap = state.ending == "swap"
    refusal = check_tote(told, view, stop, is_new=is_swap)
    if refusal is not None:
        return Stepped(state, refusal=refusal)
    tote = told.found.tote
    if is_swap:
        effect = NewTote(stop.task_id, tote)
        return Stepped(_with(state, ending=""), (effect,))
    effects: list[Any] = [] if stop.tote == tote else [UseTote(stop.task_id, tote, _whose(view, stop))]
    effects.append(Take(stop.task_id, stop.picked + state.units, tote, tuple(state.serials), state.day_seen))
    after = PickState(at=state.at, skipped=state.skipped, told=state.told)
    if state.ending == "short":
        effects.append(Short(stop.task_id, stop.sku, stop.picked + state.units, state.reason))
    elif state.ending == "full" and state.units < stop.left:
        after = _with(after, task=stop.task_id, sku=stop.sku, place=stop.place, ending="swap")
    return Stepped(after, tuple(effects), units=state.units)


def _command(state: PickState, told: Told, view: PickView, stop: PickStop) -> Stepped:
    if told.command == "pause":
        return Stepped(state, say="paused")
    if told.command == "back":
        return _back(state)
    if told.command == "skip":
        return _skip(state, stop)
    if told.command == "short":
        return _short(state, told, stop)
    if told.command == "full":
        return _full(state, stop)
    return Stepped(state, refusal=Refusal("command_step", command=told.command, stops_left=len(view.stops)))


def _skip(state: PickState, stop: PickStop) -> Stepped:
    if state.units or state.serial_due or state.ending:
        return Stepped(state, refusal=Refusal("command_step", command="skip", in_hand=state.units + state.serial_due))
    # Skipped once more when nothing else is left: it goes behind the others that were.
    skipped = [*[each for each in state.skipped if each != stop.task_id], stop.task_id]
    return Stepped(PickState(at=state.at, skipped=skipped, told=state.told))


def _short(state: PickState, told: Told, stop: PickStop) -> Stepped:
    found = state.units if told.quantity is None else told.quantity
    if state.ending == "swap" or state.serial_due or state.at != stop.place_id:
        return Stepped(state, refusal=Refusal("command_step", command="short", expects=expects(state, stop)))
    if found >= stop.left:
        return Stepped(state, refusal=Refusal("not_short", asked=stop.left, found=found))
    if stop.tracking == "serial" and found != len(state.serials):
        return Stepped(state, refusal=Refusal("serial_needed", sku=stop.sku, scanned=len(state.serials)))
    if stop.lot and found and not state.lot_seen:
        return Stepped(state, refusal=Refusal("lot_needed", sku=stop.sku, lot=stop.lot))
    if found and expects(state, stop) == "expiry":
        return Stepped(state, refusal=Refusal("expiry_needed", sku=stop.sku, lot=stop.lot))
    reason = told.reason
    begun = _with(state, task=stop.task_id, sku=stop.sku, place=stop.place, reason=reason)
    if found:
        return Stepped(_with(begun, units=found, ending="short", past=_past(state, ("short", found - state.units))))
    after = PickState(at=state.at, skipped=state.skipped, told=state.told)
    return Stepped(after, (Short(stop.task_id, stop.sku, stop.picked, reason),), sku=stop.sku, zone=stop.zone)


def _full(state: PickState, stop: PickStop) -> Stepped:
    if state.ending or expects(state, stop) in ("lot", "serial", "expiry"):
        return Stepped(state, refusal=Refusal("command_step", command="full", expects=expects(state, stop)))
    if not (state.units or stop.tote):
        return Stepped(state, refusal=Refusal("command_step", command="full", tote=""))
    begun = _with(state, task=stop.task_id, sku=stop.sku, place=stop.place)
    ending = "full" if state.units else "swap"
    return Stepped(_with(begun, ending=ending, past=_past(state, ("ending", 0))))


def _back(state: PickState) -> Stepped:
    """Take back the last scan of the stop."""
    if not state.past:
        return Stepped(state, say="nothing_to_take_back")
    (what, number), past = state.past[-1], state.past[:-1]
    before = _with(state, past=past)
    if what == "bin":
        before = _with(before, at=number)
    elif what == "due":
        before = _with(before, serial_due=False)
    elif what in ("lot", "lot_item"):
        before = _with(before, lot_seen=False, day_seen=None, units=state.units - number)
    elif what == "day":
        before = _with(before, day_seen=None)
    elif what == "serial":
        before = _with(before, units=state.units - 1, serials=state.serials[:-1], serial_due=True)
    elif what in ("short", "ending"):
        before = _with(before, ending="", units=state.units - number)
    else:
        named = state.serials[: len(state.serials) - number] if state.serials else []
        before = _with(before, units=state.units - number, serials=named)
    return Stepped(before, say="taken_back")


def foresee(view: PickView, effects: Sequence[Any]) -> PickView | None:
    """The walk once a stop's last units are taken, while another stop is known; None: it is to be looked at again."""
    if len(effects) != 1 or not isinstance(effects[0], Take):
        return None
    taken = effects[0]
    left = tuple(stop for stop in view.stops if stop.task_id != taken.task_id)
    is_whole = any(stop.task_id == taken.task_id and stop.quantity == taken.total for stop in view.stops)
    return view._replace(stops=left, stops_done=view.stops_done + 1) if left and is_whole else None


def _end(state: PickState, told: Told, view: PickView) -> Stepped:
    """Nothing is left to pick: the walk ends where its totes are handed over, or when that is said."""
    if told.command == "pause":
        return Stepped(state, say="paused")
    if told.command == "back":
        return Stepped(state, say="nothing_to_take_back")
    if not view.is_walking:
        return Stepped(state, refusal=Refusal("walk_step", walk=view.walk))
    held = [part.order for part in view.parts if part.is_held and part.stops_open]
    reason = f"held: {', '.join(held)}"[:500] if held else ""
    place = told.found.place
    if place is not None and not told.command:
        if place.kind == "bin":
            return Stepped(state, refusal=Refusal("unexpected_scan", expects="place", scanned="bin"))
        return Stepped(state, (EndWalk(place.code, reason),))
    if told.command == "done":
        if view.strategy in TO_HAND_OVER:
            return Stepped(state, refusal=Refusal("command_step", command="done", expects="place"))
        return Stepped(state, (EndWalk("", reason),))
    if told.command:
        return Stepped(state, refusal=Refusal("command_step", command=told.command, expects="done"))
    return Stepped(state, refusal=unfit(told, "place"))


def _whose(view: PickView, stop: PickStop) -> str:
    """Whose units a tote is for: in a wave nobody's alone."""
    return "" if view.strategy == "wave" else stop.fulfilment_id


def _past(state: PickState, entry: tuple[str, int]) -> list[tuple[str, int]]:
    return [*state.past, entry][-_PAST_MAX:]


def _with(state: PickState, **changes: Any) -> PickState:
    return msgspec.structs.replace(state, **changes)
