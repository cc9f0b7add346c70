"""What an order's customer was promised from the first on, as the desk reads it when they call."""

from datetime import timedelta

import msgspec

from orderwright.business.deeds.edit import edit_orders
from orderwright.business.deeds.editing.forms import EditOrder
from orderwright.business.deeds.fill import want_filling
from orderwright.business.orders.promises import Promised, list_promises
from tests.floor import done
from tests.receiving.conftest import FIRST, Buying


def history(shop: Buying, number: str) -> list[Promised]:
    with shop.store.read() as tx:
        return list_promises(tx, number)


def test_each_promise_tells_site_units_and_days_of_its_own_time(shop: Buying):
    shop.stock("LEEDS", MUG=1)
    number = shop.place({"MUG": 4}).number
    [first] = history(shop, number)
    assert (first.type, first.waiting) == ("order_placed", 3)
    [promise] = shop.rows("SELECT site, ship_by, deliver_by FROM fulfilment")
    assert [(each.site, each.units, each.ship_by, each.deliver_by) for each in first.parts] == [
        (promise.site, 1, promise.ship_by, promise.deliver_by)
    ]
    shop.stock("LEEDS", MUG=3)
    with shop.begin() as tx:
        want_filling(tx, ["MUG"])
    shop.work()
    filled, *_, again = history(shop, number)
    assert again == first
    assert (filled.type, [(each.site, each.units) for each in filled.parts]) == ("backorder_filled", [("LEEDS", 3)])


def test_products_whose_day_moved_at_once_stand_together(shop: Buying):
    number = shop.place({"MUG": 4, "TEE": 2}).number
    purchase = shop.ordered(FIRST, MUG=6, TEE=6)
    shop.work()
    later = FIRST + timedelta(days=9)
    shop.answered(purchase, later)
    shop.work()
    told = [(each.type, each.skus, each.expected_on) for each in history(shop, number)]
    assert told == [
        ("expectation_moved", ["MUG", "TEE"], later),
        ("expectation_moved", ["MUG", "TEE"], FIRST),
        ("order_placed", [], None),
    ]


def test_a_change_is_told_only_where_it_promises_something_anew(shop: Buying):
    shop.stock("LEEDS", MUG=9)
    form = shop.form({"MUG": 1})
    number = shop.place_all([form])[0].number
    for i, changed in enumerate((
        msgspec.structs.replace(form, customer_reference="PO 12"),
        msgspec.structs.replace(form, customer_reference="PO 12", total="22.50", lines=[
            msgspec.structs.replace(form.lines[0], quantity=3)
        ]),
    )):  # fmt: skip
        done([shop.one(edit_orders, EditOrder(number=number, form=changed, actor="sue"))])
        assert [each.type for each in history(shop, number)] == ["order_edited", "order_placed"][1 - i :]
    assert history(shop, "OW-999999") == []
