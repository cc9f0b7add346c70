"""XLSX files: numbers, dates, lost zeros, and files made to hurt."""

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from orderwright.business.imports.profile import read_profile
from orderwright.business.imports.results import ReadOrder
from orderwright.business.imports.sheets import Bounds, FileForm, open_sheet
from orderwright.business.imports.workbooks import number_text
from orderwright.values.refusal import Refusal
from tests.imports.reading_through import only, read_through


def workbook(path: Path, *rows: list[Any], sheets: tuple[str, ...] = ("Orders",)) -> Path:
    """A workbook with these rows on its first sheet; dates get a date format."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    forms = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
        time: book.add_format({"num_format": "hh:mm"}),
    }
    pages = [book.add_worksheet(name) for name in sheets]
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if type(value) in forms:
                pages[0].write_datetime(y, x, value, forms[type(value)])
            else:
                pages[0].write(y, x, value)
    book.close()
    return path


def test_numbers_and_dates_become_the_text_people_see(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "o.xlsx",
        ["gtin", "price", "when", "day", "hour", "paid", "note"],
        [12345678901234, 0.1 + 0.2, datetime(2026, 1, 2, 3, 4, 5), date(2026, 1, 2), time(8, 30), True, "=1+1"],
    )
    assert list(open_sheet(path).rows()) == [
        (2, ["12345678901234", "0.3", "2026-01-02 03:04:05", "2026-01-02", "08:30:00", "TRUE", "=1+1"])
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(12345678901234.0, "12345678901234"), (-6.0, "-6"), (2.55, "2,55"), (1e-7, "0,0000001"), (1e20, "1" + "0" * 20)],
)
def test_a_number_is_written_out_with_the_marks_of_the_profile(value: float, text: str) -> None:
    assert number_text(value, ",") == text


def test_a_decimal_comma_profile_reads_number_cells_right(tmp_path: Path) -> None:
    # 1.234 as a text cell would be one thousand and so on; as a number it is one and a bit.
    path = workbook(
        tmp_path / "o.xlsx", ["order", "sku", "qty", "price"], ["1", "A", 2, 1.234], ["2", "B", 1, "1.234,5"]
    )
    profile = read_profile(
        'currency = "EUR"\n[columns]\nreference="order"\nsku="sku"\nquantity="qty"\nunit_price="price"\n'
        '[numbers]\ndecimal=","\nthousands="."\n'
    )
    results, _ = read_through(open_sheet(path, profile.form), profile)
    assert [order.form.lines[0].unit_price for order in only(ReadOrder, results)] == ["1.234", "1234.50"]


def test_codes_held_as_numbers_are_pointed_out(tmp_path: Path) -> None:
    path = workbook(tmp_path / "o.xlsx", ["order", "sku", "qty", "price"], [1, 80012, 2, 5], [2, "007", 1, 5])
    profile = read_profile(
        'currency = "EUR"\n[columns]\nreference="order"\nsku="sku"\nquantity="qty"\nunit_price="price"\n'
    )
    _, report = read_through(open_sheet(path, profile.form), profile)
    assert report.notes.remarks == [
        "2 cells of column 'order' (reference) are numbers, not text: leading zeros, if they had any, were lost "
        "when the file was made.",
        "1 cells of column 'sku' (sku) are numbers, not text: leading zeros, if they had any, were lost when the "
        "file was made.",
    ]


def test_rows_keep_the_numbers_the_spreadsheet_shows(tmp_path: Path) -> None:
    path = workbook(tmp_path / "o.xlsx", [], ["", "Shop"], ["", "a", "b"], [], ["", 1, 2])
    sheet = open_sheet(path, FileForm(header_row=3))
    assert sheet.header == ["Column 1", "a", "b"]
    assert list(sheet.rows()) == [(4, ["", "", ""]), (5, ["", "1", "2"])]


def test_the_sheet_read_is_said_and_can_be_chosen(tmp_path: Path) -> None:
    path = workbook(tmp_path / "o.xlsx", ["a", "b"], [1, 2], sheets=("One", "Two"))
    assert open_sheet(path).remarks == ["The workbook has 2 sheets; 'One' was read."]
    with pytest.raises(Refusal, match="import_no_header"):
        open_sheet(path, FileForm(sheet="Two"))
    with pytest.raises(Refusal) as no:
        open_sheet(path, FileForm(sheet="Three"))
    assert no.value.facts == {"sheet": "Three", "sheets": ["One", "Two"]}


def test_two_far_corners_do_not_make_a_table_of_billions_of_cells(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "o.xlsx"))
    page = book.add_worksheet()
    page.write(0, 0, "a")
    page.write(1_048_575, 16_383, "b")
    book.close()
    with pytest.raises(Refusal) as no:
        open_sheet(tmp_path / "o.xlsx")
    assert no.value.facts == {"what": "cells", "limit": 10_000_000}


def bomb(path: Path, part: str, content: bytes, declared: int | None = None) -> Path:
    """A workbook in which one part has this content, whatever size its zip entry declares."""
    workbook(path, ["a", "b"], ["x", "y"])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, old in parts.items():
            archive.writestr(name, content if name == part else old)
    if declared is not None:
        true = len(content).to_bytes(4, "little")
        path.write_bytes(path.read_bytes().replace(true, declared.to_bytes(4, "little")))
    return path


@pytest.mark.parametrize("declared", [None, 100])
def test_a_workbook_that_unpacks_to_a_huge_one_is_refused(tmp_path: Path, declared: int | None) -> None:
    path = bomb(tmp_path / "o.xlsx", "xl/theme/theme1.xml", b" " * 5_000_000, declared)
    assert path.stat().st_size < 20_000
    with pytest.raises(Refusal) as no:
        open_sheet(path, bounds=Bounds(unpacked_bytes_max=1_000_000))
    assert (no.value.code, no.value.facts["what"]) == ("import_too_large", "bytes_unpacked")


def test_one_long_text_in_many_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    workbook(path, *[["x" * 30_000] * 40] * 40)
    with pytest.raises(Refusal) as no:
        open_sheet(path, bounds=Bounds(unpacked_bytes_max=1_000_000))
    assert no.value.facts == {"what": "text", "limit": 4_000_000}


def test_a_zip_that_is_no_workbook_and_a_damaged_one_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "o.zip", "w") as archive:
        archive.writestr("orders.csv", "a,b\n1,2\n")
    with pytest.raises(Refusal, match="import_format"):
        open_sheet(tmp_path / "o.zip")
    path = workbook(tmp_path / "o.xlsx", ["a", "b"], [1, 2])
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(Refusal, match="import_unreadable"):
        open_sheet(path)
    bomb(path, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row></worksheet>")
    with pytest.raises(Refusal):
        open_sheet(path)


def test_error_cells_are_counted_and_read_as_empty(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "o.xlsx"))
    page = book.add_worksheet()
    page.write_row(0, 0, ["a", "b"])
    page.write_formula(1, 0, "=1/0", None, "#DIV/0!")
    page.write(1, 1, "x")
    book.close()
    sheet = open_sheet(tmp_path / "o.xlsx")
    assert list(sheet.rows()) == [(2, ["", "x"])]
    assert sheet.remarks == ["1 cells hold spreadsheet errors such as #N/A; they were read as empty."]
