"""How much an order is looked at before it leaves: its risk, what that asks for, what of it is still missing. Pure."""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

Points = Annotated[int, Meta(ge=0, le=1_000)]
Check = Literal["none", "weight", "scan_all", "photo", "second_person"]
CHECKS: tuple[Check, ...] = ("none", "weight", "scan_all", "photo", "second_person")
"""From the least to the most; each asks for all that those before it ask for."""


class Seen(NamedTuple):
    """What is known of an order when it is packed.

    value_minor: of its goods. rates: units returned of 1,000 shipped, and wrong picks of 1,000 units picked, of the
    product where that is worst. picks_before: units its pickers ever picked, of the one who picked least.
    """

    value_minor: int
    lines: int
    units: int
    kits: int
    returned_permille: int
    picked_wrong_permille: int
    picks_before: int
    orders_before: int


class RiskWeights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many points what is worth, and from how many each check is asked for. version: named by who sets them."""

    version: Annotated[str, Meta(min_length=1, max_length=40)] = "1"
    high_value: Points = 30
    high_value_minor: Annotated[int, Meta(ge=0)] = 50_000
    value: Points = 15
    value_minor: Annotated[int, Meta(ge=0)] = 15_000
    many_lines: Points = 10
    lines_from: Annotated[int, Meta(ge=1)] = 8
    many_units: Points = 10
    units_from: Annotated[int, Meta(ge=1)] = 20
    kit: Points = 5
    often_returned: Points = 15
    returned_permille: Annotated[int, Meta(ge=0, le=1_000)] = 200
    often_picked_wrong: Points = 20
    picked_wrong_permille: Annotated[int, Meta(ge=0, le=1_000)] = 20
    new_picker: Points = 15
    new_picker_units: Annotated[int, Meta(ge=0)] = 200
    new_customer: Points = 5
    weight_from: Points = 20
    scan_all_from: Points = 40
    photo_from: Points = 60
    second_person_from: Points = 80


class Risk(NamedTuple):
    """An order's score, what it asks for, and the points by reason."""

    score: int
    check: Check
    reasons: Mapping[str, int]


def risk_of(seen: Seen, weights: RiskWeights) -> Risk:
    """The risk of an order: points for what it is worth, how much is in it, what went wrong with such goods before,
    who picked it and who buys. Its score decides the check, the strictest whose threshold it reaches."""
    told = {
        "high_value": seen.value_minor >= weights.high_value_minor,
        "value": weights.value_minor <= seen.value_minor < weights.high_value_minor,
        "many_lines": seen.lines >= weights.lines_from,
        "many_units": seen.units >= weights.units_from,
        "kit": seen.kits > 0,
        "often_returned": 0 < weights.returned_permille <= seen.returned_permille,
        "often_picked_wrong": 0 < weights.picked_wrong_permille <= seen.picked_wrong_permille,
        "new_picker": seen.picks_before < weights.new_picker_units,
        "new_customer": seen.orders_before == 0,
    }
    reasons = {code: points for code, holds in told.items() if holds and (points := getattr(weights, code))}
    score = sum(reasons.values())
    asked: Check = "none"
    for check in CHECKS[1:]:
        if score >= getattr(weights, f"{check}_from"):
            asked = check
    return Risk(score, asked, reasons)


class Met(NamedTuple):
    """What was done at the bench: units to be packed and scanned by sku, whether weighed and photographed, by whom."""

    units: Mapping[str, int]
    scanned: Mapping[str, int]
    is_weighed: bool
    has_photo: bool
    person: str
    checked_by: str


def missing_of(check: Check, met: Met) -> dict[str, object]:
    """What a check still asks for: weight, photo, second_person (True each), scan (units by sku). Empty when met."""
    rank = CHECKS.index(check)
    missing: dict[str, object] = {}
    if rank >= CHECKS.index("weight") and not met.is_weighed:
        missing["weight"] = True
    if rank >= CHECKS.index("scan_all"):
        left = {sku: units - met.scanned.get(sku, 0) for sku, units in met.units.items()}
        if unscanned := {sku: units for sku, units in sorted(left.items()) if units > 0}:
            missing["scan"] = unscanned
    if rank >= CHECKS.index("photo") and not met.has_photo:
        missing["photo"] = True
    if rank >= CHECKS.index("second_person") and met.checked_by in ("", met.person):
        missing["second_person"] = True
    return missing
