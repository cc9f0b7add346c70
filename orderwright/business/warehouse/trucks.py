"""Which truck a parcel goes with: departures by the clock on the site's wall, on its working days. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from orderwright.values.calendars import WEEKDAYS, SiteCalendar, is_working_day, site_day, wall_moment

SEARCH_DAYS_MAX = 21
"""So far the next truck is looked for: three weeks without one is a site without trucks."""
_ONE_DAY = timedelta(days=1)


class Truck(NamedTuple):
    """A regular departure. service: whose parcels it takes, '' those of all. leaves_at: "HH:MM" at the site."""

    carrier: str
    service: str
    weekday: str
    leaves_at: str


class Leaving(NamedTuple):
    """One departure of a truck. service: as the truck's."""

    at: datetime
    carrier: str
    service: str


class Timetable:
    """The trucks of a site, as they leave from now on. Closed dates and holidays are the site's calendar's."""

    def __init__(self, calendar: SiteCalendar, trucks: Sequence[Truck], now: datetime) -> None:
        self._calendar, self._trucks, self._now = calendar, trucks, now
        self._today = site_day(calendar, now)
        self._on_day: dict[tuple[str, date], list[Leaving]] = {}
        self._known: dict[tuple[str, datetime], Leaving | None] = {}

    def truck_for(self, service: str, ship_by: datetime) -> Leaving | None:
        """The truck a parcel of a service is to go with, that is promised to leave by `ship_by`; None without any.

        The last of that day that leaves by then; where none does, the first after it that day; where none leaves that
        day, the last before it. One that has left is missed: the next there is, whatever the promise said. So of
        two parcels of a service the one promised earlier never goes later.
        """
        key = (service, ship_by)
        if not self._trucks:
            return None
        if key not in self._known:
            self._known[key] = self._find(service, ship_by)
        return self._known[key]

    def leaves_at(self, service: str, ship_by: datetime) -> datetime:
        """When it leaves: with its truck, or by its ship-by at a site that says nothing of trucks."""
        truck = self.truck_for(service, ship_by)
        return ship_by if truck is None else truck.at

    def next_ones(self, count: int) -> list[Leaving]:
        """The next departures, the soonest first."""
        found: list[Leaving] = []
        for n in range(SEARCH_DAYS_MAX):
            found += self._leave_on(self._today + n * _ONE_DAY, self._trucks)
            if len(found) >= count:
                break
        return found[:count]

    def _find(self, service: str, ship_by: datetime) -> Leaving | None:
        day = max(site_day(self._calendar, ship_by), self._today)
        on_day = self._leaving(service, day)
        in_time = [each for each in on_day if each.at <= ship_by]
        if on_day:
            return in_time[-1] if in_time else on_day[0]
        before = max(self._today, day - SEARCH_DAYS_MAX * _ONE_DAY)
        while (day := day - _ONE_DAY) >= before:
            if earlier := self._leaving(service, day):
                return earlier[-1]
        start = max(site_day(self._calendar, ship_by), self._today)
        for n in range(1, SEARCH_DAYS_MAX):
            if later := self._leaving(service, start + n * _ONE_DAY):
                return later[0]
        return None

    def _leaving(self, service: str, day: date) -> list[Leaving]:
        """What still leaves on a day and takes a service, in order."""
        key = (service, day)
        if key not in self._on_day:
            self._on_day[key] = self._leave_on(day, [each for each in self._trucks if each.service in ("", service)])
        return self._on_day[key]

    def _leave_on(self, day: date, trucks: Sequence[Truck]) -> list[Leaving]:
        word = WEEKDAYS[day.weekday()]
        on_day = [truck for truck in trucks if truck.weekday == word]
        if not on_day or not is_working_day(self._calendar, day):
            return []
        found = [
            Leaving(wall_moment(self._calendar, day, each.leaves_at), each.carrier, each.service) for each in on_day
        ]
        return sorted(each for each in found if each.at > self._now)
