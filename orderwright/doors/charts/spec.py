"""What a chart is made of: one Vega-Lite spec with its figures in it, of which every drawing is made.

It is the part of Vega-Lite 6 (https://vega.github.io/vega-lite/docs/) that our charts use, and no more: a spec with
anything else in it is refused when it is read. Edges of scales and lines of grids stand in it, and are not left to
whoever draws.
"""

from typing import Any, Final, Literal

import msgspec
from markupsafe import Markup

from orderwright.doors.charts.shapes import Chart, Format, scale_of, written

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
"""A name, as the schema's authors give it: nothing is asked for at it."""
WIDTH, HEIGHT = 420, 170
SOFT, LINE, ACCENT, TARGET = "#565f64", "#dededa", "#0f5f5c", "#805300"
NAMED: Final = "data('points')[datum.value].label"
"""What stands below a point. Points are told apart by their place: two may be called the same, as an hour that comes
twice when clocks go back."""
LOOK = {
    "axis": {"labelColor": SOFT, "gridColor": LINE, "domainColor": LINE, "tickColor": LINE},
    "bar": {"color": ACCENT},
    "line": {"color": ACCENT, "strokeWidth": 2},
    "point": {"color": ACCENT, "filled": True, "size": 28},
    "rule": {"color": TARGET, "strokeDash": [5, 4], "strokeWidth": 1.5},
    "view": {"stroke": None},
}
"""Colours on white, for mails and paper. Pages put their own over them."""


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """A part of a spec, as its JSON."""


class Figure(_Part, frozen=True):
    """A point by its place. said: what is told of it; empty where there is no value."""

    at: int
    label: str
    value: float | None
    said: str


class Figures(_Part, frozen=True):
    """What marks are drawn from. name: "points", or "target" for the line to be above, or below."""

    name: Literal["points", "target"]
    values: list[Figure]


class Mark(_Part, frozen=True):
    """What stands for a figure. point: a dot at each."""

    type: Literal["bar", "line", "rule"]
    point: bool = False


class Names(_Part, frozen=True):
    """The axis of points."""

    label_expr: Literal["data('points')[datum.value].label"] = NAMED
    label_angle: Literal[0] = 0
    label_overlap: Literal[True] = True


class Across(_Part, frozen=True):
    """Where a point stands: one after the other."""

    field: Literal["at"] = "at"
    type: Literal["ordinal"] = "ordinal"
    title: None = None
    axis: Names = Names()


class Edges(_Part, frozen=True):
    """The values at the bottom and at the top."""

    domain: tuple[float, float]
    nice: Literal[False] = False
    zero: Literal[False] = False


class Marks(_Part, frozen=True):
    """The values with a line of the grid, and how they are written."""

    values: list[float]
    format: Format


class Up(_Part, frozen=True):
    """How high a value stands."""

    scale: Edges
    axis: Marks
    field: Literal["value"] = "value"
    type: Literal["quantitative"] = "quantitative"
    title: None = None


class Told(_Part, frozen=True):
    """What is told of a mark."""

    field: Literal["said"] = "said"
    type: Literal["nominal"] = "nominal"


class Encoding(_Part, frozen=True, omit_defaults=True):
    """How figures become marks. x: None for a line through the whole width."""

    y: Up
    tooltip: Told
    x: Across | None = None


class Layer(_Part, frozen=True):
    """Marks of one kind, and the figures they stand for."""

    data: Figures
    mark: Mark
    encoding: Encoding


class Spec(_Part, frozen=True):
    """A chart. layer: its figures, and the line to be above, or below, where there is one."""

    title: str
    layer: list[Layer]
    config: dict[str, Any]
    width: int = WIDTH
    height: int = HEIGHT
    schema: Literal["https://vega.github.io/schema/vega-lite/v6.json"] = msgspec.field(name="$schema", default=SCHEMA)


def bars(chart: Chart) -> Spec:
    """Upright bars, for counts in spans of time."""
    return _spec(chart, Mark(type="bar"))


def lines(chart: Chart) -> Spec:
    """A line through the values, broken where there is none, with a dot at each."""
    return _spec(chart, Mark(type="line", point=True))


def _spec(chart: Chart, mark: Mark) -> Spec:
    scale = scale_of(chart)
    up = Up(scale=Edges(domain=(scale.bottom, scale.top)), axis=Marks(values=scale.marks(), format=chart.format))
    points = [_figure(chart, at, *point) for at, point in enumerate(chart.points)]
    layers = [
        Layer(
            data=Figures(name="points", values=points), mark=mark, encoding=Encoding(y=up, x=Across(), tooltip=Told())
        )
    ]
    if chart.target is not None:
        target = Figures(name="target", values=[_figure(chart, 0, "", chart.target)])
        layers.append(Layer(data=target, mark=Mark(type="rule"), encoding=Encoding(y=up, tooltip=Told())))
    # Words of templates come escaped, for HTML alone.
    title = chart.title.unescape() if isinstance(chart.title, Markup) else chart.title
    return Spec(title=title, layer=layers, config=LOOK)


def _figure(chart: Chart, at: int, label: str, value: float | None) -> Figure:
    said = "" if value is None else f"{label}: {written(value, chart.format)}".removeprefix(": ")
    return Figure(at=at, label=label, value=value, said=said)


def written_down(spec: Spec) -> str:
    """The spec as JSON, for whatever draws Vega-Lite."""
    return msgspec.json.encode(spec).decode()


def read(text: str) -> Spec:
    """A spec from its JSON. Raises msgspec.ValidationError where there is anything in it that is not drawn here."""
    return msgspec.json.decode(text, type=Spec)
