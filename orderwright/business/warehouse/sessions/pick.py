"""Picking a walk by scans: what the picker is to do next, and what they must hear. Pure; see pick_steps.py."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec

from orderwright.business.warehouse.rules import ShortReason
from orderwright.business.warehouse.sessions.forms import Expects, Instruction, Notice
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.business.warehouse.sessions.steps import notice

TO_HAND_OVER = ("zone", "wave")
"""Strategies whose totes are brought to a point where others take them on."""


class PickStop(NamedTuple):
    """An open pick task of the walk. tote: where its units go, '' wherever is free."""

    task_id: str
    fulfilment_id: str
    order: str
    sku: str
    title: str
    tracking: str
    lot: str
    expires_on: date | None
    place_id: int
    place: str
    zone: str
    quantity: int
    picked: int
    tote: str
    asks_expiry: bool = False

    @property
    def left(self) -> int:
        """Units still to be picked."""
        return self.quantity - self.picked


class Part(NamedTuple):
    """A fulfilment's part of the walk. units_back: picked and then cancelled; cancelled: stops no longer needed."""

    fulfilment_id: str
    order: str
    is_held: bool
    stops_open: int
    stops_cancelled: int
    units_back: int
    totes: tuple[str, ...]


class PickView(NamedTuple):
    """A walk as it stands. stops: open ones in the order of the way, held ones left out; the first of them suffice.

    holders: (sku, serial) -> where the books have that unit, unless it lies in a bin.
    """

    walk_id: str
    walk: str
    strategy: str
    site: str
    today: date
    is_walking: bool
    stops: tuple[PickStop, ...]
    parts: tuple[Part, ...]
    stops_done: int
    stops_all: int
    picture: str = ""
    holders: Mapping[tuple[str, str], str] = {}


class PickState(msgspec.Struct, omit_defaults=True):
    """The stop at hand, and what was scanned of it.

    at: id of the bin scanned. units: in hand. lot_seen: of its lot. day_seen: its expiry date, as read. serials: of
    the units in hand; serial_due: one more was scanned and not named yet. ending: "", "short", "full" (the tote goes
    full), or "swap" (a new one is due). past: what can be taken back. skipped: stops left for later. told: what the
    person was told already.
    """

    task: str = ""
    sku: str = ""
    place: str = ""
    at: int = 0
    units: int = 0
    lot_seen: bool = False
    day_seen: date | None = None
    serials: list[str] = []
    serial_due: bool = False
    ending: str = ""
    reason: ShortReason = "missing"
    past: list[tuple[str, int]] = []
    skipped: list[str] = []
    told: list[str] = []


def stop_of(state: PickState, view: PickView) -> PickStop | None:
    """The stop at hand: the one begun, else the next one not left for later, else the first of those."""
    begun = [stop for stop in view.stops if stop.task_id == state.task]
    later = set(state.skipped)
    return next(iter([*begun, *[stop for stop in view.stops if stop.task_id not in later], *view.stops]), None)


def expects(state: PickState, stop: PickStop) -> Expects:
    """What is to be scanned next at a stop."""
    if state.ending == "swap":
        return "tote"
    if state.at != stop.place_id:
        return "bin"
    if state.serial_due:
        return "serial"
    if state.units and stop.lot and not state.lot_seen:
        return "lot"
    if state.units and stop.asks_expiry and stop.lot and state.day_seen is None:
        return "expiry"
    return "item" if state.units < stop.left and not state.ending else "tote"


def tell(state: PickState, view: PickView) -> tuple[PickState, list[Notice]]:
    """What happened to the walk that its picker was not told yet: cancelled and held orders, and what to do."""
    found: list[tuple[str, Notice]] = []
    for part in view.parts:
        key = part.fulfilment_id
        if part.units_back:
            say = "order_cancelled" if part.totes else "order_cancelled_loose"
            said = notice(say, order=part.order, units=part.units_back, totes=", ".join(part.totes))
            found.append((f"{key}:back:{part.units_back}", said))
        elif part.stops_cancelled:
            said = notice("stops_cancelled", order=part.order, stops=part.stops_cancelled)
            found.append((f"{key}:gone:{part.stops_cancelled}", said))
        if part.is_held and part.stops_open:
            found.append((f"{key}:held", notice("order_held", order=part.order)))
    known = set(state.told)
    new = [(key, said) for key, said in found if key not in known]
    notices = [said for _, said in new]
    if state.task and all(stop.task_id != state.task for stop in view.stops):
        if state.units or state.serial_due:
            units = state.units + state.serial_due
            notices.append(notice("put_in_hand_back", units=units, sku=state.sku, where=state.place))
        state = PickState(at=state.at, skipped=state.skipped, told=state.told)
    return msgspec.structs.replace(state, told=[*state.told, *[key for key, _ in new]]), notices


def ask(state: PickState, view: PickView) -> Instruction:
    """What the picker is to do now."""
    stop = stop_of(state, view)
    if stop is None:
        return _at_the_end(view)
    wanted = expects(state, stop)
    units = state.units or (0 if wanted != "tote" else stop.left)
    left = stop.left - state.units
    facts: dict[str, Any] = {"order": stop.order, "units": units}
    told = {"where": stop.place, "sku": stop.sku, "title": stop.title, "lot": stop.lot, "left": left,
            "tote": stop.tote}  # fmt: skip
    say = {
        "bin": "go_to_bin", "serial": "scan_serial", "lot": "scan_lot", "expiry": "scan_expiry",
        "item": "scan_more" if state.units else "scan_item",
        "tote": "scan_new_tote" if state.ending == "swap" else "put_in_tote" if stop.tote else "put_in_free_tote",
    }[wanted]  # fmt: skip
    return Instruction(
        say, words_of(say, facts | told), wanted, where=stop.place, zone=stop.zone, sku=stop.sku, title=stop.title,
        lot=stop.lot, left=left, tote="" if state.ending == "swap" else stop.tote, stops_done=view.stops_done,
        stops=view.stops_all, picture=view.picture, facts=facts,
    )  # fmt: skip


def _at_the_end(view: PickView) -> Instruction:
    held = [part.order for part in view.parts if part.is_held and part.stops_open]
    say = "all_picked"
    wanted: Expects = "done"
    if not view.is_walking:
        say = "walk_over"
    elif held:
        say = "nothing_to_pick"
    elif view.strategy in TO_HAND_OVER:
        say, wanted = "hand_over", "place"
    return Instruction(
        say, words_of(say, {}), wanted, "done", stops_done=view.stops_done, stops=view.stops_all,
        picture=view.picture, facts={"walk": view.walk, "held": held},
    )  # fmt: skip
