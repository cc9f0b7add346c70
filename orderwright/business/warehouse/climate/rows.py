"""Limits, readings and breaches as rows: own SQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from orderwright.business.warehouse.climate.forms import (
    BreachShown,
    Climate,
    LatestReading,
    LimitForm,
    PutLimit,
    ReadingForm,
)
from orderwright.database.rows import array
from orderwright.database.tx import Tx

_BREACH = "id::text, zone, storage_class, kind, device, began_at, worst_milli, units, ended_at, is_doubtful"
_SHOWN_MAX = 100


def save_limits(tx: Tx, limits: Iterable[PutLimit]) -> None:
    """Set limits; of two for the same the later holds."""
    last = {(each.site, each.zone, each.storage_class, each.kind): each for each in limits}
    if not last:
        return
    keys = sorted(last)
    tx.write(
        """
        INSERT INTO climate_limit (site, zone, storage_class, kind, min_milli, max_milli, minutes, changed_at)
        SELECT n.*, %(now)s
        FROM unnest(%(sites)s::text[], %(zones)s::text[], %(classes)s::text[], %(kinds)s::text[], %(mins)s::int[],
                    %(maxs)s::int[], %(minutes)s::int[]) AS n(site, zone, storage_class, kind, low, high, minutes)
        ORDER BY n.site, n.zone, n.storage_class, n.kind
        ON CONFLICT (site, zone, storage_class, kind) DO UPDATE SET min_milli = excluded.min_milli,
            max_milli = excluded.max_milli, minutes = excluded.minutes, changed_at = excluded.changed_at
        """,
        now=tx.now, sites=array(key[0] for key in keys), zones=array(key[1] for key in keys),
        classes=array(key[2] for key in keys), kinds=array(key[3] for key in keys),
        mins=array(last[key].min_milli for key in keys), maxs=array(last[key].max_milli for key in keys),
        minutes=array(last[key].minutes for key in keys),
    )  # fmt: skip


def lock_limits(tx: Tx, site: str) -> list[Any]:
    """A site's limits, locked: readings of a site are judged one call after the other."""
    return tx.rows(
        "SELECT zone, storage_class, kind, min_milli, max_milli, minutes FROM climate_limit WHERE site = %(site)s"
        " ORDER BY zone, storage_class, kind FOR UPDATE",
        site=site,
    )


def add_readings(tx: Tx, site: str, readings: Sequence[ReadingForm], actor: str) -> int:
    """Write readings; how many of them were new."""
    rows = tx.rows(
        """
        INSERT INTO climate_reading (site, zone, kind, device, occurred_at, milli, read_by, recorded_at)
        SELECT %(site)s, n.zone, n.kind, n.device, n.at, n.milli, %(actor)s, %(now)s
        FROM unnest(%(zones)s::text[], %(kinds)s::text[], %(devices)s::text[], %(times)s::timestamptz[],
                    %(millis)s::int[]) AS n(zone, kind, device, at, milli)
        ORDER BY 1, 2, 3, 4, 5 ON CONFLICT DO NOTHING RETURNING 1
        """,
        site=site, actor=actor, now=tx.now, zones=array(each.zone for each in readings),
        kinds=array(each.kind for each in readings), devices=array(each.device for each in readings),
        times=array(each.occurred_at for each in readings), millis=array(each.milli for each in readings),
    )  # fmt: skip
    return len(rows)


def known_readings(tx: Tx, site: str, readings: Sequence[ReadingForm]) -> dict[tuple[str, str, str, datetime], int]:
    """What was read before by the same devices at the same moments."""
    rows = tx.rows(
        "SELECT r.zone, r.kind, r.device, r.occurred_at, r.milli FROM unnest(%(zones)s::text[], %(kinds)s::text[],"
        " %(devices)s::text[], %(times)s::timestamptz[]) AS a(zone, kind, device, occurred_at)"
        " JOIN climate_reading r USING (zone, kind, device, occurred_at) WHERE r.site = %(site)s",
        site=site, zones=array(each.zone for each in readings), kinds=array(each.kind for each in readings),
        devices=array(each.device for each in readings), times=array(each.occurred_at for each in readings),
    )  # fmt: skip
    return {(row.zone, row.kind, row.device, row.occurred_at): row.milli for row in rows}


def readings_around(tx: Tx, site: str, since: datetime, most: timedelta) -> list[Any]:
    """Rows (zone, kind, device, occurred_at, milli) since so long before a moment, in order."""
    return tx.rows(
        "SELECT zone, kind, device, occurred_at, milli FROM climate_reading"
        " WHERE site = %(site)s AND occurred_at >= %(since)s ORDER BY zone, kind, device, occurred_at",
        site=site,
        since=since - most,
    )


def breaches_since(tx: Tx, site: str, since: datetime) -> list[BreachShown]:
    """Breaches of a site that were not over by then, the oldest first."""
    rows = tx.rows(
        f"SELECT {_BREACH} FROM climate_breach WHERE site = %(site)s AND (ended_at IS NULL OR ended_at >= %(since)s)"
        " ORDER BY began_at, id",
        site=site,
        since=since,
    )
    return [BreachShown(*row) for row in rows]


def save_breach(tx: Tx, site: str, breach: BreachShown) -> None:
    """Write a breach, or what is known of it by now."""
    tx.write(
        """
        INSERT INTO climate_breach (id, site, zone, storage_class, kind, device, began_at, ended_at, worst_milli, units,
                                    found_at, is_doubtful)
        VALUES (%(id)s, %(site)s, %(zone)s, %(class)s, %(kind)s, %(device)s, %(began)s, %(ended)s, %(worst)s, %(units)s,
                %(now)s, %(doubtful)s)
        ON CONFLICT (id) DO UPDATE SET began_at = excluded.began_at, ended_at = excluded.ended_at,
            worst_milli = excluded.worst_milli, units = excluded.units, is_doubtful = excluded.is_doubtful
        """,
        id=breach.id, site=site, zone=breach.zone, kind=breach.kind, device=breach.device, began=breach.began_at,
        ended=breach.ended_at, worst=breach.worst_milli, units=breach.units, now=tx.now, doubtful=breach.is_doubtful,
        **{"class": breach.storage_class},
    )  # fmt: skip


def lying_in(tx: Tx, site: str, zone: str, storage_class: str) -> list[Any]:
    """Rows (code, sku, lot, quantity) of what lies in bins of a zone, of a storage class where one is named."""
    return tx.rows(
        "SELECT p.code, s.sku, s.lot, s.quantity FROM place p JOIN stock s ON s.place_id = p.id AND s.quantity > 0"
        " WHERE p.site = %(site)s AND p.kind = 'bin' AND p.zone = %(zone)s AND %(class)s IN ('', p.storage_class)"
        " ORDER BY s.sku, p.id, s.lot",
        site=site,
        zone=zone,
        **{"class": storage_class},
    )


def climate_of(tx: Tx, site: str) -> Climate:
    """The air of a site: limits, what each device read last, and the latest hundred breaches."""
    limits = tx.rows(
        "SELECT kind, min_milli, max_milli, minutes, zone, storage_class FROM climate_limit WHERE site = %(site)s"
        " ORDER BY zone, storage_class, kind",
        site=site,
    )
    latest = tx.rows(
        "SELECT DISTINCT ON (zone, kind, device) zone, kind, device, milli, occurred_at FROM climate_reading"
        " WHERE site = %(site)s ORDER BY zone, kind, device, occurred_at DESC",
        site=site,
    )
    breaches = tx.rows(
        f"SELECT {_BREACH} FROM climate_breach WHERE site = %(site)s ORDER BY began_at DESC, id LIMIT %(most)s",
        site=site, most=_SHOWN_MAX,
    )  # fmt: skip
    return Climate(
        site, [LimitForm(**row._asdict()) for row in limits], [LatestReading(*row) for row in latest],
        [BreachShown(*row) for row in breaches],
    )  # fmt: skip
