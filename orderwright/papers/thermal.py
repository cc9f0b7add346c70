"""Our labels for a thermal printer. Text that its own font may lack is drawn by typst and sent as a picture."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from unicodedata import east_asian_width

from orderwright.papers.barcodes import QUIET
from orderwright.papers.dots import Bitmap, bitmap_of
from orderwright.papers.fitting import Drawn, linear, matrix
from orderwright.papers.labels import (
    CARTON_DOTS,
    LABELS_MAX,
    MATRIX_DOTS,
    ROLLS,
    CartonLabel,
    FloorLabel,
    Label,
    Roll,
    check_carton,
    parcel_codes,
    shortened,
)
from orderwright.papers.press import print_picture
from orderwright.papers.words import spoken, words_of
from orderwright.papers.zpl import DOTS_PER_MM, ZplLabel, is_resident
from orderwright.values.floor_codes import floor_code
from orderwright.values.refusal import Refusal

CHARACTERS_MAX = 40
"""What fits a line of letters up to 36 dots; longer ones go on in the next, so that no part of an address is lost."""

_MARGIN_MM = 5.0
_LINE_STEP = 1.25
_PARCEL_STEP_MM = 24.0
_NAMES = {
    "place": "Bin", "tote": "Tote", "cart": "Cart", "staff": "Badge", "work": "Pick list", "parcel": "Parcel",
}  # fmt: skip


class ThermalLabel(NamedTuple):
    """A label for the printer. missing: letters there is no font for, printed as `[?]`; empty when all is there."""

    zpl: str
    missing: str


def labels_zpl(labels: Sequence[Label], *, language: str = "en", roll: Roll = "100x150") -> list[ThermalLabel]:
    """Each label as ZPL, in order, so that each can be told printed or not. Refuses what `labels_pdf` does."""
    if len(labels) > LABELS_MAX:
        raise Refusal("too_many_labels", labels=len(labels), labels_max=LABELS_MAX)
    width, height = ROLLS[roll]
    words = words_of(spoken(language))
    made = []
    for label in labels:
        zpl = ZplLabel(width, height)
        if isinstance(label, FloorLabel):
            _floor(zpl, label, width, height, words.get(_NAMES[label.kind], _NAMES[label.kind]))
        else:
            _carton(zpl, label, width, height)
        made.append(ThermalLabel(zpl.text(), "".join(sorted(zpl.missing))))
    return made


def wrapped(text: str, characters_max: int = CHARACTERS_MAX) -> list[str]:
    """Cut at the last space that leaves at most so many characters, else hard; wide letters count twice."""
    text = " ".join(text.split())
    lines = []
    while (fits := _fitting(text, characters_max)) < len(text):
        cut = text.rfind(" ", 1, fits + 1)
        cut = fits if cut < 0 else cut
        lines.append(text[:cut])
        text = text[cut:].lstrip()
    return [*lines, text] if text else lines


def _fitting(text: str, characters_max: int) -> int:
    """How many letters from the start fit, at least one."""
    width = 0
    for i, letter in enumerate(text):
        width += 2 if east_asian_width(letter) in "WF" else 1
        if width > characters_max:
            return max(i, 1)
    return len(text)


def write_lines(
    zpl: ZplLabel, top_mm: float, lines: Sequence[str], size_dots: int, characters_max: int = CHARACTERS_MAX
) -> float:
    """Lines of text from the left margin down, whatever their script; where the next begins.

    Long lines go on in the next. size_dots: height of a letter.
    """
    step = size_dots * _LINE_STEP / DOTS_PER_MM
    for line in (part for each in lines for part in wrapped(each, characters_max)):
        if is_resident(line):
            zpl.words(_MARGIN_MM, top_mm, line, size_dots)
        else:
            bitmap, missing = _drawn(line, size_dots)
            zpl.missing |= set(missing)
            zpl.picture(_MARGIN_MM, top_mm, bitmap)
        top_mm += step
    return top_mm


@lru_cache(maxsize=512)
def _drawn(line: str, size_dots: int) -> tuple[Bitmap, str]:
    filling = {"line": line, "size": size_dots / DOTS_PER_MM, "language": "en", "words": {}}
    made = print_picture("one_line.typ", filling, DOTS_PER_MM)
    return bitmap_of(made.content), made.missing


def _floor(zpl: ZplLabel, label: FloorLabel, width: int, height: int, name: str) -> None:
    text = floor_code(label.kind, label.code, label.site)
    is_large = height >= ROLLS["100x150"][1]
    bars, square = linear(text, width - 2 * _MARGIN_MM), matrix(text, 60 if is_large else 30)
    side = square.code.width * square.module_dots / DOTS_PER_MM
    # On a small label the code stands beside the QR code.
    room = int((width - 2 * _MARGIN_MM - (0 if is_large else side)) * DOTS_PER_MM)
    top = write_lines(zpl, 4, [f"{name}  {label.site}"], 32)
    size = max(30, min(160 if is_large else 90, _size_for(room, len(label.code))))
    top = write_lines(zpl, top, [label.code], size, _characters_in(room, size))
    write_lines(zpl, top, [shortened(label.line)], 28, _characters_in(room, 28))
    if is_large:
        zpl.qr(_inner((width - side) / 2, square), height - 40 - side, text, module_dots=square.module_dots)
        write_lines(zpl, height - 12, [text], 28)
    else:
        zpl.qr(_inner(width - side, square), 4, text, module_dots=square.module_dots)
    if bars:
        left = (width - bars.code.width * bars.module_dots / DOTS_PER_MM) / 2
        below, tall = (32, 18) if is_large else (13, 10)
        zpl.code_128(_inner(left, bars), height - below, text, bar_dots=bars.module_dots, height_mm=tall)


def _size_for(room_dots: int, characters: int) -> int:
    # Letters of the printer's own font are at most 0.6 of their height wide.
    return room_dots * 10 // (6 * characters)


def _characters_in(room_dots: int, size_dots: int) -> int:
    return max(1, room_dots * 10 // (6 * size_dots))


def _carton(zpl: ZplLabel, label: CartonLabel, width: int, height: int) -> None:
    contents, own = check_carton(label, height)
    _addresses(zpl, label, (width - 2 * _MARGIN_MM) * DOTS_PER_MM)
    zpl.rule(88, width)
    write_lines(zpl, 90, ["  ".join(label.lines)], 26)
    left = _MARGIN_MM
    if contents:
        zpl.gs1_datamatrix(left, 96, contents, module_dots=MATRIX_DOTS)
        left += _PARCEL_STEP_MM
    for each in parcel_codes(label):
        if each.code.kind == "qr":
            zpl.qr(width - _PARCEL_STEP_MM, 95, each.code.text, module_dots=each.module_dots)
        else:
            zpl.code_128(_inner(left, each), 97, each.code.text, bar_dots=each.module_dots, height_mm=12)
    zpl.rule(112, width)
    # 18 digits and the identifier are 156 bars: 78 mm, which leaves more than ten bars of quiet on both sides.
    zpl.gs1_128((width - 156 * CARTON_DOTS / DOTS_PER_MM) / 2, 114, own, bar_dots=CARTON_DOTS, height_mm=28)
    write_lines(zpl, 144, [f"(00){label.sscc}"], 32)


def _addresses(zpl: ZplLabel, label: CartonLabel, room_dots: float) -> None:
    """Sender and recipient above the first line, in the largest letters that leave nothing of them out."""
    for recipient, sender in ((40, 22), (36, 22), (30, 20), (26, 18), (22, 16), (18, 16), (14, 14)):
        in_sender, in_recipient = (_characters_in(int(room_dots), each) for each in (sender, recipient))
        dots = sum(len(wrapped(each, in_sender)) for each in label.sender) * sender
        dots += sum(len(wrapped(each, in_recipient)) for each in label.recipient) * recipient
        if dots * _LINE_STEP / DOTS_PER_MM <= 80:
            break
    top = write_lines(zpl, 4, label.sender, sender, in_sender)
    write_lines(zpl, top + 2, label.recipient, recipient, in_recipient)


def _inner(left_mm: float, drawn: Drawn) -> float:
    """Where the bars begin of a drawing that begins with its quiet zone: the printer leaves none by itself."""
    return left_mm + QUIET[drawn.code.kind] * drawn.module_dots / DOTS_PER_MM
