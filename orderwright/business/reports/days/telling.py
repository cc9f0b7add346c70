"""Telling days: by schedule, those first that are nearest, a few in each transaction; again when they changed."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.reports.days.asking import ONE_DAY, days_told, today
from orderwright.business.reports.days.changes import changed_days
from orderwright.business.reports.days.stock import SEEN
from orderwright.database.clock import find_simulated
from orderwright.database.rows import array
from orderwright.database.settings import Setting, value_of
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.values.phrases import Phrase, phrase


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _wrong_zone(name: str) -> Phrase | None:
    return phrase("There is no such time zone; one is America/New_York.") if name and not _is_zone(name) else None


TIME_ZONE: Setting[str] = Setting(
    "reports.time_zone",
    str,
    "",
    "Zone in which the days of reports begin, such as Europe/London; empty: the first site's.",
    _wrong_zone,
)
SETTINGS = (TIME_ZONE,)
DAYS_AT_ONCE = 3
GOES_ON = {"goes_on": True}
"""The body of a task that follows another."""
LATENESS = timedelta(minutes=1)
"""A transaction is seen by others later than the time it bears, by less than this."""


def zone_of(tx: Tx) -> str:
    """The shop's zone: as set, else that of the first site, else UTC."""
    wanted = value_of(tx, TIME_ZONE)
    if wanted and _is_zone(wanted):
        return wanted
    sites = catalog_of(tx).sites
    return str(sites[min(sites)].calendar.time_zone) if sites else "UTC"


def tell_by_schedule(tx: Tx, tasks: Sequence[Task]) -> None:
    """The scheduled task: a few days, and another task right after while there are more.

    A store whose clock is moved by hand lives through weeks in seconds: it is told when it goes with the real time.
    """
    if find_simulated(tx) is not None:
        return
    zone = zone_of(tx)
    if not any(task.body == GOES_ON for task in tasks):
        look_for_changes(tx, zone)
    if tell_stale(tx, zone):
        tx.enqueue(tasks[0].name, tasks[0].subject, GOES_ON)


def tell_all(tx: Tx) -> None:
    """Look for what changed and tell it, all in this transaction: for stores that are small."""
    zone = zone_of(tx)
    look_for_changes(tx, zone)
    while tell_stale(tx, zone, 400):
        pass


def tell_stale(tx: Tx, zone: str, days_max: int = DAYS_AT_ONCE) -> bool:
    """Tell up to `days_max` days that are to be told, those told longest ago first, then the last; True while there
    are more."""
    _plan_anew(tx)
    rows = tx.rows(
        "SELECT day FROM report_told WHERE is_stale ORDER BY told_at, day DESC LIMIT %(limit)s FOR UPDATE",
        limit=days_max + 1,
    )
    days = [row.day for row in rows[:days_max]]
    dates = array(str(day) for day in days)
    tx.write(
        "DELETE FROM report_day WHERE day = ANY(%(days)s::date[])"
        " AND (figure <> ALL(%(seen)s::text[]) OR day = %(today)s)",
        days=dates, seen=array(SEEN), today=today(tx.now, zone),
    )  # fmt: skip
    tx.copy("report_day", "scope, day, figure, part, counted, judged, pending", days_told(tx, days, zone))
    tx.write(
        "UPDATE report_told SET is_stale = false, told_at = %(now)s WHERE day = ANY(%(days)s::date[])",
        now=tx.now, days=dates,
    )  # fmt: skip
    return len(rows) > days_max


def look_for_changes(tx: Tx, zone: str) -> None:
    """Mark what is to be told again; everything, when it was never told, or in another zone."""
    _plan_anew(tx)
    watch = tx.row("SELECT seen_until, zone FROM report_watch FOR UPDATE")
    if watch is None or watch.zone != zone:
        tx.write("DELETE FROM report_day WHERE figure <> ALL(%(seen)s::text[])", seen=array(SEEN))
        tx.write("DELETE FROM report_told")
        days = _all_days(tx, zone)
    else:
        days = changed_days(tx, watch.seen_until, zone)
    tx.write(
        "INSERT INTO report_told (day, told_at, is_stale)"
        " SELECT day, %(now)s, true FROM unnest(%(days)s::date[]) AS day"
        " ON CONFLICT (day) DO UPDATE SET is_stale = true",
        now=tx.now, days=array(str(day) for day in days),
    )  # fmt: skip
    tx.write(
        "INSERT INTO report_watch (seen_until, zone) VALUES (%(until)s, %(zone)s)"
        " ON CONFLICT (only_row) DO UPDATE SET seen_until = excluded.seen_until, zone = excluded.zone",
        until=tx.now - LATENESS, zone=zone,
    )  # fmt: skip


def _plan_anew(tx: Tx) -> None:
    """A plan for any span of time reads everything that ever happened; here minutes are asked for, of years."""
    tx.write("SET LOCAL plan_cache_mode TO force_custom_plan")


def _all_days(tx: Tx, zone: str) -> list[date]:
    """From the first order or fact on, until this day."""
    row = tx.row(
        "SELECT least((SELECT min(placed_at) FROM orders), (SELECT min(recorded_at) FROM stock_move), %(now)s) AS at",
        now=tx.now,
    )
    first, last = today(row.at, zone), today(tx.now, zone)
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]
