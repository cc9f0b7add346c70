"""From the bench into a bin, or straight to who waits."""

from datetime import timedelta
from typing import Any

import pytest

from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.receiving.bench import list_bench
from orderwright.business.deeds.receiving.cross_dock import cross_dock
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.purchasing.delivery_forms import DeliveryLineForm as Line
from orderwright.business.warehouse.putaway.forms import CrossDock, CrossDockForm
from orderwright.business.warehouse.putaway.rules import Bin, Goods, choose
from tests.floor import done, refused
from tests.receiving.conftest import Buying


def bin_(code: str, **changes: Any) -> Bin:
    told: dict[str, Any] = {
        "storage_class": "", "room_cm3": 1_000, "load_g": 10_000, "used_cm3": 0, "used_g": 0, "skus": 0,
        "has_sku": False, "has_lot": False, "walk_permille": 500,
    }  # fmt: skip
    return Bin(code, **told | changes)


MUGS = Goods("MUG", "", 10, "", 50, 300, 500)


@pytest.mark.parametrize(
    ("bins", "chosen"),
    [
        ([bin_("A"), bin_("B", skus=1, has_sku=True)], [("B", 10)]),  # the product's own bin before an empty one
        ([bin_("A", storage_class="cold"), bin_("B")], [("B", 10)]),  # what asks for nothing takes no cold room
        ([bin_("A", room_cm3=100), bin_("B")], [("B", 10)]),  # one bin for all before two
        ([bin_("A", room_cm3=100), bin_("B", room_cm3=400)], [("A", 2), ("B", 8)]),
        ([bin_("A", load_g=900)], [("A", 3)]),
        ([bin_("A", skus=1), bin_("B")], [("B", 10)]),  # an empty one before one with other goods
        ([bin_("A", walk_permille=0), bin_("B", walk_permille=400)], [("B", 10)]),
        ([bin_("A", room_cm3=0, load_g=0)], [("A", 10)]),  # nobody said what it takes
    ],
)  # fmt: skip
def test_the_best_bin(bins: list[Bin], chosen: list[tuple[str, int]]):
    assert [(each.place, each.units) for each in choose(MUGS, bins)] == chosen


def test_what_is_picked_often_lies_near_the_start_and_the_choice_says_so():
    near, far = bin_("NEAR", walk_permille=10), bin_("FAR", walk_permille=990)
    [often] = choose(MUGS._replace(rank_permille=0), [near, far])
    [seldom] = choose(MUGS._replace(rank_permille=1000), [near, far])
    assert (often.place, often.reasons) == ("NEAR", ("room_for_all", "empty", "near_start"))
    assert (seldom.place, seldom.reasons) == ("FAR", ("room_for_all", "empty", "far_from_start"))


def test_cold_goods_are_sent_to_a_cold_bin_and_another_needs_a_reason(shop: Buying):
    shop.product("FISH", storage_class="cold")
    shop.bin("C-1", storage_class="cold", aisle=2)
    shop.bin("A-1", aisle=1)
    shop.came("", FISH=5)
    with shop.store.read() as tx:
        [pile] = list_bench(tx, "LEEDS")
    assert [(each.place, each.units) for each in pile.places] == [("C-1", 5)]
    assert refused(shop.stow("FISH", 5, "A-1")) == (
        "bin_unfit", {"place": "A-1", "why": "storage_class", "sku": "FISH", "units": 5},
    )  # fmt: skip
    assert shop.counters("FISH", "LEEDS") == (0, 0)
    done([shop.stow("FISH", 5, "A-1", reason="the cold room is down")])
    [kept] = shop.rows("SELECT place, unfit, reason FROM put_away_override")
    assert kept == ("A-1", "storage_class", "the cold room is down")


def test_a_full_bin_takes_no_more(shop: Buying):
    shop.product("MUG", length_mm=100, width_mm=100, height_mm=100)
    shop.bin("A-1", room_cm3=5_000)
    shop.bin("A-2", load_g=1_000)
    shop.came("", MUG=20)
    done([shop.stow("MUG", 4, "A-1")])
    assert refused(shop.stow("MUG", 2, "A-1"))[1]["why"] == "room"
    assert refused(shop.stow("MUG", 4, "A-2"))[1]["why"] == "load"
    done([shop.stow("MUG", 1, "A-1")])


def test_no_more_is_put_away_than_lies_on_the_bench(shop: Buying):
    shop.came("", MUG=5)
    assert refused(shop.stow("MUG", 6, "STOCK")) == (
        "nothing_to_put_away", {"sku": "MUG", "lot": "", "asked": 6, "lying": 5},
    )  # fmt: skip
    assert refused(shop.stow("MUG", 5, "NOWHERE"))[0] == "unknown_place"
    assert refused(shop.stow("MUG", 5, "QUARANTINE"))[0] == "unknown_place"
    assert done([shop.stow("MUG", 2, "STOCK")])[0].left == 3


def test_nobody_books_goods_off_the_bench_beside_putting_them_away(shop: Buying):
    from orderwright.business.deeds.books import transfer_stock
    from orderwright.business.stock.forms import Transfer, TransferForm, TransferLine

    shop.came("", MUG=5)
    line = TransferLine(sku="MUG", quantity=1, from_place="RECEIVING", to_place="STOCK")
    form = TransferForm(site="LEEDS", lines=[line])
    assert refused(shop.one(transfer_stock, Transfer(form=form, actor="test")))[0] == "unknown_place"


def dock(shop: Buying, units: int, sku: str = "MUG") -> Any:
    form = CrossDockForm(site="LEEDS", sku=sku, quantity=units)
    return shop.one(cross_dock, CrossDock(form=form, actor="test"))


def test_units_that_an_order_waits_for_go_straight_to_packing(shop: Buying):
    order = shop.place({"MUG": 3})
    shop.came(shop.ordered(MUG=10), MUG=10)
    with shop.store.read() as tx:
        [pile] = list_bench(tx, "LEEDS")
    assert [(each.order, each.units) for each in pile.cross_dock] == [(order.number, 3)]
    assert [each.units for each in pile.places] == [7]
    docked = done([dock(shop, 3)])[0]
    assert [(each.order, each.units, each.at) for each in docked.orders] == [(order.number, 3, "PACKING")]
    assert shop.units(order.number) == [("MUG", {"picked": 3})]
    assert shop.lying("LEEDS") == {("MUG", "RECEIVING"): (7, 0), ("MUG", "PACKING"): (3, 0)}
    done([shop.pack(order.number)])


def test_the_first_in_the_queue_is_served_first(shop: Buying):
    later = shop.place({"MUG": 3}, placed_at=shop_time(1))
    first = shop.place({"MUG": 3}, placed_at=shop_time(2))
    shop.came("", MUG=4)
    docked = done([dock(shop, 4)])[0]
    assert [(each.order, each.units) for each in docked.orders] == [(first.number, 3), (later.number, 1)]


def shop_time(hours: int) -> Any:
    from tests.receiving.conftest import FRIDAY_NOON

    return FRIDAY_NOON - timedelta(hours=hours)


def test_an_order_that_may_not_go_to_the_floor_has_its_units_kept_for_it(shop: Buying):
    order = shop.place({"MUG": 3})
    done(shop.run(hold_orders, HoldOrder(number=order.number, kind="manual", actor="test")))
    shop.came("", MUG=3)
    [docked] = done([dock(shop, 3)])
    assert [(each.order, each.at, each.why) for each in docked.orders] == [(order.number, "STOCK", "order_held")]
    assert shop.units(order.number) == [("MUG", {"allocated": 3})]


def test_units_nobody_waits_for_are_not_cross_docked(shop: Buying):
    shop.place({"MUG": 3})
    shop.came("", MUG=10)
    assert refused(dock(shop, 4)) == ("nobody_waits", {"sku": "MUG", "asked": 4, "waiting": 3})
    assert refused(dock(shop, 11))[0] == "nothing_to_put_away"
    assert shop.lying("LEEDS") == {("MUG", "RECEIVING"): (10, 0)}


def test_who_waits_gets_what_is_put_away(shop: Buying):
    order = shop.place({"MUG": 3})
    shop.come("", Line(sku="MUG", accepted=10))
    done([shop.stow("MUG", 10, "STOCK")])
    shop.work()
    assert shop.units(order.number) == [("MUG", {"allocated": 3})]


def test_far_is_what_is_far_to_walk_whatever_the_aisles_are_called(shop: Buying):
    for bay in range(1, 13):
        shop.bin(f"A-{bay:02}", aisle=1, bay=bay)
    shop.bin("B-01", aisle=2, bay=1)
    shop.came("", MUG=5)
    with shop.store.read() as tx:
        [pile] = list_bench(tx, "LEEDS")
    assert [(each.place, each.reasons[-1]) for each in pile.places] == [("A-12", "far_from_start")]
