"""The exception queue as a desk sees it: filtered, beside its orders, and how each cause fares."""

from datetime import timedelta

from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.resolve import AssignException, ResolveException, assign_exceptions, resolve_exceptions
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.orders.exception_desk import Cause, causes_since, orders_beside, owners_open
from orderwright.business.orders.exception_queue import ExceptionQuery, list_exceptions
from tests.shop import HOME, Shop


def stopped(shop: Shop) -> tuple[str, str]:
    """An order on hold and the id of its exception."""
    number = str(shop.place({"MUG": 2}).number)
    shop.run(hold_orders, HoldOrder(number=number, kind="fraud", actor="test"))
    sql = "SELECT id::text FROM exception WHERE order_id = %(id)s::uuid"
    return number, str(shop.value(sql, id=shop.order_id(number)))


def listed(shop: Shop, owners: list[str] | None = None, **asked: object) -> list[str]:
    with shop.store.read() as tx:
        found = list_exceptions(tx, ExceptionQuery(**asked), owners=owners)  # type: ignore[arg-type]
    return [each.order for each in found.items]


def test_the_queue_is_narrowed_by_site_age_and_owners(shop: Shop):
    shop.stock("LEEDS", MUG=4)
    (first, _), (second, id_) = stopped(shop), stopped(shop)
    shop.run(assign_exceptions, AssignException(id=id_, owner="sam@example.org", actor="test"))
    assert listed(shop, site="LEEDS") == [first, second]
    assert listed(shop, site="GLASGOW") == []
    assert listed(shop, ["sam@example.org", "buyer"]) == [second]
    assert listed(shop, []) == []
    opened = shop.value("SELECT opened_at FROM exception WHERE id = %(id)s::uuid", id=id_)
    assert listed(shop, opened_before=opened) == [first]
    with shop.store.read() as tx:
        assert owners_open(tx) == ["clerk", "sam@example.org"]


def test_orders_stand_beside_with_their_units_and_address_as_entered(shop: Shop):
    shop.stock("LEEDS", MUG=4)
    number, _ = stopped(shop)
    with shop.store.read() as tx:
        found = orders_beside(tx, [number, "OW-999999"])
    order = found.pop(number)
    assert found == {}
    assert (order.total, order.name, order.units, order.ship_to) == ("15.00", "A. Buyer", [("MUG", 2)], HOME)


def test_an_order_whose_people_were_erased_stands_there_without_them(shop: Shop):
    shop.stock("LEEDS", MUG=4)
    number, _ = stopped(shop)
    with shop.begin() as tx:
        tx.write("UPDATE orders SET form = '{}' WHERE number = %(number)s", number=number)
    with shop.store.read() as tx:
        order = orders_beside(tx, [number])[number]
    assert (order.name, order.email, order.ship_to) == ("", "", None)


def test_half_of_what_was_settled_took_no_longer_than_the_median(shop: Shop):
    shop.stock("LEEDS", MUG=8)
    ids = [stopped(shop)[1] for _ in range(4)]
    for id_, hours in zip(ids[:3], (1, 2, 30), strict=True):
        shop.run(resolve_exceptions, ResolveException(id=id_, resolution="looked_at", release=True, actor="test"))
        with shop.begin() as tx:
            sql = "UPDATE exception SET opened_at = closed_at - %(took)s WHERE id = %(id)s::uuid"
            tx.write(sql, took=timedelta(hours=hours), id=id_)
            now = tx.now
    with shop.store.read() as tx:
        assert causes_since(tx, now - timedelta(days=1)) == [Cause("manual", 1, 3, timedelta(hours=2))]
        assert causes_since(tx, now + timedelta(days=1)) == [Cause("manual", 1, 0, None)]
