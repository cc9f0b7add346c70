"""Following a link at its gateway: an outage ends nothing, what came in is what goes back, and a no is seen."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orderwright.business.billing.ports import CheckoutSeen
from orderwright.business.deeds.pay import record_payments
from orderwright.business.deeds.paying.checkouts import key_of, record_checkouts
from orderwright.business.deeds.paying.following import FollowPayLinks
from orderwright.business.deeds.paying.giving_back import GiveBack, give_links_back
from orderwright.business.deeds.paying.showing import FOLLOW, PayLink, find_pay_link
from orderwright.business.quotes.actions import withdraw_quotes
from orderwright.business.quotes.forms import WithdrawQuote
from orderwright.database.task_list import RetryTask, retry_tasks
from orderwright.database.tasks import sweep_lapsed
from orderwright.doors.figures import Figures
from orderwright.doors.worker.calls import Calls
from orderwright.doors.worker.kinds import CallKind
from orderwright.links.payments.practice import PracticeGateway
from tests.billing.test_pay_links import begin, follow, later, make, open_page, paid, quoted, state, unpaid
from tests.billing.test_telling_payments import told
from tests.floor import Floor, refused

OPEN_TASKS = "SELECT count(*) FROM task WHERE name = 'follow_pay_link' AND state = 'open'"
DEAD_TASKS = "SELECT count(*) FROM task WHERE name = 'follow_pay_link' AND state = 'dead'"


class Away(PracticeGateway):
    """It does not answer."""

    def look_at_checkout(self, key: str) -> CheckoutSeen | None:
        raise ConnectionError("no route")


@pytest.fixture
def gateway(tmp_path: Path) -> PracticeGateway:
    return PracticeGateway(tmp_path / "gateway")


def work(floor: Floor, gateway: PracticeGateway, minutes: int) -> None:
    """The worker looks every five minutes: at what is due, and at calls of which nobody knows what became of them."""
    following = FollowPayLinks(gateway)
    kind = CallKind(
        FOLLOW, following.start, following.call, following.finish, following.ask, following.give_up
    )  # fmt: skip
    for _ in range(0, minutes, 5):
        later(floor, timedelta(minutes=5))
        follow(floor, gateway)
        with floor.begin() as tx:
            sweep_lapsed(tx)
        Calls(floor.store, Figures()).settle_unknown({FOLLOW: kind})


def test_an_outage_of_the_gateway_does_not_end_the_following_of_a_link(floor: Floor, tmp_path: Path) -> None:
    gateway = PracticeGateway(tmp_path / "gateway")
    number = unpaid(floor)
    link = make(floor, order=number)
    open_page(floor, gateway, link)
    work(floor, Away(tmp_path / "gateway"), 120)
    gateway.pay(key_of(link.id))
    work(floor, gateway, 40)
    assert (state(floor, order=number), floor.state(number)) == ("paid", "allocated")
    assert (floor.value(OPEN_TASKS), floor.value(DEAD_TASKS)) == (0, 0)


def test_a_gateway_that_is_away_until_the_end_is_somebodys_business(floor: Floor, tmp_path: Path) -> None:
    gateway = PracticeGateway(tmp_path / "gateway")
    link = make(floor, order=unpaid(floor), days=1)
    open_page(floor, gateway, link)
    later(floor, timedelta(hours=26))
    work(floor, Away(tmp_path / "gateway"), 120)
    assert (floor.value(OPEN_TASKS), floor.value(DEAD_TASKS)) == (0, 1)


def test_a_payment_that_is_another_orders_makes_no_order_of_a_quote(floor: Floor) -> None:
    other = unpaid(floor)
    floor.one(record_payments, told(other, gateway="practice", reference="pi_7"))
    quote = quoted(floor)
    link = make(floor, quote=quote)
    begin(floor, link)
    assert refused(floor.one(record_checkouts, paid(link, 750, reference="pi_7")))[0] == "payment_differs"
    assert (floor.value("SELECT count(*) FROM orders"), state(floor, quote=quote)) == (1, "open")


def test_one_payment_told_for_two_links_counts_for_the_first(floor: Floor) -> None:
    first, second = make(floor, quote=quoted(floor)), make(floor, quote=quoted(floor))
    begin(floor, first)
    begin(floor, second)
    answers = floor.run(record_checkouts, *[paid(each, 750, reference="pi_7") for each in (first, second)])
    assert (answers[0].state, refused(answers[1])[0]) == ("paid", "payment_differs")
    assert floor.value("SELECT count(*) FROM orders") == 1


def gone_and_paid(floor: Floor, gateway: PracticeGateway) -> tuple[str, PayLink]:
    """A quote that was withdrawn while its customer paid, and its link."""
    quote = quoted(floor)
    link = make(floor, quote=quote)
    open_page(floor, gateway, link)
    floor.one(withdraw_quotes, WithdrawQuote(number=quote, actor="ann"))
    gateway.pay(key_of(link.id))
    return quote, link


def shown(floor: Floor, quote: str) -> PayLink:
    with floor.store.read() as tx:
        found = find_pay_link(tx, quote=quote)
    assert found is not None
    return found


def give_back(floor: Floor, link: PayLink) -> Any:
    return floor.one(give_links_back, GiveBack(id=link.id, actor="staff:ann"))


def test_what_came_in_goes_back_not_what_was_asked_for(floor: Floor, gateway: PracticeGateway) -> None:
    quote = quoted(floor)
    link = make(floor, quote=quote)
    begin(floor, link)
    floor.one(withdraw_quotes, WithdrawQuote(number=quote, actor="ann"))
    answer = floor.one(record_checkouts, paid(link, 700))
    assert (answer.state, answer.amount, answer.paid) == ("returning", "7.50", "7.00")
    work(floor, gateway, 5)
    assert (state(floor, quote=quote), gateway.total_minor("refund")) == ("returned", 700)


def test_a_gateway_that_gives_nothing_back_is_seen_by_somebody_who_does(floor: Floor, tmp_path: Path) -> None:
    gateway = PracticeGateway(tmp_path / "gateway", lambda request: "decline")
    quote, link = gone_and_paid(floor, gateway)
    work(floor, gateway, 15)
    assert refused(give_back(floor, link)) == ("pay_link_step", {"state": "returning"})  # it is being asked
    work(floor, gateway, 60)
    assert (floor.value(OPEN_TASKS), floor.value(DEAD_TASKS)) == (0, 1)
    stuck = shown(floor, quote)
    assert (stuck.state, stuck.trouble) == ("returning", "the gateway gives nothing back: declined")
    given = give_back(floor, link)
    assert (given.state, given.trouble, given.returned_by) == ("returned", "", "staff:ann")
    assert refused(give_back(floor, link)) == ("pay_link_step", {"state": "returned"})
    work(floor, gateway, 5)
    assert (floor.value(OPEN_TASKS), floor.value(DEAD_TASKS)) == (0, 0)
    assert (gateway.total_minor("refund"), floor.broken()) == (0, [])


def test_what_somebody_has_tried_again_is_not_given_back_beside_it(floor: Floor, tmp_path: Path) -> None:
    gateway = PracticeGateway(tmp_path / "gateway", lambda request: "decline")
    _quote, link = gone_and_paid(floor, gateway)
    work(floor, gateway, 60)
    task = floor.value("SELECT id::text FROM task WHERE name = 'follow_pay_link' AND state = 'dead'")
    floor.one(retry_tasks, RetryTask(id=task, actor="olivia"))
    assert refused(give_back(floor, link)) == ("pay_link_step", {"state": "returning"})


def test_nothing_else_is_given_back_by_hand(floor: Floor) -> None:
    link = make(floor, order=unpaid(floor))
    assert refused(give_back(floor, link)) == ("pay_link_step", {"state": "open"})
    assert refused(floor.one(give_links_back, GiveBack(id="x", actor="ann")))[0] == "not_found"
