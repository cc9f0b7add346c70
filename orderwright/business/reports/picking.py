"""How picking goes at a site: picks for each hour walked, metres beside those of first come, and errors."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderwright.database.tx import Tx

MISTAKES_MAX = 50


class Walked(msgspec.Struct, frozen=True):
    """What walks came to. hours_s: from claimed to ended; metres: of their shortest ways; first_come_metres: of the
    same orders one by one as they came, aisle by aisle."""

    of: str
    walks: int
    lines: int
    units: int
    hours_s: int
    units_per_hour: int
    metres: int
    first_come_metres: int


class Mistakes(msgspec.Struct, frozen=True):
    """Refused scans and short picks of one picker, zone, SKU or hour of the day. per_thousand: refused scans."""

    of: str
    scans: int
    refused: int
    per_thousand: int
    shorts: int


class Picking(msgspec.Struct, frozen=True):
    """Picking at a site over a span of time: walks that ended in it, and scans made in it. hour: of the site's day."""

    site: str
    start: datetime
    end: datetime
    total: Walked
    by_picker: list[Walked]
    by_strategy: list[Walked]
    mistakes_by_picker: list[Mistakes]
    mistakes_by_zone: list[Mistakes]
    mistakes_by_sku: list[Mistakes]
    mistakes_by_hour: list[Mistakes]


def pick_figures(tx: Tx, site: str, start: datetime, end: datetime) -> Picking:
    """Picking at a site, from one moment until before another; a constant number of statements.

    Hours are those of walks, from claimed to ended. Hours by the clock, with what people do between walks, are in the
    report on labour.
    """
    walks = tx.rows(
        """
        SELECT b.picker, b.strategy, b.predicted_mm, b.first_come_mm, t.lines, t.units,
               extract(epoch FROM b.ended_at - b.claimed_at)::bigint AS hours_s
        FROM pick_batch b
        CROSS JOIN LATERAL (SELECT count(*) AS lines, coalesce(sum(picked), 0)::bigint AS units
                            FROM pick_task t WHERE t.batch_id = b.id AND t.picked > 0) t
        WHERE b.site = %(site)s AND b.state = 'done' AND b.ended_at >= %(start)s AND b.ended_at < %(end)s
        """,
        site=site, start=start, end=end,
    )  # fmt: skip
    return Picking(
        site, start, end, _walked("", walks),
        [_walked(name, [row for row in walks if row.picker == name]) for name in sorted({row.picker for row in walks})],
        [_walked(n, [row for row in walks if row.strategy == n]) for n in sorted({row.strategy for row in walks})],
        *[_mistakes(tx, by, site, start, end) for by in _BY],
    )  # fmt: skip


def _walked(of: str, walks: Sequence[Any]) -> Walked:
    def total(name: str) -> int:
        return sum(getattr(row, name) for row in walks)

    seconds, units = total("hours_s"), total("units")
    return Walked(
        of, len(walks), total("lines"), units, seconds, units * 3600 // seconds if seconds else 0,
        -(-total("predicted_mm") // 1000), -(-total("first_come_mm") // 1000),
    )  # fmt: skip


_HOUR = "to_char({at} AT TIME ZONE (SELECT time_zone FROM site WHERE code = %(site)s), 'HH24')"
_BY = {
    "picker": ("s.person", "coalesce(t.picker, '')"),
    "zone": ("c.zone", "p.zone"),
    "sku": ("c.sku", "t.sku"),
    "hour": (_HOUR.format(at="c.occurred_at"), _HOUR.format(at="t.ended_at")),
}
"""What mistakes are told by -> how a scan says it, and how a pick task that came short does."""


def _mistakes(tx: Tx, by: str, site: str, start: datetime, end: datetime) -> list[Mistakes]:
    of_scan, of_task = _BY[by]
    rows = tx.rows(
        f"""
        SELECT name, sum(scans)::bigint AS scans, sum(refused)::bigint AS refused, sum(shorts)::bigint AS shorts
        FROM (
            SELECT {of_scan} AS name, count(*) AS scans, count(*) FILTER (WHERE c.outcome = 'refused') AS refused,
                   0 AS shorts
            FROM scan c JOIN floor_session s ON s.id = c.session_id
            WHERE s.site = %(site)s AND s.kind = 'pick' AND c.outcome <> 'waiting'
              AND c.recorded_at >= %(start)s AND c.recorded_at < %(end)s
            GROUP BY 1
            UNION ALL
            SELECT {of_task}, 0, 0, count(*)
            FROM pick_task t JOIN place p ON p.id = t.place_id
            WHERE p.site = %(site)s AND t.state = 'short' AND t.ended_at >= %(start)s AND t.ended_at < %(end)s
            GROUP BY 1
        ) AS told
        GROUP BY name HAVING sum(refused) + sum(shorts) > 0
        ORDER BY sum(refused) + sum(shorts) DESC, name LIMIT {MISTAKES_MAX}
        """,
        site=site, start=start, end=end,
    )  # fmt: skip
    return [
        Mistakes(row.name, row.scans, row.refused, row.refused * 1000 // row.scans if row.scans else 0, row.shorts)
        for row in rows
    ]
