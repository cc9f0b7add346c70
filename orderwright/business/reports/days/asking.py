"""Asking the rows what days came to, by store, site and channel."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from orderwright.business.reports.days.back import BACK
from orderwright.business.reports.days.floor import FLOOR
from orderwright.business.reports.days.gone import GONE
from orderwright.business.reports.days.placed import PLACED
from orderwright.business.reports.days.source import Source
from orderwright.business.reports.days.stock import STOCK
from orderwright.business.reports.labour import IDLE_CAP_S, MACHINES, ON_THE_ROAD, STEPS
from orderwright.business.reports.order_rows import DAMAGED, JUDGED_AFTER, OURS, WRONG
from orderwright.business.reports.quality import PICK_CAUSES
from orderwright.database.rows import array
from orderwright.database.settings import value_of
from orderwright.database.tx import Tx

SOURCES: Sequence[Source] = (PLACED, GONE, FLOOR, BACK, STOCK)
COLUMNS = "site, channel, part, counted, judged, pending, about"
ONE_DAY = timedelta(days=1)


def days_told(tx: Tx, days: Iterable[date], zone: str) -> Iterator[Any]:
    """What days come to as the rows stand now: (scope, day, figure, part, counted, judged, pending).

    One statement for each group of figures and day: how long it takes follows from what happened on that day.
    """
    for day in sorted(set(days)):
        asked = parameters(tx, day, zone)
        for source in SOURCES:
            yield from tx.tuples(_summed(source), **asked)


def parameters(tx: Tx, day: date, zone: str) -> dict[str, Any]:
    """What the statements of all sources are asked with. most, behind, behind_turn: which rows matter (see `Source`);
    None: all."""
    start, end = moments(day, zone)
    return {
        "day": day, "start": start, "end": end, "zone": zone, "now": tx.now,
        "today": today(tx.now, zone), "old": tx.now - JUDGED_AFTER, "wrong": array(WRONG), "damaged": array(DAMAGED),
        "ours": array(OURS), "machines": array(MACHINES), "on_the_road": array(ON_THE_ROAD), "types": array(STEPS),
        "steps": array(STEPS.values()), "cap": value_of(tx, IDLE_CAP_S), "pick_causes": array(PICK_CAUSES),
        "most": None, "behind": None, "behind_turn": None,
    }  # fmt: skip


def today(now: datetime, zone: str) -> date:
    """The shop's day."""
    return now.astimezone(ZoneInfo(zone)).date()


def moments(day: date, zone: str) -> tuple[datetime, datetime]:
    """When a day begins and the next one does, where clocks may go forward or back between."""
    clock = ZoneInfo(zone)
    return datetime.combine(day, time(), clock), datetime.combine(day + ONE_DAY, time(), clock)


def _summed(source: Source) -> str:
    told = "\nUNION ALL ".join(
        f"SELECT '{name}', {COLUMNS} FROM ({sql}) AS x({COLUMNS})" for name, sql in source.figures.items()
    )
    return f"""
        WITH {source.rows}, told(figure, {COLUMNS}) AS ({told})
        SELECT s.scope, %(day)s::date, t.figure, t.part, sum(t.counted)::bigint, sum(t.judged)::bigint,
               sum(t.pending)::bigint
        FROM told t CROSS JOIN LATERAL (VALUES (''), ('site:' || t.site), ('channel:' || t.channel)) AS s(scope)
        WHERE s.scope NOT IN ('site:', 'channel:') GROUP BY s.scope, t.figure, t.part
        HAVING sum(t.counted) <> 0 OR sum(t.judged) <> 0 OR sum(t.pending) <> 0
        """
