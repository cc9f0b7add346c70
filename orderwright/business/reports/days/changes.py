"""Which days came to something else since somebody looked: late scans, returns, and what time alone judges."""

from datetime import date, datetime

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.reports.days.source import day_of
from orderwright.business.reports.order_rows import JUDGED_AFTER
from orderwright.database.rows import array
from orderwright.database.tx import Tx

# An order that was touched may change every day on which anything ever happened to it, and the days of its walks. What
# happened to each is looked up by itself (OFFSET 0): asked for all together it is guessed to be so much that PostgreSQL
# reads everything that ever happened.
_SQL = f"""
WITH told AS MATERIALIZED (
    SELECT subject, occurred_at FROM fact WHERE recorded_at >= %(since)s
), touched AS MATERIALIZED (
    SELECT id FROM orders WHERE id IN (SELECT subject FROM told)
    UNION SELECT order_id FROM fulfilment WHERE id IN (SELECT subject FROM told)
    UNION SELECT order_id FROM parcel WHERE id IN (SELECT subject FROM told)
    UNION SELECT order_id FROM return_request WHERE id IN (SELECT subject FROM told)
), walks AS MATERIALIZED (
    SELECT w.* FROM touched CROSS JOIN LATERAL (
        SELECT b.site, b.wave, b.ended_at FROM fulfilment f JOIN pick_task t ON t.fulfilment_id = f.id
        JOIN pick_batch b ON b.id = t.batch_id WHERE f.order_id = touched.id OFFSET 0) w
    UNION SELECT site, wave, ended_at FROM pick_batch WHERE ended_at >= %(since)s
), due AS MATERIALIZED (
    {{due}}
)
SELECT DISTINCT day FROM (
    SELECT {day_of("h.at")} AS day FROM touched CROSS JOIN LATERAL (
        SELECT placed_at AS at FROM orders WHERE id = touched.id
        UNION ALL SELECT occurred_at FROM fact WHERE subject = touched.id
        UNION ALL SELECT f.occurred_at FROM fulfilment x JOIN fact f ON f.subject = x.id WHERE x.order_id = touched.id
        UNION ALL SELECT f.occurred_at FROM parcel x JOIN fact f ON f.subject = x.id WHERE x.order_id = touched.id
        UNION ALL SELECT f.occurred_at FROM return_request x JOIN fact f ON f.subject = x.id
                  WHERE x.order_id = touched.id
        UNION ALL SELECT unnest(ARRAY[packed_at, shipped_at]) FROM parcel WHERE order_id = touched.id
        UNION ALL SELECT l.made_at FROM parcel x JOIN label l ON l.parcel_id = x.id AND l.state = 'live'
                  WHERE x.order_id = touched.id
        OFFSET 0) h
    UNION ALL SELECT {day_of("occurred_at")} FROM told
    UNION ALL SELECT {day_of("ended_at")} FROM walks
    UNION ALL SELECT {day_of("b.ended_at")} FROM (SELECT DISTINCT site, wave FROM walks WHERE wave <> '') w
              CROSS JOIN LATERAL (SELECT ended_at FROM pick_batch
                                  WHERE site = w.site AND wave = w.wave AND wave <> '' OFFSET 0) b
    UNION ALL SELECT {day_of("occurred_at")} FROM stock_move WHERE recorded_at >= %(since)s
    UNION ALL SELECT {day_of("recorded_at")} FROM stock_move WHERE recorded_at >= %(since)s
    UNION ALL SELECT {day_of("recorded_at")} FROM error_found WHERE recorded_at >= %(since)s
    UNION ALL SELECT {day_of("o.placed_at")} FROM due JOIN orders o ON o.id = due.order_id
    UNION ALL SELECT {day_of("o.placed_at")} FROM parcel p JOIN orders o ON o.id = p.order_id
              WHERE p.delivered_at >= %(since)s - %(judged_after)s AND p.delivered_at <= %(now)s - %(judged_after)s
    UNION ALL SELECT {day_of("p.shipped_at")} FROM parcel p
              WHERE p.state = 'shipped' AND p.deliver_by >= {day_of("%(since)s")} - 1
                AND p.deliver_by < {day_of("%(now)s")}
    UNION ALL SELECT day FROM ({{hours}}) AS clocked
    UNION ALL SELECT {day_of("%(now)s")}
    UNION ALL SELECT {day_of("%(since)s")}
) AS changed WHERE day IS NOT NULL AND day <= {day_of("%(now)s")} ORDER BY day
"""
# Hours are put right without a word of when: the days that no longer fit are those to tell again.
_DUE = "\n    UNION ALL ".join(
    f"SELECT order_id FROM fulfilment WHERE state IN ({states}) AND site = ANY(%(sites)s::text[])"
    " AND ship_by >= %(since)s AND ship_by <= %(now)s"
    for states in ("'planned'", "'released', 'picked', 'packed'", "'shipped', 'cancelled'")
)
"""What became due: one question for each of the indexes that hold fulfilments by state."""
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
        _SQL.replace("{hours}", _HOURS).replace("{due}", _DUE), since=since, now=tx.now, zone=zone,
        judged_after=JUDGED_AFTER, sites=array(catalog_of(tx).sites),
    )  # fmt: skip
    return [row.day for row in rows]
