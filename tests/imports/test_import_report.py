"""The account of an import, and that it cannot be wrong unnoticed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderwright.business.imports.fields import FIELDS
from orderwright.business.imports.profile import get_profile, read_profile
from orderwright.business.imports.reading import Reading
from orderwright.business.imports.report import ImportReport
from orderwright.business.imports.results import BUCKETS
from orderwright.business.imports.sheets import open_sheet, sheet_of
from tests.imports.reading_through import COLUMNS, read_through

ROWS = [
    ["1", "a", "2", "5.00"],
    ["1", "a", "2", "5.00"],
    ["2", "A", "1", "6.00"],
    ["2", "POST", "1", "3.00"],
    ["3", "A", "-1", "5.00"],
    ["4", "A", "x", "5.00"],
    ["5", "FEE", "1", "-1.50"],
    ["", "", "", ""],
]
PROFILE = COLUMNS + (
    '[codes]\ncase="upper"\n[[not_goods]]\nkind="shipping"\nname="postage"\ncodes=["POST"]\n'
    '[[not_goods]]\nkind="fee"\nname="fees"\ncodes=["FEE"]\n'
)


def test_every_row_unit_and_penny_is_told() -> None:
    _, report = read_through(sheet_of(["order", "sku", "qty", "price"], ROWS), read_profile(PROFILE))
    assert (
        report.text()
        == """\
                                          rows       units               amount
goods in orders                              3           5            26.00 EUR
shipping charged in orders                   1           1             3.00 EUR
  postage                                    1           1             3.00 EUR
goods credited                               1          -1            -5.00 EUR
no goods, counted by name                    1           1            -1.50 EUR
  fees                                       1           1            -1.50 EUR
empty rows                                   1           0                     
rows with errors                             1           0             0.00 EUR
  not_a_number                               1           0             0.00 EUR
all rows of the file                         8           6            22.50 EUR
Every row is accounted for.
2 orders, 1 credit notes, 0 changes of stock, 1 bad rows.
Rows equal to an earlier row of their order (kept, since equal rows are real quantity): 1
Codes given their normal form (in 2 rows): 1
Products sold at more than one price: 1
Orders without a customer (guests): 2
"""
    )


def test_the_report_is_plain_values_too() -> None:
    _, report = read_through(sheet_of(["order", "sku", "qty", "price"], ROWS), read_profile(PROFILE))
    told = report.as_dict()
    assert msgspec.json.decode(msgspec.json.encode(told)) == told
    assert (told["rows"], told["adds_up"], told["findings"]) == (8, True, {"not_a_number": 1})
    assert sum(bucket["rows"] for bucket in told["buckets"]) == 8


@pytest.mark.parametrize("lost", range(6))
def test_a_result_that_gets_lost_is_noticed(lost: int) -> None:
    reading, report = Reading(sheet_of(["order", "sku", "qty", "price"], ROWS), read_profile(PROFILE)), ImportReport()
    for number, result in enumerate(reading):
        if number != lost:
            report.add(result)
    report.close(reading.notes)
    assert not report.adds_up()
    assert report.differences()[0].startswith("rows: 8 read, ")
    assert "It does not add up" in report.text()


CELL = st.sampled_from(
    ["", " ", "1", "2", "C1", "A", "a", "POST", "FEE", "-1", "0", "5.00", "-3", "1,5", "x", "\x07", '"', "€"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELL, min_size=2, max_size=6), max_size=12))
def test_whatever_stands_in_a_file_it_adds_up(rows: list[list[str]]) -> None:
    profile = read_profile(PROFILE + '[credits]\nprefixes=["C"]\n')
    results, report = read_through(sheet_of(["order", "sku", "qty", "price"], rows), profile)
    numbers = sorted(number for result in results for number in result.rows)
    assert numbers == list(range(2, len(rows) + 2))
    assert {bucket for bucket, _, _ in report.tallies} <= set(BUCKETS)


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet='1A,;"\n\r\t -.x', max_size=200))
def test_whatever_text_a_file_has_it_adds_up(tmp_path_factory: Any, text: str) -> None:
    path: Path = tmp_path_factory.mktemp("any") / "o.csv"
    path.write_bytes(("order,sku,qty,price\n" + text).encode())
    sheet = open_sheet(path, read_profile(PROFILE + '[file]\ndelimiter=","\n').form)
    results, report = read_through(sheet, read_profile(PROFILE))
    numbers = [number for result in results for number in result.rows]
    assert len(set(numbers)) == len(numbers) == report.notes.rows


def test_customers_who_order_to_two_countries_are_told(read: Callable[..., Any]) -> None:
    _, report = read(
        "order,sku,qty,price,who,to\n1,A,1,5,7,FR\n2,A,1,5,7,ES\n3,A,1,5,8,FR\n4,A,1,5,8,FR\n5,A,1,5,9,\n",
        whole=COLUMNS.replace('country = "ES"', "") + 'customer_id="who"\nship_country="to"\n',
    )
    assert report.customers_in_two_countries == ["7"]
    assert report.without_country == 1


def test_the_example_profile_names_every_field() -> None:
    from importlib.resources import files

    text = (files("orderwright.business.imports") / "profiles" / "example.toml").read_text(encoding="utf-8")
    told = text[text.index("Fields of an order") :]
    assert {name.strip(" ,#") for name in told.replace("\n", " ").split()} >= set(FIELDS)
    assert get_profile("example").channel == "file"
