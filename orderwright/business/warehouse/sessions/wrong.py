"""What people hear of a scan that was refused, where the sentence of the refusal is for programs."""

from collections.abc import Mapping
from typing import Any

from orderwright.values.refusal import REFUSALS

WRONG: Mapping[str, str] = {
    "check_needed": "This order is to be checked before it leaves.",
    "lot_expired": "This lot is past its date: leave it, and say short, expired.",
    "nothing_to_pack": "Nothing of this order waits to be packed.",
    "packed_by_other": "Somebody else packs this just now.",
    "pick_quantity": "That is more than is to be taken here.",
    "serial_elsewhere": "By the books this unit is elsewhere.",
    "short_stock": "By the books there are not so many of it here.",
    "skill_missing": "This is no task of yours.",
    "tote_in_use": "This tote is in use.",
    "unexpected_scan": "Something else is to be scanned now.",
    "unreadable_scan": "This barcode cannot be used.",
    "wrong_expiry": "This lot has another expiry date.",
    "wrong_item": "Another product is asked for.",
    "wrong_lot": "Another lot is asked for.",
}
MISSING: Mapping[str, str] = {
    "scan": "Of this order each unit is scanned by itself before it leaves.",
    "weight": "This order is weighed before it leaves: put it on the scale, or key its grams.",
    "photo": "Of this order a photo is taken before it leaves: of what lies in the open carton.",
    "second_person": "Another person looks at this order before it leaves: scan their badge, not your own.",
}
"""What an order's risk still asks for, by what is `missing` of check_needed; the first of several."""
UNITS_LEFT = "Not all units are scanned: scan the rest."
"""units_missing where nothing is in hand and nothing can be said to be short: `left` says of what."""
COUNTED_TWICE = "This unit is counted already: scan the next one."
"""serial_elsewhere of what is in hand."""
TOO_MANY_BAD = "There are not so many in hand: key how many of them are bad."
"""command_step of `short` where more are bad than were counted."""
NO_RETURN = "No return of this is open here: it was looked at already, or none was announced. Ask the office."
"""unknown_scan at the returns bench of what is known."""
UNREADABLE: Mapping[str, str] = {
    "empty": "Nothing was read: scan it again.",
    "too_long": "This barcode holds too much to be one of ours: look for another one.",
    "control_character": "The scanner read signs that no label has: scan it again, or type what is printed below it.",
    "damaged": "This barcode is damaged or was misread: scan it again, or type what is printed below it.",
    "foreign": "This barcode is none of ours and says nothing here: look for another one.",
}
"""Why a barcode cannot be used, by the `reason` of unreadable_scan."""


def wrong_words(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence people hear."""
    if code == "unreadable_scan" and facts.get("reason") in UNREADABLE:
        return UNREADABLE[facts["reason"]]
    if code == "check_needed" and (missing := [each for each in MISSING if each in facts.get("missing", ())]):
        return MISSING[missing[0]]
    if code == "units_missing" and "left" in facts:
        return UNITS_LEFT
    if code == "serial_elsewhere" and facts.get("where") == "in hand":
        return COUNTED_TWICE
    if code == "command_step" and "counted" in facts:
        return TOO_MANY_BAD
    if code == "unknown_scan" and facts.get("has_return") is False:
        return NO_RETURN
    return WRONG.get(code) or REFUSALS[code].sentence
