"""The search box and the filters of the order list."""

from datetime import date

import pytest

from orderwright.business.orders.form import CustomerForm
from orderwright.business.orders.reads import OrderQuery, list_orders
from tests.shop import Shop


def found(shop: Shop, **asked: object) -> list[str]:
    with shop.store.read() as tx:
        return [row.reference for row in list_orders(tx, OrderQuery(**asked)).items]  # type: ignore[arg-type]


@pytest.fixture
def two(shop: Shop) -> Shop:
    shop.stock("LEEDS", MUG=5, TEE=5)
    shop.place({"MUG": 1}, customer=CustomerForm(email="ana@example.org", name="Ana María Lopez"))
    shop.place({"TEE": 1}, customer=CustomerForm(email="bob@example.org", name="Bob Stone"))
    return shop


@pytest.mark.parametrize("words", ["ana ma", "ANA", "lopez", "Lop", "ana@ex", "MUG", "mug", "W-1"])
def test_an_order_is_found_by_name_surname_sku_e_mail_and_reference(two: Shop, words: str):
    assert found(two, q=words) == ["W-1"]


@pytest.mark.parametrize("words", ["OW-000001", "ow 000001", "ow000001", "OW-1", "#000001", "# 1", "000001", " ow-1 "])
def test_an_order_is_found_by_its_number_as_people_say_it(two: Shop, words: str):
    assert found(two, q=words) == ["W-1"]


@pytest.mark.parametrize("words", ["OW-000003", "OW-01a", "ow--", "OW-0000010000001", "#-1-1"])
def test_what_is_no_order_s_number_finds_none(two: Shop, words: str):
    assert found(two, q=words) == []


@pytest.mark.parametrize("words", ["maría", "stones", "HAT", "opez"])
def test_what_begins_no_name_and_is_no_sku_finds_nothing(two: Shop, words: str):
    assert found(two, q=words) == []


def test_orders_are_filtered_by_site_and_day(two: Shop):
    assert found(two, site="LEEDS") == ["W-2", "W-1"]
    assert found(two, site="GLASGOW") == []
    assert found(two, placed_from=date(2020, 1, 1), placed_before=date(2020, 1, 2)) == []
    assert found(two, placed_from=date(2020, 1, 1), q="ana") == ["W-1"]
