"""Figures of the goods: what lies here at the end of a day, and what left."""

from orderwright.business.reports.days.source import Source, day_of

_ROWS = f"""
    sent AS MATERIALIZED (
        SELECT {day_of("m.recorded_at")} AS day, p.site, m.quantity
        FROM stock_move m JOIN place p ON p.id = m.from_place
        WHERE m.kind = 'ship' AND m.recorded_at >= %(start)s AND m.recorded_at < %(end)s
    ), lying AS MATERIALIZED (
        SELECT site, sum(on_hand)::bigint AS units, (sum(on_hand * cost_micro::numeric) / 10000)::bigint AS value_cents
        FROM availability WHERE %(today)s BETWEEN %(first)s AND %(last)s GROUP BY site
    )"""

STOCK = Source(
    _ROWS,
    {
        "units_shipped": "SELECT day, site, '' AS channel, '' AS part, quantity AS counted, 0 AS judged, 0 AS pending,"
        " '' AS about FROM sent",
        "stock_units": "SELECT %(today)s::date, site, '', '', units, 0, 0, '' FROM lying",
        "stock_value": "SELECT %(today)s::date, site, '', '', value_cents, 0, 0, '' FROM lying",
    },
)

SEEN = ("stock_units", "stock_value")
"""What can only be seen on the day itself: a day that is told again later keeps what was seen. The value is told in
hundredths, whatever the currency."""
