"""The last units, wanted by more than one at the same time or by a kit that cannot have them all."""

from typing import Any

import pytest

from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.orders.form import PolicyForm
from orderwright.values.refusal import Refusal
from tests.meeting import while_open
from tests.shop import REFUSE, Shop


def test_two_channels_that_sell_the_last_unit_in_the_same_second_sell_it_once(shop: Shop) -> None:
    # Edge case 12: the second is planned on the unit that the first has taken and not committed yet.
    shop.channel("market")
    shop.stock("LEEDS", MUG=1)
    web = PlaceOrder(shop.form({"MUG": 1}, policy=REFUSE), "test", "api")
    market = PlaceOrder(shop.form({"MUG": 1}, channel="market", policy=REFUSE), "test", "api")
    [sold], [missed] = while_open(
        shop, lambda tx: place_orders(tx, [web]), lambda writer: writer.submit(place_orders, [market])
    )
    assert sold.state == "allocated"
    assert isinstance(missed, Refusal)
    assert missed.code == "short_stock"
    assert shop.rows("SELECT on_hand, allocated FROM availability WHERE site = 'LEEDS' AND sku = 'MUG'") == [(1, 1)]


def test_one_who_misses_the_last_unit_waits_for_the_next(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=1)
    first, second = (PlaceOrder(shop.form({"MUG": 1}), "test", "api") for _ in range(2))
    [sold], [late] = while_open(
        shop, lambda tx: place_orders(tx, [first]), lambda writer: writer.submit(place_orders, [second])
    )
    assert (sold.state, late.state) == ("allocated", "waiting")
    assert shop.free("MUG", "LEEDS") == -1


@pytest.mark.parametrize(
    ("shortage", "state", "holds", "free"),
    [
        ("backorder", "waiting", [], 7),  # the mugs it needs are kept for it
        ("hold", "held", ["stock"], 7),  # a buyer looks at it
        ("refuse", None, [], 9),
    ],
)
def test_a_kit_that_misses_a_component_waits_is_held_or_refused_as_its_policy_says(
    shop: Shop, shortage: Any, state: str | None, holds: list[str], free: int
) -> None:
    # Edge case 21.
    shop.product("GIFT", parts={"MUG": 2, "TEE": 1})
    shop.stock("LEEDS", MUG=9)
    answer = shop.place({"GIFT": 1}, policy=PolicyForm(shortage=shortage))
    if state is None:
        assert isinstance(answer, Refusal)
        assert (answer.code, answer.facts["lines"][0]["sku"]) == ("short_stock", "GIFT")
    else:
        assert (answer.state, answer.holds) == (state, holds)
        assert [(line.sku, line.quantity) for line in answer.backordered] == [("GIFT", 1)]
    assert (shop.free("MUG", "LEEDS"), shop.value("SELECT count(*) FROM allocation")) == (free, 0)


def test_of_a_kit_only_whole_kits_are_promised(shop: Shop) -> None:
    # Edge case 21: parts for one and a half.
    shop.product("GIFT", parts={"MUG": 2, "TEE": 1})
    shop.stock("LEEDS", MUG=3, TEE=9)
    number = shop.place({"GIFT": 2}).number
    assert shop.units(number) == [("MUG", {"waiting": 2, "allocated": 2}), ("TEE", {"waiting": 1, "allocated": 1})]
