"""Packing a fulfilment by scans: items into a carton, the carton, what its risk asks for, closed by the last. Pure."""

from collections.abc import Mapping, Set
from typing import Any, NamedTuple

import msgspec

from orderwright.business.warehouse.sessions.forms import Expects, Instruction, Notice
from orderwright.business.warehouse.sessions.ports import read_weight_g
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.business.warehouse.sessions.steps import Stepped, Told, notice, told_of, unfit
from orderwright.values.refusal import Refusal

CHECKS = ("none", "weight", "scan_all", "photo", "second_person")


class PackLine(NamedTuple):
    """Units of one demand that are in no parcel yet. reference: of the order's line."""

    reference: str
    sku: str
    title: str
    tracking: str
    units: int


class PackView(NamedTuple):
    """A fulfilment as it lies at the bench. check: what its risk asks for. cartons: all kinds there are.

    advised: the cartons to take; picture: how to fill the first. inserts: what goes in besides. holders: (sku, serial)
    -> the parcel or order by the books. to_pick: units not picked yet. is_cancelled: as a whole.
    """

    fulfilment_id: str
    order: str
    person: str
    is_held: bool
    check: str
    has_photo: bool
    lines: tuple[PackLine, ...]
    to_pick: int
    advised: tuple[str, ...]
    cartons: Set[str]
    picture: str
    inserts: tuple[str, ...]
    holders: Mapping[tuple[str, str], str] = {}
    is_cancelled: bool = False

    @property
    def left(self) -> dict[str, int]:
        """Units in no parcel, by product."""
        found: dict[str, int] = {}
        for line in self.lines:
            found[line.sku] = found.get(line.sku, 0) + line.units
        return found

    def asks(self, check: str) -> bool:
        """Whether its risk asks for a check."""
        return CHECKS.index(self.check) >= CHECKS.index(check)


class PackState(msgspec.Struct, omit_defaults=True):
    """The open carton. units: scanned into it, by product, in the order of `past`. serials: of those units.

    serial_due: a product whose unit was scanned and not named yet. is_full: nothing more goes in; rest_in: all that is
    left lies in it, unscanned. carton: its kind; "" not told, "*" as advised. weight_g, is_sure: the weight, confirmed.
    """

    units: dict[str, int] = {}
    past: list[tuple[str, int]] = []
    serials: list[tuple[str, str]] = []
    serial_due: str = ""
    is_full: bool = False
    rest_in: bool = False
    carton: str = ""
    weight_g: int | None = None
    is_sure: bool = False
    checked_by: str = ""


class Close(NamedTuple):
    """The carton is closed. lines: (reference, sku, units) in it; none: all that is left."""

    fulfilment_id: str
    lines: tuple[tuple[str, str, int], ...]
    scanned: tuple[tuple[str, int], ...]
    carton: str
    weight_g: int | None
    is_sure: bool
    checked_by: str


def tell(state: PackState, view: PackView) -> tuple[PackState, list[Notice]]:
    """Forget what was scanned where units of it are no longer to be packed, and say so: they lie in the carton."""
    left = view.left
    if not state.units or all(units <= left.get(sku, 0) for sku, units in state.units.items()):
        return state, []
    return PackState(), [notice("pack_changed", order=view.order)] if view.lines else []


def expects(state: PackState, view: PackView) -> Expects:
    """What is to be scanned next."""
    if not view.lines or view.is_held:
        return "done"
    if state.serial_due:
        return "serial"
    if not _is_settled(state, view):
        return "item"
    if not state.carton:
        return "carton"
    if view.asks("weight") and state.weight_g is None:
        return "weight"
    if view.asks("second_person") and not state.checked_by:
        return "person"
    return "done"


def ask(state: PackState, view: PackView) -> Instruction:
    """What is to be done now."""
    left, inside = sum(view.left.values()), sum(state.units.values())
    facts: dict[str, Any] = {"order": view.order, "check": view.check}
    told: dict[str, Any] = {"stops_done": inside, "stops": left, "picture": view.picture}
    if not view.lines or view.is_held:
        over = "pack_cancelled" if view.is_cancelled else "still_picking" if view.to_pick else "all_packed"
        say = "pack_held" if view.is_held and view.lines else over
        return Instruction(say, words_of(say, facts), "done", "done" if say == "all_packed" else "notice", facts=facts)
    expected = expects(state, view)
    carton = view.advised[0] if view.advised else ""
    facts |= {"left": left - inside, "carton": carton, "sku": state.serial_due, "inserts": list(view.inserts)}
    say = {
        "serial": "scan_serial", "item": "pack_items" if carton else "pack_by_hand", "weight": "weigh_parcel",
        "carton": "scan_carton" if carton else "scan_any_carton", "person": "second_person", "done": "take_photo",
    }[expected]  # fmt: skip
    return Instruction(
        say, words_of(say, facts), expected, sku=state.serial_due, left=left - inside, facts=facts, **told
    )


def step(state: PackState, told: Told, view: PackView) -> Stepped:
    """What a scan or a command leads to; the last thing that was missing closes the parcel."""
    if told.command == "pause":
        return Stepped(state, say="paused")
    if not view.lines or view.is_held:
        refusal = Refusal("order_held", number=view.order) if view.is_held else Refusal("nothing_to_pack", units=0)
        return Stepped(state, refusal=refusal)
    stepped = _command(state, told, view) if told.command else _scan(state, told, view)
    if stepped.refusal is None and not stepped.say and _is_complete(stepped.state, view):
        closed = _closed(stepped.state, view)
        return stepped._replace(state=PackState(), effects=(closed,))
    return stepped


def _command(state: PackState, told: Told, view: PackView) -> Stepped:
    if told.command == "back":
        return _taken_back(state)
    if told.command == "full" and state.units and not state.serial_due:
        return Stepped(msgspec.structs.replace(state, is_full=True))
    if told.command != "done":
        return Stepped(state, refusal=Refusal("command_step", command=told.command))
    if state.serial_due:
        return Stepped(state, refusal=Refusal("serial_needed", sku=state.serial_due))
    if not _is_settled(state, view):
        if view.asks("scan_all"):
            left = {sku: units - state.units.get(sku, 0) for sku, units in view.left.items()}
            return Stepped(state, refusal=Refusal("units_missing", left={k: v for k, v in left.items() if v}))
        return Stepped(msgspec.structs.replace(state, rest_in=True))
    if not state.carton:
        return Stepped(msgspec.structs.replace(state, carton="*"))
    if told.quantity:  # the weight once more, keyed: it is right
        return Stepped(msgspec.structs.replace(state, weight_g=told.quantity, is_sure=True))
    if view.asks("photo") and not view.has_photo:
        return Stepped(state, refusal=Refusal("check_needed", check=view.check, missing={"photo": True}))
    return Stepped(state)


def _taken_back(state: PackState) -> Stepped:
    if state.carton or state.weight_g is not None or state.is_full or state.rest_in or state.checked_by:
        kept = PackState(units=state.units, past=state.past, serials=state.serials)
        return Stepped(kept, say="taken_back")
    if state.serial_due or not state.past:
        say = "taken_back" if state.serial_due else "nothing_to_take_back"
        return Stepped(msgspec.structs.replace(state, serial_due=""), say=say)
    sku, units = state.past[-1]
    left = {**state.units, sku: state.units[sku] - units}
    serials = list(state.serials)
    if serials and serials[-1][0] == sku:
        serials.pop()
    kept = PackState(units={k: v for k, v in left.items() if v}, past=state.past[:-1], serials=serials)
    return Stepped(kept, say="taken_back")


def _scan(state: PackState, told: Told, view: PackView) -> Stepped:
    found = told.found
    if (weight_g := _weight_g(state, told, view)) is not None:
        return Stepped(msgspec.structs.replace(state, weight_g=weight_g, is_sure=False))
    if found.scan.kind == "staff":
        if found.scan.code == view.person:
            return Stepped(state, refusal=Refusal("check_needed", check=view.check, missing={"second_person": True}))
        return Stepped(msgspec.structs.replace(state, checked_by=found.scan.code))
    if state.serial_due:
        return _serial(state, told, view)
    if state.past and not told.code and told.quantity and not _is_settled(state, view):
        return _keyed(state, told, view)
    if not found.sku and (carton := _carton(found.scan.text, view.cartons)):
        return Stepped(msgspec.structs.replace(state, carton=carton))
    if not found.sku or _is_settled(state, view):
        return Stepped(state, refusal=unfit(told, expects(state, view)))
    return _item(state, told, view)


def _carton(text: str, kinds: Set[str]) -> str:
    """The kind of carton that is called so, or was typed so in small letters; '' for none."""
    return text if text in kinds else next((each for each in sorted(kinds) if each.lower() == text.lower()), "")


def _weight_g(state: PackState, told: Told, view: PackView) -> int | None:
    """A scale's reading, or grams keyed where a weight is expected."""
    if told.code:
        return read_weight_g(told.code)
    return told.quantity if expects(state, view) == "weight" and told.quantity else None


def _item(state: PackState, told: Told, view: PackView) -> Stepped:
    sku, left = told.found.sku, view.left
    if sku not in left:
        return Stepped(state, refusal=Refusal("wrong_item", wanted=view.order, scanned=sku), sku=sku)
    units = told.quantity or 1
    if view.asks("scan_all") and units > 1:
        refusal = Refusal("check_needed", check=view.check, missing={"scan": {sku: units}})
        return Stepped(state, refusal=refusal, sku=sku)
    if state.units.get(sku, 0) + units > left[sku]:
        asked = state.units.get(sku, 0) + units
        return Stepped(state, refusal=Refusal("pack_quantity", sku=sku, asked=asked, picked=left[sku]), sku=sku)
    if any(line.sku == sku and line.tracking == "serial" for line in view.lines):
        due = msgspec.structs.replace(state, serial_due=sku)
        serial = told.found.scan.serial
        return _named(due, serial, view) if serial else Stepped(due, sku=sku)
    return Stepped(_with(state, sku, units), sku=sku, units=units)


def _keyed(state: PackState, told: Told, view: PackView) -> Stepped:
    """How many of what was scanned last lie in the open carton, in all."""
    sku = state.past[-1][0]
    if any(line.sku == sku and line.tracking == "serial" for line in view.lines):
        return Stepped(state, refusal=Refusal("serial_needed", sku=sku, told=told.quantity), sku=sku)
    others = {other: units for other, units in state.units.items() if other != sku}
    past = [each for each in state.past if each[0] != sku]
    stepped = _item(msgspec.structs.replace(state, units=others, past=past), told_of(told, sku), view)
    if stepped.refusal is not None:
        return stepped._replace(state=state)
    return stepped._replace(units=max(0, stepped.units - state.units[sku]))


def _serial(state: PackState, told: Told, view: PackView) -> Stepped:
    scan = told.found.scan
    serial = scan.serial or (scan.text if scan.kind == "plain" else "")
    if not serial:
        return Stepped(state, refusal=unfit(told, "serial"), sku=state.serial_due)
    return _named(state, serial, view)


def _named(state: PackState, serial: str, view: PackView) -> Stepped:
    """A unit named: refused when it is in another's parcel, or picked for another order, by the books."""
    sku = state.serial_due
    holder = view.holders.get((sku, serial), view.order)
    if holder != view.order or (sku, serial) in state.serials:
        where = holder if holder != view.order else "this carton"
        return Stepped(state, refusal=Refusal("serial_elsewhere", sku=sku, serial=serial, where=where), sku=sku)
    kept = msgspec.structs.replace(state, serial_due="", serials=[*state.serials, (sku, serial)])
    return Stepped(_with(kept, sku, 1), sku=sku, units=1)


def _with(state: PackState, sku: str, units: int) -> PackState:
    inside = {**state.units, sku: state.units.get(sku, 0) + units}
    return msgspec.structs.replace(state, units=inside, past=[*state.past, (sku, units)])


def _is_settled(state: PackState, view: PackView) -> bool:
    """Whether what goes into this carton is told."""
    return state.is_full or state.rest_in or state.units == view.left


def _is_complete(state: PackState, view: PackView) -> bool:
    return (
        not state.serial_due
        and _is_settled(state, view)
        and bool(state.carton)
        and not (view.asks("weight") and state.weight_g is None)
        and not (view.asks("photo") and not view.has_photo)
        and not (view.asks("second_person") and not state.checked_by)
    )


def _closed(state: PackState, view: PackView) -> Close:
    lines: list[tuple[str, str, int]] = []
    to_share = dict(state.units)
    for line in view.lines if state.is_full else ():
        part = min(line.units, to_share.get(line.sku, 0))
        if part:
            to_share[line.sku] -= part
            lines.append((line.reference, line.sku, part))
    carton = "" if state.carton == "*" else state.carton
    return Close(
        view.fulfilment_id, tuple(lines), tuple(sorted(state.units.items())), carton, state.weight_g, state.is_sure,
        state.checked_by,
    )  # fmt: skip
