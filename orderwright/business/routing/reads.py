"""What routing needs to know of the store: rates, and how full the sites' days are."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from orderwright.business.routing.card import read_card_terms
from orderwright.business.routing.lanes import FAR_KM, Destination, Loads
from orderwright.business.routing.rates import RateCard, ServiceTerms, Zone, parcel_cost_minor, takes_weight, zone_for
from orderwright.database.tx import Tx
from orderwright.values.postcodes import distance_km, locate

LOADS_KEPT_FOR = timedelta(seconds=5)


def rate_card(tx: Tx) -> RateCard:
    """The store's rate card, as its carriers and services are put (see `carriers.py`)."""
    kept = tx.store.cache.get("rate_card")
    if kept is None or kept[0] != tx.revision:
        kept = tx.store.cache["rate_card"] = (tx.revision, _read_card(tx))
    card: RateCard = kept[1]
    return card


def _read_card(tx: Tx) -> RateCard:
    rows = tx.rows(
        "SELECT s.code, s.zones, s.weight_max_g, s.countries, s.is_active AND c.is_active AS is_offered, c.account"
        " FROM carrier_service s JOIN carrier c ON c.code = s.carrier ORDER BY s.code"
    )
    currency, late_day_minor = read_card_terms(tx)
    services = {
        row.code: ServiceTerms(
            tuple(Zone(*each) for each in msgspec.json.decode(row.zones)), row.weight_max_g, frozenset(row.countries),
            row.is_offered, row.account,
        )
        for row in rows
    }  # fmt: skip
    return RateCard(currency, services, late_day_minor)


def account_of(tx: Tx, service: str) -> str:
    """Our account at the carrier of a service; '' where none is written down."""
    known = rate_card(tx).services.get(service)
    return known.account if known is not None else ""


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

    None when the service does not go there, or takes no parcel of that weight. It never falls as weight grows.
    """
    card = rate_card(tx)
    point = locate(destination.country, destination.postal_code)
    km = FAR_KM if point is None else distance_km(*origin[1:], point.latitude, point.longitude)
    zone = zone_for(card, destination.service, destination.country == origin.country, km)
    service = destination.service

    def cost_minor(weight_g: int) -> int | None:
        goes = zone is not None and takes_weight(card, service, weight_g)
        return parcel_cost_minor(zone, weight_g) if zone is not None and goes else None

    return cost_minor


def quote(tx: Tx, origin: Origin, destination: Destination, weight_g: int) -> Quote | None:
    """The rate card's answer for one parcel; None when the service does not go there, or takes none so heavy."""
    card = rate_card(tx)
    point = locate(destination.country, destination.postal_code)
    km = FAR_KM if point is None else distance_km(*origin[1:], point.latitude, point.longitude)
    zone = zone_for(card, destination.service, destination.country == origin.country, km)
    if zone is None or not takes_weight(card, destination.service, weight_g):
        return None
    return Quote(parcel_cost_minor(zone, weight_g), card.currency, zone.transit_days)


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
