"""What holds for buying. Pure: the state of a purchase order, dated supply, tolerances, reorder levels."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

State = Literal["draft", "sent", "confirmed", "part_received", "received", "cancelled"]
HeldFor = Literal["", "over", "expired", "short_dated"]

PURCHASE_STEPS: Mapping[str, frozenset[str]] = {
    "change": frozenset({"draft"}),
    "send": frozenset({"draft"}),
    "confirm": frozenset({"sent", "confirmed", "part_received"}),
    "receive": frozenset({"sent", "confirmed", "part_received"}),
    "cancel": frozenset({"draft", "sent", "confirmed"}),
    "close": frozenset({"part_received"}),
}
"""Deed -> the states a purchase order may be in."""


class Line(NamedTuple):
    """Units of one product of a purchase order. accepted may be more than was ordered; rejected units are open."""

    position: int
    sku: str
    quantity: int
    cost_micro: int
    due_on: date
    accepted: int = 0
    rejected: int = 0
    cancelled: int = 0

    @property
    def left(self) -> int:
        """Units that are still to come."""
        return max(0, self.quantity - self.cancelled - self.accepted)


def state_of(lines: Sequence[Line], *, is_sent: bool, is_confirmed: bool, is_cancelled: bool) -> State:
    """The state of a purchase order, from the quantities of its lines."""
    if is_cancelled:
        return "cancelled"
    if not is_sent:
        return "draft"
    if not any(line.left for line in lines):
        return "received" if any(line.accepted for line in lines) else "cancelled"
    if any(line.accepted for line in lines):
        return "part_received"
    return "confirmed" if is_confirmed else "sent"


class Arriving(NamedTuple):
    """Units in one delivery line: those looked at and found good. confirmed: somebody wants what is too many."""

    units: int
    left: int  # that are still to come by the order; of a blind line what arrives
    ordered: int
    expires_on: date | None
    confirmed: bool


class Tolerance(NamedTuple):
    """What may come over the ordered quantity, and what may be missing of it; the more of units and share counts."""

    over_permille: int
    over_units: int
    under_permille: int
    shelf_days_min: int


def judge(arriving: Arriving, tolerance: Tolerance, today: date) -> tuple[int, HeldFor]:
    """How many units found good go to quarantine all the same, and why.

    Past their date (today: the site's day), or without `shelf_days_min` days left: all of them. Over what is still to
    come and the tolerance: the excess, unless somebody confirmed it.
    """
    if not arriving.units:
        return 0, ""
    if arriving.expires_on is not None and arriving.expires_on < today:
        return arriving.units, "expired"
    good_until = today + timedelta(days=tolerance.shelf_days_min)
    if arriving.expires_on is not None and arriving.expires_on < good_until and not arriving.confirmed:
        return arriving.units, "short_dated"
    allowed = max(arriving.ordered * tolerance.over_permille // 1000, tolerance.over_units)
    excess = arriving.units - arriving.left - allowed
    if excess <= 0 or arriving.confirmed:
        return 0, ""
    return (excess if allowed or arriving.left else arriving.units), "over"


def missing_for_good(line: Line, tolerance: Tolerance) -> int:
    """Units of a line that need not come any more: what is missing is within the tolerance. 0 before anything came."""
    if not line.accepted or line.left > line.quantity * tolerance.under_permille // 1000:
        return 0
    return line.left


def packs(units: int, pack_size: int) -> int:
    """Units rounded up to whole packs."""
    return -(-units // pack_size) * pack_size


class Waiting(NamedTuple):
    """Units of a product that wait, in the order they are served: highest priority, first come, number."""

    key: str
    units: int


def expected_dates(supply: Iterable[tuple[date, int]], queue: Sequence[Waiting]) -> dict[str, date | None]:
    """When each of a queue can have all its units: the day by which those before it and itself are supplied.

    supply: (day, units) of one product, in any order; queue: first served first. None: nothing that is on its way
    is enough. What comes earlier or later moves everybody behind it along.
    """
    days = sorted(supply)
    dates: dict[str, date | None] = {}
    needed = supplied = next_ = 0
    day: date | None = None
    for each in queue:
        needed += each.units
        while supplied < needed and next_ < len(days):
            day, units = days[next_]
            supplied += units
            next_ += 1
        dates[each.key] = day if supplied >= needed else None
    return dates


def reorder_point(units: int, days: int, lead_time_days: int, safety_days: int) -> int:
    """At how many units to order: average daily picks x (lead time + safety days), rounded up.

    units: picked at the site in the last `days` days (>= 1).
    """
    return -(-units * (lead_time_days + safety_days) // days)


def target(units: int, days: int, lead_time_days: int, safety_days: int, cover_days: int) -> int:
    """How many units to have on hand and on order after ordering: the reorder point and `cover_days` of picks more."""
    return -(-units * (lead_time_days + safety_days + cover_days) // days)


def wanted_units(position: int, point: int, goal: int) -> int:
    """Units to order, 0 while the position (on hand + on order - promised - waiting) is above the reorder point."""
    if position > point or (position >= 0 and not goal):
        return 0
    return max(goal - position, 1)
