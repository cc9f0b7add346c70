"""The returns bench by scans: whose return it is, what lies in the parcel, what becomes of each unit. Pure."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, get_args

import msgspec

from orderwright.business.warehouse.sessions.forms import Instruction, Notice
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.business.warehouse.sessions.steps import Stepped, Told, notice, unfit
from orderwright.values.refusal import Refusal

Verdict = Literal["restock", "quarantine", "scrap"]
VERDICTS: Mapping[str, Verdict] = {each: each for each in get_args(Verdict)}
"""What becomes of a unit, by the word that is scanned or typed. quarantine: somebody looks at it once more."""
ASIDE = "aside"
"""What nobody announced is laid aside; no verdict of the bench is on it."""


class BenchLine(NamedTuple):
    """A line of a return. units: asked for, or received where its parcel was booked before."""

    line: int
    sku: str
    title: str
    units: int


class BenchReturn(NamedTuple):
    """A return that is to be looked at. is_booked: what came is booked already, and is only inspected.

    exchange: the order that waits for it, where something goes out for what comes back.
    """

    id: str
    number: str
    order: str
    is_booked: bool
    lines: tuple[BenchLine, ...]
    exchange: str = ""

    def units_of(self, sku: str) -> int:
        """How many of a product are to be in it."""
        return sum(each.units for each in self.lines if each.sku == sku)


class ReturnView(NamedTuple):
    """Open returns at a site. named: the return of each code that was scanned. homes: a bin that holds some, by sku.

    settled: codes of orders, parcels and returns of which no return is open here.
    """

    named: Mapping[str, str]
    returns: Mapping[str, BenchReturn]
    homes: Mapping[str, str]
    settled: frozenset[str] = frozenset()


class ReturnState(msgspec.Struct, omit_defaults=True):
    """The return that is open, and what was decided of it: (sku, verdict, units), first to last.

    sku, units: in hand; verdict: said of them. places: the bin of what goes back into stock, by sku.
    """

    return_id: str = ""
    judged: list[tuple[str, str, int]] = []
    sku: str = ""
    units: int = 0
    verdict: str = ""
    places: dict[str, str] = {}


class Receive(NamedTuple):
    """What was in the parcel: (line, units), and (sku, units) that nobody announced."""

    return_id: str
    lines: tuple[tuple[int, int], ...]
    unexpected: tuple[tuple[str, int], ...]


class Judged(NamedTuple):
    """Units of one line, by what becomes of them. place: the bin of those restocked."""

    line: int
    restock: int
    quarantine: int
    scrap: int
    place: str


class Inspect(NamedTuple):
    """The return is looked at."""

    return_id: str
    lines: tuple[Judged, ...]


def tell(state: ReturnState, view: ReturnView) -> tuple[ReturnState, list[Notice]]:
    """Forget a return that somebody else has looked at meanwhile."""
    if state.return_id and state.return_id not in view.returns:
        return ReturnState(), [notice("return_gone")]
    return state, []


def ask(state: ReturnState, view: ReturnView) -> Instruction:
    """What is to be done now."""
    back = view.returns.get(state.return_id)
    if back is None:
        return Instruction("scan_return", words_of("scan_return", {}), "return")
    all_units, here = sum(each.units for each in back.lines), _counted(state)
    facts: dict[str, Any] = {"return": back.number, "order": back.order, "left": all_units - here}
    facts |= {"exchange": back.exchange} if back.exchange else {}
    told: dict[str, Any] = {"stops_done": here, "stops": all_units}
    if state.verdict:
        home = state.places.get(state.sku) or view.homes.get(state.sku, "")
        facts |= {"units": state.units, "sku": state.sku, "where": home}
        say = "return_into_bin" if home else "return_into_any_bin"
        return Instruction(say, words_of(say, facts), "bin", where=home, sku=state.sku, facts=facts, **told)
    if state.sku:
        facts |= {"units": state.units, "sku": state.sku}
        words = words_of("judge_returned", facts)
        title = next((each.title for each in back.lines if each.sku == state.sku), "")
        return Instruction("judge_returned", words, "verdict", sku=state.sku, title=title, facts=facts, **told)
    if here >= all_units:
        return Instruction("return_all_here", words_of("return_all_here", facts), "done", facts=facts, **told)
    words = words_of("scan_what_returned", facts)
    return Instruction("scan_what_returned", words, "item", left=all_units - here, facts=facts, **told)


def step(state: ReturnState, told: Told, view: ReturnView) -> Stepped:
    """What a scan or a command leads to. `done` books all of a return at once."""
    back = view.returns.get(state.return_id)
    if told.command:
        return _command(state, told, back)
    if back is None:
        id_ = next((view.named[each] for each in names_of(told) if each in view.named), "")
        return _opened(view.returns[id_]) if id_ else Stepped(state, refusal=_unopened(told, view))
    if state.verdict:
        return _put(state, told)
    word = told.found.scan.text.strip().casefold()
    if state.sku and word in VERDICTS and not told.found.sku:
        return _judge(state, VERDICTS[word])
    if not told.code and told.quantity is not None:
        return _keyed(state, told.quantity, back)
    if not told.found.sku:
        expects = "verdict" if state.sku else "item"
        is_return = any(each in view.named or each in view.settled for each in names_of(told))
        other = Refusal("unexpected_scan", expects=expects, scanned="return") if is_return else unfit(told, expects)
        return Stepped(state, refusal=other, sku=state.sku)
    return _item(state, told, back)


def names_of(told: Told) -> list[str]:
    """What a return may be called by: its number, its order's, or its parcel's; typed in small letters, too."""
    scan = told.found.scan
    names = [each for each in (scan.code, scan.sscc, scan.text) if each]
    return list(dict.fromkeys([*names, *(each.upper() for each in names)]))


def _unopened(told: Told, view: ReturnView) -> Refusal:
    """Why no return is opened: what was scanned is an order, a parcel or a return of which none is open, or nothing."""
    name = next((each for each in names_of(told) if each in view.settled), "")
    return Refusal("unknown_scan", scanned=name, has_return=False) if name else unfit(told, "return")


def _command(state: ReturnState, told: Told, back: BenchReturn | None) -> Stepped:
    if told.command == "pause":
        return Stepped(state, say="paused")
    if told.command == "back":
        return _taken_back(state)
    if told.command != "done" or back is None or state.sku or not state.judged:
        return Stepped(state, refusal=Refusal("command_step", command=told.command))
    left = {each.sku: back.units_of(each.sku) - _counted(state, each.sku) for each in back.lines}
    if back.is_booked and any(left.values()):
        return Stepped(state, refusal=Refusal("units_missing", left={sku: n for sku, n in left.items() if n}))
    return _closed(state, back)


def _opened(back: BenchReturn) -> Stepped:
    facts = {"return": back.number, "exchange": back.exchange}
    return Stepped(ReturnState(back.id), say="exchange_waits" if back.exchange else "", facts=facts)


def _taken_back(state: ReturnState) -> Stepped:
    if state.verdict:
        return Stepped(msgspec.structs.replace(state, verdict=""), say="taken_back")
    if state.sku:
        return Stepped(msgspec.structs.replace(state, sku="", units=0), say="taken_back")
    if state.judged:
        judged = state.judged[:-1]
        kept = {sku for sku, verdict, _ in judged if verdict == "restock"}
        places = {sku: place for sku, place in state.places.items() if sku in kept}
        return Stepped(msgspec.structs.replace(state, judged=judged, places=places), say="taken_back")
    return Stepped(ReturnState(), say="taken_back" if state.return_id else "nothing_to_take_back")


def _item(state: ReturnState, told: Told, back: BenchReturn) -> Stepped:
    sku = told.found.sku
    if state.sku and sku != state.sku:
        return Stepped(state, refusal=Refusal("wrong_item", wanted=state.sku, scanned=sku), sku=state.sku)
    more = told.quantity if told.quantity is not None else told.found.scan.quantity or 1
    fits = min(more, back.units_of(sku) - _counted(state, sku) - state.units)
    aside = more - fits
    if aside and back.is_booked:
        return Stepped(state, refusal=Refusal("wrong_item", wanted=back.number, scanned=sku), sku=sku)
    if fits:
        state = msgspec.structs.replace(state, sku=sku, units=state.units + fits)
    if not aside:
        return Stepped(state, sku=sku)
    judged = [*state.judged, (sku, ASIDE, aside)]
    return Stepped(msgspec.structs.replace(state, judged=judged), say="not_announced", sku=sku,
                   facts={"units": aside, "sku": sku})  # fmt: skip


def _keyed(state: ReturnState, units: int, back: BenchReturn) -> Stepped:
    """How many there are in hand, keyed in."""
    if not state.sku or not 0 < units <= back.units_of(state.sku) - _counted(state, state.sku):
        return Stepped(state, refusal=Refusal("unexpected_scan", expects="item", scanned="quantity"), sku=state.sku)
    return Stepped(msgspec.structs.replace(state, units=units), sku=state.sku)


def _judge(state: ReturnState, verdict: Verdict) -> Stepped:
    if verdict == "restock":
        return Stepped(msgspec.structs.replace(state, verdict=verdict), sku=state.sku)
    return Stepped(_with(state, verdict), sku=state.sku, units=state.units)


def _put(state: ReturnState, told: Told) -> Stepped:
    """The bin of units that go back into stock; one for all of a product."""
    place = told.found.place
    if place is None:
        return Stepped(state, refusal=unfit(told, "bin"), sku=state.sku)
    if place.kind != "bin":
        return Stepped(state, refusal=Refusal("unexpected_scan", expects="bin", scanned=place.kind), sku=state.sku)
    wanted = state.places.get(state.sku, place.code)
    if wanted != place.code:
        return Stepped(state, refusal=Refusal("wrong_bin", wanted=wanted, scanned=place.code), sku=state.sku)
    places = {**state.places, state.sku: place.code}
    done = msgspec.structs.replace(_with(state, "restock"), places=places)
    return Stepped(done, sku=state.sku, zone=place.zone, units=state.units)


def _with(state: ReturnState, verdict: str) -> ReturnState:
    judged = [*state.judged, (state.sku, verdict, state.units)]
    return msgspec.structs.replace(state, judged=judged, sku="", units=0, verdict="")


def _counted(state: ReturnState, sku: str = "") -> int:
    """Units that were judged, of one product or of all; what was laid aside is none of the return."""
    return sum(n for each, verdict, n in state.judged if verdict != ASIDE and sku in ("", each))


def _closed(state: ReturnState, back: BenchReturn) -> Stepped:
    pools: dict[tuple[str, str], int] = {}
    for sku, verdict, n in state.judged:
        pools[sku, verdict] = pools.get((sku, verdict), 0) + n
    lines = []
    for line in back.lines:
        left, parts = line.units, dict.fromkeys(VERDICTS, 0)
        for verdict in VERDICTS:
            part = min(left, pools.get((line.sku, verdict), 0))
            pools[line.sku, verdict] = pools.get((line.sku, verdict), 0) - part
            left -= part
            parts[verdict] = part
        place = state.places.get(line.sku, "") if parts["restock"] else ""
        lines.append(Judged(line.line, parts["restock"], parts["quarantine"], parts["scrap"], place))
    came = tuple((each.line, each.restock + each.quarantine + each.scrap) for each in lines)
    aside = tuple((sku, n) for (sku, verdict), n in pools.items() if verdict == ASIDE)
    receipt = () if back.is_booked else (Receive(back.id, came, aside),)
    return Stepped(ReturnState(), (*receipt, Inspect(back.id, tuple(lines))), units=sum(n for _, n in came))
