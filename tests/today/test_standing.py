"""Today: where the work stands, what is late, the four numbers and the orders behind them."""

from datetime import timedelta

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.take_back import receive_returns
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.reports.days.telling import tell_all
from orderwright.business.reports.figures import JUDGED_AFTER
from orderwright.business.reports.today.behind import orders_behind
from orderwright.business.reports.today.hours import Hour, hours_kept, keep_hours, limiting
from orderwright.business.reports.today.numbers import four_numbers
from orderwright.business.reports.today.standing import exceptions_now, lateness, pulse_of, stages_now
from orderwright.business.returns.forms import AskedLine, AskReturn, ReceiveReturn
from tests.shop import Shop
from tests.stories.test_order_to_cash import Floor, floor  # noqa: F401 - a fixture


def waiting(shop: Shop) -> dict[str, int]:
    with shop.store.read() as tx:
        return {each.stage: each.waiting for each in stages_now(tx) if each.waiting}


def test_work_is_counted_where_it_stands(shop: Shop, floor: Floor) -> None:  # noqa: F811
    shop.stock("LEEDS", MUG=5)
    assert waiting(shop) == {}
    shop.place({"MUG": 2})
    shop.place({"MUG": 9})
    held = shop.place({"MUG": 1}).number
    shop.run(hold_orders, HoldOrder(number=held, kind="manual", actor="staff:Olivia"))
    assert waiting(shop) == {"held": 1, "waiting": 1, "planned": 2}
    with shop.store.read() as tx:
        [kind] = exceptions_now(tx)
    assert (kind.kind, kind.open, kind.overdue) == ("manual", 1, 0)


def test_parcels_are_on_the_way_until_they_are_delivered(shop: Shop, floor: Floor) -> None:  # noqa: F811
    shop.stock("LEEDS", MUG=5)
    shop.place({"MUG": 2})
    floor.ship()
    assert waiting(shop) == {"on_the_way": 1}
    for _ in range(8):
        floor.pass_time(days=1)
    assert waiting(shop) == {}


def test_what_should_have_left_is_late_and_what_is_held_will_be(shop: Shop, floor: Floor) -> None:  # noqa: F811
    shop.stock("LEEDS", MUG=5)
    first, held = (shop.place({"MUG": 1}).number for _ in range(2))
    shop.run(hold_orders, HoldOrder(number=held, kind="manual", actor="staff:Olivia"))
    due = shop.value("SELECT min(ship_by) FROM fulfilment")
    with shop.store.read() as tx:
        now = tx.now
    floor.pass_time(minutes=int((due - now).total_seconds() // 60) - 60)
    with shop.store.read() as tx:
        found = lateness(tx)
    assert (found.over, found.soon, [(each.number, each.why) for each in found.works]) == (
        0,
        {"held": 1},
        [(held, "held")],
    )
    floor.pass_time(hours=2)
    with shop.store.read() as tx:
        found = lateness(tx)
    assert (found.over, found.soon) == (2, {})
    assert {(each.number, each.why) for each in found.works} == {(first, "over"), (held, "stopped")}


def test_the_pulse_changes_when_something_happens(shop: Shop) -> None:
    def pulse() -> str:
        with shop.store.read() as tx:
            return pulse_of(tx)

    shop.stock("LEEDS", MUG=5)
    assert pulse() == pulse() == ""
    shop.place({"MUG": 1})
    first = pulse()
    shop.place({"MUG": 1})
    assert "" != first != pulse()


def test_the_four_numbers_and_the_orders_behind_them(shop: Shop, floor: Floor) -> None:  # noqa: F811
    shop.stock("LEEDS", MUG=5)
    wrong, unwanted, fine = (shop.place({"MUG": 1}).number for _ in range(3))
    floor.ship()
    for _ in range(8):
        floor.pass_time(days=1)
    for number, reason in ((wrong, "wrong_item"), (unwanted, "unwanted")):
        line = AskedLine(position=1, quantity=1, reason=reason)  # type: ignore[arg-type]
        [asked] = shop.run(ask_returns, AskReturn(number=number, lines=[line], actor="sue"))
        shop.run(receive_returns, ReceiveReturn(return_id=asked.id, actor="rita"))
    floor.pass_time(days=JUDGED_AFTER.days)
    with shop.begin() as tx:
        assert four_numbers(tx).told_at is None
        tell_all(tx)
        numbers = {each.name: each for each in four_numbers(tx).each}
        accuracy, returned = numbers["order_accuracy"], numbers["return_rate"]
        assert (accuracy.value, accuracy.counted, accuracy.judged, accuracy.is_met) == (666, 2, 3, False)
        assert (returned.value, returned.parts) == (666, [("unwanted", 1), ("wrong_item", 1)])
        assert numbers["time_per_order"].judged == 0
        assert [week.value for week in accuracy.weeks if week.value is not None] == [666]
        span = (tx.now - timedelta(days=28), tx.now)

        def behind(name, spoiling=True, after=None):
            return orders_behind(tx, name, *span, only_spoiling=spoiling, after=after)

        assert [(row.number, row.spoils) for row in behind("order_accuracy").rows] == [(wrong, ["wrong"])]
        assert {row.number for row in behind("order_accuracy", spoiling=False).rows} == {wrong, unwanted, fine}
        assert [row.number for row in behind("perfect_orders").rows] == [wrong]
        assert {(row.number, row.units) for row in behind("return_rate").rows} == {(wrong, 1), (unwanted, 1)}
        assert len([row for row in behind("time_per_order").rows if row.minutes is not None]) == 3
        assert behind("order_accuracy").next is None


def test_pages_behind_a_number_go_on_where_they_ended(shop: Shop, floor: Floor, monkeypatch) -> None:  # noqa: F811
    shop.stock("LEEDS", MUG=5)
    numbers = [shop.place({"MUG": 1}).number for _ in range(5)]
    floor.ship()
    monkeypatch.setattr("orderwright.business.reports.today.behind.LOOKED_AT_MAX", 2)
    with shop.store.read() as tx:
        found, after, pages = [], None, 0
        while pages == 0 or after is not None:
            page = orders_behind(
                tx, "time_per_order", tx.now - timedelta(days=1), tx.now + timedelta(days=1), only_spoiling=False,
                after=after,
            )  # fmt: skip
            found += [row.number for row in page.rows]
            after, pages = page.next, pages + 1
    assert sorted(found) == sorted(numbers)
    assert (len(found), pages) == (5, 3)


def test_hours_are_kept_once_they_are_over_and_tell_what_limits(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=50)
    shop.place({"MUG": 1})
    with shop.begin() as tx:
        keep_hours(tx)
        keep_hours(tx)
    with shop.store.read() as tx:
        kept = hours_kept(tx)
        assert {(each.stage, each.queue) for each in kept if each.queue} == {("release", 1)}
        hours = sorted({each.hour for each in kept})
        growing = [
            Hour(hour, stage, 50, 10 + 20 * n if stage == "pack" else 5)
            for n, hour in enumerate(hours[-9:])
            for stage in ("desk", "release", "pick", "pack", "label", "hand_over")
        ]
        found = limiting(growing, tx.now)
        assert found is not None
        assert (found.stage, found.hours, found.done, found.arrived) == ("pack", 8, 400, 540)
        assert limiting(growing, tx.now + timedelta(hours=3)) is None
