"""Why planned work is not on the floor: the gate's own reasons, told without letting anything out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from orderwright.business.catalog.reads import Catalog, catalog_of
from orderwright.business.stock.bins import OpenBins, open_bins
from orderwright.business.warehouse.days import days_of
from orderwright.business.warehouse.due_work import Contents, choose_picks, contents_of
from orderwright.business.warehouse.floor_load import limited, loads_of, rooms_of
from orderwright.business.warehouse.gate import Reason, Room, Waiting, is_late, why_not
from orderwright.business.warehouse.release_policy import NO_POLICY, Policy, policies_of, timetable_of
from orderwright.business.warehouse.trucks import Leaving, Timetable
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal

SAYS: Mapping[str, str] = {
    "order_held": "A hold stops it.",
    "order_incomplete": "Its order ships complete, and some of it waits for stock.",
    "cancel_open": "Its order can be cancelled for nothing until {cancel_until}; then it may go.",
    "site_full": "The site has let out all its day takes.",
    "floor_full": "As many orders as the site's rule allows are on the floor and not picked.",
    "zone_full": "Zone {zone} has {there} units to pick and takes {most}; this needs {wanted}.",
    "in_turn": "Nothing keeps it: it goes when the gate opens next, in its turn.",
    "out": "It is on the floor since {released_at}.",
    "over": "It is {state}.",
}
"""What each answer means. The first six are the gate's reasons, in the order it looks for them."""


class Because(msgspec.Struct, frozen=True):
    """Why one fulfilment is where it is. reason: the gate's, or in_turn, out, over.

    leaves_at: when its truck goes, or its ship-by without one. `is_late`: it should be on the floor by now.
    zones: units by the zone they would be picked in now.
    """

    fulfilment_id: str
    order: str
    site: str
    state: str
    reason: str
    says: str
    ship_by: datetime
    leaves_at: datetime
    carrier: str | None
    is_late: bool
    cancel_until: datetime | None
    units: int
    zones: dict[str, int]


class Sites(NamedTuple):
    """What some sites' gates go by, as seen now without locks."""

    catalog: Catalog
    policies: Mapping[str, Policy]
    rooms: Mapping[str, Room]
    tables: Mapping[str, Timetable]

    def truck(self, site: str, service: str, ship_by: datetime) -> Leaving | None:
        """The truck a parcel of a site goes with."""
        return self.tables[site].truck_for(service, ship_by)

    def is_late(self, site: str, leaves_at: datetime, ship_by: datetime, now: datetime) -> bool:
        """Whether work should be on the floor by now: for its truck, or since its ship-by has passed."""
        return now > ship_by or is_late(leaves_at, self.policies.get(site, NO_POLICY).lead_minutes, now)


def look_at(tx: Tx, sites: Iterable[str]) -> Sites:
    """The gates of sites as they stand."""
    asked = sorted(set(sites))
    catalog, policies = catalog_of(tx), policies_of(tx, asked)
    rooms = rooms_of(days_of(tx, asked), policies, loads_of(tx, limited(policies)))
    tables = {
        site: timetable_of(catalog.sites.get(site), policies.get(site, NO_POLICY), tx.now) for site in asked
    }  # fmt: skip
    return Sites(catalog, policies, rooms, tables)


def explain_release(tx: Tx, fulfilment_id: str) -> Because:
    """Why a fulfilment is not on the floor, or since when it is. Refuses not_found."""
    found = reasons_for(tx, [fulfilment_id]) if is_id(fulfilment_id) else []
    if not found:
        raise Refusal("not_found", fulfilment_id=fulfilment_id)
    return found[0]


def reasons_for(tx: Tx, fulfilment_ids: Sequence[str], sites: Sites | None = None) -> list[Because]:
    """Why each fulfilment is where it is, in the order given; unknown ones are left out. A few statements in all.

    Each is looked at by itself, as if it were the next.
    """
    rows = {row.id: row for row in tx.rows(_WORK, ids=array(fulfilment_ids))}
    sites = sites or look_at(tx, {row.site for row in rows.values()})
    contents = contents_of(tx, rows)
    pairs = {(line.sku, rows[id_].site) for id_, mine in contents.items() for line in mine.lines}
    bins = open_bins(tx, pairs, lock=False)
    return [_because(rows[id_], contents[id_], sites, bins, tx.now) for id_ in fulfilment_ids if id_ in rows]


_WORK = """
    SELECT f.id::text, o.number, f.site, f.state, f.service, f.ship_by, f.released_at, o.cancel_until, s.time_zone,
           o.is_held OR EXISTS (SELECT 1 FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL) AS is_held
    FROM fulfilment f JOIN orders o ON o.id = f.order_id JOIN site s ON s.code = f.site
    WHERE f.id = ANY(%(ids)s::uuid[])
"""


def _because(row: Any, inside: Contents, sites: Sites, bins: OpenBins, now: datetime) -> Because:
    is_planned, room = row.state == "planned", sites.rooms[row.site]
    zones = bins.zones_of(choose_picks(bins, row.site, inside.lines)) if is_planned else {}
    waiting = Waiting(row.id, row.is_held, inside.is_incomplete, row.cancel_until, inside.units, zones)
    reason = (why_not(waiting, room, now) or "in_turn") if is_planned else "out" if row.state == "released" else "over"
    truck = sites.truck(row.site, row.service, row.ship_by)
    leaves_at = row.ship_by if truck is None else truck.at
    return Because(
        row.id, row.number, row.site, row.state, reason, _says(reason, row, room, zones), row.ship_by, leaves_at,
        None if truck is None else truck.carrier, is_planned and sites.is_late(row.site, leaves_at, row.ship_by, now),
        row.cancel_until, inside.units, zones,
    )  # fmt: skip


def _says(reason: Reason | str, row: Any, room: Room, zones: Mapping[str, int]) -> str:
    zone = (room.crowded_zone(zones) if reason == "zone_full" else None) or ""
    return SAYS[reason].format(
        cancel_until=_wall(row.cancel_until, row.time_zone), released_at=_wall(row.released_at, row.time_zone),
        state=row.state, zone=zone, there=room.zone_units.get(zone, 0), most=room.zone_max.get(zone),
        wanted=zones.get(zone),
    )  # fmt: skip


def _wall(at: datetime | None, time_zone: str) -> str:
    return "" if at is None else f"{at.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M}"
