"""Amounts in forms are read as people write them, whichever mark their country puts before the pence."""

import pytest

from orderwright.doors.console.forms import money_text
from tests.console.conftest import Console
from tests.console.test_settings import filled


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12.50", "12.50"), (" 12,50 ", "12.50"), ("12,5", "12.5"), ("0,012", "0.012"), ("0,0125", "0.0125"),
        ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("12.345.678,90", "12345678.90"), ("-3,20", "-3.20"),
        ("7", "7"), ("0,125", "0.125"), ("1250,125", "1250.125"),
    ],
)  # fmt: skip
def test_an_amount_is_read_by_either_habit(written: str, read: str):
    assert money_text(written) == read


@pytest.mark.parametrize("written", ["1,2,3", "1.2,3.4", "12,50,00", "free", "1,23.4", "12.34,5", "1,250", "999,125"])
def test_what_is_no_amount_or_may_be_two_stays_as_it_was_written(written: str):
    assert money_text(written) == written


@pytest.mark.parametrize(
    ("price", "status", "minor"), [("12,50", 303, 1250), ("1.012,5", 303, 101_250), ("1,234", 422, 750)]
)
def test_a_price_is_kept_as_it_was_meant_or_asked_for_again(console: Console, price: str, status: int, minor: int):
    owner = console.visit(console.owner(), language="es")
    fields = filled(owner.get("/products/MUG"))
    assert owner.post("/products/MUG", {**fields, "price": price}).status == status
    assert console.shop.value("SELECT price_minor FROM product WHERE sku = 'MUG'") == minor
