"""Who is here, who is expected, and the hours that were worked."""

from collections.abc import Collection
from datetime import datetime

from orderwright.business.warehouse.labour.forms import Hours, ShiftShown, WorkerShown
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.pages import Page

PAGE = 500


def list_workers(tx: Tx, *, sites: Collection[str] | None, limit: int = PAGE) -> Page[WorkerShown]:
    """People by name, and what they are at; with sites, those at work there or nowhere."""
    rows = tx.rows(
        "SELECT w.person, w.skills, w.is_active, coalesce(c.site, '') AS site, coalesce(c.task, '') AS task,"
        " c.started_at AS since"
        " FROM worker w LEFT JOIN work_clock c ON c.person = w.person AND c.ended_at IS NULL"
        " WHERE %(sites)s::text[] IS NULL OR c.site IS NULL OR c.site = ANY(%(sites)s::text[])"
        " ORDER BY w.person LIMIT %(limit)s",
        sites=None if sites is None else array(sites), limit=limit,
    )  # fmt: skip
    return Page([WorkerShown(*row) for row in rows])


def list_hours(tx: Tx, site: str, start: datetime, end: datetime, *, limit: int = PAGE) -> Page[Hours]:
    """Stretches of work at a site that touch a span of time, by person and beginning."""
    rows = tx.rows(
        "SELECT id::text, person, site, task, started_at, ended_at, corrected FROM work_clock"
        " WHERE site = %(site)s AND started_at < %(end)s AND coalesce(ended_at, %(end)s) > %(start)s"
        " ORDER BY person, started_at LIMIT %(limit)s",
        site=site, start=start, end=end, limit=limit,
    )  # fmt: skip
    return Page([Hours(*row) for row in rows])


def list_shifts(tx: Tx, site: str, start: datetime, end: datetime, *, limit: int = PAGE) -> Page[ShiftShown]:
    """Shifts planned at a site that touch a span of time, and whether their people are here."""
    rows = tx.rows(
        """
        SELECT s.person, s.site, s.task, s.starts_at, s.ends_at, c.id IS NOT NULL AS is_here,
               c.id IS NULL AND %(now)s BETWEEN s.starts_at AND s.ends_at AND NOT EXISTS (
                   SELECT 1 FROM work_clock w WHERE w.person = s.person AND w.site = s.site
                     AND w.started_at BETWEEN s.starts_at - interval '2 hours' AND s.ends_at) AS is_late
        FROM shift s LEFT JOIN work_clock c ON c.person = s.person AND c.site = s.site AND c.ended_at IS NULL
        WHERE s.site = %(site)s AND s.starts_at < %(end)s AND s.ends_at > %(start)s
        ORDER BY s.starts_at, s.person LIMIT %(limit)s
        """,
        site=site, start=start, end=end, now=tx.now, limit=limit,
    )  # fmt: skip
    return Page([ShiftShown(*row) for row in rows])
