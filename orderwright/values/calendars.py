"""When a site ships and a parcel arrives: cut-offs, working days and holidays, in the site's own time."""

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The words of `SiteCalendar.working_days`, in the order of `date.weekday()`."""

_ONE_DAY = timedelta(days=1)
_SEARCH_DAYS_MAX = 800  # a site that opens on no day in two years is a mistake, not a long holiday


class SiteCalendar(msgspec.Struct, frozen=True, kw_only=True, cache_hash=True):
    """When a site works. The times are what a clock on its wall shows.

    time_zone: tz database name. cut_off: "HH:MM"; what arrives before it leaves that day. working_days: from
    WEEKDAYS. holidays_country, holidays_region: ISO 3166 codes whose public holidays it keeps, or "". closed_dates and
    open_dates: ISO dates; an open date is worked whatever the rest says.
    """

    time_zone: str
    cut_off: str = "16:00"
    working_days: tuple[str, ...] = WEEKDAYS[:5]
    holidays_country: str = ""
    holidays_region: str = ""
    closed_dates: tuple[str, ...] = ()
    open_dates: tuple[str, ...] = ()


def ship_by(calendar: SiteCalendar, at: datetime) -> datetime:
    """The cut-off (aware UTC) by which what arrives at `at` (aware) leaves the site.

    Today's, where today is the site's, if `at` is before it on a working day; else the next working day's.
    When clocks change, a cut-off is read on the clock as it stood before the change (PEP 495, fold 0): one
    that is skipped comes as long after midnight as on any other day, one that comes twice counts the first time.
    Raises ValueError if `at` has no time zone or the site never opens.
    """
    today, later = _cut_offs_from(calendar, site_day(calendar, at))
    return today if today is not None and at < today else later


def site_day(calendar: SiteCalendar, at: datetime) -> date:
    """The date at the site at a moment (aware): the business day of promises, capacity and reports."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(_zone(calendar.time_zone)).date()


def wall_moment(calendar: SiteCalendar, day: date, wall_clock: str) -> datetime:
    """The moment (aware UTC) at which a clock on the site's wall shows "HH:MM" on a date of the site's.

    When clocks change it is read as it stood before the change, as cut-offs are (see `ship_by`).
    """
    return datetime.combine(day, time.fromisoformat(wall_clock), tzinfo=_zone(calendar.time_zone)).astimezone(UTC)


@lru_cache(maxsize=16_384)
def is_working_day(calendar: SiteCalendar, day: date) -> bool:
    """Whether the site works on a date of its own."""
    written = day.isoformat()
    if written in calendar.open_dates:
        return True
    return (
        WEEKDAYS[day.weekday()] in calendar.working_days
        and written not in calendar.closed_dates
        and day not in _holidays_of(calendar.holidays_country, calendar.holidays_region).days
    )


def next_working_day(calendar: SiteCalendar, day: date) -> date:
    """The first working day after `day`. Raises ValueError if the site opens on none of the next 800 days."""
    for _ in range(_SEARCH_DAYS_MAX):
        day += _ONE_DAY
        if is_working_day(calendar, day):
            return day
    raise ValueError("the site has no working day")


def add_working_days(calendar: SiteCalendar, day: date, count: int) -> date:
    """The date `count` (>= 0) working days after `day`; with 0, `day` itself or else the next working day."""
    if count < 0:
        raise ValueError("working days are counted forwards")
    if count == 0:
        return day if is_working_day(calendar, day) else next_working_day(calendar, day)
    for _ in range(count):
        day = next_working_day(calendar, day)
    return day


def deliver_by(
    leaves_at: datetime, transit_days: int, calendar_of_origin: SiteCalendar, destination_country: str
) -> date:
    """The date a parcel arrives that leaves the site at `leaves_at` (aware), usually its `ship_by`.

    transit_days (>= 0) are counted from the site's date on the destination's delivery days: all but its weekend
    and its public holidays. With 0 it arrives on the day it leaves, or the first delivery day after.
    """
    return _delivery_day(site_day(calendar_of_origin, leaves_at), transit_days, destination_country)


class _Holidays(NamedTuple):
    days: Container[date]
    weekend: frozenset[int]


@lru_cache(maxsize=16_384)
def _cut_offs_from(calendar: SiteCalendar, day: date) -> tuple[datetime | None, datetime]:
    """The cut-off of `day` if it is worked, and that of the next working day, as UTC."""
    today = _cut_off_of(calendar, day) if is_working_day(calendar, day) else None
    return today, _cut_off_of(calendar, next_working_day(calendar, day))


def _cut_off_of(calendar: SiteCalendar, day: date) -> datetime:
    return wall_moment(calendar, day, calendar.cut_off)


@lru_cache(maxsize=16_384)
def _delivery_day(day: date, transit_days: int, country: str) -> date:
    holidays = _holidays_of(country, "")
    left = transit_days
    while left > 0 or day.weekday() in holidays.weekend or day in holidays.days:
        day += _ONE_DAY
        if day.weekday() not in holidays.weekend and day not in holidays.days:
            left -= 1
    return day


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@cache
def _holidays_of(country: str, region: str) -> _Holidays:
    """Public holidays as the `holidays` package knows them; none for countries and regions it does not."""
    if not country:
        return _Holidays((), frozenset({5, 6}))
    # Here and not above: it takes most of a second to import, and many shops keep no calendar of holidays.
    from holidays import country_holidays

    try:
        days = country_holidays(country, subdiv=region or None)
    except NotImplementedError:
        return _holidays_of(country if region else "", "")
    return _Holidays(days, frozenset(days.weekend))
