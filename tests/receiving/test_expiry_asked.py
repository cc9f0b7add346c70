"""Goods whose expiry date is asked for: they do not come in without it, and what is not its date is answered."""

from datetime import date
from typing import Any

import msgspec

from orderwright.business.catalog.actions import put_products
from orderwright.business.catalog.forms import ProductForm, PutProduct
from orderwright.business.deeds.books import receive_stock
from orderwright.business.purchasing.delivery_forms import DeliveryLineForm
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from tests.floor import refused
from tests.receiving.conftest import Buying
from tests.receiving.test_by_scans import refusal, scanner


def lots(shop: Buying) -> list[Any]:
    return [tuple(row) for row in shop.rows("SELECT lot, expires_on::text FROM lot ORDER BY lot")]


def test_the_date_of_a_lot_is_asked_for_before_it_is_taken_in(shop: Buying):
    shop.product("MILK", tracking="lot", asks_expiry=True)
    gun = scanner(shop, "receive")
    gun.all("MILK", "LOT-7")
    assert (gun.now.say, gun.now.expects, gun.now.lot) == ("scan_expiry", "expiry", "LOT-7")
    assert refusal(gun.key("done")) == "expiry_needed"
    for no_date in ("2027-02-30", "31/03/2027", "17271301", "31.3.27"):
        assert refusal(gun.scan(no_date)) == "bad_date"
    assert refusal(gun.scan("SOON")) == "unknown_scan"
    assert gun.now.expects == "expiry"
    gun.all("17270331")
    assert (gun.now.expects, gun.now.facts["expires_on"]) == ("quantity", "2027-03-31")
    gun.all("2027-04-30")  # misread the first time
    gun.key("done")
    assert lots(shop) == [("LOT-7", "2027-04-30")]


def test_one_barcode_tells_lot_and_date_and_what_differs_from_the_known_date_is_refused(shop: Buying):
    shop.product("MILK", tracking="lot", asks_expiry=True, codes=[{"code": "09506000134352"}])
    gun = scanner(shop, "receive")
    gun.all("(01)09506000134352(17)270331(10)L1")
    assert gun.now.expects == "quantity"
    gun.key("done")
    gun.all("MILK", "L1")
    assert gun.now.expects == "quantity"  # the lot's date is known since
    other = gun.scan("2027-05-01")
    assert (refusal(other), other.instruction.facts) == (
        "wrong_expiry", {"lot": "L1", "wanted": "2027-03-31", "scanned": "2027-05-01"},
    )  # fmt: skip
    assert refusal(gun.scan("(01)09506000134352(17)270501(10)L1")) == "wrong_expiry"
    assert refusal(gun.scan("(10)L2(17)270331")) == "wrong_lot"
    gun.key("done")
    assert lots(shop) == [("L1", "2027-03-31")]


def test_goods_without_a_lot_number_are_told_apart_by_their_date(shop: Buying):
    shop.product("MILK", tracking="lot", asks_expiry=True)
    gun = scanner(shop, "receive")
    gun.all("MILK", "(17)270331")
    gun.key("done")
    assert lots(shop) == [("2027-03-31", "2027-03-31")]


def test_a_lot_number_that_looks_like_a_date_stays_a_lot_number(shop: Buying):
    shop.product("MILK", tracking="lot", asks_expiry=True)
    gun = scanner(shop, "receive")
    gun.all("MILK", "20261103")  # the day it was made, as food is often numbered
    assert (gun.now.say, gun.now.lot) == ("scan_expiry", "20261103")
    gun.all("20270331")
    gun.key("done")
    gun.all("MILK", "17261103")
    assert (gun.now.say, gun.now.lot) == ("scan_expiry", "17261103")
    gun.key("back")
    gun.all("MILK", "2027-05-01")  # with hyphens it can be nothing else
    gun.key("done")
    assert lots(shop) == [("20261103", "2027-03-31"), ("2027-05-01", "2027-05-01")]
    assert shop.value("SELECT count(*) FROM exception") == 0


def test_a_production_day_that_reads_as_a_short_gtin_is_a_lot_number_too(shop: Buying):
    shop.product("MILK", tracking="lot")
    shop.bin("A-1")
    gun = scanner(shop, "receive")
    gun.all("MILK", "20261108")
    gun.key("done")
    assert lots(shop) == [("20261108", None)]
    away = scanner(shop, "put_away")
    away.all("MILK")
    assert (away.now.expects, away.now.lot) == ("bin", "20261108")
    gun.all("MILK")
    assert refusal(gun.scan("96385074")) == "unknown_scan"


def test_a_date_read_before_the_lot_is_compared_with_the_lots_own_at_the_scan(shop: Buying):
    shop.product("MILK", tracking="lot", asks_expiry=True, codes=[{"code": "09506000134352"}])
    gun = scanner(shop, "receive")
    gun.all("(01)09506000134352(17)270331(10)L1")
    gun.key("done")
    gun.all("(01)09506000134352(17)270501")
    other = gun.scan("L1")
    assert (refusal(other), other.instruction.facts) == (
        "wrong_expiry", {"lot": "L1", "wanted": "2027-03-31", "scanned": "2027-05-01"},
    )  # fmt: skip
    assert gun.now.expects == "lot"
    gun.all("L2")
    gun.key("done")
    assert lots(shop) == [("L1", "2027-03-31"), ("L2", "2027-05-01")]


def test_a_past_date_is_told_at_once_and_the_goods_go_to_quarantine(shop: Buying):
    shop.product("MILK", tracking="lot", asks_expiry=True)
    gun = scanner(shop, "receive")
    gun.all("MILK", "LOT-7")
    told = gun.scan("2017-03-31").instruction
    assert (told.say, told.tone, told.facts["expires_on"]) == ("expiry_past", "notice", "2017-03-31")
    answer = gun.key("done")
    assert [each.say for each in answer.instruction.notices] == ["arrival_held"]


def test_deliveries_and_receipts_without_the_date_are_refused_until_it_is_known(shop: Buying):
    shop.product("MILK", tracking="lot", asks_expiry=True)
    line = DeliveryLineForm(sku="MILK", lot="L1", accepted=2)
    assert refused(shop.come("", line))[0] == "expiry_needed"
    lines = [ReceiptLine(sku="MILK", lot="L1", quantity=2)]
    receipt = Receipt(form=ReceiptForm(site="LEEDS", lines=lines), actor="test")
    assert refused(shop.one(receive_stock, receipt))[0] == "expiry_needed"
    assert lots(shop) == []
    assert shop.come("", msgspec.structs.replace(line, expires_on=date(2027, 3, 31))).lines[0].accepted == 2
    assert shop.one(receive_stock, receipt).lines[0].quantity == 2


def test_a_date_is_asked_for_of_lots_alone(shop: Buying):
    form = ProductForm(title="Milk", price="1.00", currency="GBP", asks_expiry=True)
    code, facts = refused(shop.one(put_products, PutProduct(sku="MILK", form=form, actor="test")))
    assert (code, facts["findings"][0]["pointer"]) == ("malformed", "/asks_expiry")
