"""The same order through two doors, or two workers, in the same moment: one order, one effect."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from orderwright.business.deeds.inbox.reading import read_inbox
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.orders.form import CustomerForm
from orderwright.database import tasks
from orderwright.doors.worker.attempts import in_tx
from tests.inbox.channel import Web
from tests.meeting import while_open


def both(*acts: Callable[[], Any]) -> list[Any]:
    """Do things at the same moment, each in a thread of its own."""
    gate = threading.Barrier(len(acts))
    results: dict[int, Any] = {}

    def run(n: int, act: Callable[[], Any]) -> None:
        gate.wait()
        results[n] = act()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[n] for n in range(len(acts))]


def test_two_workers_never_read_one_object_at_once(web: Web) -> None:
    # Edge case 5: two messages of one order; the second task is not to be had while the first is at work.
    web.floor.stock("LEEDS", MUG=9)
    form = web.order({"MUG": 2})
    web.send("order.created", form)
    web.send("order.updated", web.sell(form, {"MUG": 3}))
    with web.floor.begin() as one:
        mine = tasks.claim(one, ["read_inbox"], 100)
    with web.floor.begin() as two:
        assert tasks.claim(two, ["read_inbox"], 100) == []
    with web.floor.begin() as one:
        read_inbox(one, mine)
        tasks.finish(one, mine)
    assert [effects for _, _, effects in web.outcomes()] == [1, 1]
    assert web.read() == 1  # it finds nothing left to do
    assert (web.effects(), web.floor.units(web.number())) == (2, [("MUG", {"allocated": 3})])


def test_workers_in_the_same_millisecond_make_one_order(web: Web) -> None:
    # Edge case 5, by force: the claims are bypassed and two transactions read the same object together.
    # Of a buyer nobody could recognise: a new customer's row would keep all but one away.
    web.floor.stock("LEEDS", MUG=9)
    form = web.order({"MUG": 2}, customer=CustomerForm(name="A. Buyer"))
    web.send("order.created", form)
    with web.floor.begin() as tx:
        claimed = tasks.claim(tx, ["read_inbox"], 100)
    store = web.floor.store
    both(*[lambda: in_tx(store, lambda tx: read_inbox(tx, claimed)) for _ in range(3)])
    assert (web.floor.counts()["orders"], web.floor.free("MUG", "LEEDS")) == (1, 7)
    assert web.floor.facts(web.row().id) == ["order_placed"]


def test_poll_and_webhook_bring_the_same_order_once(web: Web) -> None:
    # Edge case 6: what is read is not yet committed while the poll brings it, and the other way round. Of a buyer
    # nobody could recognise, as above.
    web.floor.stock("LEEDS", MUG=9)
    with ThreadPoolExecutor() as beside:
        form = web.order({"MUG": 1}, customer=CustomerForm(name="A. Buyer"))
        web.send("order.created", form)
        polled, _ = while_open(
            web.floor,
            lambda tx: place_orders(tx, [PlaceOrder(form, "poll", "channel")]),
            lambda _: beside.submit(web.read_with_retries),
        )
    assert (web.floor.counts()["orders"], web.floor.state(polled[0].number)) == (1, "allocated")
    form = web.order({"MUG": 1}, customer=CustomerForm(name="A. Buyer"))
    web.send("order.created", form)
    _, [answer] = while_open(
        web.floor,
        web.read_in,
        lambda writer: writer.submit(place_orders, [PlaceOrder(form, "poll", "channel")]),
    )
    assert (web.floor.counts()["orders"], answer.repeated, web.floor.state(answer.number)) == (2, True, "allocated")
    assert web.floor.free("MUG", "LEEDS") == 7
