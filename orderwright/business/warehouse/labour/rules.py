"""Hours. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple


class Stretch(NamedTuple):
    """Hours worked at a stretch; ended_at None: still at it."""

    started_at: datetime
    ended_at: datetime | None


def worked_s(stretches: Iterable[Stretch], start: datetime, end: datetime) -> int:
    """Whole seconds of the stretches that fall between two moments; one that has not ended lasts until `end`."""
    total = timedelta()
    for each in stretches:
        begin, stop = max(each.started_at, start), min(each.ended_at or end, end)
        if stop > begin:
            total += stop - begin
    return total // timedelta(seconds=1)


def per_hour(units: int, seconds: int) -> int | None:
    """Units for each hour, rounded half up; None where no time was worked."""
    return None if seconds <= 0 else (units * 3600 * 2 + seconds) // (2 * seconds)


def overlaps(mine: Stretch, others: Iterable[Stretch]) -> bool:
    """Whether a person would be at two tasks at once."""
    return any(
        (other.ended_at is None or mine.started_at < other.ended_at)
        and (mine.ended_at is None or other.started_at < mine.ended_at)
        for other in others
    )
