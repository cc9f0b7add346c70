"""Many orders changed at once: each told by itself, taken back where that is honest."""

from typing import Any

from orderwright.business.deeds.bulk import ChangeMany, UndoMany, change_many, undo_many
from orderwright.business.deeds.hold import hold_orders
from orderwright.business.orders.bulk import BulkRow, candidates, get_run
from orderwright.business.orders.commands import HoldOrder
from tests.shop import Shop


def placed(shop: Shop, count: int) -> list[str]:
    shop.stock("LEEDS", MUG=count)
    return [str(shop.place({"MUG": 1}).number) for _ in range(count)]


def change(shop: Shop, deed: Any, orders: list[str], kind: str = "manual") -> Any:
    return shop.run(change_many, ChangeMany(deed=deed, orders=orders, kind=kind, actor="staff:Clara"))[0]


def undo(shop: Shop, id_: str) -> Any:
    return shop.run(undo_many, UndoMany(id=id_, actor="staff:Clara"))[0]


def states(shop: Shop, orders: list[str]) -> list[str]:
    return [shop.state(number) for number in orders]


def test_orders_are_held_each_told_by_itself(shop: Shop):
    first, second = placed(shop, 2)
    shop.run(hold_orders, HoldOrder(number=second, actor="test"))
    run = change(shop, "hold", [first, second, "OW-999999", first])
    assert run.orders == [
        BulkRow(first), BulkRow(second, "hold_exists", {"kind": "manual"}),
        BulkRow("OW-999999", "not_found", {"number": "OW-999999"}),
    ]  # fmt: skip
    assert states(shop, [first, second]) == ["held", "held"]
    with shop.store.read() as tx:
        assert get_run(tx, run.id) == run


def test_undoing_a_hold_releases_only_what_it_had_held(shop: Shop):
    first, second = placed(shop, 2)
    shop.run(hold_orders, HoldOrder(number=second, actor="test"))
    run = change(shop, "hold", [first, second])
    back = undo(shop, run.id)
    assert (back.deed, back.undoes, back.done) == ("release", run.id, [first])
    assert states(shop, [first, second]) == ["allocated", "held"]


def test_undoing_a_release_places_the_hold_again(shop: Shop):
    numbers = placed(shop, 2)
    change(shop, "hold", numbers, "fraud")
    run = change(shop, "release", numbers, "fraud")
    assert states(shop, numbers) == ["allocated", "allocated"]
    undo(shop, run.id)
    assert states(shop, numbers) == ["held", "held"]
    assert shop.value("SELECT count(*) FROM hold WHERE kind = 'fraud' AND released_at IS NULL") == 2


def test_what_was_taken_back_is_not_taken_back_again(shop: Shop):
    run = change(shop, "hold", placed(shop, 1))
    undo(shop, run.id)
    again = undo(shop, run.id)
    assert (again.code, again.facts["deed"]) == ("bulk_step", "hold")
    twice = shop.run(undo_many, *[UndoMany(id=change(shop, "hold", placed(shop, 1)).id, actor="x")] * 2)
    assert [getattr(each, "code", "") for each in twice] == ["", "bulk_step"]


def test_a_cancellation_is_not_taken_back(shop: Shop):
    [number] = placed(shop, 1)
    run = change(shop, "cancel", [number], "mistake")
    assert (run.can_be_undone, undo(shop, run.id).code, shop.state(number)) == (False, "bulk_step", "cancelled")
    assert shop.run(undo_many, UndoMany(id="nothing", actor="x"))[0].code == "not_found"


def test_statements_do_not_grow_with_the_orders(shop: Shop):
    numbers = placed(shop, 7)
    counts = []
    for some in (numbers[:1], numbers[1:]):
        with shop.begin() as tx:
            asked = 0
            rows, write = tx.rows, tx.write

            def counted(way: Any) -> Any:
                def ask(*args: Any, **values: Any) -> Any:
                    nonlocal asked
                    asked += 1
                    return way(*args, **values)

                return ask

            tx.rows, tx.write = counted(rows), counted(write)
            change_many(tx, [ChangeMany(deed="hold", orders=some, actor="test")])
        counts.append(asked)
    assert counts[0] == counts[1]


def test_a_preview_tells_what_each_order_is_like_within_limits(shop: Shop):
    first, second = placed(shop, 2)
    change(shop, "hold", [second], "fraud")
    with shop.store.read() as tx:
        found = candidates(tx, [second, first, "OW-999999"])
        assert [(each.number, each.open_units, each.holds) for each in found] == [
            (second, 1, ["fraud"]), (first, 1, []),
        ]  # fmt: skip
        assert candidates(tx, [first], channels=["market"]) == []
        assert candidates(tx, [first], sites=["BRISTOL"]) == []
        assert [each.number for each in candidates(tx, [first], sites=["LEEDS"])] == [first]
