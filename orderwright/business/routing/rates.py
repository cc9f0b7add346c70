"""What a parcel costs and how long it travels: a rate card of zones, by distance and border."""

from collections.abc import Mapping
from typing import NamedTuple

FIRST_CURRENCY = "GBP"
"""What carriers' prices are in until the shop says another currency."""
LATE_DAY_MINOR = 60
"""What leaving one day later than the earliest site counts in the comparison until the shop says, in minor units."""


class Zone(NamedTuple):
    """One band of a card: up to `km_max` kilometres, at home or abroad; costs in minor units."""

    name: str
    is_domestic: bool
    km_max: int
    base_minor: int
    included_g: int
    step_g: int
    step_minor: int
    transit_days: int


class ServiceTerms(NamedTuple):
    """A way to send: zones in ascending distance; weight_max_g: of one parcel; countries it goes to, empty: all.

    is_offered: orders can still be taken for it. account: ours at its carrier.
    """

    zones: tuple[Zone, ...]
    weight_max_g: int | None = None
    countries: frozenset[str] = frozenset()
    is_offered: bool = True
    account: str = ""


class RateCard(NamedTuple):
    """Services by code, with what they cost; in one currency. Those that are not offered any more are there, too:
    what was ordered with them still goes. late_day_minor: what leaving a day later than the earliest site counts."""

    currency: str
    services: Mapping[str, ServiceTerms]
    late_day_minor: int = LATE_DAY_MINOR

    def offered_to(self, country: str) -> list[str]:
        """The services an order to a country can be taken for; '' for a country that is not known yet."""
        return sorted(
            code
            for code, each in self.services.items()
            if each.is_offered and (not country or not each.countries or country in each.countries)
        )


def zone_for(card: RateCard, service: str, is_domestic: bool, distance_km: int) -> Zone | None:
    """The first zone that reaches; None when the service does not go there."""
    known = card.services.get(service)
    for zone in known.zones if known is not None else ():
        if zone.is_domestic == is_domestic and distance_km <= zone.km_max:
            return zone
    return None


def takes_weight(card: RateCard, service: str, weight_g: int) -> bool:
    """Whether a service takes a parcel of a weight."""
    known = card.services.get(service)
    return known is None or known.weight_max_g is None or weight_g <= known.weight_max_g


def parcel_cost_minor(zone: Zone, weight_g: int) -> int:
    """Base price, plus one step price for each begun step above the included weight."""
    over_g = weight_g - zone.included_g
    if over_g <= 0:
        return zone.base_minor
    return zone.base_minor - (-over_g // zone.step_g) * zone.step_minor
