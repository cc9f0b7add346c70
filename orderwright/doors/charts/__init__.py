"""Charts as SVG: drawn by us, so that pages, mails and paper show the same, without script.

    chart = Chart("Orders handed over, by hour", [Point("09:00", 12), Point("10:00", 18)])
    bars(chart), lines(chart), sparkline([12, None, 18])

Each is Markup for a template. Colours stand in attributes, for mails and paper, and the console's own style sheet
(charts.css) puts its tokens over them; nothing stands in `style`, which the pages' policy forbids. A chart is one
picture with its title as its name: beside it the page shows the same figures as a table.
"""

from orderwright.doors.charts.drawing import bars, lines, sparkline
from orderwright.doors.charts.shapes import Chart, Point

__all__ = ["Chart", "Point", "bars", "lines", "sparkline"]
