"""The story of the sale: both ways told of the same orders, ours from the store's facts, and the books agree."""

import io
from collections.abc import Callable

from rich.console import Console

from orderwright.app import wiring
from orderwright.database.store import Store
from orderwright.doors.demo.draws import Draws
from orderwright.doors.demo.story.days import DAYS, ORDERS_A_DAY, orders_of
from orderwright.doors.demo.story.paper import LEAST_S, MOST_S, on_paper
from orderwright.doors.demo.story.sale import live_through
from orderwright.doors.demo.story.telling import tell_story

DRAWS = Draws(1)


def test_on_paper_two_people_send_what_a_day_takes_and_no_more() -> None:
    told = [on_paper(day, orders_of(day, DRAWS), DRAWS) for day in DAYS]
    assert [each.orders for each in told] == [ORDERS_A_DAY * day.times for day in DAYS]
    most = 2 * (DAYS[0].ends_s - DAYS[0].begins_s) // LEAST_S
    assert all(each.shipped <= most for each in told)
    assert told[0].left == 0
    assert told[2].left > told[2].shipped
    assert all(LEAST_S / 60 <= (each.minutes_each or 0) <= 1.5 * MOST_S / 60 for each in told)
    assert told[2] == on_paper(DAYS[2], orders_of(DAYS[2], Draws(1)), Draws(1))


def test_the_sale_is_measured_from_the_stores_facts_and_the_books_agree(new_store: Callable[[], Store]) -> None:
    store, house = new_store(), wiring()
    store.flows = house.flows
    sale = live_through(store, house, DRAWS, a_day=3, of=DAYS[2:])
    assert sale.check == []
    busy = sale.days[0].ours
    assert busy.orders == 30
    assert busy.shipped + busy.left + busy.cancelled >= busy.orders
    assert busy.cancelled > 0
    assert busy.sent_though_cancelled == 0
    assert busy.late > 0, "the carrier was slow"
    assert set(busy.steps) <= {"pick", "pack", "desk", "ship", "load"}, (
        "the house's and the customers' acts are no hands'"
    )
    assert 0 < (busy.minutes_each or 0) < 15
    page = io.StringIO()
    tell_story(Console(file=page, width=80), sale)
    assert max(map(len, page.getvalue().splitlines())) <= 80
    assert f"All {sale.invariants} invariants hold" in page.getvalue()
