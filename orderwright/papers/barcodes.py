"""Barcodes as vector drawings, of nothing but content our own rules accepted.

The encoder takes a wrong check digit or a month 13 with a warning at most, so GS1 content is checked before it.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

import zxingcpp

from orderwright.values.gs1 import Element, bracketed
from orderwright.values.refusal import Refusal

BarcodeKind = Literal["code_128", "gs1_128", "qr", "gs1_datamatrix"]
LINEAR_CHARACTERS_MAX = 48
"""What fits a page in modules a hand scanner reads; a GS1 barcode holds at most as many."""
MATRIX_CHARACTERS_MAX = 300
QUIET: dict[BarcodeKind, int] = {"code_128": 10, "gs1_128": 10, "qr": 4, "gs1_datamatrix": 1}
"""Modules left white on each side, by the standards of the symbologies."""
_FORMATS = {
    "code_128": zxingcpp.BarcodeFormat.Code128,
    "gs1_128": zxingcpp.BarcodeFormat.Code128,
    "qr": zxingcpp.BarcodeFormat.QRCode,
    "gs1_datamatrix": zxingcpp.BarcodeFormat.DataMatrix,
}
_SIZE = re.compile(r'<svg width="(\d+)" height="(\d+)"')
_PATH = re.compile(r'<path d="([MZhvV0-9 \-]+)"')


class Barcode(NamedTuple):
    """A barcode to be drawn. text: what people read below it. width, height: modules, quiet zones included."""

    kind: BarcodeKind
    text: str
    width: int
    height: int
    svg: str


def code_128(text: str) -> Barcode:
    """A Code 128 of printable ASCII, up to 48 characters. Refuses bad_code (reason form or characters)."""
    check_text(text, LINEAR_CHARACTERS_MAX)
    return _made("code_128", text)


def gs1_128(elements: Sequence[Element]) -> Barcode:
    """A GS1-128 of at most 48 characters. Refuses bad_code as `gs1.element_string` does."""
    return _made("gs1_128", text_of(elements, LINEAR_CHARACTERS_MAX))


def qr(text: str) -> Barcode:
    """A QR code of printable ASCII, up to 300 characters, which survives losing 15 %. Refuses bad_code."""
    check_text(text, MATRIX_CHARACTERS_MAX)
    return _made("qr", text)


def gs1_datamatrix(elements: Sequence[Element]) -> Barcode:
    """A GS1 DataMatrix of at most 300 characters. Refuses bad_code as `gs1.element_string` does."""
    return _made("gs1_datamatrix", text_of(elements, MATRIX_CHARACTERS_MAX))


def text_of(elements: Sequence[Element], characters_max: int) -> str:
    """What people read below a GS1 barcode of these elements. Refuses bad_code for what must not become bars."""
    text = bracketed(elements)
    # The encoder takes brackets for the beginning of an identifier, wherever they stand.
    if any(set("()[]") & set(each.value) for each in elements):
        raise Refusal("bad_code", reason="characters", value=text[:90])
    if len(text) > characters_max:
        raise Refusal("bad_code", reason="form", value=text[:90])
    return text


def check_text(text: str, characters_max: int) -> None:
    """Refuse bad_code for a text that is empty, too long, or not printable ASCII."""
    if not 0 < len(text) <= characters_max:
        raise Refusal("bad_code", reason="form", value=text[:90])
    if not (text.isascii() and text.isprintable()):
        raise Refusal("bad_code", reason="characters", value=text[:90])


@lru_cache(maxsize=4096)
def _made(kind: BarcodeKind, text: str) -> Barcode:
    options = {"ec_level": "M"} if kind == "qr" else {"gs1": True} if kind.startswith("gs1") else {}
    symbol = zxingcpp.create_barcode(text, _FORMATS[kind], **options)
    drawing = symbol.to_svg(add_quiet_zones=False)
    size, path = _SIZE.search(drawing), _PATH.search(drawing)
    if size is None or path is None:
        raise ValueError(f"{kind}: the encoder drew something else")
    # A linear barcode is drawn one module high and stretched where it is printed.
    width, height, quiet = int(size[1]), int(size[2]), QUIET[kind]
    is_linear = kind in ("code_128", "gs1_128")
    upright = 0 if is_linear else quiet
    box = f"{-quiet} {-upright} {width + 2 * quiet} {height + 2 * upright}"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" preserveAspectRatio="none"'
        f' shape-rendering="crispEdges"><path d="{path[1]}"/></svg>'
    )
    return Barcode(kind, text, width + 2 * quiet, height + 2 * upright, svg)
