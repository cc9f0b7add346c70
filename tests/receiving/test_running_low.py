"""What runs low is asked for once, and ordered in one go."""

from datetime import date
from typing import Any

import pytest

from orderwright.business.deeds.supply.low import (
    RequestQuery,
    list_requests,
    order_requests,
    put_levels,
    refresh_turnover,
)
from orderwright.business.purchasing.forms import LevelForm, OrderRequests, OrderRequestsForm, PutLevel
from orderwright.business.purchasing.rules import Waiting, expected_dates, packs, reorder_point, target, wanted_units
from tests.floor import done, refused
from tests.receiving.conftest import Buying

D1, D2 = date(2026, 12, 1), date(2026, 12, 5)


def level(shop: Buying, sku: str = "MUG", **numbers: int) -> Any:
    return shop.one(put_levels, PutLevel(sku=sku, site="LEEDS", form=LevelForm(**numbers), actor="test"))


def requests(shop: Buying) -> list[tuple[str, str, str, int]]:
    with shop.store.read() as tx:
        return [(each.sku, each.site, each.reason, each.units) for each in list_requests(tx, RequestQuery()).items]


def order_all(shop: Buying) -> Any:
    return done([shop.one(order_requests, OrderRequests(form=OrderRequestsForm(), actor="test"))])[0]


def test_one_order_that_takes_the_last_units_asks_for_more_at_once(shop: Buying):
    shop.stock("LEEDS", MUG=10)
    level(shop, reorder_point=2, target=30)
    shop.place({"MUG": 10})
    shop.work()
    assert requests(shop) == [("MUG", "LEEDS", "stockout", 30)]


def test_an_order_beyond_the_stock_asks_for_more_without_any_level(shop: Buying):
    shop.stock("LEEDS", MUG=2)
    shop.place({"MUG": 9})
    shop.work()
    assert requests(shop) == [("MUG", "LEEDS", "stockout", 7)]


def test_a_second_order_asks_for_no_second_request(shop: Buying):
    shop.stock("LEEDS", MUG=1)
    shop.place({"MUG": 3})
    shop.work()
    shop.place({"MUG": 3})
    shop.work()
    assert requests(shop) == [("MUG", "LEEDS", "stockout", 5)]


def test_an_order_that_leaves_enough_asks_for_nothing(shop: Buying):
    shop.stock("LEEDS", MUG=10)
    before = shop.value("SELECT count(*) FROM task")
    shop.place({"MUG": 9})
    assert shop.value("SELECT count(*) FROM task") == before
    shop.work()
    assert requests(shop) == []


def test_requests_become_one_draft_per_supplier_in_whole_packs(shop: Buying):
    level(shop, "MUG", reorder_point=2, target=10)
    level(shop, "TEE", reorder_point=2, target=12)
    made = order_all(shop)
    [draft] = made.purchases
    assert [(line.sku, line.quantity) for line in draft.lines] == [("MUG", 12), ("TEE", 12)]
    assert (draft.supplier, draft.state, requests(shop)) == ("POTTERY", "draft", [])
    assert order_all(shop).purchases == []


def test_what_is_on_order_is_not_asked_for_again(shop: Buying):
    level(shop, reorder_point=2, target=10)
    order_all(shop)
    shop.place({"MUG": 3})
    shop.work()
    assert requests(shop) == []


def test_what_nobody_sells_is_named_and_stays_open(shop: Buying):
    shop.product("LAMP")
    level(shop, "LAMP", reorder_point=2, target=10)
    assert order_all(shop).without_supplier == ["LAMP"]
    assert requests(shop) == [("LAMP", "LEEDS", "stockout", 10)]


def test_a_request_ends_when_its_product_is_no_longer_low(shop: Buying):
    level(shop, reorder_point=2, target=10)
    purchase = shop.ordered(MUG=12)
    shop.work()
    assert requests(shop) == []
    shop.came(purchase, MUG=12)
    shop.work()
    assert requests(shop) == []


def test_a_level_is_worked_out_from_the_picks_of_the_last_weeks(shop: Buying):
    shop.stock("LEEDS", MUG=100)
    order = shop.place({"MUG": 28})
    shop.pick_all(order.number)
    with shop.begin() as tx:
        refresh_turnover(tx)
    now = done([level(shop)])[0]
    # One a day: 7 days of lead time and 3 of safety, and 14 more to last.
    assert (now.reorder_point, now.target, now.is_computed, now.daily_milli) == (10, 24, True, 1_000)


def test_a_level_must_hold_together(shop: Buying):
    assert refused(level(shop, reorder_point=5, target=4))[0] == "malformed"
    assert refused(level(shop, reorder_point=5))[0] == "malformed"
    assert refused(level(shop, "NOPE", reorder_point=1, target=2))[0] == "unknown_sku"


@pytest.mark.parametrize(
    ("supply", "queue", "days"),
    [
        ([], [4], [None]),
        ([(D1, 4)], [4], [D1]),
        ([(D2, 4), (D1, 3)], [4], [D2]),
        ([(D1, 6), (D2, 6)], [4, 4], [D1, D2]),
        ([(D1, 4)], [4, 1], [D1, None]),
        ([(D1, 4), (D2, 1)], [5, 1], [D2, None]),
    ],
)  # fmt: skip
def test_supply_goes_to_the_first_of_the_queue_first(supply: Any, queue: list[int], days: list[date | None]):
    waiting = [Waiting(str(i), units) for i, units in enumerate(queue)]
    assert list(expected_dates(supply, waiting).values()) == days


def test_reorder_levels_by_hand():
    assert (reorder_point(28, 28, 7, 3), reorder_point(1, 28, 7, 3), target(28, 28, 7, 3, 14)) == (10, 1, 24)
    assert (packs(1, 12), packs(12, 12), packs(13, 12)) == (12, 12, 24)
    assert (wanted_units(3, 2, 10), wanted_units(2, 2, 10), wanted_units(-4, 0, 0), wanted_units(0, 0, 0)) == (
        0,
        8,
        4,
        0,
    )
