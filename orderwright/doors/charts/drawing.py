"""Charts drawn as SVG. Distances are in the picture's own units: it is as wide as the place it stands in."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from orderwright.doors.charts.shapes import written
from orderwright.doors.charts.spec import ACCENT, HEIGHT, LINE, SOFT, TARGET, WIDTH, Figure, Layer, Spec, Up

LEFT, RIGHT, TOP, BOTTOM = 44, 6, 10, 24
"""Room for the values at the left and the labels below."""
LABELS_MAX = 7
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 120, 32, 3
BAR_PERCENT = 72
"""Of the room of a bar, what it fills."""

Place = tuple[float, float, str]
"""Where a figure stands, from the left and from the top, and what is told of it."""


def draw(spec: Spec) -> Markup:
    """The picture of a chart."""
    up = spec.layer[0].encoding.y
    return Markup(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(spec.title)}"'
        f' font-size="12" font-family="sans-serif">{_grid(up)}{"".join(map(_layer, spec.layer))}'
        f"{_labels(spec.layer[0].data.values)}</svg>"
    )


def _layer(layer: Layer) -> str:
    """The marks of a layer."""
    bottom, top = layer.encoding.y.scale.domain
    figures = layer.data.values
    places = [
        (x, _y(bottom, top, each.value), each.said) if each.value is not None else None
        for x, each in zip(_middles(len(figures)), figures, strict=True)
    ]
    known = [place for place in places if place is not None]
    match layer.mark.type:
        case "bar":
            return _bars(known, _y(bottom, top, max(bottom, 0)), (WIDTH - LEFT - RIGHT) / max(1, len(figures)))
        case "line":
            return f"{_path([place and place[:2] for place in places], 2)}{_dots(known)}"
        case "rule":
            return _rules(known)


def _bars(places: Sequence[Place], base: float, room: float) -> str:
    width = room * BAR_PERCENT / 100
    return "".join(
        f'<rect class="chart-bar" fill="{ACCENT}" x="{x - width / 2:.1f}" y="{min(y, base):.1f}"'
        f' width="{width:.1f}" height="{abs(base - y):.1f}"><title>{escape(said)}</title></rect>'
        for x, y, said in places
    )


def _dots(places: Sequence[Place]) -> str:
    return "".join(
        f'<circle class="chart-dot" fill="{ACCENT}" cx="{x:.1f}" cy="{y:.1f}" r="3">'
        f"<title>{escape(said)}</title></circle>"
        for x, y, said in places
    )


def _rules(places: Sequence[Place]) -> str:
    return "".join(
        f'<line class="chart-target" stroke="{TARGET}" stroke-dasharray="5 4" stroke-width="1.5"'
        f' x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        for _, y, _ in places
    )


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


def _grid(up: Up) -> str:
    marks = [(_y(*up.scale.domain, mark), written(mark, up.axis.format)) for mark in up.axis.values]
    return "".join(
        f'<line class="chart-line" stroke="{LINE}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="chart-text" fill="{SOFT}" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(said)}</text>'
        for y, said in marks
    )


def _labels(figures: Sequence[Figure]) -> str:
    every = -(-len(figures) // LABELS_MAX) if figures else 1
    return "".join(
        f'<text class="chart-text" fill="{SOFT}" x="{x:.1f}" y="{HEIGHT - 6}" text-anchor="middle">'
        f"{escape(each.label)}</text>"
        for x, each in list(zip(_middles(len(figures)), figures, strict=True))[::every]
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


def _y(bottom: float, top: float, value: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (top - value) / (top - bottom)
