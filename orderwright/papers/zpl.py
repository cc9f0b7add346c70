"""ZPL II: what a thermal label printer understands. The one place that writes it.

Positions are millimetres from the top left corner of the label; a printer of 203 dpi has 8 dots a millimetre.
Guide: Zebra ZPL II Programming Guide, commands ^FO ^A ^FB ^BC ^BQ ^BX ^GB ^GF.
"""

from collections.abc import Sequence

from orderwright.papers.barcodes import LINEAR_CHARACTERS_MAX, MATRIX_CHARACTERS_MAX, check_text, text_of
from orderwright.papers.dots import Bitmap
from orderwright.values.gs1 import SEPARATOR, Element, element_string
from orderwright.values.refusal import Refusal

DOTS_PER_MM = 8
# A caret or tilde would start a command, an underscore is the escape that ^FH brings.
_ESCAPES = str.maketrans({"^": "_5E", "~": "_7E", "_": "_5F"})


class ZplLabel:
    """One label being written: fields are added in any order, `text()` ends it. missing: letters without a font."""

    def __init__(self, width_mm: int, height_mm: int) -> None:
        # ^CI28: texts are UTF-8.
        self._lines = ["^XA", "^CI28", f"^PW{width_mm * DOTS_PER_MM}", f"^LL{height_mm * DOTS_PER_MM}", "^LH0,0"]
        self.missing: set[str] = set()

    def words(self, x_mm: float, y_mm: float, text: str, size_dots: int) -> None:
        """One line of text in the printer's own font, which is Latin (see `is_resident`); size: its height."""
        self._field(x_mm, y_mm, f"^A0N,{size_dots},{size_dots}^FH_^FD{_escaped(text)}")

    def code_128(self, x_mm: float, y_mm: float, text: str, *, bar_dots: int, height_mm: float) -> None:
        """A Code 128 without its text. Refuses bad_code as `barcodes.code_128` does."""
        check_text(text, LINEAR_CHARACTERS_MAX)
        # `>` calls a code of the symbology; `>0` is the letter itself.
        content = _escaped(text.replace(">", ">0"))
        self._field(x_mm, y_mm, f"^BY{bar_dots}^BCN,{_dots(height_mm)},N,N,N,N^FH_^FD{content}")

    def gs1_128(
        self, x_mm: float, y_mm: float, elements: Sequence[Element], *, bar_dots: int, height_mm: float
    ) -> None:
        """A GS1-128: mode D sets FNC1 where it belongs and leaves brackets out of the bars. Refuses bad_code."""
        text = text_of(elements, LINEAR_CHARACTERS_MAX)
        if ">" in text:
            raise Refusal("bad_code", reason="characters", value=text)
        self._field(x_mm, y_mm, f"^BY{bar_dots}^BCN,{_dots(height_mm)},N,N,N,D^FH_^FD{_escaped(text)}")

    def qr(self, x_mm: float, y_mm: float, text: str, *, module_dots: int) -> None:
        """A QR code that survives losing 15 %. Refuses bad_code as `barcodes.qr` does."""
        check_text(text, MATRIX_CHARACTERS_MAX)
        self._field(x_mm, y_mm, f"^BQN,2,{module_dots}^FH_^FDMA,{_escaped(text)}")

    def gs1_datamatrix(self, x_mm: float, y_mm: float, elements: Sequence[Element], *, module_dots: int) -> None:
        """A GS1 DataMatrix: `_1` is FNC1, in front and for each separator. Refuses bad_code."""
        text_of(elements, MATRIX_CHARACTERS_MAX)
        content = element_string(elements).replace("_", "__").replace(SEPARATOR, "_1")
        self._field(x_mm, y_mm, f"^BXN,{module_dots},200,,,,_^FD_1{content}")

    def rule(self, y_mm: float, width_mm: float) -> None:
        """A line across the label."""
        self._field(0, y_mm, f"^GB{_dots(width_mm)},3,3")

    def picture(self, x_mm: float, y_mm: float, bitmap: Bitmap) -> None:
        """A picture, a pixel a dot: for text the printer has no letters for."""
        size = len(bitmap.rows)
        row = bitmap.bytes_per_row
        self._field(x_mm, y_mm, f"^GFA,{size},{size},{row},{bitmap.rows.hex().upper()}")

    def text(self) -> str:
        """The whole label, for the printer."""
        return "\n".join([*self._lines, "^XZ", ""])

    def _field(self, x_mm: float, y_mm: float, commands: str) -> None:
        self._lines.append(f"^FO{_dots(x_mm)},{_dots(y_mm)}{commands}^FS")


def is_resident(text: str) -> bool:
    """Whether every printer's own font has the letters of a text: Latin, as far as code page 1252 goes."""
    return text.encode("cp1252", errors="ignore").decode("cp1252") == text


def _dots(length_mm: float) -> int:
    return round(length_mm * DOTS_PER_MM)


def _escaped(text: str) -> str:
    return " ".join(text.split()).translate(_ESCAPES)
