"""Days of sites: what a site's date is, and how much it let out on it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from orderwright.business.warehouse.rules import Day
from orderwright.database.rows import array
from orderwright.database.tx import Tx


def site_days(tx: Tx, sites: Iterable[str]) -> dict[str, date]:
    """Today's date at each site."""
    rows = tx.rows(
        "SELECT code, (%(now)s::timestamptz AT TIME ZONE time_zone)::date AS day FROM site"
        " WHERE code = ANY(%(sites)s::text[])",
        now=tx.now, sites=array(sorted(set(sites))),
    )  # fmt: skip
    return {row.code: row.day for row in rows}


def days_of(tx: Tx, sites: Iterable[str]) -> dict[str, Day]:
    """Today at each site, as it is seen without a lock."""
    rows = tx.rows(
        """
        SELECT s.code, s.day, daily_capacity, daily_units, coalesce(r.orders, 0) AS orders,
               coalesce(r.units, 0) AS units
        FROM (SELECT code, daily_capacity, daily_units, (%(now)s::timestamptz AT TIME ZONE time_zone)::date AS day
              FROM site WHERE code = ANY(%(sites)s::text[])) AS s
        LEFT JOIN release_day r ON r.site = s.code AND r.day = s.day
        """,
        now=tx.now, sites=array(sorted(set(sites))),
    )  # fmt: skip
    return {row.code: Day(row.day, row.daily_capacity, row.daily_units, row.orders, row.units) for row in rows}


def take_from_days(tx: Tx, recalled: Mapping[tuple[str, datetime], tuple[int, int]]) -> None:
    """Take (orders, units) out of sites' days again, by (site, moment they were let out)."""
    keys = sorted(recalled)
    tx.write(
        """
        UPDATE release_day r SET orders = greatest(0, r.orders - n.orders), units = greatest(0, r.units - n.units)
        FROM (SELECT site, (at AT TIME ZONE s.time_zone)::date AS day, sum(n.orders) AS orders, sum(n.units) AS units
              FROM unnest(%(sites)s::text[], %(times)s::timestamptz[], %(orders)s::bigint[], %(units)s::bigint[])
                   AS n(site, at, orders, units) JOIN site s ON s.code = n.site GROUP BY 1, 2) AS n
        WHERE r.site = n.site AND r.day = n.day
        """,
        sites=array(site for site, _ in keys), times=array(at for _, at in keys),
        orders=array(recalled[key][0] for key in keys), units=array(recalled[key][1] for key in keys),
    )  # fmt: skip


def lock_days(tx: Tx, sites: Iterable[str]) -> dict[str, Day]:
    """Today at each site, locked in order of the sites: releases of one site follow one another.

    The site's own row is locked besides the day's: of two releases around its midnight each has another day.
    """
    asked = array(sorted(set(sites)))
    tx.rows("SELECT code FROM site WHERE code = ANY(%(sites)s::text[]) ORDER BY code FOR NO KEY UPDATE", sites=asked)
    rows = tx.rows(
        """
        WITH asked AS (
            SELECT code, (%(now)s::timestamptz AT TIME ZONE time_zone)::date AS day, daily_capacity, daily_units
            FROM site WHERE code = ANY(%(sites)s::text[])
        ), locked AS (
            INSERT INTO release_day AS r (site, day, orders, units)
            SELECT code, day, 0, 0 FROM asked ORDER BY code
            ON CONFLICT (site, day) DO UPDATE SET orders = r.orders
            RETURNING r.site, r.orders, r.units
        )
        SELECT site, day, daily_capacity, daily_units, orders, units FROM locked JOIN asked ON code = site
        """,
        now=tx.now, sites=asked,
    )  # fmt: skip
    return {row.site: Day(row.day, row.daily_capacity, row.daily_units, row.orders, row.units) for row in rows}


def add_to_days(tx: Tx, released: Mapping[tuple[str, date], tuple[int, int]]) -> None:
    """Count (orders, units) let out, by (site, day); the rows are locked."""
    keys = sorted(released)
    if not keys:
        return
    tx.write(
        """
        UPDATE release_day r SET orders = r.orders + n.orders, units = r.units + n.units
        FROM unnest(%(sites)s::text[], %(days)s::date[], %(orders)s::bigint[], %(units)s::bigint[])
             AS n(site, day, orders, units)
        WHERE r.site = n.site AND r.day = n.day
        """,
        sites=array(site for site, _ in keys), days=array(str(day) for _, day in keys),
        orders=array(released[key][0] for key in keys), units=array(released[key][1] for key in keys),
    )  # fmt: skip
