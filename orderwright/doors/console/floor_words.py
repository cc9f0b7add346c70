"""The floor in words: kinds of work, what is to be scanned, what sessions say, in the visitor's language.

Sentences of sessions stand in `warehouse.sessions.saying` and those of refusals in `values.refusal`, in English; their
translations are in the catalogue like all others.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.warehouse.sessions.forms import Instruction, Notice
from orderwright.business.warehouse.sessions.saying import SAYINGS
from orderwright.business.warehouse.sessions.wrong import (
    COUNTED_TWICE,
    MISSING,
    NO_RETURN,
    TOO_MANY_BAD,
    UNITS_LEFT,
    UNREADABLE,
    WRONG,
)
from orderwright.doors.console.texts import text as _
from orderwright.values.refusal import REFUSALS


class Kind(NamedTuple):
    """A kind of work. asks: what it wants to know before it begins, "" for nothing; label: how that is called."""

    name: str
    says: str
    asks: str = ""
    label: str = ""


KINDS: Mapping[str, Kind] = {
    "pick": Kind(_("Pick"), _("Take goods from their bins"), "totes", _("Empty totes, one a line")),
    "pack": Kind(_("Pack"), _("From the tote into its carton"), "subject", _("Tote, order or pick list")),
    "receive": Kind(_("Receive"), _("What suppliers bring"), "purchase", _("Purchase order, if you know it")),
    "put_away": Kind(_("Put away"), _("From the receiving bench into bins")),
    "return": Kind(_("Returns"), _("What customers send back")),
    "put_back": Kind(_("Put back"), _("From the returns bench into bins")),
    "count": Kind(_("Count"), _("What lies in a bin")),
    "damage": Kind(_("Damage"), _("Something is broken")),
    "sort": Kind(_("Sort"), _("From mixed totes into those of orders"), "subject", _("Walk, or a mixed tote of it")),
    "load": Kind(_("Load"), _("Goods for another site"), "subject", _("Transfer")),
    "unload": Kind(_("Unload"), _("Goods from another site"), "subject", _("Transfer")),
}
"""Every kind of session, in the order they are offered."""

EXPECTS: Mapping[str, str] = {
    "bin": _("Scan the bin"),
    "item": _("Scan the item"),
    "quantity": _("How many?"),
    "lot": _("Scan the lot"),
    "serial": _("Scan the serial number"),
    "expiry": _("Scan or type the date"),
    "tote": _("Scan the tote"),
    "place": _("Scan the place"),
    "weight": _("Weigh it"),
    "carton": _("Scan the carton"),
    "person": _("Scan a badge"),
    "reason": _("Say why"),
    "return": _("Scan the return"),
    "verdict": _("How is it?"),
    "done": _("Say done"),
}
"""What is asked for next, beside the field."""

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "pick": ("back", "skip", "full", "short"),
    "pack": ("back", "full"),
    "receive": ("back", "short"),
    "put_away": ("back", "full"),
    "return": ("back",),
    "put_back": ("back",),
    "count": ("back", "skip"),
    "damage": ("back",),
    "sort": ("back",),
    "load": ("back",),
    "unload": ("back",),
}
"""The commands a kind knows besides `done`."""

COMMAND_NAMES: Mapping[str, str] = {
    "done": _("Done"),
    "back": _("Undo"),
    "skip": _("Later"),
    "full": _("Full"),
    "short": _("Short"),
}
OVER = (
    "all_packed", "walk_over", "all_sorted", "transfer_left", "transfer_done", "all_received", "nothing_to_count",
    "receiving_empty", "bench_empty", "pack_held", "pack_cancelled",
    "still_picking",
)  # fmt: skip
"""What is said when nothing is left of this piece of work: then the next one is offered."""
NOTHING_IN_HAND = (
    "go_to_bin", "scan_item", "scan_mixed_tote", "scan_unit", "scan_returned", "scan_received", "load_from_bin",
    "load_from_any_bin", "scan_to_load", "scan_transferred", "scan_damaged_bin", "scan_damaged_item", "go_and_count",
    "count_units", "count_product", "scan_arrival", "scan_any_arrival", "scan_return", "scan_what_returned",
    "scan_carton", "scan_any_carton", "weigh_parcel", "second_person", "take_photo",
)  # fmt: skip
"""What is said while there is nothing yet of which it could be keyed how many there are."""
NOTHING_TO_END = ("scan_arrival", "scan_any_arrival", "go_and_count")
"""What is said while `done` would be refused, in kinds of work that mostly know it."""
DONE = ("pack", "count", "receive", "return", "load", "unload")
"""Kinds in which `done` is said at more than their end."""

IN_HAND = ("receive", "put_away", "put_back", "count", "damage", "load", "unload")
"""Kinds in which the number that stands out is what is in hand."""

REASONS: Mapping[str, str] = {"missing": _("Missing"), "damaged": _("Damaged"), "expired": _("Expired")}
"""Why units are short."""
BROKEN: Mapping[str, str] = {
    "damaged": _("Damaged"),
    "defective": _("Defective"),
    "expired": _("Expired"),
    "contaminated": _("Contaminated"),
}
"""Why something goes out of sale."""
HELD: Mapping[str, str] = {
    "over": _("more than is to come"),
    "expired": _("past its date"),
    "short_dated": _("soon past its date"),
}
"""Why what came lies in quarantine."""
VERDICTS: Mapping[str, str] = {
    "restock": _("As good as new"),
    "quarantine": _("To be looked at"),
    "scrap": _("Scrap"),
}
"""What becomes of what came back."""

FACTS: Mapping[str, str] = {
    "wanted": _("Wanted"),
    "scanned": _("Scanned"),
    "order": _("Order"),
    "left": _("Left"),
    "place": _("Place"),
    "site": _("Site"),
    "where": _("Where"),
    "lot": _("Lot"),
    "tote": _("Tote"),
    "sku": _("Product"),
    "expected_g": _("Expected, g"),
    "measured_g": _("Measured, g"),
    "units": _("Units"),
    "asked": _("Asked for"),
    "expires_on": _("Expiry date"),
}
"""Which facts of a refusal are shown, and how they are called."""

REFUSED_SCANS = (
    "bad_command", "bad_date", "check_needed", "command_step", "expiry_needed", "lot_expired", "lot_needed",
    "no_walk", "nobody_waits", "not_found", "nothing_to_pack", "nothing_to_pick", "nothing_to_put_away",
    "nothing_to_put_back", "order_held", "pack_quantity", "packed_by_other", "pick_quantity", "scan_differs",
    "serial_elsewhere", "serial_needed", "session_closed", "short_stock", "skill_missing", "tote_in_use",
    "unexpected_scan", "units_missing", "unknown_place", "unknown_scan", "unreadable_scan", "walk_step",
    "weight_off", "wrong_bin", "wrong_expiry", "wrong_item", "wrong_lot", "wrong_tote",
)  # fmt: skip
"""Refusals that people with scanners hear most: their sentences are translated."""

SCANNED: Mapping[str, str] = {
    "item": _("an item"),
    "place": _("a place"),
    "bin": _("a bin"),
    "packing": _("the packing bench"),
    "quarantine": _("quarantine"),
    "returns": _("the returns bench"),
    "receiving": _("the receiving bench"),
    "tote": _("a tote"),
    "cart": _("a cart"),
    "staff": _("a badge"),
    "work": _("work"),
    "parcel": _("a parcel"),
    "return": _("a return"),
    "sscc": _("a pallet or carton"),
    "quantity": _("how many"),
}
"""What was scanned where something else was to be, of `unexpected_scan`."""


class Fact(NamedTuple):
    """What a refusal knows. is_word: the value is a word of ours, to be translated."""

    name: str
    value: str
    is_word: bool


class Told(NamedTuple):
    """A sentence and what is put into it: `says | t | format(**with_)`. words: of that, what is translated, too."""

    says: str
    with_: Mapping[str, Any]
    words: Mapping[str, Sequence[str]] = {}


def texts() -> Iterator[str]:
    """Every sentence of sessions and their refusals, as the catalogue has it."""
    yield from map(_pattern, SAYINGS.values())
    for code in REFUSED_SCANS:
        yield REFUSALS[code].sentence
    yield from (
        *WRONG.values(),
        *MISSING.values(),
        UNITS_LEFT,
        COUNTED_TWICE,
        TOO_MANY_BAD,
        NO_RETURN,
        *UNREADABLE.values(),
    )


def told(said: Instruction | Notice) -> Told:
    """An instruction or notice, to be said in the visitor's language; in English where it lacks what is needed."""
    pattern = SAYINGS.get(said.say)
    if pattern is None:
        return Told(_plain(said.words), {})
    known: dict[str, Any] = dict(said.facts)
    if isinstance(said, Instruction):
        known = {"where": said.where, "sku": said.sku, "title": said.title, "lot": said.lot, "left": said.left,
                 "tote": said.tote, **known}  # fmt: skip
    known = {name: ", ".join(each) if isinstance(each, list) else each for name, each in known.items()}
    try:
        filled = pattern.format_map(known)
    except KeyError:
        filled = ""
    # Some sentences name things otherwise than their facts do; then the words as they are say more.
    return Told(_pattern(pattern), known, _words_in(known)) if filled == said.words else Told(_plain(said.words), {})


def _words_in(known: Mapping[str, Any]) -> dict[str, list[str]]:
    """What of a sentence's facts are words of ours: why goods are held, and why they may go out of sale."""
    words = {}
    if known.get("why") in HELD:
        words["why"] = [HELD[known["why"]]]
    reasons = str(known.get("reasons", "")).split(", ")
    if all(each in BROKEN for each in reasons):
        words["reasons"] = [BROKEN[each] for each in reasons]
    return words


def _plain(words: str) -> str:
    return words.replace("%", "%%")


def facts_of(refused: Instruction) -> list[Fact]:
    """What a refusal knows that helps whoever is refused."""
    words = SCANNED if refused.say == "unexpected_scan" else {}
    told = {key: each for key, each in refused.facts.items() if (key, each) != ("where", "in hand")}
    shown = [(name, _shown(told[key])) for key, name in FACTS.items() if told.get(key)]
    return [Fact(name, words.get(value, value), value in words) for name, value in shown]


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, Iterable) and not isinstance(value, str) else str(value)


def _pattern(text: str) -> str:
    return re.sub(r"\{(\w+)\}", r"%(\1)s", text)
