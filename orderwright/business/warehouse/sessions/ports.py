"""What a bench may have besides a scanner: a scale, lights, sensors. Links implement these; nothing here knows one.

A device speaks to a session as a scanner does: what it has to say is a scan with a number of its own, so that it counts
once, is kept while the line is down, and stands in the same row of scans. A scale's reading is the code `=1.250kg`.
"""

import re
from typing import NamedTuple, Protocol, get_args

from orderwright.values.weights import WeightUnit, grams_of

_WEIGHT = re.compile(rf"=([0-9]{{1,7}}(?:[.][0-9]{{1,6}})?) ?({'|'.join(get_args(WeightUnit))})", re.ASCII)


class Reading(NamedTuple):
    """What a scale shows, in its own unit."""

    value: str
    unit: WeightUnit


class Scale(Protocol):
    """A scale at a bench."""

    def reading(self) -> Reading | None:
        """What it shows once it is at rest; None while it is not."""


class Press(NamedTuple):
    """Somebody pressed the button under a light. units: as its display was set by hand; None: as it showed."""

    where: str
    units: int | None = None


class Light(Protocol):
    """Lights, or small displays with a button each, at places and totes."""

    def show(self, where: str, units: int) -> None:
        """Light up at a place or tote with a number of units; 0 puts it out."""

    def pressed(self) -> list[Press]:
        """Buttons pressed since it was last asked, in order."""


class Sensor(Protocol):
    """What notices by itself that a hand reached in, or a tote came: its code is scanned as if by hand."""

    def seen(self) -> list[str]:
        """Codes noticed since it was last asked, in order."""


def weight_code(reading: Reading) -> str:
    """A scale's reading as it is scanned."""
    return f"={reading.value}{reading.unit}"


def read_weight_g(code: str) -> int | None:
    """The grams of a scale's reading that was scanned; None for any other code. Next to nothing is 1 g."""
    told = _WEIGHT.fullmatch(code.strip())
    if told is None:
        return None
    unit: WeightUnit = told[2]  # type: ignore[assignment]
    return max(1, grams_of(told[1], unit))
