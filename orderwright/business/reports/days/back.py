"""Figures of what came back on a day, and of mistakes that reached customers."""

from orderwright.business.reports.days.source import Source, minutes_part

_ROWS = """
    back AS MATERIALIZED (
        SELECT r.id, r.order_id, r.order_id::text AS about, r.site, o.channel, o.currency, r.refund_minor,
               r.received_at, r.settled_at
        FROM return_request r JOIN orders o ON o.id = r.order_id
        WHERE r.received_at >= %(start)s AND r.received_at < %(end)s
           OR r.settled_at >= %(start)s AND r.settled_at < %(end)s
    ), mistakes AS MATERIALIZED (
        SELECT b.about AS what, b.site, b.channel, l.reason AS cause, b.about
        FROM back b JOIN return_line l ON l.return_id = b.id
        WHERE l.received > 0 AND l.reason = ANY(%(ours)s::text[]) AND b.received_at >= %(start)s
          AND b.received_at < %(end)s
        UNION ALL
        SELECT coalesce(o.id, e.id)::text, coalesce(p.site, f.site, ''),
               coalesce(o.channel, ''), e.cause, coalesce(o.id::text, '')
        FROM error_found e LEFT JOIN parcel p ON p.id = e.parcel_id
        LEFT JOIN orders o ON o.id = coalesce(e.order_id, p.order_id)
        LEFT JOIN LATERAL (SELECT site FROM fulfilment WHERE order_id = o.id ORDER BY made_at, id LIMIT 1) f ON true
        WHERE e.recorded_at >= %(start)s AND e.recorded_at < %(end)s AND e.found_at = 'customer'
    )"""

BACK = Source(
    _ROWS,
    {
        "returns_received": """
            SELECT b.site, b.channel, l.reason AS part, l.received AS counted, 0 AS judged, 0 AS pending, b.about
            FROM back b JOIN return_line l ON l.return_id = b.id
            WHERE l.received > 0 AND b.received_at >= %(start)s AND b.received_at < %(end)s""",
        "errors_reached": """
            SELECT DISTINCT ON (what) site, channel, cause, 1, 0, 0, about FROM mistakes ORDER BY what, cause, site""",
        "refunds_ours": """
            SELECT b.site, b.channel, b.currency, l.refund_minor, 0, 0, b.about
            FROM back b JOIN return_line l ON l.return_id = b.id
            WHERE b.settled_at >= %(start)s AND b.settled_at < %(end)s AND l.refund_minor > 0
              AND l.reason = ANY(%(ours)s::text[])""",
        "return_to_refund": f"""
            SELECT site, channel, {minutes_part("extract(epoch FROM settled_at - received_at)")}, 1, 0, 0, about
            FROM back WHERE settled_at >= %(start)s AND settled_at < %(end)s AND settled_at >= received_at""",
    },
)
