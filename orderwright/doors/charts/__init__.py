"""Charts: one Vega-Lite spec each, drawn by us as SVG, so that pages, mails and paper show the same, without script.

    spec = bars(Chart("Orders handed over, by hour", [Point("09:00", 12), Point("10:00", 18)]))
    draw(spec), written_down(spec), sparkline([12, None, 18])

What is drawn is Markup for a template. Colours stand in attributes, for mails and paper, and the console's own style
sheet (charts.css) puts its tokens over them; nothing stands in `style`, which the pages' policy forbids. A chart is one
picture with its title as its name: beside it the page shows the same figures as a table. Who looks closer has the
same spec drawn by Vega in the browser (chart.js).
"""

from orderwright.doors.charts.drawing import draw, sparkline
from orderwright.doors.charts.shapes import Chart, Point
from orderwright.doors.charts.spec import Spec, bars, lines, read, written_down

__all__ = ["Chart", "Point", "Spec", "bars", "draw", "lines", "read", "sparkline", "written_down"]
