"""The board before a site's gate: how much waits, for what, what is late and why, and what the floor takes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from orderwright.business.warehouse.floor_load import NO_LOAD, loads_of
from orderwright.business.warehouse.release_policy import NO_POLICY
from orderwright.business.warehouse.release_why import Because, Sites, look_at, reasons_for
from orderwright.business.warehouse.trucks import Leaving
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal

LATE_SHOWN_MAX = 50
TRUCKS_SHOWN_MAX = 8


class Counts(msgspec.Struct, frozen=True):
    """Planned fulfilments, each in one of four: held, incomplete, with an open cancel window, or free to go.

    late: of all of these, those that should be on the floor by now.
    """

    planned: int
    held: int
    incomplete: int
    cancel_open: int
    releasable: int
    late: int


class ZoneNow(msgspec.Struct, frozen=True):
    """Units of a zone on pick lists and not picked, and how many it takes; null: no limit."""

    zone: str
    units: int
    units_max: int | None


class TruckNow(msgspec.Struct, frozen=True):
    """A departure, and how many planned fulfilments are to go with it. service: whose parcels it takes, '' all."""

    leaves_at: datetime
    carrier: str
    service: str
    planned: int


class Board(msgspec.Struct, frozen=True):
    """A site's gate as it stands. Out: on the floor and not picked; let out: today, by the site's date.

    late: those that leave first, up to 50, each with why it is not on the floor.
    """

    site: str
    policy_version: int
    waiting: Counts
    orders_out: int
    orders_out_max: int | None
    day: date
    orders_let_out: int
    orders_a_day: int
    units_let_out: int
    units_a_day: int
    zones: list[ZoneNow]
    trucks: list[TruckNow]
    late: list[Because]


def get_board(tx: Tx, site: str) -> Board:
    """The board of a site. Reads its planned work and what is on its floor, and no order that is further. Refuses
    not_found."""
    sites = look_at(tx, [site])
    if site not in sites.rooms:
        raise Refusal("not_found", site=site)
    groups = tx.rows(_GROUPS, site=site, now=tx.now)
    late = [each for each in groups if _is_late(each, sites, site, tx.now)]
    room, load = sites.rooms[site], loads_of(tx, [site]).get(site, NO_LOAD)
    policy = sites.policies.get(site, NO_POLICY)
    zones = sorted({*load.zones, *policy.zone_max})
    return Board(
        site, policy.version, _counts(groups, late), load.orders_out, policy.orders_max, room.day.day,
        room.day.orders, room.day.orders_max, room.day.units, room.day.units_max,
        [ZoneNow(zone, load.zones.get(zone, 0), policy.zone_max.get(zone)) for zone in zones],
        _trucks(groups, sites, site), _late(tx, site, late, sites),
    )  # fmt: skip


# One look at the site's planned work; orders that share service and promise share a truck, so they come as one.
_GROUPS = """
    SELECT f.service, f.ship_by, w.word, count(*)::int AS count
    FROM fulfilment f JOIN orders o ON o.id = f.order_id
    CROSS JOIN LATERAL (SELECT CASE
        WHEN o.is_held OR EXISTS (SELECT 1 FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL)
            THEN 'held'
        WHEN o.ship_complete AND EXISTS (SELECT 1 FROM demand d WHERE d.order_id = o.id AND d.waiting > 0)
            THEN 'incomplete'
        WHEN o.cancel_until > %(now)s THEN 'cancel_open'
        ELSE 'releasable' END AS word) w
    WHERE f.site = %(site)s AND f.state = 'planned'
    GROUP BY f.service, f.ship_by, w.word ORDER BY f.ship_by, f.service, w.word
"""


def _is_late(group: Any, sites: Sites, site: str, now: datetime) -> bool:
    leaves_at = sites.tables[site].leaves_at(group.service, group.ship_by)
    return sites.is_late(site, leaves_at, group.ship_by, now)


def _counts(groups: Sequence[Any], late: Sequence[Any]) -> Counts:
    words: dict[str, int] = {}
    for each in groups:
        words[each.word] = words.get(each.word, 0) + each.count
    return Counts(
        sum(words.values()), words.get("held", 0), words.get("incomplete", 0), words.get("cancel_open", 0),
        words.get("releasable", 0), sum(each.count for each in late),
    )  # fmt: skip


def _trucks(groups: Sequence[Any], sites: Sites, site: str) -> list[TruckNow]:
    """The next departures; what is planned counts with the one it is to go with."""
    planned: dict[Leaving, int] = {}
    for each in groups:
        truck = sites.truck(site, each.service, each.ship_by)
        if truck is not None:
            planned[truck] = planned.get(truck, 0) + each.count
    return [
        TruckNow(leaving.at, leaving.carrier, leaving.service, planned.get(leaving, 0))
        for leaving in sites.tables[site].next_ones(TRUCKS_SHOWN_MAX)
    ]


def _late(tx: Tx, site: str, late: Sequence[Any], sites: Sites) -> list[Because]:
    if not late:
        return []
    rows = tx.rows(
        """
        SELECT f.id::text
        FROM (SELECT DISTINCT service, ship_by
              FROM unnest(%(services)s::text[], %(times)s::timestamptz[]) AS g(service, ship_by)) g
        CROSS JOIN LATERAL (
            SELECT id, ship_by FROM fulfilment
            WHERE site = %(site)s AND state = 'planned' AND ship_by = g.ship_by AND service = g.service
            ORDER BY id LIMIT %(limit)s) f
        ORDER BY f.ship_by, f.id LIMIT %(limit)s
        """,
        site=site, services=array(each.service for each in late), times=array(each.ship_by for each in late),
        limit=LATE_SHOWN_MAX,
    )  # fmt: skip
    return reasons_for(tx, [row.id for row in rows], sites)
