"""What a scan may say, and whether a site's day has room. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

ShortReason = Literal["missing", "damaged", "expired"]

WHERE_SHORT_UNITS_GO: Mapping[ShortReason, tuple[str, str]] = {
    "missing": ("LOST", "adjust"),
    "damaged": ("QUARANTINE", "adjust"),
    "expired": ("QUARANTINE", "expire"),
}
"""Why units were not picked -> code of the place the books move them to, and the kind of that move."""


class Day(NamedTuple):
    """A site's day: what it takes, and what it let out already (orders, units)."""

    day: date
    orders_max: int
    units_max: int
    orders: int
    units: int


def has_room(day: Day, units: int) -> bool:
    """Whether one more order of that many units fits the day; one larger than a whole day has an empty day."""
    if day.orders + 1 > day.orders_max:
        return False
    return day.units + units <= day.units_max or day.units == 0


def is_past_date(expires_on: date | None, today: date) -> bool:
    """Whether a lot may no longer be sent; on its last day it still may. None: it keeps for ever."""
    return expires_on is not None and expires_on < today
