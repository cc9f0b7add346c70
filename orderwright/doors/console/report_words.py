"""The words of reports: figures and groups as the business names them, and what they are made of."""

from collections.abc import Iterator, Mapping

from orderwright.business.reports.measures import COST_PARTS, GROUPS, MEASURES
from orderwright.doors.console import exception_words, words
from orderwright.doors.console.contact_words import WHYS
from orderwright.doors.console.story_words import CANCELLED_FOR, hold_word
from orderwright.doors.console.texts import text as _

RHYTHMS: Mapping[str, str] = {"daily": _("Day"), "weekly": _("Week"), "monthly": _("Month")}
_REASONS: Mapping[str, str] = {
    "wrong_item": _("Wrong item"), "wrong_quantity": _("Wrong quantity"), "damaged": _("Arrived damaged"),
    "defective": _("Does not work"), "not_as_described": _("Not as described"), "too_late": _("Came too late"),
    "unwanted": _("No longer wanted"), "unknown": _("No reason told"), "missing_item": _("Item missing"),
    "extra_item": _("Item too many"),
}  # fmt: skip
_STEPS: Mapping[str, str] = {
    "desk": _("At the desk"), "release": _("Letting out"), "pick": _("Picking"), "pack": _("Packing"),
    "hand_over": _("Handing over"), "put_back": _("Putting back"), "returns": _("Returns"),
}  # fmt: skip
_COSTS: Mapping[str, str] = {
    "labour": _("Labour"), "cartons": _("Cartons"), "labels": _("Labels"), "gateway": _("Payment gateway"),
    "errors": _("Mistakes"),
}  # fmt: skip
_DEEDS: Mapping[str, str] = {
    "order_edited": _("Order changed by a person"), "order_cancelled": _("Units cancelled by a person"),
    "order_held": _("Held by a person"),
}  # fmt: skip
_MENDS: Mapping[str, tuple[str, str]] = {
    "touch": (_("What makes people touch orders"), _("%(orders)s orders a week, %(minutes)s minutes at the desk each")),
    "contact": (
        _("What customers get in touch about"), _("%(contacts)s a week, %(minutes)s minutes each"),
    ),
    "contact_untimed": (
        _("What customers get in touch about"),
        _("%(contacts)s a week; what one takes is not told"),
    ),
    "mistake": (
        _("A mistake that reaches customers"), _("%(errors)s a week, %(refund)s refunded for each mistake of ours"),
    ),
    "mistake_free": (_("A mistake that reaches customers"), _("%(errors)s a week; nothing was refunded for them yet")),
    "picking": (
        _("Picking below the aim"),
        _("%(units)s units in %(hours)s hours a week are %(rate)s an hour; at %(target)s the same takes less"),
    ),
    "lost": (_("Parcels lost"), _("%(parcels)s parcels a week")),
    "picked_wrong": (_("Picked wrong, found in time"), _("%(units)s units a week")),
}  # fmt: skip


_PARTS_OF: Mapping[str, str] = {"touch": "zero_touch", "mistake": "errors_reached", "contact": "contacts"}
"""Whose parts are what is to be mended, by how its kind begins."""
_PARTS: Mapping[str, Mapping[str, str]] = {
    "touch_time": _STEPS, "cost_per_order": _COSTS, "cancelled": CANCELLED_FOR, "contacts": WHYS,
}  # fmt: skip


def part_word(figure: str, part: str) -> str:
    """What a part of a figure is called; one that nobody gave a word stands by its own name."""
    if figure in ("orders_in",) and part in words.ORDER:
        return words.ORDER[part].name
    if figure == "zero_touch":
        return cause_word(part)
    if figure == "held":
        return hold_word(part)
    known = _PARTS.get(figure, _REASONS)
    plain = part.replace("_", " ")
    return known.get(part) or (plain if part else _("Not told"))


def cause_word(cause: str) -> str:
    """What made people touch an order."""
    kind, _colon, name = cause.partition(":")
    if kind == "exception":
        return exception_words.case_of(name).name
    return hold_word(name) if kind == "hold" else _DEEDS.get(name) or name.replace("_", " ")


def mend_words(kind: str, of: str) -> tuple[str, str, str]:
    """What is to be mended, which of it, and the arithmetic with the names of its numbers."""
    title, arithmetic = _MENDS[kind]
    of_figure = next((figure for start, figure in _PARTS_OF.items() if kind.startswith(start)), "")
    return title, part_word(of_figure, of) if of_figure else of, arithmetic


def texts() -> Iterator[str]:
    """The texts of the figures themselves, for the catalogues."""
    yield from GROUPS
    for each in MEASURES.values():
        yield from (each.title, each.says, each.because)
    yield from (why for why in COST_PARTS.values() if why)


def cost_unknown(part: str) -> str:
    """Why a part of the cost of an order is not known."""
    return COST_PARTS.get(part, "")
