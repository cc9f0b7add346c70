"""What the pure half of every kind of session is made of."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from orderwright.business.warehouse.rules import ShortReason
from orderwright.business.warehouse.sessions.forms import Notice
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.values.gs1 import date_of
from orderwright.values.refusal import Refusal
from orderwright.values.scans import Scan

_DATE = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})", re.ASCII)
_UNMARKED_EXPIRY = re.compile(r"17[0-9]{6}", re.ASCII)
_LIKE_A_DATE = re.compile(r"[0-9]{1,4}([-./ ]?[0-9]{1,2}){2,3}", re.ASCII)

State = msgspec.Struct
"""A kind's own Struct; kept as JSON between scans."""


class FoundPlace(NamedTuple):
    """A place of the session's site."""

    id: int
    code: str
    kind: str
    zone: str


class ToteUse(NamedTuple):
    """What a tote is in use for. order: whose units it is for, '' for several."""

    walk_id: str
    walk: str
    fulfilment_id: str
    order: str
    stands_at: str


class Found(NamedTuple):
    """What a code is: as it reads, and what of this store has it. tote: '' for none; use: None while it is free."""

    scan: Scan
    sku: str = ""
    place: FoundPlace | None = None
    tote: str = ""
    use: ToteUse | None = None


class Told(NamedTuple):
    """A scan or a command, as a step sees it."""

    code: str
    command: str
    reason: ShortReason
    quantity: int | None
    occurred_at: datetime
    found: Found


class Stepped(NamedTuple):
    """What a scan leads to. effects: what is to be done with goods, first to last; the state counts if all of it is.

    say: what to tell instead of the next instruction's own words. sku, zone: what was asked for; units: that it moves.
    """

    state: Any
    effects: tuple[Any, ...] = ()
    refusal: Refusal | None = None
    say: str = ""
    facts: Mapping[str, Any] = {}
    sku: str = ""
    zone: str = ""
    units: int = 0


def notice(say: str, **facts: Any) -> Notice:
    """A notice in the words of its code."""
    return Notice(say, words_of(say, facts), facts)


def lot_asked(lots: Sequence[str]) -> tuple[str, str, dict[str, Any]]:
    """How the lot of what is in hand is asked for where these lie: what to say, in words, and its facts."""
    if len(lots) > 1:
        return "scan_one_of_lots", words_of("scan_one_of_lots", {"lots": ", ".join(lots)}), {"lots": list(lots)}
    lot = lots[0] if lots else ""
    return "scan_lot", words_of("scan_lot", {"lot": lot}), {"lots": list(lots), "lot": lot}


def unfit(told: Told, expects: str) -> Refusal:
    """Why a code that does not fit is refused: it cannot be read, is nothing here, or is something else.

    So is how many there are, keyed by itself, while there is nothing it could be the number of.
    """
    scan, found = told.found.scan, told.found
    if not told.code and told.quantity is not None:
        return Refusal("unexpected_scan", expects=expects, scanned="quantity")
    if scan.kind == "unreadable":
        return Refusal(
            "unreadable_scan", **{"fault": scan.facts.get("reason", ""), **scan.facts, "reason": scan.reason}
        )
    if scan.kind == "place" and found.place is None:
        return Refusal("unknown_place", place=scan.code, site=scan.site)
    what = "item" if found.sku else "place" if found.place else "tote" if found.tote else scan.kind
    if what in ("plain", "goods", "details"):
        return Refusal("unknown_scan", scanned=scan.text[:64])
    return Refusal("unexpected_scan", expects=expects, scanned=what)


def told_of(told: Told, sku: str) -> Told:
    """How many there are, keyed by itself, as if the product had been scanned with it."""
    return told._replace(found=told.found._replace(sku=sku))


def serial_of(told: Told) -> str:
    """The serial number a scan tells where one is asked for; '' for none."""
    scan = told.found.scan
    return scan.serial or (scan.text if scan.kind == "plain" else "")


def lot_told(told: Told) -> str:
    """The lot number a scan tells where one is asked for; '' for none.

    The day of production, 20261108, is a common one, though one such day in ten reads as a short GTIN as well.
    """
    scan = told.found.scan
    is_number = scan.kind == "plain" or (scan.kind == "goods" and _is_day(scan.text))
    return scan.lot or (scan.text if is_number else "")


def _is_day(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def day_told(told: Told, today: date) -> date | Refusal:
    """The expiry date a scan tells where one is asked for: typed as 2027-03-31, or GS1's 17 with its mark or without.

    Refuses bad_date for what looks like a date and is none, and what is no date at all as `unfit` does.
    """
    scan = told.found.scan
    if scan.expires_on is not None:
        return scan.expires_on
    text = scan.text if scan.kind in ("plain", "goods") else ""
    try:
        if _UNMARKED_EXPIRY.fullmatch(text):
            return date_of(text[2:], today)
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except (ValueError, Refusal):  # the 30th of February
        return Refusal("bad_date", scanned=text)
    return Refusal("bad_date", scanned=text) if _LIKE_A_DATE.fullmatch(text) else unfit(told, "expiry")


def take_lot(told: Told, state: Any, lots: Mapping[str, int]) -> Stepped:
    """Note the lot that units in hand are of. state: has `sku`, `units` and `lot`; lots: units of each in their bin.

    Refuses wrong_lot, naming the lots that lie there, and what is no lot's code.
    """
    lot = lot_told(told)
    if not lot:
        return Stepped(state, refusal=unfit(told, "lot"), sku=state.sku)
    if lots.get(lot, 0) < state.units:
        refusal = Refusal("wrong_lot", wanted=", ".join(sorted(lots)), scanned=lot[:64])
        return Stepped(state, refusal=refusal, sku=state.sku)
    return Stepped(msgspec.structs.replace(state, lot=lot), sku=state.sku)


def expired(told: Told, lot_expires_on: date | None, today: date) -> date | None:
    """The date that goods of a lot, or what their barcode says, have passed; None while they may be sent."""
    days: Sequence[date | None] = (lot_expires_on, told.found.scan.expires_on)
    past = [day for day in days if day is not None and day < today]
    return min(past, default=None)
