"""Which barcode fits where: bars as wide as there is room for, in whole dots of a printer with 8 dots a millimetre."""

from collections.abc import Callable
from typing import Any, NamedTuple

from orderwright.papers.barcodes import LINEAR_CHARACTERS_MAX, Barcode, code_128, qr

DOT_MM = 0.125
_LINEAR_DOTS = (4, 3, 2)
"""Widths of a bar tried, in dots; below two a hand scanner reads badly."""
_MATRIX_DOTS = tuple(range(12, 2, -1))


class Drawn(NamedTuple):
    """A barcode and how wide one of its modules is printed."""

    code: Barcode
    module_dots: int

    def filling(self) -> dict[str, Any]:
        """For a template. module: millimetres."""
        return {"code": self.code._asdict(), "module": self.module_dots * DOT_MM}


def linear(text: str, width_mm: float, *, widest: int = 3) -> Drawn | None:
    """A Code 128 that fits a width, or None: then a QR code is the better choice. widest: dots of a bar at most."""
    if len(text) > LINEAR_CHARACTERS_MAX:
        return None
    return _widest(code_128, text, width_mm, [each for each in _LINEAR_DOTS if each <= widest])


def matrix(text: str, side_mm: float) -> Drawn:
    """A QR code that fits a square, at least three dots a module."""
    return _widest(qr, text, side_mm, _MATRIX_DOTS) or Drawn(qr(text), _MATRIX_DOTS[-1])


def linear_or_matrix(text: str, width_mm: float, side_mm: float) -> Drawn:
    """A Code 128 where it fits the width, else a QR code."""
    return linear(text, width_mm) or matrix(text, side_mm)


def _widest(make: Callable[[str], Barcode], text: str, room_mm: float, dots: Any) -> Drawn | None:
    code = make(text)
    return next((Drawn(code, each) for each in dots if code.width * each * DOT_MM <= room_mm), None)
