"""Tasks of one subject keep their order, and none of them keeps the others from being begun."""

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
