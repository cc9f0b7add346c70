"""Figures of the parcels that left on a day, and of what customers got in touch about beside them."""

from orderwright.business.reports.days.source import Source, day_of
from orderwright.business.reports.order_rows import IS_GONE

_ROWS = f"""
    gone AS MATERIALIZED (
        SELECT p.id, p.order_id, o.id::text AS about, p.site, o.channel, coalesce(p.carrier, '') AS carrier,
               p.shipped_at, p.carton, p.state, p.deliver_by,
               {day_of("p.delivered_at")} AS delivered_on, {IS_GONE} AS is_gone
        FROM parcel p JOIN orders o ON o.id = p.order_id
        WHERE p.shipped_at >= %(start)s AND p.shipped_at < %(end)s
    ), complete AS MATERIALIZED (
        SELECT DISTINCT ON (g.order_id) g.about, g.site, g.channel FROM gone g
        WHERE g.is_gone AND NOT EXISTS (SELECT 1 FROM parcel later WHERE later.order_id = g.order_id
                                        AND later.shipped_at >= %(end)s)
        ORDER BY g.order_id, g.shipped_at DESC, g.id
    )"""

# Days before the first contact was ever written down say nothing of contacts: nobody wrote them down.
_ARE_WRITTEN = "%(end)s > (SELECT min(recorded_at) FROM contact)"

GONE = Source(
    _ROWS,
    {
        "parcels_shipped": "SELECT site, channel, carrier AS part, 1 AS counted, 0 AS judged, 0 AS pending, about"
        " FROM gone",
        "orders_shipped": "SELECT site, channel, '', 1, 0, 0, about FROM complete",
        "delivered_on_time": """
            SELECT site, channel, carrier, coalesce(delivered_on <= deliver_by, false)::int,
                   (delivered_on IS NOT NULL OR state = 'lost' OR deliver_by < %(today)s)::int,
                   (delivered_on IS NULL AND state <> 'lost' AND deliver_by >= %(today)s)::int, about FROM gone""",
        "parcels_lost": "SELECT site, channel, carrier, (state = 'lost')::int, 1, 0, about FROM gone",
        "label_cost": """
            SELECT g.site, g.channel, l.currency, l.cost_minor, 1, 0, g.about
            FROM gone g JOIN label l ON l.parcel_id = g.id AND l.state = 'live'""",
        "cartons_used": "SELECT site, channel, carton, 1, 0, 0, about FROM gone WHERE carton IS NOT NULL",
        "contacts": f"""
            SELECT coalesce(f.site, ''), o.channel, c.reason, 1, 0, 0, o.id::text
            FROM contact c JOIN orders o ON o.id = c.order_id
            LEFT JOIN LATERAL (SELECT site FROM fulfilment WHERE order_id = o.id ORDER BY made_at, id LIMIT 1) f ON true
            WHERE c.asked_at >= %(start)s AND c.asked_at < %(end)s AND c.withdrawn_at IS NULL AND {_ARE_WRITTEN}""",
        "shipped_with_contacts": f"SELECT site, channel, '', 1, 0, 0, about FROM complete WHERE {_ARE_WRITTEN}",
    },
)
