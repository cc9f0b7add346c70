"""Figures of the goods: what lies here at the end of a day, and what left."""

from orderwright.business.reports.days.source import Source

_ROWS = """
    sent AS MATERIALIZED (
        SELECT (SELECT site FROM place WHERE id = m.from_place) AS site, m.quantity FROM stock_move m
        WHERE m.kind = 'ship' AND m.recorded_at >= %(start)s AND m.recorded_at < %(end)s
    ), lying AS MATERIALIZED (
        SELECT site, sum(on_hand)::bigint AS units, (sum(on_hand * cost_micro::numeric) / 10000)::bigint AS value_cents
        FROM availability WHERE %(today)s::date = %(day)s::date GROUP BY site
    )"""

STOCK = Source(
    _ROWS,
    {
        "units_shipped": "SELECT site, '' AS channel, '' AS part, quantity AS counted, 0 AS judged, 0 AS pending,"
        " '' AS about FROM sent",
        "stock_units": "SELECT site, '', '', units, 0, 0, '' FROM lying",
        "stock_value": "SELECT site, '', '', value_cents, 0, 0, '' FROM lying",
    },
)

SEEN = ("stock_units", "stock_value")
"""What can only be seen on the day itself: a day that is told again later keeps what was seen. The value is told in
hundredths, whatever the currency."""
