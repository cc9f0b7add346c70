"""Buyers and products, found as a clerk types what a caller says."""

import pytest

from orderwright.business.catalog.finding import find_products
from orderwright.business.orders.buyers import find_buyers, get_buyer
from orderwright.business.orders.form import CustomerForm
from tests.shop import Shop


@pytest.fixture
def known(shop: Shop) -> Shop:
    shop.channel("phone")
    ada = CustomerForm(email="ada@example.org", name="Ada Lovelace", phone="+44 113 496 0000")
    shop.place({"MUG": 1}, customer=ada)
    shop.place({"TEE": 2}, customer=ada, channel="phone")
    shop.place({"MUG": 1}, customer=CustomerForm(email="grace@example.org", name="Grace Hopper", phone="0113 2430000"))
    return shop


@pytest.mark.parametrize(
    "q", ["ada", "LOVE", "ada@ex", "+44 113", "0113 496 0000", "496 0000", "441134960000"]
)  # fmt: skip
def test_a_buyer_is_found_by_name_mail_and_phone(known: Shop, q: str):
    with known.store.read() as tx:
        assert [each.customer.name for each in find_buyers(tx, q)] == ["Ada Lovelace"]


def test_a_postcode_finds_all_who_live_there_newest_order_first(known: Shop):
    with known.store.read() as tx:
        assert [each.customer.name for each in find_buyers(tx, "ls1 1a")] == ["Grace Hopper", "Ada Lovelace"]
        assert find_buyers(tx, "x") == find_buyers(tx, "nobody") == []


def test_a_buyer_brings_their_last_order_as_far_as_it_may_be_seen(known: Shop):
    with known.store.read() as tx:
        ada = find_buyers(tx, "ada")[0]
        assert (ada.channel, ada.total, ada.ship_to.postal_code if ada.ship_to else "") == ("phone", "15.00", "LS1 1AA")
        web = get_buyer(tx, ada.id, channels=["web"])
        assert web
        assert (web.channel, web.total) == ("web", "7.50")
        assert get_buyer(tx, ada.id, channels=["amazon"]) is None
        assert get_buyer(tx, "nobody") is None


def test_a_product_is_found_by_sku_code_and_words(known: Shop):
    known.product("CUP-RED", title="Large red cup", codes=[{"code": "4006381333931"}])
    known.product("CUP-OLD", title="Large old cup", is_retired=True)
    with known.store.read() as tx:
        for q in ("cup", "400638133", "cup red", "re lar"):
            assert [each.sku for each in find_products(tx, q)] == ["CUP-RED"]
        assert find_products(tx, "'; --") == find_products(tx, "") == []
