"""What can be promised of a product: how many, from where, by when."""

from datetime import date, datetime

import msgspec

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.routing.lanes import Destination, departures_from, lanes_to
from orderwright.business.routing.reads import loads, rate_card
from orderwright.business.stock.reads import free_for
from orderwright.database.tx import Tx
from orderwright.values.addresses import normal_postal_code
from orderwright.values.refusal import Refusal


class Offer(msgspec.Struct, frozen=True):
    """Units one site may promise. Without a destination nothing is said of distance and arrival."""

    site: str
    units: int
    distance_km: int | None
    ship_by: datetime
    deliver_by: date | None


class Availability(msgspec.Struct, frozen=True):
    """What may be promised of a product now, nearest site first; more would wait for the next receipt."""

    sku: str
    channel: str | None
    units: int
    offers: list[Offer]


def availability_of(tx: Tx, sku: str, *, channel: str | None, country: str | None, postal_code: str) -> Availability:
    """What a channel may promise of a product or kit. Refuses unknown_sku, unknown_channel."""
    free = free_for(tx, [sku], channel).get(sku)
    if free is None:
        raise Refusal("unknown_sku", sku=sku)
    departures = departures_from(catalog_of(tx).sites, loads(tx), tx.now)
    if country is None:
        offers = [
            Offer(each.site.code, free.sites.get(each.site.code, 0), None, each.leaves_at, None) for each in departures
        ]
    else:
        destination = Destination(country, normal_postal_code(country, postal_code), "standard")
        offers = [
            Offer(lane.site, free.sites.get(lane.site, 0), lane.distance_km, lane.ship_by, lane.deliver_by)
            for lane in lanes_to(destination, departures, rate_card(tx))
        ]
    offers = [offer for offer in offers if offer.units]
    return Availability(sku, channel, sum(offer.units for offer in offers), offers)
