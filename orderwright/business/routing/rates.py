"""What a parcel costs and how long it travels: a rate card of zones, by distance and border."""

from typing import NamedTuple


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


class RateCard(NamedTuple):
    """Zones by service, each list in ascending distance, home before abroad; in one currency."""

    currency: str
    zones: dict[str, tuple[Zone, ...]]


def zone_for(card: RateCard, service: str, is_domestic: bool, distance_km: int) -> Zone | None:
    """The first zone that reaches; None when the service does not go there."""
    for zone in card.zones.get(service, ()):
        if zone.is_domestic == is_domestic and distance_km <= zone.km_max:
            return zone
    return None


def parcel_cost_minor(zone: Zone, weight_g: int) -> int:
    """Base price, plus one step price for each begun step above the included weight."""
    over_g = weight_g - zone.included_g
    if over_g <= 0:
        return zone.base_minor
    return zone.base_minor - (-over_g // zone.step_g) * zone.step_minor


def practice_card() -> RateCard:
    """The card of the built-in carrier: invented round prices, in GBP pence or any minor unit alike."""
    return RateCard(
        "GBP",
        {
            "standard": (
                Zone("near", True, 100, 320, 1_000, 1_000, 25, 1),
                Zone("home", True, 400, 365, 1_000, 1_000, 35, 2),
                Zone("far", True, 25_000, 440, 1_000, 1_000, 50, 3),
                Zone("neighbour", False, 1_500, 890, 1_000, 1_000, 140, 4),
                Zone("world", False, 25_000, 1_480, 1_000, 1_000, 420, 8),
            ),
            "express": (
                Zone("near", True, 100, 690, 1_000, 1_000, 60, 1),
                Zone("home", True, 400, 780, 1_000, 1_000, 80, 1),
                Zone("far", True, 25_000, 950, 1_000, 1_000, 110, 1),
                Zone("neighbour", False, 1_500, 1_900, 1_000, 1_000, 310, 2),
                Zone("world", False, 25_000, 3_400, 1_000, 1_000, 900, 4),
            ),
        },
    )
