"""Tasks of one subject keep their order, and none of them keeps the others from being begun."""

from contextlib import suppress

from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.database import tasks
from orderwright.values.ids import new_id
from tests.shop import Shop


def claimed(shop: Shop, *names: str) -> list[str]:
    with shop.begin() as tx:
        mine = tasks.claim(tx, names, 10)
        tasks.finish(tx, mine)
    return [each.name for each in mine]


def test_a_task_that_waits_for_another_does_not_keep_it_from_being_chosen(shop: Shop) -> None:
    # Due at the same moment, so whichever name comes first in the alphabet, or in the plan, must not decide.
    for first, second in (("abc", "xyz"), ("xyz", "abc")):
        subject = new_id()
        with shop.begin() as tx:
            tx.enqueue(first, subject)
            tx.enqueue(second, subject)
        assert claimed(shop, "abc", "xyz") == [first]
        assert claimed(shop, "abc", "xyz") == [second]
        assert claimed(shop, "abc", "xyz") == []


def test_no_worker_begins_what_follows_a_deed_before_the_deed_is_committed(shop: Shop) -> None:
    with shop.begin() as tx:
        tx.enqueue("abc", new_id())
        tx.settle()  # as just before the commit
        assert claimed(shop, "abc") == []
    assert claimed(shop, "abc") == ["abc"]


def test_nothing_follows_a_deed_that_was_undone(shop: Shop) -> None:
    with suppress(ZeroDivisionError), shop.begin() as tx:
        place_orders(tx, [PlaceOrder(shop.form({"MUG": 1}), "test", "api")])
        tx.enqueue("abc", new_id())
        tx.settle()
        raise ZeroDivisionError
    assert (claimed(shop, "abc"), shop.counts()["fact"], shop.counts()["orders"]) == ([], 0, 0)
