"""Reading papers back: a page as the printer's dots, and the barcodes a scanner finds on it."""

from collections.abc import Sequence
from typing import Any

import numpy
import pypdfium2
import zplkit
import zxingcpp

from orderwright.values.gs1 import Element, bracketed

PRINTERS_DPI = (203.2, 300)


def pages(pdf: bytes, dpi: float) -> list[Any]:
    """Every page as grey pixels."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=dpi / 72, grayscale=True).to_numpy().squeeze() for page in document]


def words(pdf: bytes) -> str:
    """All text of a PDF, spaces as one."""
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(text.replace("\u200b", "").split())


def printed(zpl: str) -> Any:
    """One label as a printer of 8 dots a millimetre prints it."""
    (scene,) = zplkit.render(zpl).labels
    raster = scene.rasterize()
    return numpy.frombuffer(raster.pixels, dtype=numpy.uint8).reshape(raster.height, raster.width)


def barcodes(picture: Any) -> list[tuple[str, str]]:
    """(symbology identifier, content) of every barcode found, sorted; a separator of GS1 as a scanner sends it."""
    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    return sorted((each.symbology_identifier, each.bytes.decode()) for each in found if each.valid)


def said(elements: Sequence[Element]) -> str:
    """What a person reads below a GS1 barcode."""
    return bracketed(elements)


def black(picture: Any) -> int:
    """How many dots are dark."""
    return int((picture < 128).sum())
