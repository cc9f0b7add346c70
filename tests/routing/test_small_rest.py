"""A split is refused when a parcel of it would be worth too little: the order waits whole, and goes on waiting."""

from tests.deeds.test_cancelling import run_fills
from tests.deeds.test_waiting import arrive
from tests.shop import Shop


def test_an_order_whose_rest_is_worth_too_little_waits_whole(shop: Shop) -> None:
    # Edge case 24: two of three are there, and the third is worth less than a parcel has to be.
    shop.channel("bulk", split_value_min="10.00")
    shop.stock("LEEDS", MUG=2)
    answer = shop.place({"MUG": 3}, channel="bulk")
    assert (answer.state, shop.units(answer.number)) == ("waiting", [("MUG", {"waiting": 3})])
    assert shop.place({"MUG": 2}).state == "allocated"  # what it cannot use it does not keep from others


def test_stock_that_is_not_enough_does_not_split_it_later_either(shop: Shop) -> None:
    # Edge case 24.
    shop.channel("bulk", split_value_min="10.00")
    shop.stock("LEEDS", MUG=2)
    number = shop.place({"MUG": 4}, channel="bulk").number
    assert shop.units(number) == [("MUG", {"waiting": 2, "allocated": 2})]  # either part is worth 15.00
    small = shop.place({"MUG": 3}, channel="bulk").number
    arrive(shop, "GLASGOW", MUG=4)
    run_fills(shop)
    assert shop.units(number) == [("MUG", {"allocated": 4})]
    assert shop.units(small) == [("MUG", {"waiting": 3})]
    arrive(shop, "GLASGOW", MUG=1)
    run_fills(shop)
    assert shop.units(small) == [("MUG", {"allocated": 3})]
