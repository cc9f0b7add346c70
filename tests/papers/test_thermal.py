"""Labels for thermal printers, read back from the dots a printer would burn."""

import zlib
from struct import pack

import pytest

from orderwright.papers import press, thermal
from orderwright.papers.dots import Bitmap, bitmap_of
from orderwright.papers.thermal import labels_zpl, wrapped
from orderwright.papers.zpl import ZplLabel, is_resident
from orderwright.values.gs1 import Element
from orderwright.values.refusal import Refusal
from tests.papers.examples import BIN, HOSTILE, LONG_BIN, MIXED, TOTE, WHOLE, carton
from tests.papers.reading import barcodes, black, printed

GS = "\x1d"


def read(labels, **how):
    """The barcodes of each label as printed."""
    return [barcodes(printed(each.zpl)) for each in labels_zpl(labels, **how)]


def test_every_barcode_reads_back():
    both = [("]C0", "L:LEEDS/A-03-12"), ("]Q1", "L:LEEDS/A-03-12")]
    assert read([TOTE, BIN, LONG_BIN, carton(), MIXED, WHOLE]) == [
        [("]C0", "T:0042"), ("]Q1", "T:0042")],
        both,
        [("]Q1", f"L:{'L' * 64}/SHELF-{'X' * 58}")],
        [("]C1", "00095060000000000176")],
        [("]C1", "00095060000000000183"), ("]d2", f"02095060001343523724{GS}10AB_1")],
        [
            ("]C0", "P:P-000017"),
            ("]C1", "00095060000000000190"),
            ("]Q1", "P:P-000017"),
            ("]d2", f"02095060001343523724{GS}10AB_1"),
        ],
    ]
    assert read([BIN, LONG_BIN], roll="100x50") == [both, [("]Q1", f"L:{'L' * 64}/SHELF-{'X' * 58}")]]


@pytest.mark.parametrize("code", ["A>B", "a^b~c_d", ">8>;x", "12345678", "A'\"B", "x,y", "{|}"])
def test_letters_that_mean_something_to_the_printer_stay_letters(code):
    label = TOTE.__class__(kind="tote", code=code)
    assert read([label]) == [[("]C0", f"T:{code}"), ("]Q1", f"T:{code}")]]


@pytest.mark.parametrize("text", [*HOSTILE, "山田太郎 東京", "שלום مرحبا"])
def test_no_text_commands_the_printer_or_hides_the_bars(text):
    (made,) = labels_zpl([carton(recipient=[text] * 4, lines=[text])])
    assert (made.zpl.count("^XA"), made.zpl.count("^XZ"), made.zpl.count("~")) == (1, 1, 0)
    assert barcodes(printed(made.zpl)) == [("]C1", "00095060000000000176")]


def test_letters_the_printer_lacks_are_drawn_as_a_picture():
    (made,) = labels_zpl([carton(recipient=["山田太郎"])])
    assert made.missing == ""
    assert "^GFA," in made.zpl
    assert made.zpl.isascii()
    (plain,) = labels_zpl([carton(recipient=[])])
    assert black(printed(made.zpl)) > black(printed(plain.zpl)) + 500


def test_letters_nobody_has_a_font_for_are_told(monkeypatch):
    monkeypatch.setattr(press, "_fonts", list)
    monkeypatch.setattr(press, "_idle", [])
    press._has_font.cache_clear()
    thermal._drawn.cache_clear()
    first, second = labels_zpl([carton(recipient=["山 Taro"]), carton()])
    press._has_font.cache_clear()
    thermal._drawn.cache_clear()
    assert (first.missing, second.missing) == ("山", "")


def test_resident_letters_are_latin():
    assert is_resident("Café Ñandú 5 €")
    assert not is_resident("Łódź")
    assert not is_resident("日本")


def test_lines_are_cut_where_they_end():
    assert wrapped("a " * 30) == [("a " * 20).strip(), ("a " * 10).strip()]
    assert wrapped("日" * 30) == ["日" * 20, "日" * 10]
    assert wrapped("日", 1) == ["日"]
    assert wrapped("  \n ") == []


def test_spanish_words():
    assert "^FDCubeta^FS" in labels_zpl([TOTE], language="es")[0].zpl


def test_what_would_not_read_back_is_refused():
    for elements in ([Element("00", "106141412345678909")], [Element("10", "A>B")], [Element("10", "A(1)")]):
        with pytest.raises(Refusal):
            ZplLabel(100, 150).gs1_128(5, 5, elements, bar_dots=3, height_mm=20)
    with pytest.raises(Refusal):
        labels_zpl([carton()], roll="100x50")


def png(rows, kinds):
    """A PNG of grey rows, each row filtered in its own way."""
    flat, above = b"", [0] * (len(rows[0]) * 4)
    for kind, row in zip(kinds, rows, strict=True):
        line = [value for grey in row for value in (grey, grey, grey, 255)]
        left = [0] * 4 + line[:-4]
        corner = [0] * 4 + above[:-4]
        ahead = {
            0: [0] * len(line), 1: left, 2: above,
            3: [(a + b) // 2 for a, b in zip(left, above, strict=True)],
            4: [min((a, b, c), key=lambda each, p=a + b - c: abs(p - each))
                for a, b, c in zip(left, above, corner, strict=True)],
        }[kind]  # fmt: skip
        flat += bytes([kind, *((x - y) % 256 for x, y in zip(line, ahead, strict=True))])
        above = line
    head = pack(">IIBBBBB", len(rows[0]), len(rows), 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(flat)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(pack(">I", len(c)) + n + c + b"\0\0\0\0" for n, c in chunks)


def test_a_picture_becomes_dots_whatever_its_rows_are_filtered_with():
    rows = [[0, 255, 10, 200, 127, 128, 0, 0, 90], [255, 0, 255, 0, 3, 250, 129, 126, 1]] * 3
    expected = bytes([0b10101011, 0b10000000, 0b01011001, 0b10000000]) * 3
    for kinds in ([0, 1, 2, 3, 4, 4], [4, 3, 2, 1, 0, 3], [1, 4, 3, 4, 2, 1]):
        assert bitmap_of(png(rows, kinds)) == Bitmap(9, 6, expected)


def test_a_picture_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="typst"):
        bitmap_of(png([[0]], [0]).replace(b"\x08\x06\0\0\0", b"\x08\x02\0\0\0"))
