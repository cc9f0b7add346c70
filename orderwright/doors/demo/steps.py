"""When the clock stops: every three hours while the sites work, a few times a day when they do not."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from orderwright.doors.demo.sites import TOWNS, Town
from orderwright.doors.demo.window import ZONE
from orderwright.values.calendars import is_working_day

HALF_AN_HOUR, PACE = timedelta(minutes=30), timedelta(hours=3)
FIRST, LAST = time(6), time(18)
BUYING_FROM = 2  # Wednesday
WAVES = (time(9), time(12), time(15))


class Step(NamedTuple):
    """One stop of the clock.

    is_morning: the first of its day. is_wave: the crew walks and the outside is called.
    rushed: sites whose truck comes half an hour later. trucks: sites whose truck is there. is_buying: the morning
    the buyers order on, the first working day of its week from Wednesday on.
    """

    at: datetime
    is_morning: bool
    is_wave: bool
    is_buying: bool
    rushed: tuple[Town, ...]
    trucks: tuple[Town, ...]


def steps_between(begin: datetime, end: datetime) -> Iterator[Step]:
    """The stops after `begin`, every PACE of a working day and whenever a truck is near, and one at `end`.

    begin, end: aware UTC.
    """
    day = begin.astimezone(ZONE).date()
    bought_in = None
    while day <= end.astimezone(ZONE).date():
        working = tuple(town for town in TOWNS if is_working_day(town.calendar, day))
        week = day.isocalendar()[:2]
        is_buying = bool(working) and day.weekday() >= BUYING_FROM and week != bought_in
        if is_buying:
            bought_in = week
        for n, at in enumerate(at for at in _times(day, working) if begin < at < end):
            rushed = tuple(town for town in working if _truck(town, day) == at + HALF_AN_HOUR)
            trucks = tuple(town for town in working if _truck(town, day) == at)
            is_wave = at.astimezone(ZONE).time() in WAVES
            yield Step(at, n == 0, is_wave, is_buying and n == 0, rushed, trucks)
        day += timedelta(days=1)
    yield Step(end, is_morning=False, is_wave=False, is_buying=False, rushed=(), trucks=())


def _times(day: date, working: Sequence[Town]) -> list[datetime]:
    if not working:
        return [_at(day, quiet) for quiet in WAVES]
    first, last = _at(day, FIRST), _at(day, LAST)
    paced = {first + n * PACE for n in range((last - first) // PACE + 1)}
    gates = {_truck(town, day) - early for town in working for early in (timedelta(0), HALF_AN_HOUR)}
    return sorted(paced | gates)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZONE).astimezone(UTC)


def _truck(town: Town, day: date) -> datetime:
    return _at(day, time.fromisoformat(town.cut_off))
