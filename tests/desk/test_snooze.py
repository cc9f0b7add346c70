"""Exceptions put off: out of the queue, back by themselves, escalated all the same."""

from datetime import datetime, timedelta
from typing import Any

from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.resolve import AssignException, assign_exceptions
from orderwright.business.deeds.snooze import SnoozeException, snooze_exceptions
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.orders.exception_queue import ExceptionQuery, get_exception, list_exceptions
from orderwright.business.orders.exceptions import escalate_due
from tests.shop import Shop


def stopped(shop: Shop) -> str:
    number = str(shop.place({"MUG": 1}).number)
    shop.run(hold_orders, HoldOrder(number=number, kind="fraud", actor="test"))
    sql = "SELECT id::text FROM exception WHERE order_id = %(id)s::uuid"
    return str(shop.value(sql, id=shop.order_id(number)))


def now(shop: Shop) -> datetime:
    with shop.store.read() as tx:
        return tx.now


def later(shop: Shop, **span: int) -> None:
    with shop.begin() as tx:
        tx.write("UPDATE clock SET simulated_at = %(at)s", at=tx.now + timedelta(**span))


def snooze(shop: Shop, id_: str, until: datetime | None) -> Any:
    return shop.run(snooze_exceptions, SnoozeException(id=id_, until=until, actor="staff:Clara"))[0]


def queue(shop: Shop, state: Any = "open") -> list[str]:
    with shop.store.read() as tx:
        return [each.id for each in list_exceptions(tx, ExceptionQuery(state=state)).items]


def test_what_is_put_off_comes_back_by_itself_and_tells_so(shop: Shop):
    id_, other = stopped(shop), stopped(shop)
    until = now(shop) + timedelta(hours=3)
    assert snooze(shop, id_, until).snoozed_by == "staff:Clara"
    assert (queue(shop), queue(shop, "snoozed")) == ([other], [id_])
    later(shop, hours=3, seconds=1)
    assert (queue(shop), queue(shop, "snoozed")) == ([id_, other], [])
    with shop.store.read() as tx:
        assert get_exception(tx, id_).snoozed_until == until


def test_it_is_escalated_when_it_is_due_and_comes_back_with_that(shop: Shop):
    id_ = stopped(shop)
    snooze(shop, id_, now(shop) + timedelta(days=5))
    later(shop, hours=25)
    with shop.begin() as tx:
        assert escalate_due(tx) == 1
    assert queue(shop) == [id_]
    with shop.store.read() as tx:
        shown = get_exception(tx, id_)
    assert (shown.owner, shown.severity) == ("manager", "urgent")


def test_whoever_is_given_it_sees_it(shop: Shop):
    id_ = stopped(shop)
    snooze(shop, id_, now(shop) + timedelta(days=1))
    shop.run(assign_exceptions, AssignException(id=id_, owner="support", actor="test"))
    assert queue(shop) == [id_]


def test_it_is_taken_up_again_before_its_time(shop: Shop):
    id_ = stopped(shop)
    assert snooze(shop, id_, None).repeated
    snooze(shop, id_, now(shop) + timedelta(days=1))
    assert not snooze(shop, id_, None).repeated
    assert queue(shop) == [id_]


def test_a_moment_that_cannot_be_is_refused_and_changes_nothing(shop: Shop):
    id_ = stopped(shop)
    at = now(shop)
    before = shop.counts()
    for until in (at - timedelta(seconds=1), at + timedelta(days=31), datetime(2030, 1, 1)):
        assert snooze(shop, id_, until).code == "snooze_time"
    assert snooze(shop, "0190b1de-0000-7000-8000-000000000000", None).code == "not_found"
    assert (shop.counts(), queue(shop)) == (before, [id_])


def test_putting_off_twice_is_putting_off_once(shop: Shop):
    id_ = stopped(shop)
    until = now(shop) + timedelta(days=1)
    told = [SnoozeException(id=id_, until=until, actor="x")] * 2
    assert [each.repeated for each in shop.run(snooze_exceptions, *told)] == [False, True]
    assert shop.value("SELECT count(*) FROM fact WHERE type = 'exception_snoozed'") == 1
