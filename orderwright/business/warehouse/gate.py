"""The gate: what it lets out to a site's floor, in which order, and why it keeps the rest. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from orderwright.business.warehouse.rules import Day, has_room

Reason = Literal["order_held", "order_incomplete", "cancel_open", "site_full", "floor_full", "zone_full"]
"""Why the gate keeps a fulfilment, the first that holds; each is the code of a refusal."""


class Due(NamedTuple):
    """Planned work in its turn: what leaves first comes first, then the earlier ship-by, the higher priority, the id.

    leaves_at: when its truck goes; its ship-by at a site that says nothing of trucks.
    """

    leaves_at: datetime
    ship_by: datetime
    minus_priority: int
    id: str


class Waiting(NamedTuple):
    """A planned fulfilment before the gate. zones: units by the zone they will be picked in.

    is_held: a hold stops its order, or just this. is_incomplete: its order ships complete and some of it waits.
    cancel_until: the end of its order's cancel window.
    """

    id: str
    is_held: bool
    is_incomplete: bool
    cancel_until: datetime | None
    units: int
    zones: Mapping[str, int]


class Room:
    """What a site's day and floor still take, while one release after the other is decided.

    orders_max: orders on the floor and not picked, None without a limit; orders_out: how many there are.
    zone_max, zone_units: the same in units by zone, for zones that have a limit.
    """

    def __init__(
        self,
        day: Day,
        orders_max: int | None = None,
        orders_out: int = 0,
        zone_max: Mapping[str, int] | None = None,
        zone_units: Mapping[str, int] | None = None,
    ) -> None:
        self.day = day
        self.orders_max, self.orders_out = orders_max, orders_out
        self.zone_max = zone_max or {}
        self.zone_units = dict(zone_units or {})

    def copy(self) -> "Room":
        """The same room, to try things in."""
        return Room(self.day, self.orders_max, self.orders_out, self.zone_max, self.zone_units)

    @property
    def orders_left(self) -> int | None:
        """How many orders the floor still takes; None without a limit."""
        return None if self.orders_max is None else max(0, self.orders_max - self.orders_out)

    @property
    def is_floor_full(self) -> bool:
        """Whether the floor has as many orders as it may."""
        return self.orders_left == 0

    @property
    def full_zones(self) -> list[str]:
        """Zones that take nothing more, in order."""
        return sorted(zone for zone in self.zone_max if not self._fits(zone, 1))

    def crowded_zone(self, zones: Mapping[str, int]) -> str | None:
        """The first zone that has no room for its share of a fulfilment's units; None when each has."""
        return next((zone for zone, units in sorted(zones.items()) if not self._fits(zone, units)), None)

    def let_out(self, units: int, zones: Mapping[str, int]) -> None:
        """One more is out."""
        self.day = self.day._replace(orders=self.day.orders + 1, units=self.day.units + units)
        self.orders_out += 1
        for zone, count in zones.items():
            self.zone_units[zone] = self.zone_units.get(zone, 0) + count

    def _fits(self, zone: str, units: int) -> bool:
        """As for days: what is larger than a zone's whole limit goes when the zone is empty, else it never would."""
        limit, there = self.zone_max.get(zone), self.zone_units.get(zone, 0)
        return limit is None or there + units <= limit or (there == 0 and limit > 0)


def why_not(each: Waiting, room: Room, now: datetime) -> Reason | None:
    """Why a fulfilment may not go out now; None when it may."""
    if each.is_held:
        return "order_held"
    if each.is_incomplete:
        return "order_incomplete"
    if each.cancel_until is not None and now < each.cancel_until:
        return "cancel_open"
    if not has_room(room.day, each.units):
        return "site_full"
    if room.is_floor_full:
        return "floor_full"
    return None if room.crowded_zone(each.zones) is None else "zone_full"


def is_late(leaves_at: datetime, lead_minutes: int, now: datetime) -> bool:
    """Whether what must leave at a moment should be on the floor by now: it takes `lead_minutes` to pick and pack."""
    return now > leaves_at - timedelta(minutes=lead_minutes)
