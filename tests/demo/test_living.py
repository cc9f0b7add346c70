"""A demo that goes on by itself: orders come again, people work, and all of it waits when somebody says so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from orderwright.app import wiring
from orderwright.business.deeds.place import place_orders
from orderwright.business.truth.check import check_store
from orderwright.database.clock import set_clock
from orderwright.database.invented import Mark, find_mark, mark_invented, set_pace, set_paused
from orderwright.database.store import Store
from orderwright.doors.demo.deliveries import GoodsIn
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.left import leave_work
from orderwright.doors.demo.living import Living
from orderwright.doors.demo.opening import open_shop
from orderwright.doors.worker.loop import Worker
from tests.demo.tiny import tiny_cast

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BEAT = timedelta(seconds=5)


def stages(store: Store) -> tuple[int, int, int]:
    """Live orders that came, parcels packed, parcels that left."""
    with store.read() as tx:
        return tuple(tx.row(
            "SELECT (SELECT count(*) FROM orders WHERE reference LIKE 'LIVE-%%')::int AS came,"
            " (SELECT count(*) FROM parcel)::int AS packed,"
            " (SELECT count(*) FROM parcel WHERE shipped_at IS NOT NULL)::int AS gone"
        ))  # fmt: skip


def test_a_living_shop_goes_on_waits_and_goes_on_and_leaves_the_visitors_order_alone(
    new_store: Callable[[], Store],
) -> None:
    store, cast, house = new_store(), tiny_cast(), wiring()
    store.flows = house.flows
    with store.begin() as tx:
        set_clock(tx, NOON)
    open_shop(store, cast.goods, NOON)
    GoodsIn(store, cast.buyers, cast.goods, cast.script.window, cast.people).open(cast.script.begin)
    in_parts(store, place_orders, cast.script.arrivals[:4], 4)
    worker = Worker(store, house.kinds, house.timetable)
    (waiting, *_) = leave_work(store, cast.goods, worker.run_until_idle)
    living, now = Living(store), NOON
    assert not living.beat(BEAT), "nobody said that it goes on"
    with store.begin() as tx:
        mark_invented(tx, Mark("practice", "main", "01900000-0000-7000-8000-000000000001"))
        assert find_mark(tx) == Mark("demo"), "a store keeps its first mark"
        set_pace(tx, 30)

    def go_on(beats: int) -> None:
        nonlocal now
        for _ in range(beats):
            now += timedelta(minutes=1)
            with store.begin() as tx:
                set_clock(tx, now)
            living.beat(BEAT)
            worker.run_until_idle()

    go_on(12)
    came, packed, gone = stages(store)
    assert came > 0
    assert packed > 1
    assert gone > 1
    with store.begin() as tx:
        set_paused(tx, is_paused=True)
    go_on(3)
    assert stages(store) == (came, packed, gone)
    with store.begin() as tx:
        set_paused(tx, is_paused=False)
    Living(store).beat(timedelta(days=3))  # after a kill, and long asleep
    assert stages(store)[0] - came <= 1
    with store.read() as tx:
        mine = tx.row(
            "SELECT count(*)::int AS n FROM exception e JOIN orders o ON o.id = e.order_id"
            " WHERE o.number = %(number)s AND e.closed_at IS NULL", number=waiting.order,
        )  # fmt: skip
    assert mine.n == 1
    assert [f"{each.name}: {each.rows}" for each in check_store(store, full=True) if not each.holds] == []
