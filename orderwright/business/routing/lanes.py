"""Sites as candidates for a destination: distance, zone, cut-off, load."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from orderwright.business.catalog.reads import Site
from orderwright.business.routing.planning import Lane
from orderwright.business.routing.rates import RateCard, Zone, zone_for
from orderwright.values.calendars import SiteCalendar, deliver_by, ship_by, site_day
from orderwright.values.postcodes import distance_km, locate

FULL_DAYS_MAX = 10  # a promise further out says the same
A_MOMENT = timedelta(microseconds=1)
FAR_KM = 20_000  # a destination nobody can place on a map counts as far away


class Destination(NamedTuple):
    """Where an order goes, as far as routing cares."""

    country: str
    postal_code: str
    service: str


Loads = Mapping[tuple[str, date], tuple[int, int]]
"""(site, local ship-by day) -> (orders, units) already planned there."""


class Departure(NamedTuple):
    """When what is planned now leaves a site, the same for every order of a group."""

    site: Site
    leaves_at: datetime
    day: date  # of leaves_at, in the site's zone


class Departures:
    """The next departures for work that can begin at this moment or that, each reckoned once."""

    def __init__(self, sites: Mapping[str, Site], loads: Loads, now: datetime) -> None:
        self._sites, self._loads, self._now = sites, loads, now
        self._known: dict[datetime, list[Departure]] = {}

    def ready_at(self, moment: datetime | None = None) -> list[Departure]:
        """Those of what no floor gets before `moment`: the end of its cancel window; None, or past: now."""
        ready_at = self._now if moment is None or moment < self._now else moment
        if ready_at not in self._known:
            self._known[ready_at] = departures_from(self._sites, self._loads, ready_at)
        return self._known[ready_at]


def departures_from(sites: Mapping[str, Site], loads: Loads, now: datetime) -> list[Departure]:
    """The next departure of each site that has room that day, looking ten full days ahead at most."""
    return [_departure(site, loads, now) for site in sites.values()]


def lanes_to(destination: Destination, departures: Iterable[Departure], card: RateCard) -> list[Lane]:
    """Candidate sites, nearest first, then by code; those the service does not reach are left out."""
    country, postal_code, service = destination
    found = []
    for departure in departures:
        site = departure.site
        km = _km(site.latitude, site.longitude, country, postal_code)
        zone = zone_for(card, service, country == site.country, km)
        if zone is not None:
            found.append((km, site.code, departure, zone))
    if not found:
        return []
    first_at = min(each[2].leaves_at for each in found)
    found.sort(key=_nearest)
    return [
        Lane(
            code, km, zone, departure.site.handling_minor, (departure.leaves_at - first_at).days * card.late_day_minor,
            departure.leaves_at, departure.day,
            _arrives(departure.leaves_at, zone.transit_days, departure.site.calendar, country),
        )
        for km, code, departure, zone in found
    ]  # fmt: skip


def _nearest(found: tuple[int, str, Departure, Zone]) -> tuple[int, str]:
    return found[0], found[1]


def _departure(site: Site, loads: Loads, now: datetime) -> Departure:
    leaves_at = ship_by(site.calendar, now)
    day = site_day(site.calendar, leaves_at)
    for _ in range(FULL_DAYS_MAX):
        orders, units = loads.get((site.code, day), (0, 0))
        if orders < site.daily_capacity and units < site.daily_units:
            break
        leaves_at = ship_by(site.calendar, leaves_at + A_MOMENT)
        day = site_day(site.calendar, leaves_at)
    return Departure(site, leaves_at, day)


@lru_cache(maxsize=20_000)
def _arrives(leaves_at: datetime, transit_days: int, calendar: SiteCalendar, country: str) -> date:
    return deliver_by(leaves_at, transit_days, calendar, country)


@lru_cache(maxsize=200_000)
def _km(latitude: float, longitude: float, country: str, postal_code: str) -> int:
    point = locate(country, postal_code)
    return FAR_KM if point is None else distance_km(latitude, longitude, point.latitude, point.longitude)
