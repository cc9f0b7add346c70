"""When the air of a zone was outside of its limits for too long. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple


class Reading(NamedTuple):
    """A temperature in thousandths of a degree Celsius, or a humidity in thousandths of a per cent."""

    at: datetime
    milli: int


class Stretch(NamedTuple):
    """Outside of the limits from one reading until the next one inside; ended_at: None while it goes on.

    last_at: of the last reading of it. worst_milli: the reading furthest outside.
    """

    began_at: datetime
    ended_at: datetime | None
    last_at: datetime
    worst_milli: int

    @property
    def lasted(self) -> timedelta:
        """How long. What was read is so until something else is read; of one that goes on, up to its last reading."""
        return (self.ended_at or self.last_at) - self.began_at


def stretches(readings: Iterable[Reading], min_milli: int, max_milli: int) -> list[Stretch]:
    """Each time one device read outside of [min_milli, max_milli], in order. readings: in any order."""
    found: list[Stretch] = []
    is_open = False
    for each in sorted(readings):
        if min_milli <= each.milli <= max_milli:
            if is_open:
                found[-1] = found[-1]._replace(ended_at=each.at)
            is_open = False
        elif is_open:
            worst = max(found[-1].worst_milli, each.milli, key=lambda milli: _outside(milli, min_milli, max_milli))
            found[-1] = found[-1]._replace(last_at=each.at, worst_milli=worst)
        else:
            found.append(Stretch(each.at, None, each.at, each.milli))
            is_open = True
    return found


def too_long(found: Iterable[Stretch], minutes: int) -> list[Stretch]:
    """Those that lasted longer than allowed; 0 minutes allow none at all."""
    allowed = timedelta(minutes=minutes)
    return [each for each in found if each.lasted > allowed or not minutes]


def overlaps(one: Stretch, began_at: datetime, ended_at: datetime | None) -> bool:
    """Whether two stretches of one device are the same trouble, seen with more or fewer readings."""
    return (ended_at is None or one.began_at <= ended_at) and (one.ended_at is None or began_at <= one.ended_at)


def _outside(milli: int, min_milli: int, max_milli: int) -> int:
    return max(min_milli - milli, milli - max_milli)
