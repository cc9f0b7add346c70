"""Cancelling: what was not packed leaves the order, and its stock is free for others."""

from orderwright.business.deeds.cancel import Cancelled, CancelledLine, cancel_orders
from orderwright.business.deeds.fill import fill_backorders
from orderwright.business.orders.commands import CancelOrder, LineUnits
from orderwright.database import tasks
from orderwright.values.refusal import Refusal
from tests.shop import NO_SPLIT, Shop


def cancel(shop: Shop, number: str, **changes: object) -> Cancelled | Refusal:
    command = CancelOrder(number=number, reason="buyer_asked", actor="test", **changes)  # type: ignore[arg-type]
    result: Cancelled | Refusal = shop.run(cancel_orders, command)[0]
    return result


def run_fills(shop: Shop) -> int:
    with shop.begin() as tx:
        due = tasks.claim(tx, ["fill_backorders"], 100)
        fill_backorders(tx, due)
        return len(tasks.finish(tx, due))


def test_a_cancelled_order_frees_its_stock(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=3)
    number = shop.place({"MUG": 2}).number
    assert cancel(shop, number) == Cancelled(number, "cancelled", [CancelledLine(1, "1", 2)])
    assert shop.free("MUG", "LEEDS") == 3
    assert shop.units(number) == [("MUG", {"cancelled": 2})]
    assert shop.rows("SELECT state FROM fulfilment") == [("cancelled",)]


def test_cancelling_twice_is_refused_and_frees_nothing_more(shop: Shop) -> None:
    # Edge case 16.
    shop.stock("LEEDS", MUG=3)
    number = shop.place({"MUG": 2}).number
    cancel(shop, number)
    before = shop.counts()
    again = cancel(shop, number)
    assert isinstance(again, Refusal)
    assert again.code == "nothing_to_cancel"
    assert (shop.counts(), shop.free("MUG", "LEEDS")) == (before, 3)


def test_cancelling_an_order_that_never_allocated_frees_no_stock(shop: Shop) -> None:
    # Edge case 15.
    shop.stock("LEEDS", MUG=1)
    waiting = shop.place({"MUG": 2}, policy=NO_SPLIT)
    assert waiting.state == "waiting"
    assert cancel(shop, waiting.number) == Cancelled(waiting.number, "cancelled", [CancelledLine(1, "1", 2)])
    assert shop.free("MUG", "LEEDS") == 1


def test_units_of_a_line_are_cancelled_and_the_rest_goes_on(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5, TEE=1)
    number = shop.place({"MUG": 3, "TEE": 1}).number
    assert cancel(shop, number, lines=[LineUnits(1, 2)]) == Cancelled(number, "allocated", [CancelledLine(1, "1", 2)])
    assert shop.units(number) == [("MUG", {"allocated": 1, "cancelled": 2}), ("TEE", {"allocated": 1})]


def test_more_than_a_line_has_is_refused_and_changes_nothing(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 3}).number
    before = shop.counts()
    refusal = cancel(shop, number, lines=[LineUnits(1, 4)])
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.facts) == ("order_step", {"position": 1, "asked": 4, "possible": 3})
    unknown = cancel(shop, number, lines=[LineUnits(7, 1)])
    assert isinstance(unknown, Refusal)
    assert unknown.code == "unknown_line"
    assert shop.counts() == before


def test_two_cancellations_of_one_order_in_a_group_take_no_more_than_it_has(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 3}).number
    one = CancelOrder(number=number, reason="x", actor="test", lines=[LineUnits(1, 2)])
    results = shop.run(cancel_orders, one, one)
    assert [isinstance(result, Refusal) for result in results] == [False, True]
    assert shop.free("MUG", "LEEDS") == 4


def test_a_kit_is_cancelled_in_whole_kits(shop: Shop) -> None:
    shop.product("GIFT", parts={"MUG": 2, "TEE": 1})
    shop.stock("LEEDS", MUG=9, TEE=9)
    number = shop.place({"GIFT": 3}).number
    assert cancel(shop, number, lines=[LineUnits(1, 1)]) == Cancelled(number, "allocated", [CancelledLine(1, "1", 1)])
    assert shop.units(number) == [("MUG", {"allocated": 4, "cancelled": 2}), ("TEE", {"allocated": 2, "cancelled": 1})]


def test_one_component_of_a_kit_cannot_be_cancelled_by_itself_and_asking_changes_nothing(shop: Shop) -> None:
    # Edge case 20: a kit has one price, so it is cancelled in whole kits.
    shop.product("GIFT", parts={"MUG": 2, "TEE": 1})
    shop.stock("LEEDS", MUG=9, TEE=9)
    number = shop.place({"GIFT": 2}).number
    before = shop.counts()
    component = cancel(shop, number, lines=[LineUnits(1, 1, sku="MUG")])
    assert isinstance(component, Refusal)
    assert (component.code, component.facts) == ("kit_whole", {"position": 1, "kit": "GIFT", "sku": "MUG"})
    for stranger in (LineUnits(1, 1, sku="HAT"), LineUnits(2, 1)):
        nowhere = cancel(shop, number, lines=[stranger])
        assert isinstance(nowhere, Refusal)
        assert nowhere.code == "unknown_line"
    units_not_kits = cancel(shop, number, lines=[LineUnits(1, 3)])
    assert isinstance(units_not_kits, Refusal)
    assert (units_not_kits.code, units_not_kits.facts) == ("order_step", {"position": 1, "asked": 3, "possible": 2})
    assert (shop.counts(), shop.free("MUG", "LEEDS"), shop.free("TEE", "LEEDS")) == (before, 5, 7)
    assert shop.units(number) == [("MUG", {"allocated": 4}), ("TEE", {"allocated": 2})]


def test_a_line_without_product_is_cancelled_too(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=1)
    number = shop.place([("NOPE", 2), ("MUG", 1)], door="channel").number
    assert cancel(shop, number) == Cancelled(number, "cancelled", [CancelledLine(1, "1", 2), CancelledLine(2, "2", 1)])
    assert shop.rows("SELECT kind FROM hold WHERE released_at IS NULL") == []
    assert shop.rows("SELECT kind FROM exception WHERE closed_at IS NULL") == []


def test_stock_a_cancellation_frees_goes_to_who_waits(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=3)
    first = shop.place({"MUG": 3}).number
    second = shop.place({"MUG": 2}).number
    assert shop.state(second) == "waiting"
    cancel(shop, first)
    assert run_fills(shop) == 1
    assert (shop.state(second), shop.free("MUG", "LEEDS")) == ("allocated", 1)
