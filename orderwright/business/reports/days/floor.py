"""Figures of the work done on a day: picked and packed, hours, what people's hands were at."""

from orderwright.business.reports.days.source import Source, minutes_part
from orderwright.business.reports.labour import TOUCHES

_ROWS = f"""
    moved AS MATERIALIZED (
        SELECT from_place, quantity, cause, id::text AS turn FROM stock_move
        WHERE kind = 'pick' AND occurred_at >= %(start)s AND occurred_at < %(end)s
          AND recorded_at >= %(start)s AND recorded_at < %(end)s + interval '2 days'
          AND recorded_at < occurred_at + interval '2 days'
    ), picked AS MATERIALIZED (
        SELECT (SELECT site FROM place WHERE id = m.from_place) AS site, m.quantity, coalesce(o.channel, '') AS channel,
               coalesce(o.id::text, '') AS about, m.turn
        FROM (SELECT * FROM moved
              WHERE %(behind)s::bigint IS NULL OR (-quantity, turn) > (%(behind)s::bigint, %(behind_turn)s)
              ORDER BY quantity DESC, turn LIMIT %(most)s::bigint) AS m
        LEFT JOIN pick_task t
             ON t.id = CASE WHEN m.cause ~ '^pick:[0-9a-f-]{{36}}$' THEN substring(m.cause FROM 6)::uuid END
        LEFT JOIN fulfilment f ON f.id = t.fulfilment_id LEFT JOIN orders o ON o.id = f.order_id
    ), packed AS MATERIALIZED (
        SELECT p.site, o.channel, o.id::text AS about,
               (SELECT coalesce(sum(l.quantity), 0)::bigint FROM parcel_line l WHERE l.parcel_id = p.id) AS units
        FROM parcel p JOIN orders o ON o.id = p.order_id
        WHERE p.packed_at >= %(start)s AND p.packed_at < %(end)s AND p.state <> 'unpacked'
    ), hours AS MATERIALIZED (
        SELECT site, task, round(extract(epoch FROM least(coalesce(ended_at, %(now)s), %(end)s)
                                                    - greatest(started_at, %(start)s)))::bigint AS seconds
        FROM work_clock WHERE started_at < %(end)s AND coalesce(ended_at, %(now)s) > %(start)s
    ), {TOUCHES}, walks AS MATERIALIZED (
        SELECT id, site, number AS wave, claimed_at, ended_at FROM pick_batch
        WHERE ended_at >= %(start)s AND ended_at < %(end)s AND state = 'done' AND wave = ''
        UNION SELECT b.id, b.site, b.wave, b.claimed_at, b.ended_at
        FROM pick_batch ended JOIN pick_batch b ON b.site = ended.site AND b.wave = ended.wave AND b.wave <> ''
        WHERE ended.ended_at >= %(start)s AND ended.ended_at < %(end)s AND ended.state = 'done' AND b.state = 'done'
    ), waves AS MATERIALIZED (
        SELECT w.site, min(w.claimed_at) AS starts, max(w.ended_at) AS ended_at, max(x.packed_at) AS packed_at,
               min(x.order_id) AS about
        FROM walks w CROSS JOIN LATERAL (
            SELECT max(p.packed_at) AS packed_at, min(p.order_id::text) AS order_id
            FROM pick_task t JOIN parcel p ON p.fulfilment_id = t.fulfilment_id AND p.state <> 'unpacked'
            WHERE t.batch_id = w.id) x
        GROUP BY w.site, w.wave
    ), labelled AS MATERIALIZED (
        SELECT f.site, f.order_id::text AS about, o.channel, f.released_at, max(l.made_at) AS made_at
        FROM fulfilment f JOIN orders o ON o.id = f.order_id JOIN parcel p ON p.fulfilment_id = f.id
        JOIN label l ON l.parcel_id = p.id AND l.state = 'live' AND l.made_at < p.packed_at + interval '7 days'
        WHERE f.released_at IS NOT NULL AND f.id IN (
            SELECT p.fulfilment_id FROM label l JOIN parcel p ON p.id = l.parcel_id
            WHERE l.state = 'live' AND l.made_at >= %(start)s AND l.made_at < %(end)s)
        GROUP BY f.id, o.channel
    )"""

FLOOR = Source(
    _ROWS,
    {
        "picks_per_hour": """
            SELECT site, channel, '' AS part, quantity AS counted, 0::bigint AS judged, 0 AS pending,
                   about, turn FROM picked
            UNION ALL SELECT site, '', '', 0, seconds, 0, '', '' FROM hours WHERE task = 'pick'""",
        "packs_per_hour": """
            SELECT site, channel, '', units, 0, 0, about FROM packed
            UNION ALL SELECT site, '', '', 0, seconds, 0, '' FROM hours WHERE task = 'pack'""",
        "picking_accuracy": """
            SELECT site, channel, '', quantity, quantity, 0, about, turn FROM picked
            UNION ALL SELECT coalesce(p.site, f.site, ''), coalesce(o.channel, ''), '', -e.units, 0, 0,
                   coalesce(o.id::text, ''), ''
            FROM error_found e LEFT JOIN parcel p ON p.id = e.parcel_id
            LEFT JOIN orders o ON o.id = coalesce(e.order_id, p.order_id)
            LEFT JOIN LATERAL (SELECT site FROM fulfilment WHERE order_id = o.id ORDER BY made_at, id LIMIT 1) f ON true
            WHERE e.recorded_at >= %(start)s AND e.recorded_at < %(end)s AND e.cause = ANY(%(pick_causes)s::text[])""",
        "hours_clocked": "SELECT site, '', task, seconds, 0, 0, '' FROM hours",
        "touch_time": """
            SELECT coalesce(g.site, '') AS site, coalesce(o.channel, '') AS channel, coalesce(s.step, 'desk') AS part,
                   g.spent_s, 0, 0, coalesce(o.id::text, ''), g.turn
            FROM gap g LEFT JOIN unnest(%(types)s::text[], %(steps)s::text[]) AS s(type, step) USING (type)
            LEFT JOIN orders o ON o.id = g.order_id WHERE g.seconds IS NOT NULL""",
        "wave_to_parcel": f"""
            SELECT site, '', {minutes_part("extract(epoch FROM packed_at - starts)")}, 1, 0, 0, about
            FROM waves WHERE ended_at >= %(start)s AND ended_at < %(end)s AND packed_at >= starts""",
        "release_to_label": f"""
            SELECT site, channel, {minutes_part("extract(epoch FROM made_at - released_at)")}, 1, 0, 0, about
            FROM labelled WHERE made_at >= %(start)s AND made_at < %(end)s AND made_at >= released_at""",
    },
    {
        "picks_per_hour": "SELECT count(*) FROM moved",
        "picking_accuracy": "SELECT count(*) FROM moved",
        "touch_time": "SELECT count(*) FROM lapse WHERE spent_s > 0",
    },
)
