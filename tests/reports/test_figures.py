"""The key figures: each moves when what it counts happens, and only then."""

from datetime import timedelta

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.take_back import receive_returns
from orderwright.business.orders.form import PaymentForm
from orderwright.business.reports.figures import Figure, Span, figures
from orderwright.business.reports.order_rows import JUDGED_AFTER
from orderwright.business.returns.forms import AskedLine, AskReturn, ReceiveReturn
from tests.shop import Shop
from tests.stories.test_order_to_cash import Floor, floor  # noqa: F401 - a fixture


def told(shop: Shop) -> dict[str, Figure]:
    with shop.store.read() as tx:
        span = Span(tx.now - timedelta(days=60), tx.now + timedelta(days=1))
        return {each.name: each for each in figures(tx, span)}


def test_an_empty_store_has_nothing_to_judge(shop: Shop) -> None:
    found = told(shop)
    assert found["orders_in"].value == 0
    assert found["order_accuracy"].value is None
    assert found["oversold_units"].value == 0
    assert all(each.says for each in found.values())


def test_an_orders_way_through_the_figures(shop: Shop, floor: Floor) -> None:  # noqa: F811
    shop.stock("LEEDS", MUG=5)
    whole = shop.place({"MUG": 2}).number
    shop.place({"MUG": 5})  # 3 of them are there
    shop.place({"MUG": 1}, payment=PaymentForm(state="unpaid"))
    found = told(shop)
    assert (found["orders_in"].value, found["backordered"].value, found["held"].parts) == (3, 2, {"payment": 1})
    assert (found["fill_rate"].good, found["fill_rate"].judged, found["fill_rate"].value) == (5, 8, 625)
    assert found["oversold_units"].parts == {"made_to_wait": 3, "orders_made_to_wait": 2}
    assert found["shipped_on_time"].pending == 1
    floor.ship()
    found = told(shop)
    assert (found["shipped_on_time"].good, found["shipped_on_time"].judged) == (1, 1)
    for _ in range(8):
        floor.pass_time(days=1)
    found = told(shop)
    assert shop.state(whole) == "delivered"
    assert (found["order_accuracy"].value, found["order_accuracy"].pending) == (None, 1)
    floor.pass_time(days=JUDGED_AFTER.days)
    found = told(shop)
    assert (found["order_accuracy"].value, found["perfect_orders"].value) == (1000, 1000)


def test_a_wrong_item_spoils_accuracy_and_a_change_of_mind_does_not(shop: Shop, floor: Floor) -> None:  # noqa: F811
    shop.stock("LEEDS", MUG=5)
    numbers = [shop.place({"MUG": 1}).number for _ in range(2)]
    floor.ship()
    for _ in range(8):
        floor.pass_time(days=1)
    for number, reason in zip(numbers, ("wrong_item", "unwanted"), strict=True):
        line = AskedLine(position=1, quantity=1, reason=reason)  # type: ignore[arg-type]
        [asked] = shop.run(ask_returns, AskReturn(number=number, lines=[line], actor="sue"))
        shop.run(receive_returns, ReceiveReturn(return_id=asked.id, actor="rita"))
    floor.pass_time(days=JUDGED_AFTER.days)
    found = told(shop)
    assert (found["order_accuracy"].good, found["order_accuracy"].judged) == (1, 2)
    assert found["return_rate"].parts == {"unwanted": 1, "wrong_item": 1}
