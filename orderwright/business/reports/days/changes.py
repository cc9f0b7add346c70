"""Which days came to something else since somebody looked: late scans, returns, and what time alone judges."""

from datetime import date, datetime

from orderwright.business.reports.days.source import day_of
from orderwright.business.reports.order_rows import JUDGED_AFTER
from orderwright.database.tx import Tx

_OPEN = ("planned", "released", "picked", "packed", "shipped", "cancelled")

# An order that was touched may change every day on which anything ever happened to it, and the days of its walks.
_SQL = f"""
WITH told AS MATERIALIZED (
    SELECT subject, occurred_at FROM fact WHERE recorded_at >= %(since)s
), touched AS MATERIALIZED (
    SELECT id FROM orders WHERE id IN (SELECT subject FROM told)
    UNION SELECT order_id FROM fulfilment WHERE id IN (SELECT subject FROM told)
    UNION SELECT order_id FROM parcel WHERE id IN (SELECT subject FROM told)
    UNION SELECT order_id FROM return_request WHERE id IN (SELECT subject FROM told)
), theirs AS MATERIALIZED (
    SELECT id FROM touched UNION SELECT f.id FROM fulfilment f JOIN touched t ON f.order_id = t.id
    UNION SELECT p.id FROM parcel p JOIN touched t ON p.order_id = t.id
    UNION SELECT r.id FROM return_request r JOIN touched t ON r.order_id = t.id
), walks AS MATERIALIZED (
    SELECT DISTINCT b.site, coalesce(nullif(b.wave, ''), b.number) AS wave
    FROM touched JOIN fulfilment f ON f.order_id = touched.id JOIN pick_task t ON t.fulfilment_id = f.id
    JOIN pick_batch b ON b.id = t.batch_id
    UNION SELECT b.site, coalesce(nullif(b.wave, ''), b.number) FROM pick_batch b WHERE b.ended_at >= %(since)s
)
SELECT DISTINCT day FROM (
    SELECT {day_of("o.placed_at")} AS day FROM orders o JOIN touched t ON t.id = o.id
    UNION ALL SELECT {day_of("f.occurred_at")} FROM fact f JOIN theirs t ON t.id = f.subject
    UNION ALL SELECT {day_of("occurred_at")} FROM told
    UNION ALL SELECT {day_of("p.shipped_at")} FROM parcel p JOIN touched t ON t.id = p.order_id
    UNION ALL SELECT {day_of("p.packed_at")} FROM parcel p JOIN touched t ON t.id = p.order_id
    UNION ALL SELECT {day_of("l.made_at")} FROM parcel p JOIN touched t ON t.id = p.order_id
              JOIN label l ON l.parcel_id = p.id
    UNION ALL SELECT {day_of("b.ended_at")} FROM pick_batch b JOIN walks w
              ON w.site = b.site AND w.wave = coalesce(nullif(b.wave, ''), b.number) WHERE b.ended_at IS NOT NULL
    UNION ALL SELECT {day_of("occurred_at")} FROM stock_move WHERE recorded_at >= %(since)s
    UNION ALL SELECT {day_of("recorded_at")} FROM stock_move WHERE recorded_at >= %(since)s
    UNION ALL SELECT {day_of("recorded_at")} FROM error_found WHERE recorded_at >= %(since)s
    UNION ALL SELECT {day_of("o.placed_at")} FROM fulfilment f JOIN orders o ON o.id = f.order_id
              WHERE f.state = ANY(%(states)s::text[]) AND f.ship_by >= %(since)s AND f.ship_by <= %(now)s
    UNION ALL SELECT {day_of("o.placed_at")} FROM fact f JOIN parcel p ON p.id = f.subject
              JOIN orders o ON o.id = p.order_id
              WHERE f.type = 'parcel_delivered' AND f.recorded_at >= %(since)s - %(judged_after)s
                AND p.delivered_at >= %(since)s - %(judged_after)s AND p.delivered_at <= %(now)s - %(judged_after)s
    UNION ALL SELECT {day_of("p.shipped_at")} FROM parcel p
              WHERE p.state = 'shipped' AND p.deliver_by >= {day_of("%(since)s")} - 1
                AND p.deliver_by < {day_of("%(now)s")}
    UNION ALL SELECT day FROM ({{hours}}) AS clocked
    UNION ALL SELECT {day_of("%(now)s")}
    UNION ALL SELECT {day_of("%(since)s")}
) AS changed WHERE day IS NOT NULL AND day <= {day_of("%(now)s")} ORDER BY day
"""
# Hours are put right without a word of when: the days that no longer fit are those to tell again.
_HOURS = """
    SELECT coalesce(c.day, d.day) AS day FROM (
        SELECT s::date AS day, sum(round(extract(epoch FROM
                 least(coalesce(c.ended_at, %(now)s), (s + interval '1 day') AT TIME ZONE %(zone)s)
                 - greatest(c.started_at, s AT TIME ZONE %(zone)s))))::bigint AS seconds
        FROM work_clock c CROSS JOIN LATERAL generate_series(
            date_trunc('day', c.started_at AT TIME ZONE %(zone)s),
            date_trunc('day', coalesce(c.ended_at, %(now)s) AT TIME ZONE %(zone)s), interval '1 day') AS s
        GROUP BY 1) c
    FULL JOIN (SELECT day, sum(counted)::bigint AS seconds FROM report_day
               WHERE scope = '' AND figure = 'hours_clocked' GROUP BY day) d USING (day)
    WHERE coalesce(c.seconds, 0) <> coalesce(d.seconds, 0)
"""


def changed_days(tx: Tx, since: datetime, zone: str) -> list[date]:
    """The days that may come to something else than at `since`, first to last; always that day and this one.

    More than have to: of each order that was touched, every day on which anything happened to it.
    """
    rows = tx.rows(
        _SQL.replace("{hours}", _HOURS), since=since, now=tx.now, zone=zone, judged_after=JUDGED_AFTER,
        states=list(_OPEN),
    )  # fmt: skip
    return [row.day for row in rows]
