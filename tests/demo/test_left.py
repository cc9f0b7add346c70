"""What the demo leaves for its visitor: an exception, a pick and a return, whatever was lived through before."""

from collections.abc import Callable

from orderwright.app import wiring
from orderwright.business.deeds.hold import release_holds
from orderwright.business.orders.commands import ReleaseHold
from orderwright.business.truth.check import check_store
from orderwright.database.clock import set_clock
from orderwright.database.store import Store
from orderwright.doors.demo.deliveries import GoodsIn
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.left import Task, leave_work
from orderwright.doors.demo.opening import open_shop
from orderwright.doors.demo.running import Cast
from orderwright.doors.worker.loop import Worker
from tests.demo.tiny import tiny_cast


def left(store: Store, cast: Cast) -> list[Task]:
    house = wiring()
    store.flows = house.flows
    return leave_work(store, cast.goods, Worker(store, house.kinds, []).run_until_idle)


def waiting(store: Store) -> tuple[int, ...]:
    with store.read() as tx:
        return tuple(
            tx.row(
                "SELECT (SELECT count(*) FROM exception WHERE closed_at IS NULL AND kind = 'price')::int AS looked_at,"
                " (SELECT count(*) FROM pick_task WHERE state = 'open' AND batch_id IS NULL)::int AS picks,"
                " (SELECT count(*) FROM return_request WHERE state = 'asked')::int AS returns"
            )
        )


def test_one_of_each_waits_even_where_nothing_was_ever_sent_and_what_was_settled_comes_anew(
    new_store: Callable[[], Store],
) -> None:
    store, cast = new_store(), tiny_cast()
    begin = cast.script.begin
    with store.begin() as tx:
        set_clock(tx, begin)
    open_shop(store, cast.goods, begin)
    GoodsIn(store, cast.buyers, cast.goods, cast.script.window, cast.people).open(begin)
    tasks = left(store, cast)
    assert [each.kind for each in tasks] == ["exception", "pick", "return"]
    assert len({each.order for each in tasks}) == 3
    assert waiting(store) == (1, 1, 1)
    assert left(store, cast) == tasks
    dear = tasks[0].order
    in_parts(store, release_holds, [ReleaseHold(number=dear, kind="price", actor="visitor")], 1)
    again = left(store, cast)
    assert (again[0].order != dear, again[1:]) == (True, tasks[1:])
    assert waiting(store) == (1, 1, 1)
    assert [f"{each.name}: {each.rows}" for each in check_store(store, full=True) if not each.holds] == []
