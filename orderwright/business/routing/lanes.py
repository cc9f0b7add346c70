"""Sites as candidates for a destination: distance, zone, cut-off, load."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from orderwright.business.catalog.reads import Site
from orderwright.business.routing.planning import Lane
from orderwright.business.routing.rates import RateCard, zone_for
from orderwright.values.calendars import deliver_by, ship_by, site_day
from orderwright.values.postcodes import distance_km, locate

LATE_DAY_MINOR = 60
"""What leaving one day later than the earliest site counts in the comparison, in minor units."""

A_MOMENT = timedelta(microseconds=1)
FAR_KM = 20_000  # a destination nobody can place on a map counts as far away


class Destination(NamedTuple):
    """Where an order goes, as far as routing cares."""

    country: str
    postal_code: str
    service: str


Loads = Mapping[tuple[str, date], tuple[int, int]]
"""(site, local ship-by day) -> (orders, units) already planned there."""


def lanes_to(
    destination: Destination, sites: Mapping[str, Site], card: RateCard, loads: Loads, now: datetime
) -> list[Lane]:
    """Candidate sites, nearest first. A site that is full that day leaves on its next working day."""
    found = []
    for site in sites.values():
        km = _km(site.latitude, site.longitude, destination.country, destination.postal_code)
        zone = zone_for(card, destination.service, destination.country == site.country, km)
        if zone is None:
            continue
        leaves_at = _first_with_room(site, ship_by(site.calendar, now), loads)
        found.append((km, site, zone, leaves_at))
    if not found:
        return []
    first_at = min(leaves_at for _, _, _, leaves_at in found)
    found.sort(key=lambda each: (each[0], each[1].code))
    return [
        Lane(
            site.code, km, zone, site.handling_minor, (leaves_at - first_at).days * LATE_DAY_MINOR, leaves_at,
            site_day(site.calendar, leaves_at),
            deliver_by(leaves_at, zone.transit_days, site.calendar, destination.country),
        )
        for km, site, zone, leaves_at in found
    ]  # fmt: skip


def _first_with_room(site: Site, leaves_at: datetime, loads: Loads) -> datetime:
    for _ in range(10):  # ten full days ahead: a promise further out says the same
        day = site_day(site.calendar, leaves_at)
        orders, units = loads.get((site.code, day), (0, 0))
        if orders < site.daily_capacity and units < site.daily_units:
            return leaves_at
        leaves_at = ship_by(site.calendar, leaves_at + A_MOMENT)
    return leaves_at


@lru_cache(maxsize=200_000)
def _km(latitude: float, longitude: float, country: str, postal_code: str) -> int:
    point = locate(country, postal_code)
    return FAR_KM if point is None else distance_km(latitude, longitude, point.latitude, point.longitude)
