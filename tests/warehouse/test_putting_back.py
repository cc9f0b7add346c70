"""Cancelled after the pick: the units are nobody's, and not sellable until they are in a bin again."""

from typing import Any

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.put_back import put_back
from orderwright.business.orders.commands import CancelOrder, LineUnits
from orderwright.business.warehouse.forms import PutAway, PutBack
from orderwright.business.warehouse.reads import list_put_backs
from tests.floor import Floor, done, refused


def cancelled_after_pick(floor: Floor, units: int = 3, cancel: int = 3) -> str:
    floor.stock("LEEDS", MUG=units)
    number = str(floor.place({"MUG": units}).number)
    floor.pick_all(number)
    lines = [LineUnits(1, cancel)]
    done(floor.run(cancel_orders, CancelOrder(number=number, reason="too_late", actor="test", lines=lines)))
    return number


def back(floor: Floor, quantity: int, **changes: Any) -> Any:
    told = {"site": "LEEDS", "sku": "MUG", "quantity": quantity, "actor": "test", **changes}
    return floor.one(put_back, PutBack(**told))


def test_units_cancelled_after_the_pick_are_not_sellable_until_put_back(floor: Floor) -> None:
    # Edge case 17.
    number = cancelled_after_pick(floor)
    assert floor.state(number) == "cancelled"
    assert floor.lying("LEEDS") == {("MUG", "RETURNS"): (3, 0)}
    assert floor.counters("MUG", "LEEDS") == (0, 0)
    with floor.store.read() as tx:
        assert [(each.sku, each.quantity) for each in list_put_backs(tx, "LEEDS")] == [("MUG", 3)]
    assert back(floor, 3) == PutAway("LEEDS", "MUG", "", "STOCK", 3, 0)
    assert floor.lying("LEEDS") == {("MUG", "STOCK"): (3, 0)}
    assert floor.free("MUG", "LEEDS") == 3
    assert floor.facts(floor.order_id(number)) == ["order_placed", "order_cancelled", "put_back_done"]


def test_what_was_not_cancelled_is_packed_as_if_nothing_had_happened(floor: Floor) -> None:
    number = cancelled_after_pick(floor, units=3, cancel=2)
    assert floor.units(number) == [("MUG", {"picked": 1, "cancelled": 2})]
    assert floor.lying("LEEDS") == {("MUG", "PACKING"): (1, 0), ("MUG", "RETURNS"): (2, 0)}
    [parcel] = floor.pack(number).parcels
    assert [(line.sku, line.quantity) for line in parcel.lines] == [("MUG", 1)]


def test_units_of_two_orders_are_put_back_together_the_older_first(floor: Floor) -> None:
    cancelled_after_pick(floor, units=2, cancel=2)
    cancelled_after_pick(floor, units=3, cancel=3)
    assert back(floor, 4) == PutAway("LEEDS", "MUG", "", "STOCK", 4, 1)
    assert floor.rows("SELECT quantity, placed, state FROM put_back ORDER BY id") == [(2, 2, "done"), (3, 2, "open")]
    assert back(floor, 1).left == 0


def test_more_than_lies_on_the_bench_is_refused(floor: Floor) -> None:
    cancelled_after_pick(floor)
    before = floor.counts()
    facts = {"sku": "MUG", "lot": "", "asked": 4, "lying": 3}
    assert refused(back(floor, 4)) == ("nothing_to_put_back", facts)
    assert refused(back(floor, 1, lot="L1"))[0] == "nothing_to_put_back"
    assert (floor.counts(), floor.lying("LEEDS")) == (before, {("MUG", "RETURNS"): (3, 0)})


def test_units_go_back_into_bins_only(floor: Floor) -> None:
    cancelled_after_pick(floor)
    for place in ("PACKING", "CUSTOMER", "NOWHERE"):
        assert refused(back(floor, 1, place=place)) == ("unknown_place", {"site": "LEEDS", "place": place})
    assert refused(back(floor, 1, sku="MU\0G"))[0] == "malformed"


def test_who_waits_is_told_when_units_are_put_back(floor: Floor) -> None:
    cancelled_after_pick(floor)
    floor.place({"MUG": 1})
    wanted = "SELECT body::jsonb -> 'skus' AS skus FROM task WHERE name = 'fill_backorders'"
    before = floor.rows(wanted)
    back(floor, 3)
    assert [row.skus for row in floor.rows(wanted)[len(before) :]] == [["MUG"]]


def test_one_kit_of_two_is_cancelled_when_one_of_its_components_is_picked(floor: Floor) -> None:
    # Edge case 20: of a kit whole kits are cancelled; what of it was picked goes back, what was not is not picked.
    floor.product("SET", parts={"MUG": 2, "TEE": 1})
    floor.stock("LEEDS", MUG=4, TEE=2)
    number = str(floor.place({"SET": 2}).number)
    floor.release(number)
    [mugs] = [task for task in floor.tasks(number) if task.sku == "MUG"]
    floor.pick(mugs, 4)
    one_kit = CancelOrder(number=number, reason="too_late", actor="test", lines=[LineUnits(1, 1)])
    done(floor.run(cancel_orders, one_kit))
    assert floor.units(number) == [("MUG", {"picked": 2, "cancelled": 2}), ("TEE", {"allocated": 1, "cancelled": 1})]
    assert floor.lying("LEEDS") == {("MUG", "PACKING"): (2, 0), ("MUG", "RETURNS"): (2, 0), ("TEE", "STOCK"): (2, 1)}
    floor.pick_all(number)
    [parcel] = floor.pack(number).parcels
    assert [(line.sku, line.quantity) for line in parcel.lines] == [("MUG", 2), ("TEE", 1)]
