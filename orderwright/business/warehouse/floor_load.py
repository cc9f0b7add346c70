"""What is on the floors of sites and not picked yet."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from orderwright.business.warehouse.gate import Room
from orderwright.business.warehouse.release_policy import NO_POLICY, Policy
from orderwright.business.warehouse.rules import Day
from orderwright.database.rows import array
from orderwright.database.tx import Tx


class Load(NamedTuple):
    """orders_out: released and not picked. zones: units on open pick lists, by zone."""

    orders_out: int
    zones: Mapping[str, int]


NO_LOAD = Load(0, {})


def loads_of(tx: Tx, sites: Iterable[str]) -> dict[str, Load]:
    """What is out at sites; a site with nothing out is left out. One statement, read off what is at work alone."""
    rows = tx.rows(
        """
        SELECT s.code, (SELECT count(*) FROM fulfilment f WHERE f.site = s.code AND f.state = 'released') AS orders,
               p.zone, p.units
        FROM site s
        LEFT JOIN LATERAL (
            SELECT place.zone, sum(t.quantity - t.picked)::bigint AS units
            FROM place JOIN pick_task t ON t.place_id = place.id AND t.state = 'open'
            WHERE place.site = s.code GROUP BY place.zone) p ON true
        WHERE s.code = ANY(%(sites)s::text[])
        """,
        sites=array(sorted(set(sites))),
    )
    zones: dict[str, dict[str, int]] = {}
    orders: dict[str, int] = {}
    for row in rows:
        orders[row.code] = row.orders
        if row.zone is not None:
            zones.setdefault(row.code, {})[row.zone] = row.units
    return {site: Load(count, zones.get(site, {})) for site, count in orders.items() if count or site in zones}


def rooms_of(days: Mapping[str, Day], policies: Mapping[str, Policy], loads: Mapping[str, Load]) -> dict[str, Room]:
    """What the sites' days and floors still take."""
    rooms: dict[str, Room] = {}
    for site, day in days.items():
        policy, load = policies.get(site, NO_POLICY), loads.get(site, NO_LOAD)
        rooms[site] = Room(day, policy.orders_max, load.orders_out, policy.zone_max, load.zones)
    return rooms


def limited(policies: Mapping[str, Policy]) -> list[str]:
    """Sites whose floor has a limit, in all or by zone."""
    return sorted(site for site, each in policies.items() if each.orders_max is not None or each.zone_max)
