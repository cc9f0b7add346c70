"""Which part of the year is run, and how its dates become the present: shifted by whole weeks, wall clocks kept."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
WEEK = timedelta(days=7)


class Window(NamedTuple):
    """The part of the file that is run: after `begin`, up to `end` (the file's own times, aware UTC).

    weeks: by how many its dates are shifted, so that `end` becomes now.
    """

    begin: datetime
    end: datetime
    weeks: int

    def shifted(self, at: datetime) -> datetime:
        """A moment of the file as the demo has it: the same wall-clock time in London, so many weeks later."""
        return _moved(at, self.weeks)

    def unshifted(self, at: datetime) -> datetime:
        """The moment of the file that a moment of the demo was."""
        return _moved(at, -self.weeks)


def choose_window(times: Sequence[datetime], now: datetime, days: int | None) -> Window:
    """The busiest `days` days of the file that can end now; with None, all of it and the quiet days until now.

    times: when orders were placed, in order. A window ends at the weekday and wall-clock time of now; of equally
    busy ones the latest is taken. Nothing after its end is run: those orders are still to come.
    """
    ends = _ends(times, now)
    if days is None:
        weeks = ends[0][1] - 1
        return Window(times[0] - timedelta(hours=1), _moved(now, -weeks), weeks)
    length = timedelta(days=days)

    def orders_in(end: datetime) -> int:
        return bisect_right(times, end) - bisect_left(times, end - length)

    end, weeks = max(ends, key=lambda pair: (orders_in(pair[0]), pair[0]))
    return Window(end - length, end, weeks)


def _ends(times: Sequence[datetime], now: datetime) -> list[tuple[datetime, int]]:
    """Moments of the file at now's weekday and wall-clock time, each with the weeks to it, the latest first."""
    weeks = 0
    found: list[tuple[datetime, int]] = []
    while not found or found[-1][0] > times[0]:
        end = _moved(now, -weeks)
        if end <= times[-1]:
            found.append((end, weeks))
        weeks += 1
    return found


def _moved(at: datetime, weeks: int) -> datetime:
    wall_clock = at.astimezone(ZONE).replace(tzinfo=None) + weeks * WEEK
    return wall_clock.replace(tzinfo=ZONE).astimezone(UTC)
