"""Prices in files of goods, as spreadsheets of many countries write them: read as the column shows they are written."""

import pytest

from orderwright.business.imports.goods_files import KINDS, chunks_of
from orderwright.business.imports.sheets import Sheet, sheet_of

COLUMNS = {"sku": "sku", "title": "title", "price": "price"}


def products(*prices: str) -> Sheet:
    return sheet_of(["sku", "title", "price"], [[f"A{at}", "Bolt", price] for at, price in enumerate(prices)])


def read(sheet: Sheet, columns: dict[str, str] = COLUMNS, kind: str = "products") -> list[tuple[object, list[str]]]:
    rows = [row for chunk in chunks_of(sheet, KINDS[kind], columns, "", {"currency": "EUR"}) for row in chunk]
    return [(row.command.values.get("price", row.command.values.get("unit_cost")), [each.message for each in row.wrong])
            for row in rows]  # fmt: skip


def prices(*written: str) -> list[object]:
    return [price for price, wrong in read(products(*written)) if not wrong]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (("1,5", "12,50", "100"), ["1.5", "12.50", "100"]),
        (("0,99", "1.234,56", "1.234"), ["0.99", "1234.56", "1234"]),
        (("0,99", "1 234,56"), ["0.99", "1234.56"]),
        (("0,99", "1'234,56"), ["0.99", "1234.56"]),
        (("0.99", "1,234.56"), ["0.99", "1234.56"]),
        (("0.99", "1234.567", "7"), ["0.99", "1234.567", "7"]),
        (("7", "1.234"), ["7", "1.234"]),  # nothing shows another mark: as it always was
        (("-1,5",), ["-1.5"]),
    ],
)
def test_a_price_is_read_with_the_marks_its_column_shows(written: tuple[str, ...], meant: list[str]):
    assert prices(*written) == meant


def test_a_point_between_thousands_far_below_what_was_looked_at_is_no_decimal_point():
    assert prices(*["1,50"] * 300, "1.234")[-1] == "1234"


@pytest.mark.parametrize("odd", ["12.5", "1,2,3", "12,50 or so", "1.23,4"])
def test_a_price_written_otherwise_than_its_column_is_wrong_and_not_guessed_at(odd: str):
    *_, (_price, wrong) = read(products("1,50", "2,75", odd))
    assert len(wrong) == 1
    assert odd in wrong[0]


def test_what_empties_a_price_of_a_list_does_so_beside_decimal_commas():
    sheet = sheet_of(["price_list", "sku", "price"], [["trade", "A", "1,50"], ["trade", "B", "-"]])
    columns = {name: name for name in sheet.header}
    assert read(sheet, columns, "prices") == [("1.50", []), ("-", [])]


def test_the_cost_of_counted_stock_is_read_alike():
    sheet = sheet_of(["sku", "site", "quantity", "unit_cost"], [["A", "MAD", "3", "1,50"]])
    assert read(sheet, {name: name for name in sheet.header}, "stock") == [("1.50", [])]


def test_a_default_is_kept_from_rows_that_have_no_such_field():
    sheet = sheet_of(["sku", "site", "quantity"], [["A", "MAD", "3"]])
    (chunk,) = chunks_of(sheet, KINDS["stock"], {name: name for name in sheet.header}, "", {"currency": "EUR"})
    assert "currency" not in chunk[0].command.values
