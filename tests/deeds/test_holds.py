"""Holds: several at once, each released by itself; the order moves when the last is gone."""

from typing import Any

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.hold import HoldsNow, hold_orders, release_holds
from orderwright.business.orders.commands import CancelOrder, HoldOrder, LineUnits, ReleaseHold
from orderwright.values.refusal import Refusal
from tests.shop import Shop


def hold(shop: Shop, number: str, kind: str = "manual", **changes: Any) -> Any:
    return shop.run(hold_orders, HoldOrder(number=number, actor="test", kind=kind, **changes))[0]


def release(shop: Shop, number: str, kind: str) -> Any:
    return shop.run(release_holds, ReleaseHold(number=number, actor="test", kind=kind))[0]


def test_releasing_one_of_three_holds_keeps_the_order_stopped(shop: Shop) -> None:
    # Edge case 28.
    shop.stock("LEEDS", MUG=2)
    number = shop.place({"MUG": 1}).number
    for kind in ("fraud", "address", "manual"):
        hold(shop, number, kind)
    assert release(shop, number, "address") == HoldsNow(number, "held", ["fraud", "manual"])
    release(shop, number, "fraud")
    assert release(shop, number, "manual") == HoldsNow(number, "allocated", [])
    assert shop.value("SELECT count(*) FROM exception WHERE closed_at IS NULL") == 0


def test_the_exception_two_holds_share_closes_with_the_last_of_them(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=2)
    number = shop.place({"MUG": 1}).number
    for kind in ("fraud", "manual"):
        hold(shop, number, kind)
    release(shop, number, "fraud")
    assert shop.rows("SELECT kind FROM exception WHERE closed_at IS NULL") == [("manual",)]
    release(shop, number, "manual")
    assert shop.rows("SELECT kind FROM exception WHERE closed_at IS NULL") == []


def test_the_same_hold_twice_is_refused(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=2)
    number = shop.place({"MUG": 1}).number
    hold(shop, number, "fraud")
    before = shop.counts()
    again = hold(shop, number, "fraud")
    assert isinstance(again, Refusal)
    assert (again.code, shop.counts()) == ("hold_exists", before)


def test_a_hold_the_order_does_not_have_cannot_be_released(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=2)
    number = shop.place({"MUG": 1}).number
    refusal = release(shop, number, "fraud")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "no_such_hold"


def test_half_a_line_is_held_and_then_the_line_is_cancelled(shop: Shop) -> None:
    # Edge case 29.
    shop.stock("LEEDS", MUG=4)
    number = shop.place({"MUG": 4}).number
    held = hold(shop, number, "fraud", lines=[LineUnits(1, 2)])
    assert held == HoldsNow(number, "allocated", ["fraud"])
    assert shop.value("SELECT count(*) FROM fulfilment WHERE state = 'planned'") == 2
    [result] = shop.run(cancel_orders, CancelOrder(number=number, reason="x", actor="test"))
    assert result.state == "cancelled"
    assert shop.rows("SELECT DISTINCT state FROM fulfilment") == [("cancelled",)]
    assert shop.rows("SELECT kind FROM hold WHERE released_at IS NULL") == []
    assert shop.free("MUG", "LEEDS") == 4


def test_parts_held_in_the_same_moment_stay_apart(shop: Shop) -> None:
    """Two clerks hold units of one line; their calls share a transaction."""
    shop.stock("LEEDS", MUG=4)
    number = shop.place({"MUG": 4}).number
    one, other = [
        HoldOrder(number=number, actor="test", kind=kind, lines=[LineUnits(1, 3)]) for kind in ("fraud", "manual")
    ]
    kept, refused = shop.run(hold_orders, one, other)
    assert kept == HoldsNow(number, "allocated", ["fraud"])
    assert isinstance(refused, Refusal)
    assert refused.code == "order_step"
    rows = shop.rows(
        "SELECT f.state, a.allocated FROM hold h JOIN fulfilment f ON f.id = h.fulfilment_id"
        " JOIN allocation a ON a.fulfilment_id = f.id WHERE h.released_at IS NULL"
    )
    assert rows == [("planned", 3)]


def test_a_cancelled_order_cannot_be_held(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=4)
    number = shop.place({"MUG": 4}).number
    shop.run(cancel_orders, CancelOrder(number=number, reason="x", actor="test"))
    refusal = hold(shop, number)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "order_step"
