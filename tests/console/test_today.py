"""Today: what stands there, who sees it, what lies behind each number, and that it says when something happened."""

import http.client
from datetime import timedelta

import pytest

from orderwright.business.deeds.hold import hold_orders
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.reports.days.telling import tell_all
from orderwright.business.reports.today.beginning import FirstStep, first_steps
from orderwright.business.reports.today.hours import keep_hours
from orderwright.doors.console import live
from orderwright.links.carriers.practice import PracticeCarrier
from tests.console.conftest import Console
from tests.console.test_settings import filled
from tests.floor import Floor


@pytest.fixture
def at_work(console: Console) -> Console:
    """A shop with an order on its way and one on hold."""
    shop = console.shop
    shop.stock("LEEDS", MUG=9)
    floor = Floor(shop.store)
    floor.carrier = PracticeCarrier()
    gone, held = (shop.place({"MUG": 1}).number for _ in range(2))
    floor.shipped(gone)
    shop.run(hold_orders, HoldOrder(number=held, kind="manual", actor="staff:Olivia"))
    with shop.begin() as tx:
        tell_all(tx)
        keep_hours(tx)
    return console


def test_an_owner_begins_at_what_stands_today(at_work: Console):
    seen = at_work.visit(at_work.owner()).get("/")
    assert (seen.status, seen.title) == (200, "Today")
    for words in (
        "Order accuracy", "Time per order", "Target: 99.5%", "1 On hold", "1 On the way", "Stopped by hand",
        "No single stage limits the shop.",
    ):  # fmt: skip
        assert words in seen.words


def test_where_all_has_left_nothing_is_late(console: Console):
    console.shop.stock("LEEDS", MUG=9)
    floor = Floor(console.shop.store)
    floor.carrier = PracticeCarrier()
    floor.shipped(console.shop.place({"MUG": 1}).number)
    words = console.visit(console.owner()).get("/").words
    assert "1 On the way" in words
    assert "Nothing is late" in words


def test_a_picker_begins_on_the_floor_and_who_sees_a_part_of_the_shop_at_the_orders(at_work: Console):
    assert at_work.visit(at_work.person("picker", name="Pia")).get("/").location == "/floor"
    analyst = at_work.visit(at_work.person("analyst", name="Ann", channels=["web"]))
    assert analyst.get("/").location == "/orders"
    assert analyst.get("/today/order_accuracy").status == 404


def test_the_orders_behind_a_number_are_a_click_away(at_work: Console):
    visit = at_work.visit(at_work.owner())
    seen = visit.get("/today/time_per_order")
    assert "OW-000001" in seen.words
    assert "OW-000002" not in seen.words
    assert "None in these weeks" in visit.get("/today/order_accuracy").words
    last_week = at_work.shop.value("SELECT max(day) - 13 AS day FROM report_day")
    assert "OW-000001" not in visit.get(f"/today/time_per_order?week={last_week}").words
    assert visit.get("/today/nothing").status == 404
    assert visit.get("/today/return_rate?after=nonsense").status == 422


def test_htmx_gets_the_live_part_alone(at_work: Console):
    seen = at_work.visit(at_work.owner()).get("/", hx_request="true", hx_target="live")
    assert seen.text.lstrip().startswith('<div id="live"')
    assert "<nav" not in seen.text


def listen(console: Console, token: str, of: str = "") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", console.port, timeout=10)
    path = f"{live.PATH}?of={of or console.shop.store.name}"
    connection.request("GET", path, headers={"cookie": f"orderwright={token}"})
    return connection.getresponse()


def test_a_stream_tells_when_something_happens_and_ends_with_the_session(at_work: Console, monkeypatch):
    monkeypatch.setattr(live, "POLL_S", 0.05)
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.1)
    signed = at_work.owner()
    stream = listen(at_work, signed.token)
    assert (stream.status, stream.getheader("content-type")) == (200, "text/event-stream; charset=utf-8")

    def pulse() -> str:
        while not (line := stream.readline().decode()).startswith("data:"):
            assert line
        return line

    first = pulse()
    at_work.shop.place({"MUG": 1})
    assert pulse() != first
    at_work.shop.run(
        lambda tx, _: [tx.write("UPDATE staff_session SET ends_at = %(at)s", at=tx.now - timedelta(1))], None
    )
    stream.read()  # it comes to an end
    stream.close()


def test_nobody_listens_who_may_not_see_it_or_when_too_many_do(at_work: Console, monkeypatch):
    assert listen(at_work, "nobody").status == 204
    assert listen(at_work, at_work.person("picker", name="Pia").token).status == 204
    monkeypatch.setattr(live, "LISTENERS_MAX", 0)
    assert listen(at_work, at_work.owner().token).status == 204


def test_a_stream_of_another_store_is_not_gone_on_with(at_work: Console):
    assert listen(at_work, at_work.owner().token, of="practice_of_mine").status == 204


def _steps(console: Console) -> list[FirstStep]:
    with console.shop.store.read() as tx:
        return first_steps(tx)


def test_who_begins_is_led_from_step_to_step_until_the_first_order(console: Console):
    owner = console.visit(console.owner())
    seen = owner.get("/")
    assert "Set up your shop" in seen.words
    assert [step.is_done for step in _steps(console)] == [True, True, False, True, False, False]
    assert 'href="/settings/rate-card">Say what carriers' in seen.text
    console.shop.stock("LEEDS", MUG=9)
    card = "/settings/rate-card"
    owner.post(card, filled(owner.get(card)))
    assert [step.name for step in _steps(console) if not step.is_done] == ["orders"]
    console.shop.place({"MUG": 1})
    assert "Set up your shop" not in owner.get("/").words
