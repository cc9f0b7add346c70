"""Charts drawn as SVG. Distances are in the picture's own units: it is as wide as the place it stands in."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from orderwright.doors.charts.shapes import Chart, Scale, scale_of

WIDTH, HEIGHT = 420, 170
LEFT, RIGHT, TOP, BOTTOM = 44, 6, 10, 24
"""Room for the values at the left and the labels below."""
LABELS_MAX = 7
SOFT, LINE, ACCENT, TARGET = "#565f64", "#dededa", "#0f5f5c", "#805300"
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 120, 32, 3
BAR_PERCENT = 72
"""Of the room of a bar, what it fills."""


def bars(chart: Chart) -> Markup:
    """Upright bars, for counts in spans of time."""
    scale = scale_of(chart)
    room = (WIDTH - LEFT - RIGHT) / max(1, len(chart.points))
    drawn = []
    for n, point in enumerate(chart.points):
        if point.value is None:
            continue
        top, base = _y(scale, point.value), _y(scale, max(scale.bottom, 0))
        left = LEFT + room * n + room * (100 - BAR_PERCENT) / 200
        drawn.append(
            f'<rect class="chart-bar" fill="{ACCENT}" x="{left:.1f}" y="{min(top, base):.1f}"'
            f' width="{room * BAR_PERCENT / 100:.1f}" height="{abs(base - top):.1f}">'
            f"<title>{escape(point.label)}: {escape(chart.said(point.value))}</title></rect>"
        )
    return _picture(chart, scale, "".join(drawn))


def lines(chart: Chart) -> Markup:
    """A line through the values, broken where there is none, with a dot at each."""
    scale = scale_of(chart)
    at = _middles(len(chart.points))
    places = [None if p.value is None else (x, _y(scale, p.value)) for x, p in zip(at, chart.points, strict=True)]
    dots = "".join(
        f'<circle class="chart-dot" fill="{ACCENT}" cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="3">'
        f"<title>{escape(point.label)}: {escape(chart.said(point.value))}</title></circle>"
        for point, place in zip(chart.points, places, strict=True)
        if place is not None and point.value is not None
    )
    return _picture(chart, scale, f"{_path(places, 2)}{dots}")


def sparkline(values: Sequence[float | None]) -> Markup:
    """How a figure went, as small as a word. It says nothing to who cannot see it: the figure stands beside it."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Markup("")
    low, high = min(known), max(known)
    inner, span = SPARK_HEIGHT - 2 * SPARK_EDGE, (high - low) or 1
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / (len(values) - 1)
    places = [
        None if value is None else (SPARK_EDGE + step * n, SPARK_EDGE + inner * (high - value) / span)
        for n, value in enumerate(values)
    ]
    last = [place for place in places if place is not None][-1]
    return Markup(
        f'<svg class="chart spark" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}" aria-hidden="true">{_path(places, 1.75)}'
        f'<circle class="chart-dot" fill="{ACCENT}" cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="2.5"/></svg>'
    )


def _picture(chart: Chart, scale: Scale, drawn: str) -> Markup:
    target = ""
    if chart.target is not None:
        y = _y(scale, chart.target)
        target = (
            f'<line class="chart-target" stroke="{TARGET}" stroke-dasharray="5 4" stroke-width="1.5"'
            f' x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
    return Markup(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(chart.title)}"'
        f' font-size="12" font-family="sans-serif">{_grid(chart, scale)}{drawn}{target}{_labels(chart)}</svg>'
    )


def _grid(chart: Chart, scale: Scale) -> str:
    return "".join(
        f'<line class="chart-line" stroke="{LINE}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="chart-text" fill="{SOFT}" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(said)}</text>'
        for y, said in ((_y(scale, mark), chart.said(mark)) for mark in scale.marks())
    )


def _labels(chart: Chart) -> str:
    every = -(-len(chart.points) // LABELS_MAX) if chart.points else 1
    return "".join(
        f'<text class="chart-text" fill="{SOFT}" x="{x:.1f}" y="{HEIGHT - 6}" text-anchor="middle">'
        f"{escape(point.label)}</text>"
        for n, (x, point) in enumerate(zip(_middles(len(chart.points)), chart.points, strict=True))
        if n % every == 0
    )


def _path(places: Iterable[tuple[float, float] | None], width: float) -> str:
    told, is_down = [], False
    for place in places:
        if place is not None:
            told.append(f"{'L' if is_down else 'M'}{place[0]:.1f} {place[1]:.1f}")
        is_down = place is not None
    return (
        f'<path class="chart-path" fill="none" stroke="{ACCENT}" stroke-width="{width}" stroke-linejoin="round"'
        f' d="{" ".join(told)}"/>'
    )


def _middles(count: int) -> list[float]:
    room = (WIDTH - LEFT - RIGHT) / max(1, count)
    return [LEFT + room * (n + 0.5) for n in range(count)]


def _y(scale: Scale, value: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - scale.share(value))
