"""Labels as PDF, a page each: totes, bins and cartons. The same labels for a thermal printer: thermal.py.

A carton's label follows the GS1 Logistic Label Guideline: what people read on top, what machines read below, the
SSCC last, its bars at least 0.495 mm wide.
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from orderwright.papers.barcodes import gs1_128, gs1_datamatrix, qr
from orderwright.papers.fitting import Drawn, linear, matrix
from orderwright.papers.lists import SheetSize
from orderwright.papers.press import Printed, print_pdf
from orderwright.papers.words import spoken, words_of
from orderwright.values.floor_codes import FloorKind, floor_code
from orderwright.values.gs1 import Element, bracketed
from orderwright.values.refusal import Refusal

LABELS_MAX = 2000
LINE_CHARACTERS_MAX = 80
CARTON_DOTS = 4
"""0.5 mm: the narrowest bar the guideline allows on a carton, in whole dots."""
MATRIX_DOTS, PARCEL_BARS_MM = 4, 46.0


class FloorLabel(msgspec.Struct, frozen=True, kw_only=True):
    """A label of one of our own things: bin, tote, cart, badge, list. site: of a place alone. line: below its code."""

    kind: FloorKind
    code: str
    site: str = ""
    line: str = ""


class CartonLabel(msgspec.Struct, frozen=True, kw_only=True):
    """The logistic label of a parcel, carton or pallet.

    sscc: 18 digits. contents: elements beside it, such as the GTIN and lot of an unmixed carton. parcel: its own
    number, for our benches, in bars and as QR. lines: words that follow the addresses (order, service, weight).
    """

    sscc: str
    sender: Sequence[str]
    recipient: Sequence[str]
    contents: Sequence[Element] = ()
    parcel: str = ""
    lines: Sequence[str] = ()


Label = FloorLabel | CartonLabel
Roll = Literal["100x150", "100x50"]
ROLLS: dict[Roll, tuple[int, int]] = {"100x150": (100, 150), "100x50": (100, 50)}


def labels_pdf(labels: Sequence[Label], *, language: str = "en", roll: Roll = "100x150") -> Printed:
    """A page for each label, in order. A carton's label needs a roll of 100 x 150 mm.

    Refuses bad_code (what a label's barcode cannot hold), too_many_labels (more than 2,000), malformed (the roll).
    """
    if len(labels) > LABELS_MAX:
        raise Refusal("too_many_labels", labels=len(labels), labels_max=LABELS_MAX)
    width, height = ROLLS[roll]
    filling = {
        "labels": [_filling(each, width, height) for each in labels], "width": width, "height": height,
        "language": spoken(language), "words": words_of(spoken(language)),
    }  # fmt: skip
    return print_pdf("labels.typ", filling)


def bin_sheet_pdf(labels: Sequence[FloorLabel], *, language: str = "en", size: SheetSize = "a4") -> Printed:
    """Bin labels on sheets of 2 by 7, to be cut or on adhesive paper. Refuses bad_code, too_many_labels."""
    if len(labels) > LABELS_MAX:
        raise Refusal("too_many_labels", labels=len(labels), labels_max=LABELS_MAX)
    filling = {
        "labels": [_floor_filling(each, 62.0, 20.0) for each in labels], "size": size,
        "language": spoken(language), "words": words_of(spoken(language)),
    }  # fmt: skip
    return print_pdf("bin_sheet.typ", filling)


def check_carton(label: CartonLabel, height_mm: int) -> tuple[list[Element], list[Element]]:
    """The elements of a carton's two barcodes, contents first; no contents, no first. Refuses bad_code, malformed."""
    if height_mm < ROLLS["100x150"][1]:
        raise Refusal(
            "malformed", findings=[{"pointer": "/roll", "code": "roll", "message": "A carton needs 100x150."}]
        )
    own = [Element("00", label.sscc)]
    bracketed([*own, *label.contents])
    return list(label.contents), own


def shortened(line: str) -> str:
    """What fits below a code: a longer line ends in dots."""
    return line if len(line) <= LINE_CHARACTERS_MAX else f"{line[: LINE_CHARACTERS_MAX - 1]}…"


def _filling(label: Label, width: int, height: int) -> dict[str, Any]:
    if isinstance(label, FloorLabel):
        return _floor_filling(label, width - 10.0, 34.0 if height < 100 else 60.0)
    contents, own = check_carton(label, height)
    beside = [Drawn(gs1_datamatrix(contents), MATRIX_DOTS)] if contents else []
    return {
        "kind": "carton", "sender": list(label.sender), "recipient": list(label.recipient), "lines": list(label.lines),
        "contents": bracketed(contents) if contents else "",
        "beside": [each.filling() for each in (*beside, *parcel_codes(label))],
        "sscc": Drawn(gs1_128(own), CARTON_DOTS).filling(),
    }  # fmt: skip


def parcel_codes(label: CartonLabel) -> list[Drawn]:
    """A parcel's own number in bars, where they fit, and as QR; nothing without a number. Refuses bad_code."""
    if not label.parcel:
        return []
    text = floor_code("parcel", label.parcel)
    bars = linear(text, PARCEL_BARS_MM, widest=2)
    return [*([bars] if bars else []), Drawn(qr(text), MATRIX_DOTS)]


def _floor_filling(label: FloorLabel, width_mm: float, side_mm: float) -> dict[str, Any]:
    text = floor_code(label.kind, label.code, label.site)
    drawn = linear(text, width_mm)
    return {
        "kind": label.kind, "code": label.code, "site": label.site, "line": shortened(label.line),
        "linear": drawn.filling() if drawn else None, "matrix": matrix(text, side_mm).filling(), "text": text,
    }  # fmt: skip
