"""Backorders: what arrives goes to who waits, in order; new orders never overtake."""

from orderwright.business.deeds.books import receive_stock
from orderwright.business.deeds.reroute import Reroute, reroute
from orderwright.business.deeds.tending import fill_what_can_be
from orderwright.business.orders.form import PolicyForm
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.values.refusal import Refusal
from tests.deeds.test_cancelling import run_fills
from tests.shop import NO_SPLIT, REFUSE, Shop


def arrive(shop: Shop, site: str, **units: int) -> None:
    lines = [ReceiptLine(sku=sku, quantity=count) for sku, count in units.items()]
    shop.run(receive_stock, Receipt(form=ReceiptForm(site=site, lines=lines), actor="test"))


def test_first_come_is_first_served(shop: Shop) -> None:
    numbers = [shop.place({"MUG": 2}).number for _ in range(3)]
    arrive(shop, "LEEDS", MUG=4)
    run_fills(shop)
    assert [shop.state(number) for number in numbers] == ["allocated", "allocated", "waiting"]


def test_priority_goes_before_age(shop: Shop) -> None:
    patient = shop.place({"MUG": 2}).number
    urgent = shop.place({"MUG": 2}, priority=5).number
    arrive(shop, "LEEDS", MUG=2)
    run_fills(shop)
    assert (shop.state(urgent), shop.state(patient)) == ("allocated", "waiting")


def test_a_priority_customer_goes_before_the_oldest_and_a_ship_complete_order_keeps_nobody_waiting(shop: Shop) -> None:
    # Edge case 40: five mugs come; the first to be served could use them all and may not, for want of a tee.
    oldest = shop.place({"MUG": 3}).number
    whole = shop.place({"MUG": 5, "TEE": 1}, policy=PolicyForm(ship_complete=True), priority=9).number
    younger = shop.place({"MUG": 1}).number
    urgent = shop.place({"MUG": 2}, priority=5).number
    arrive(shop, "LEEDS", MUG=5)
    run_fills(shop)
    assert [shop.state(each) for each in (whole, urgent, oldest, younger)] == [
        "waiting", "allocated", "allocated", "waiting",
    ]  # fmt: skip
    arrive(shop, "LEEDS", MUG=5, TEE=1)
    run_fills(shop)
    assert [shop.state(each) for each in (whole, younger)] == ["allocated", "waiting"]


def test_a_new_order_does_not_overtake_one_that_waits(shop: Shop) -> None:
    shop.place({"MUG": 2})
    arrive(shop, "LEEDS", MUG=3)  # two of these are spoken for, though nobody has filled yet
    refused = shop.place({"MUG": 2}, policy=REFUSE)
    assert isinstance(refused, Refusal)
    assert shop.place({"MUG": 1}, policy=REFUSE).state == "allocated"


def test_two_ship_complete_orders_do_not_starve_each_other(shop: Shop) -> None:
    # Edge case 41: each has half of what the other needs, so neither may keep it.
    complete = PolicyForm(ship_complete=True)
    shop.stock("LEEDS", MUG=1, TEE=1)
    one = shop.place({"MUG": 1, "TEE": 2}, policy=complete).number
    two = shop.place({"MUG": 2, "TEE": 1}, policy=complete).number
    assert (shop.free("MUG", "LEEDS"), shop.free("TEE", "LEEDS")) == (1, 1)
    arrive(shop, "LEEDS", TEE=1)
    run_fills(shop)
    assert (shop.state(one), shop.state(two)) == ("allocated", "waiting")


def test_an_order_that_waits_whole_is_filled_once_one_site_has_it_all(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=1)
    number = shop.place({"MUG": 2}, policy=NO_SPLIT).number
    arrive(shop, "GLASGOW", MUG=1)
    run_fills(shop)
    assert shop.state(number) == "waiting"
    arrive(shop, "GLASGOW", MUG=1)
    run_fills(shop)
    assert (shop.state(number), shop.free("MUG", "LEEDS"), shop.free("MUG", "GLASGOW")) == ("allocated", 1, 0)


def test_filling_again_changes_nothing(shop: Shop) -> None:
    shop.place({"MUG": 2})
    arrive(shop, "LEEDS", MUG=1)
    run_fills(shop)
    before = shop.counts()
    arrive(shop, "LEEDS", TEE=1)
    assert run_fills(shop) == 0
    assert shop.counts()["allocation"] == before["allocation"]


def units_at(shop: Shop, number: str, sku: str = "MUG") -> tuple[str, str, list[tuple[str, int]]]:
    [row] = shop.rows(
        "SELECT f.order_id::text AS order_id, f.id::text AS id, a.demand_id::text AS demand_id, a.allocated"
        " FROM fulfilment f JOIN allocation a ON a.fulfilment_id = f.id JOIN orders o ON o.id = f.order_id"
        " JOIN demand d ON d.id = a.demand_id"
        " WHERE o.number = %(number)s AND a.allocated > 0 AND d.sku = %(sku)s",
        number=number, sku=sku,
    )  # fmt: skip
    return row.order_id, row.id, [(row.demand_id, row.allocated)]


def test_rerouted_units_go_to_another_site_and_the_rest_waits(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    shop.stock("GLASGOW", MUG=1)
    number = shop.place({"MUG": 5}).number
    order_id, fulfilment_id, [(demand_id, _)] = units_at(shop, number)
    command = Reroute(order_id, fulfilment_id, [(demand_id, 2)], "short pick", "test")
    assert shop.run(reroute, command) == [None]
    assert shop.units(number) == [("MUG", {"waiting": 1, "allocated": 4})]
    assert shop.rows(
        "SELECT f.site, a.allocated FROM fulfilment f JOIN allocation a ON a.fulfilment_id = f.id ORDER BY f.id"
    ) == [("LEEDS", 3), ("GLASGOW", 1)]


def test_rerouting_more_than_is_planned_is_refused(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    order_id, fulfilment_id, [(demand_id, _)] = units_at(shop, shop.place({"MUG": 2}).number)
    before = shop.counts()
    [result] = shop.run(reroute, Reroute(order_id, fulfilment_id, [(demand_id, 3)], "short pick", "test"))
    assert isinstance(result, Refusal)
    assert (result.code, shop.counts()) == ("order_step", before)


def test_a_kit_and_the_rest_of_another_leave_together(shop: Shop) -> None:
    shop.product("SET", price="7.50", parts={"MUG": 2, "TEE": 1})
    shop.stock("LEEDS", MUG=4, TEE=2)
    number = shop.place({"SET": 2}).number
    shop.stock("GLASGOW", MUG=3, TEE=1)
    order_id, fulfilment_id, [(mugs, _)] = units_at(shop, number, "MUG")
    [(tees, _)] = units_at(shop, number, "TEE")[2]
    # Of two kits one mug is left at LEEDS: a whole kit is wanted, and one mug more of the same demand.
    command = Reroute(order_id, fulfilment_id, [(mugs, 3), (tees, 1)], "short pick", "test")
    assert shop.run(reroute, command) == [None]
    assert shop.units(number) == [("MUG", {"allocated": 4}), ("TEE", {"allocated": 2})]
    assert shop.rows(
        "SELECT d.sku, a.allocated FROM allocation a JOIN fulfilment f ON f.id = a.fulfilment_id"
        " JOIN demand d ON d.id = a.demand_id WHERE f.site = 'GLASGOW' ORDER BY d.sku"
    ) == [("MUG", 3), ("TEE", 1)]


def test_who_waits_behind_somebody_who_cannot_use_what_is_there_gets_it_soon(shop: Shop) -> None:
    shop.product("SET", price="7.50", parts={"MUG": 2, "TEE": 1})
    shop.stock("LEEDS", TEE=1)
    shop.place({"SET": 1})  # claims the shirt, and waits for mugs
    number = shop.place({"TEE": 1}).number
    assert shop.state(number) == "waiting"
    with shop.begin() as tx:
        fill_what_can_be(tx, [])
    assert (run_fills(shop), shop.state(number)) == (1, "allocated")
    with shop.begin() as tx:
        fill_what_can_be(tx, [])
    assert run_fills(shop) == 0
