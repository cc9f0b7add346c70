"""The periods reports are of: a day, a week from Monday, a month; and the one before. Pure."""

from datetime import date, timedelta
from typing import Literal, NamedTuple

Rhythm = Literal["daily", "weekly", "monthly"]
RHYTHMS: tuple[Rhythm, ...] = ("daily", "weekly", "monthly")


class Period(NamedTuple):
    """Days from the first to the last, both included."""

    rhythm: Rhythm
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


def period_of(rhythm: Rhythm, day: date) -> Period:
    """The period a day lies in."""
    if rhythm == "daily":
        return Period(rhythm, day, day)
    if rhythm == "weekly":
        first = day - timedelta(days=day.weekday())
        return Period(rhythm, first, first + timedelta(days=6))
    first = day.replace(day=1)
    return Period(rhythm, first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def before(period: Period) -> Period:
    """The period before one."""
    return period_of(period.rhythm, period.first - timedelta(days=1))


def after(period: Period) -> Period:
    """The period after one."""
    return period_of(period.rhythm, period.last + timedelta(days=1))


def last_whole(rhythm: Rhythm, today: date) -> Period:
    """The last period that is over."""
    return before(period_of(rhythm, today))
