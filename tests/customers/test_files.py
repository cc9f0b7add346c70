"""Files of customers and of price lists: looked at, taken row by row, taken again, saved and brought back."""

from typing import Any

from orderwright.business.customers.actions import put_customers
from orderwright.business.customers.forms import CustomerCard, PriceListForm, PutCustomer, PutPriceList
from orderwright.business.customers.price_lists import put_price_lists
from orderwright.business.imports.customer_rows import (
    look_at_customer_rows,
    look_at_price_rows,
    take_customers,
    take_price_rows,
)
from orderwright.business.imports.goods_taking import TakeRow
from orderwright.business.reports.exports import EXPORTS, export_rows
from orderwright.values.forms import AddressForm
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.shop import Shop

ADA = {"email": "ada@example.org", "name": "Ada", "line_1": "1 High St", "postal_code": "LS1 1AA", "country": "gb"}


def rows(*told: dict[str, Any]) -> list[TakeRow]:
    return [TakeRow(values=each, actor="ann") for each in told]


def come_of(desk: Shop, action: Any, *told: dict[str, Any]) -> list[str]:
    return [each.code if isinstance(each, Refusal) else each for each in desk.run(action, *rows(*told))]


def seen(desk: Shop, look: Any, *told: dict[str, Any]) -> list[Any]:
    with desk.store.read() as tx:
        return [each.code if isinstance(each, Refusal) else each for each in look(tx, rows(*told))]


def test_rows_of_customers_are_known_again_and_what_they_leave_out_stays(shop: Shop):
    more = {"reference": "C-7", "name": "Corner Shop", "pays_within_days": "30"}
    wrong = [
        {"name": "Nobody"}, {**ADA, "price_list": "NONE"}, {"id": "x", "name": "X"}, {**more, "pays_within_days": "x"},
    ]  # fmt: skip
    assert [each.what for each in seen(shop, look_at_customer_rows, ADA, more)] == ["new", "new"]
    assert come_of(shop, take_customers, ADA, more, *wrong) == [
        "new", "new", "malformed", "unknown_price_list", "malformed", "malformed",
    ]  # fmt: skip
    changed = {"email": "ADA@example.org", "phone": "+441134960000", "city": "Leeds"}
    (found,) = seen(shop, look_at_customer_rows, changed)
    assert (found.what, [each.field for each in found.changes]) == ("changed", ["email", "phone", "addresses"])
    there = {each.field: (each.before, each.after) for each in found.changes}
    assert there["addresses"] == ("GB, 1 High St, LS1 1AA", "GB, 1 High St, Leeds, LS1 1AA")  # and no JSON
    assert come_of(shop, take_customers, ADA, more, {**more, "pays_within_days": "-"}) == ["same", "same", "changed"]
    assert come_of(shop, take_customers, changed) == ["changed"]
    (row,) = shop.rows("SELECT name, phone, postal_code, addresses FROM customer WHERE email_key = 'ada@example.org'")
    assert row[:3] == ("Ada", "+441134960000", "LS1 1AA")
    assert '"lines":["1 High St"],"city":"Leeds"' in row.addresses
    assert shop.value("SELECT count(*) FROM customer WHERE reference = 'C-7' AND pays_within_days IS NULL") == 1


def test_one_new_customer_in_two_rows_is_written_down_once(shop: Shop):
    assert come_of(shop, take_customers, ADA, {**ADA, "phone": "+441134960000"}) == ["new", "changed"]
    assert shop.value("SELECT count(*) FROM customer") == 1


def test_rows_of_prices_come_change_and_go(shop: Shop):
    shop.run(put_price_lists, PutPriceList(code="TRADE", form=PriceListForm(name="T", currency="GBP"), actor="ann"))
    told = {"price_list": "TRADE", "sku": "MUG", "price": "2.5"}
    wrong = [{**told, "sku": "NOPE"}, {**told, "price_list": "NONE"}, {**told, "price": "cheap"}]
    assert come_of(shop, take_price_rows, told, *wrong) == ["new", "unknown_sku", "unknown_price_list", "malformed"]
    found = seen(shop, look_at_price_rows, {**told, "price": "3"}, {**told, "price": "-"}, told, *wrong)
    assert [(each.what, each.changes[0].before, each.changes[0].after) for each in found[:2]] == [
        ("changed", "2.5", "3"), ("changed", "3", ""),
    ]  # fmt: skip
    assert (found[2].what, found[3:]) == ("new", ["unknown_sku", "unknown_price_list", "malformed"])
    assert come_of(shop, take_price_rows, told, {**told, "price": "-"}) == ["same", "changed"]
    assert shop.value("SELECT count(*) FROM list_price") == 0


def test_saved_customers_brought_back_change_nothing(shop: Shop):
    come_of(shop, take_customers, ADA, {"reference": "C-7", "name": "Corner Shop", "pays_within_days": "30"})
    long = AddressForm(country="GB", lines=["The Mill", "Unit 4", "High St", "Back Yard"], city="Leeds")
    card = CustomerCard(
        name="Mill Ltd", reference="C-8", addresses=[long, AddressForm(country="GB", lines=["2 Low St"])]
    )
    assert shop.run(put_customers, PutCustomer(id=new_id(), card=card, actor="ann"))
    with shop.store.read() as tx:
        saved = [dict(zip(EXPORTS["customers"].columns, row, strict=True)) for row in export_rows(tx, "customers")]
    told = [{name: str(cell) for name, cell in row.items() if cell != ""} for row in saved]
    assert come_of(shop, take_customers, *told) == ["same"] * 3
