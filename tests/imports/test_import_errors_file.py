"""The file of rows that could not be taken: safe to open, and the same when it comes back."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orderwright.business.imports.errors_file import error_lines
from orderwright.business.imports.profile import read_profile
from orderwright.business.imports.quoting import quoted, restored
from orderwright.business.imports.results import BadRow, ReadOrder
from orderwright.business.imports.sheets import open_sheet
from tests.imports.reading_through import COLUMNS, only, read_through

EVIL = ["=1+1", "+34600111222", "@SUM(A1)", "-2+3", "\tx", "'=x", "'", "-6", "plain", "Ñandú"]


def mend(written: Callable[..., Path], text: str, more: str = "") -> tuple[list[Any], str]:
    """Read a text; give its bad rows and the error file."""
    profile = read_profile(COLUMNS + more)
    sheet = open_sheet(written(text), profile.form)
    results, _ = read_through(sheet, profile)
    bad = only(BadRow, results)
    return bad, "".join(error_lines(sheet.header, bad, sheet.delimiter))


def test_the_error_file_has_the_original_columns_and_what_is_wrong(written: Callable[..., Path]) -> None:
    _, text = mend(written, "order,sku,qty,price\n1,A,1,5\n2,B,x,\n")
    assert text == (
        "\ufefforder,sku,qty,price,import_error\r\n"
        '2,B,x,,"row 3: quantity: is not a number in the form the profile gives (""x""); unit_price: is empty"\r\n'
    )


def test_an_error_file_comes_back_as_the_same_bad_rows(written: Callable[..., Path]) -> None:
    rows = "".join(f'{n};"{sku}";x;5\n' for n, sku in enumerate(EVIL))
    bad, text = mend(written, "order;sku;qty;price\n" + rows)
    again, text_again = mend(written, text)
    assert [row.cells for row in again] == [row.cells for row in bad]
    assert [row.findings for row in again] == [row.findings for row in bad]
    assert text_again.replace("row ", "") == text.replace("row ", "")


def test_a_mended_error_file_is_taken(written: Callable[..., Path]) -> None:
    _, text = mend(written, "order,sku,qty,price\n1,=A,1,5\n1,B,x,5\n2,C,1,5\n")
    profile = read_profile(COLUMNS)
    results, _ = read_through(open_sheet(written(text.replace(",x,", ",4,")), profile.form), profile)
    (order,) = only(ReadOrder, results)
    assert [(line.sku, line.quantity) for line in order.form.lines] == [("=A", 1), ("B", 4)]
    assert (order.form.reference, len(results)) == ("1", 1)


def test_an_error_file_is_read_though_the_profile_has_the_header_lower(written: Callable[..., Path]) -> None:
    more = "[file]\nheader_row = 3\n"
    profile = read_profile(COLUMNS.replace("[columns]", f"{more}[columns]"))
    sheet = open_sheet(written("Shop,,,\nJanuary,,,\norder,sku,qty,price\n1,A,x,5\n"), profile.form)
    bad = only(BadRow, read_through(sheet, profile)[0])
    text = "".join(error_lines(sheet.header, bad, sheet.delimiter))
    again = open_sheet(written(text.replace(",x,", ",2,")), profile.form)
    assert [order.rows for order in only(ReadOrder, read_through(again, profile)[0])] == [(2,)]


def test_no_cell_of_an_error_file_starts_a_formula(written: Callable[..., Path]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(
        [["order", "sku", "qty", "=cmd|' /C calc'!A0"], *[[cell, cell, "x", cell] for cell in EVIL]]
    )
    profile = read_profile(COLUMNS.replace('"price"', "\"=cmd|' /C calc'!A0\""))
    sheet = open_sheet(written(text.getvalue()))
    bad = only(BadRow, read_through(sheet, profile)[0])
    file = "".join(error_lines(sheet.header, bad))
    cells = [cell for row in csv.reader(io.StringIO(file.removeprefix("\ufeff"), newline="")) for cell in row]
    assert [cell for cell in cells if cell[:1] in "=+@\t\r\n\0" and cell] == []
    assert [cell for cell in cells if cell.startswith("-")] == ["-6"] * 3


def test_a_row_that_could_not_be_cut_into_cells_keeps_its_text(written: Callable[..., Path]) -> None:
    bad, text = mend(written, 'order,sku,qty,price\n1,"A"x,1,5\n2,B,1\n')
    assert [row.row for row in bad] == [2, 3]
    lines = text.split("\r\n")
    assert '1,""A""x,1,5' in lines[1]
    assert lines[2].startswith("2,B,1,,")


@given(st.text())
def test_quoting_is_undone_exactly(cell: str) -> None:
    assert restored(quoted(cell)) == cell


@given(st.text(alphabet="=+-@'\t\r\n\0a1.,", max_size=6))
def test_quoting_is_undone_exactly_for_dangerous_cells(cell: str) -> None:
    assert restored(quoted(cell)) == cell
