"""What the demo's buyers order: enough for two weeks and some doubt, by what the eight weeks before asked for.

They know the past alone. At any moment only orders placed before it count; what is still to come is never looked at.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil, sqrt
from typing import NamedTuple

from orderwright.business.orders.form import NewOrder
from orderwright.doors.demo.goods import Good
from orderwright.doors.demo.sites import TOWNS, range_of
from orderwright.values.postcodes import distance_km, locate

WEEKS = 8
WEEK = timedelta(weeks=1)
COVER_WEEKS, DOUBT = 2.0, 2.5
"""A level is so many weeks of mean demand and so many standard deviations of a week."""
FREAK_UNITS = 5_000
"""A line of more is nothing a buyer counts on again."""
COST_PERCENT = 45
"""What the shop pays for a product, of its list price."""


class _Sale(NamedTuple):
    at: datetime
    sku: str
    site: str
    units: int


class Buyers:
    """Those who decide how much of what is to lie where. orders: with addresses, by the file's own times."""

    def __init__(self, orders: Sequence[NewOrder], goods: Sequence[Good]) -> None:
        self._sales = [
            _Sale(at, line.sku, site, line.quantity)
            for order in orders
            if (at := order.placed_at) is not None and (site := _nearest_site(order))
            for line in order.lines
            if line.quantity <= FREAK_UNITS
        ]
        self._times = [sale.at for sale in self._sales]
        self._kept = {town.code: {good.sku for good in range_of(town, goods)} for town in TOWNS}

    def levels(self, at: datetime) -> dict[tuple[str, str], int]:
        """Up to how many units of a product each site is filled, by (sku, site); demand beyond its range is the
        first site's."""
        weeks: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * WEEKS)
        first = TOWNS[0].code
        for sale in self._sales[bisect_left(self._times, at - WEEKS * WEEK) : bisect_left(self._times, at)]:
            site = sale.site if sale.sku in self._kept[sale.site] else first
            age = min(WEEKS - 1, (at - sale.at) // WEEK)
            weeks[sale.sku, site][age] += sale.units
            if site != first:
                weeks[sale.sku, first][age] += sale.units  # the first site stands in for the others
        return {key: _level(units) for key, units in weeks.items()}


def _level(units: Sequence[int]) -> int:
    mean = sum(units) / WEEKS
    deviation = sqrt(sum((each - mean) ** 2 for each in units) / WEEKS)
    return ceil(COVER_WEEKS * mean + DOUBT * deviation)


def _nearest_site(order: NewOrder) -> str:
    point = locate(order.ship_to.country, order.ship_to.postal_code) if order.ship_to.country else None
    if point is None:
        return TOWNS[0].code
    return min(TOWNS, key=lambda town: distance_km(*point[:2], town.latitude, town.longitude)).code


def to_order(
    levels: Mapping[tuple[str, str], int], positions: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], int]:
    """Units to order by (sku, site): what is missing to the level. positions: free units; what waits counts
    against them, so that a backorder is bought on top."""
    missing = {key: level - positions.get(key, 0) for key, level in levels.items()}
    return {key: units for key, units in sorted(missing.items()) if units > 0}
