"""Figures of the work done on a day: picked and packed, hours, what people's hands were at."""

from orderwright.business.reports.days.source import Source, day_of, minutes_part
from orderwright.business.reports.labour import TOUCHES

_WAVE = "coalesce(nullif(b.wave, ''), b.number)"
"""Walks planned together, or the one walk."""
_ROWS = f"""
    span AS MATERIALIZED (
        SELECT d::date AS day, d AT TIME ZONE %(zone)s AS starts, (d + interval '1 day') AT TIME ZONE %(zone)s AS ends
        FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS d
    ), picks AS MATERIALIZED (
        SELECT {day_of("m.occurred_at")} AS day, p.site, m.quantity,
               CASE WHEN m.cause ~ '^pick:[0-9a-f-]{{36}}$' THEN substring(m.cause FROM 6)::uuid END AS task_id
        FROM stock_move m JOIN place p ON p.id = m.from_place
        WHERE m.kind = 'pick' AND m.occurred_at >= %(start)s AND m.occurred_at < %(end)s
          AND m.recorded_at >= %(start)s AND m.recorded_at < %(end)s + interval '2 days'
          AND m.recorded_at < m.occurred_at + interval '2 days'
    ), picked AS MATERIALIZED (
        SELECT k.day, k.site, k.quantity, coalesce(o.channel, '') AS channel, coalesce(o.id::text, '') AS about
        FROM picks k LEFT JOIN pick_task t ON t.id = k.task_id LEFT JOIN fulfilment f ON f.id = t.fulfilment_id
        LEFT JOIN orders o ON o.id = f.order_id
    ), packed AS MATERIALIZED (
        SELECT {day_of("p.packed_at")} AS day, p.site, o.channel, o.id::text AS about,
               (SELECT coalesce(sum(l.quantity), 0)::bigint FROM parcel_line l WHERE l.parcel_id = p.id) AS units
        FROM parcel p JOIN orders o ON o.id = p.order_id
        WHERE p.packed_at >= %(start)s AND p.packed_at < %(end)s AND p.state <> 'unpacked'
    ), hours AS MATERIALIZED (
        SELECT s.day, c.site, c.task, round(extract(epoch FROM least(coalesce(c.ended_at, %(now)s), s.ends)
                                                    - greatest(c.started_at, s.starts)))::bigint AS seconds
        FROM work_clock c JOIN span s ON c.started_at < s.ends AND coalesce(c.ended_at, %(now)s) > s.starts
    ), {TOUCHES.format(day=day_of("f.occurred_at"))}, waves AS MATERIALIZED (
        SELECT b.site, {_WAVE} AS wave, min(b.claimed_at) AS starts,
               max(b.ended_at) AS ended_at, max(x.packed_at) AS packed_at, min(x.order_id) AS about
        FROM pick_batch b CROSS JOIN LATERAL (
            SELECT max(p.packed_at) AS packed_at, min(p.order_id::text) AS order_id
            FROM pick_task t JOIN parcel p ON p.fulfilment_id = t.fulfilment_id AND p.state <> 'unpacked'
            WHERE t.batch_id = b.id) x
        WHERE b.state = 'done' AND (b.site, {_WAVE}) IN (
            SELECT b.site, {_WAVE} FROM pick_batch b
            WHERE b.ended_at >= %(start)s AND b.ended_at < %(end)s AND b.state = 'done')
        GROUP BY 1, 2
    ), labelled AS MATERIALIZED (
        SELECT f.site, f.order_id::text AS about, o.channel, f.released_at, max(l.made_at) AS made_at
        FROM fulfilment f JOIN orders o ON o.id = f.order_id JOIN parcel p ON p.fulfilment_id = f.id
        JOIN label l ON l.parcel_id = p.id AND l.state = 'live' AND l.made_at < p.packed_at + interval '7 days'
        WHERE f.released_at IS NOT NULL AND f.id IN (
            SELECT fulfilment_id FROM parcel
            WHERE packed_at >= %(start)s - interval '7 days' AND packed_at < %(end)s + interval '1 day')
        GROUP BY f.id, o.channel
    )"""

FLOOR = Source(
    _ROWS,
    {
        "picks_per_hour": """
            SELECT day, site, channel, '' AS part, quantity AS counted, 0::bigint AS judged, 0 AS pending,
                   about FROM picked
            UNION ALL SELECT day, site, '', '', 0, seconds, 0, '' FROM hours WHERE task = 'pick'""",
        "packs_per_hour": """
            SELECT day, site, channel, '', units, 0, 0, about FROM packed
            UNION ALL SELECT day, site, '', '', 0, seconds, 0, '' FROM hours WHERE task = 'pack'""",
        "picking_accuracy": f"""
            SELECT day, site, channel, '', quantity, quantity, 0, about FROM picked
            UNION ALL SELECT {day_of("e.recorded_at")}, coalesce(p.site, f.site, ''), coalesce(o.channel, ''), '',
                   -e.units, 0, 0, coalesce(o.id::text, '')
            FROM error_found e LEFT JOIN parcel p ON p.id = e.parcel_id
            LEFT JOIN orders o ON o.id = coalesce(e.order_id, p.order_id)
            LEFT JOIN LATERAL (SELECT site FROM fulfilment WHERE order_id = o.id ORDER BY made_at, id LIMIT 1) f ON true
            WHERE e.recorded_at >= %(start)s AND e.recorded_at < %(end)s AND e.cause = ANY(%(pick_causes)s::text[])""",
        "hours_clocked": "SELECT day, site, '', task, seconds, 0, 0, '' FROM hours",
        "touch_time": """
            SELECT g.day, coalesce(g.site, '') AS site, coalesce(o.channel, '') AS channel,
                   coalesce(s.step, 'desk') AS part,
                   round(least(g.seconds, %(cap)s))::bigint, 0, 0, coalesce(o.id::text, '')
            FROM gap g LEFT JOIN unnest(%(types)s::text[], %(steps)s::text[]) AS s(type, step) USING (type)
            LEFT JOIN orders o ON o.id = g.order_id WHERE g.seconds IS NOT NULL""",
        "wave_to_parcel": f"""
            SELECT {day_of("ended_at")}, site, '', {minutes_part("extract(epoch FROM packed_at - starts)")}, 1, 0, 0,
                   about
            FROM waves WHERE ended_at >= %(start)s AND ended_at < %(end)s AND packed_at >= starts""",
        "release_to_label": f"""
            SELECT {day_of("made_at")}, site, channel, {minutes_part("extract(epoch FROM made_at - released_at)")}, 1,
                   0, 0, about
            FROM labelled WHERE made_at >= %(start)s AND made_at < %(end)s AND made_at >= released_at""",
    },
)
