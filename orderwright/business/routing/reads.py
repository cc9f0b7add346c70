"""What routing needs to know of the store: rates, and how full the sites' days are."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from orderwright.business.routing.lanes import FAR_KM, Destination, Loads
from orderwright.business.routing.rates import RateCard, parcel_cost_minor, practice_card, zone_for
from orderwright.database.tx import Tx
from orderwright.values.postcodes import distance_km, locate

LOADS_KEPT_FOR = timedelta(seconds=5)


def rate_card(tx: Tx) -> RateCard:
    """The store's rate card."""
    kept = tx.store.cache.get("rate_card")
    if kept is None:
        kept = tx.store.cache["rate_card"] = practice_card()
    card: RateCard = kept
    return card


class Quote(NamedTuple):
    """What a parcel costs (minor units of `currency`) and how many delivery days it travels."""

    cost_minor: int
    currency: str
    transit_days: int


class Origin(NamedTuple):
    """Where a parcel starts: country and point, in degrees."""

    country: str
    latitude: float
    longitude: float


def parcel_tariff(tx: Tx, origin: Origin, destination: Destination) -> Callable[[int], int | None]:
    """What a parcel costs by its billed weight in g, in minor units of the rate card's currency.

    None for each weight when the service does not go there. It never falls as weight grows.
    """
    card = rate_card(tx)
    point = locate(destination.country, destination.postal_code)
    km = FAR_KM if point is None else distance_km(*origin[1:], point.latitude, point.longitude)
    zone = zone_for(card, destination.service, destination.country == origin.country, km)
    return lambda weight_g: None if zone is None else parcel_cost_minor(zone, weight_g)


def quote(tx: Tx, origin: Origin, destination: Destination, weight_g: int) -> Quote | None:
    """The rate card's answer for one parcel; None when the service does not go there."""
    card = rate_card(tx)
    point = locate(destination.country, destination.postal_code)
    km = FAR_KM if point is None else distance_km(*origin[1:], point.latitude, point.longitude)
    zone = zone_for(card, destination.service, destination.country == origin.country, km)
    return None if zone is None else Quote(parcel_cost_minor(zone, weight_g), card.currency, zone.transit_days)


def loads(tx: Tx) -> Loads:
    """(site, ship-by day in the site's zone) -> (orders, units) planned to leave that day.

    Kept for 5 s of the store's time: capacity is read when placing and enforced at release.
    """
    kept = tx.store.cache.get("loads")
    if kept is not None and kept[0] <= tx.now < kept[0] + LOADS_KEPT_FOR:
        found: Loads = kept[1]
        return found
    rows = tx.rows(
        "SELECT site, day, sum(orders)::bigint AS orders, sum(units)::bigint AS units FROM site_load"
        " WHERE day >= %(yesterday)s GROUP BY site, day",
        yesterday=(tx.now - timedelta(days=1)).date(),
    )
    fresh: dict[tuple[str, date], tuple[int, int]] = {(row.site, row.day): (row.orders, row.units) for row in rows}
    tx.store.cache["loads"] = (tx.now, fresh)
    return fresh
