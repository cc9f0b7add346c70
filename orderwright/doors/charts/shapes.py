"""What a chart shows, and the scale it is shown on."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

Format = Literal["d", ".4~g"]
"""How values are written, in the letters of d3-format: whole, or with up to four digits that count."""


class Point(NamedTuple):
    """One figure. label: as people read it below the chart. value: None where there is none, which leaves a gap."""

    label: str
    value: float | None


def written(value: float, format_: Format) -> str:
    """A value in that format, as d3-format writes it."""
    return str(round(value)) if format_ == "d" else f"{value:.4g}"


class Chart(NamedTuple):
    """Figures in a row. title: says what the picture shows, with its unit. target: a line to be above, or below.

    format: how values are written; where they are whole, the lines of the grid stand for whole ones too.
    """

    title: str
    points: Sequence[Point]
    target: float | None = None
    format: Format = "d"
    from_zero: bool = True


class Scale(NamedTuple):
    """From values to heights. bottom, top: the values at the edges; step: between the lines of the grid."""

    bottom: float
    top: float
    step: float

    def share(self, value: float) -> float:
        """How high a value stands: 0 at the bottom, 1 at the top."""
        return (value - self.bottom) / (self.top - self.bottom)

    def marks(self) -> list[float]:
        """The values with a line of the grid."""
        count = round((self.top - self.bottom) / self.step)
        return [self.bottom + n * self.step for n in range(count + 1)]


def scale_of(chart: Chart, marks_max: int = 4) -> Scale:
    """Round figures around all that a chart shows. Steps are 1, 2 or 5 of a power of ten."""
    values = [point.value for point in chart.points if point.value is not None]
    values += [] if chart.target is None else [chart.target]
    low, high = min(values, default=0.0), max(values, default=0.0)
    low = min(low, 0.0) if chart.from_zero else low
    if high == low:
        high = low + 1
    least = (high - low) / marks_max
    step = _step(max(least, 1) if chart.format == "d" else least)
    return Scale(step * (low // step), step * -(-high // step), step)


def _step(least: float) -> float:
    power = 1.0
    while power > least:
        power /= 10
    while power * 10 <= least:
        power *= 10
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least)
