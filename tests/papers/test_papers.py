"""Papers as PDF: what stands on them, and every barcode read back as a printer prints it."""

import pytest

from orderwright.papers import press
from orderwright.papers.labels import FloorLabel, bin_sheet_pdf, labels_pdf
from orderwright.papers.lists import count_sheet_pdf, pick_list_pdf, put_away_pdf
from orderwright.papers.slips import SlipLine, packing_slip_pdf
from orderwright.values.refusal import Refusal
from tests.papers.examples import (
    ARRIVED,
    BIN,
    COUNTS,
    HEAD,
    HOSTILE,
    LONG_BIN,
    MIXED,
    TOTE,
    WHOLE,
    WORK,
    carton,
    pick_list,
    slip,
    stop,
)  # fmt: skip
from tests.papers.reading import PRINTERS_DPI, barcodes, pages, words

GS = "\x1d"


@pytest.mark.parametrize("dpi", PRINTERS_DPI)
def test_every_barcode_of_every_label_reads_back(dpi):
    made = labels_pdf([TOTE, BIN, LONG_BIN, carton(), MIXED, WHOLE])
    assert made.missing == ""
    assert [barcodes(page) for page in pages(made.content, dpi)] == [
        [("]C0", "T:0042"), ("]Q1", "T:0042")],
        [("]C0", "L:LEEDS/A-03-12"), ("]Q1", "L:LEEDS/A-03-12")],
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


@pytest.mark.parametrize("dpi", PRINTERS_DPI)
def test_small_labels_and_sheets_read_back(dpi):
    both = [("]C0", "L:LEEDS/A-03-12"), ("]Q1", "L:LEEDS/A-03-12")]
    small = pages(labels_pdf([BIN, LONG_BIN], roll="100x50").content, dpi)
    assert [barcodes(page) for page in small] == [both, [("]Q1", f"L:{'L' * 64}/SHELF-{'X' * 58}")]]
    for size in ("a4", "us-letter"):
        (sheet,) = pages(bin_sheet_pdf([BIN] * 14 if size == "a4" else [BIN] * 12, size=size).content, dpi)
        assert sorted(set(barcodes(sheet))) == both
        assert len(barcodes(sheet)) == (28 if size == "a4" else 24)


@pytest.mark.parametrize("dpi", PRINTERS_DPI)
def test_lists_read_back(dpi):
    rows = [stop("A-03-12"), stop("A-03-14", lot="AB-1"), stop("B" * 60)]
    (list_,) = pages(pick_list_pdf(pick_list(*rows)).content, dpi)
    assert barcodes(list_) == [
        ("]C0", "L:LEEDS/A-03-12"), ("]C0", "L:LEEDS/A-03-14"), ("]Q1", f"L:LEEDS/{'B' * 60}"), ("]Q1", f"W:{WORK}"),
    ]  # fmt: skip
    (counts,) = pages(count_sheet_pdf(HEAD, COUNTS).content, dpi)
    assert barcodes(counts) == [("]C0", "L:LEEDS/A-01-01"), ("]C0", "L:LEEDS/A-01-02")]
    (arrived,) = pages(put_away_pdf(HEAD, ARRIVED, size="us-letter").content, dpi)
    assert barcodes(arrived) == [("]C0", "L:LEEDS/A-01-01")]
    (packed,) = pages(packing_slip_pdf(slip()).content, dpi)
    assert barcodes(packed) == [("]C0", "P:P-000017")]


def test_a_pick_list_says_the_walk_in_order():
    rows = [stop("A-01", quantity=3, tote="T1"), stop("A-02", "TEE", 1, title="Tea towel", lot="AB-1")]
    text = words(pick_list_pdf(pick_list(*rows, picker="Ann", walking_m=312, totes=["T1"], note="Fragile")).content)
    for said in ("Pick list OW-000123", "4 in 2 stops", "312 m", "Ann", "22 Nov 2026, 09:30", "Fragile", "Lot AB-1"):
        assert said in text
    assert text.index("A-01") < text.index("A-02")


def test_papers_come_in_spanish_and_else_in_english():
    paper = pick_list(stop(lot="AB-1"))
    assert "Lista de recogida OW-000123" in words(pick_list_pdf(paper, language="es-MX").content)
    assert "22 nov 2026" in words(pick_list_pdf(paper, language="es").content)
    assert "Pick list" in words(pick_list_pdf(paper, language="xx").content)


def test_a_packing_slip_says_what_is_here_and_what_follows_and_no_price():
    text = words(packing_slip_pdf(slip(later=[SlipLine(sku="TEE", title="Tea towel", quantity=3)])).content)
    assert text.index("Mug, blue") < text.index("What follows in another parcel") < text.index("Tea towel")
    assert "$" not in text
    assert "gift" not in text


def test_a_gifts_slip_has_its_note_and_not_the_day_it_was_bought():
    made = slip(gift_note="Happy birthday!\n¡Feliz!", ordered_on=None)
    assert "A gift for you Happy birthday! ¡Feliz!" in words(packing_slip_pdf(made).content)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_printed_and_never_obeyed(text):
    row = stop(title=text, sku=text[:64], zone=text, tote=text)
    letters = "".join(text.split())
    for made in (
        pick_list_pdf(pick_list(row, note=text, picker=text)),
        packing_slip_pdf(slip(recipient=[text], gift_note=text, message=text)),
        labels_pdf(
            [carton(recipient=[text] * 9, sender=[text], lines=[text]), FloorLabel(kind="tote", code="1", line=text)]
        ),
    ):
        assert made.missing == ""
        assert letters[:60] in words(made.content).replace(" ", "")


def test_all_of_a_long_address_stands_above_the_barcode():
    recipient = [f"Line {n} of an address that goes on and on, as some do" for n in range(10)]
    made = labels_pdf([carton(recipient=recipient, sender=recipient)])
    (page,) = pages(made.content, 203.2)
    assert barcodes(page) == [("]C1", "00095060000000000176")]
    assert all(words(made.content).count(line) == 2 for line in recipient)


def test_letters_that_turn_text_around_are_left_out():
    text = words(packing_slip_pdf(slip(message="abc\u202edef\u2066ghi")).content)
    assert "abcdefghi" in text


@pytest.fixture
def no_extra_fonts(monkeypatch):
    """As if only typst's own fonts were there."""
    monkeypatch.setattr(press, "_fonts", list)
    monkeypatch.setattr(press, "_idle", [])
    press._has_font.cache_clear()
    yield
    press._has_font.cache_clear()


def test_letters_without_a_font_are_told_and_never_boxes(no_extra_fonts):
    made = packing_slip_pdf(slip(recipient=["山田 Taro", "東京"], message="שלום مرحبا Ωμέγα Жук 🌸"))
    assert made.missing == "".join(sorted("山田東京🌸"))
    text = words(made.content)
    assert "[?] Taro" in text
    assert "Letters shown as [?] need fonts that are not installed here." in text
    assert "[?]: no font" in words(labels_pdf([carton(recipient=["山田"])]).content)


def test_with_the_fonts_of_the_extra_chinese_and_japanese_are_printed():
    made = packing_slip_pdf(slip(recipient=["山田太郎", "東京都千代田区", "北京市朝阳区", "서울특별시"]))
    assert made.missing == ""
    assert "北京市朝阳区" in words(made.content)


def test_the_same_paper_is_the_same_bytes():
    assert packing_slip_pdf(slip()) == packing_slip_pdf(slip())


def refused(make, *args, **how):
    """The code and reason of a refusal."""
    with pytest.raises(Refusal) as no:
        make(*args, **how)
    return no.value.code, no.value.facts.get("reason")


def test_what_no_barcode_should_hold_is_refused():
    assert refused(labels_pdf, [carton(sscc="095060000000000177")]) == ("bad_code", "check_digit")
    assert refused(labels_pdf, [FloorLabel(kind="tote", code="Ä")]) == ("bad_code", "characters")
    assert refused(labels_pdf, [carton()], roll="100x50") == ("malformed", None)
    assert refused(labels_pdf, [TOTE] * 2001) == ("too_many_labels", None)
    assert refused(pick_list_pdf, pick_list(*[stop()] * 2001)) == ("too_many_labels", None)


def test_a_bin_no_barcode_can_name_is_listed_without_one():
    (page,) = pages(pick_list_pdf(pick_list(stop("Ä-1"), stop("A-2"))).content, 203.2)
    assert barcodes(page) == [("]C0", "L:LEEDS/A-2"), ("]Q1", f"W:{WORK}")]
