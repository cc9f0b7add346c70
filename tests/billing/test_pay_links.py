"""Links to pay: one for what is missing, paid once however often it is told, and money that is nobody's goes back."""

from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from orderwright.business.billing.ports import CheckoutRequest
from orderwright.business.billing.rules import PayLinkState, pay_link_state
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.pay import record_payments
from orderwright.business.deeds.paying.checkouts import (
    BeginCheckout,
    CheckoutPaid,
    begin_checkouts,
    key_of,
    record_checkouts,
)
from orderwright.business.deeds.paying.following import FollowPayLinks
from orderwright.business.deeds.paying.links import MakePayLink, WithdrawPayLink, make_pay_links, withdraw_pay_links
from orderwright.business.deeds.paying.showing import PayLink, find_pay_link
from orderwright.business.deeds.quoting import make_quotes, order_quotes
from orderwright.business.deeds.settle import settle_orders
from orderwright.business.orders.commands import CancelOrder, LineUnits
from orderwright.business.orders.form import CustomerForm, PaymentForm
from orderwright.business.quotes.actions import withdraw_quotes
from orderwright.business.quotes.forms import DraftForm, DraftLine, MakeQuote, OrderQuote, WithdrawQuote
from orderwright.doors.worker.kinds import CallKind
from orderwright.links.payments.practice import PracticeGateway
from orderwright.values.ids import new_id
from tests.billing.test_telling_payments import cash_minor, told
from tests.floor import Floor, refused
from tests.shop import HOME


@pytest.fixture
def gateway(tmp_path: Path) -> PracticeGateway:
    return PracticeGateway(tmp_path / "gateway")


def unpaid(floor: Floor, mugs: int = 2) -> str:
    """An order that waits for its money."""
    floor.stock("LEEDS", MUG=9)
    return str(floor.place({"MUG": mugs}, payment=PaymentForm(state="unpaid")).number)


def quoted(floor: Floor, **changes: Any) -> str:
    """A quote over a mug at 7.50, good for a week; its number."""
    floor.stock("LEEDS", MUG=9)
    form = DraftForm(
        channel="web", lines=[DraftLine(sku="MUG")], ship_to=HOME, customer=CustomerForm(email="q@example.org"),
        **changes,
    )  # fmt: skip
    until = (now(floor) + timedelta(days=7)).date()
    return str(floor.one(make_quotes, MakeQuote(id=new_id(), form=form, valid_until=until, actor="ann")).number)


def now(floor: Floor) -> Any:
    with floor.store.read() as tx:
        return tx.now


def later(floor: Floor, span: timedelta) -> None:
    with floor.begin() as tx:
        tx.write("UPDATE clock SET simulated_at = %(at)s", at=tx.now + span)


def make(floor: Floor, **about: Any) -> Any:
    return floor.one(make_pay_links, MakePayLink(actor="ann", **about))


def state(floor: Floor, **about: str) -> str:
    with floor.store.read() as tx:
        found = find_pay_link(tx, **about)
    assert found is not None
    return found.state


def begin(floor: Floor, link: PayLink) -> Any:
    return floor.one(begin_checkouts, BeginCheckout(id=link.id, gateway="practice", actor="customer"))


def paid(link: PayLink, amount_minor: int = 1500, **changes: Any) -> CheckoutPaid:
    given = {"gateway": "practice", "reference": key_of(link.id), "amount_minor": amount_minor, "actor": "customer"}
    return CheckoutPaid(id=link.id, **{**given, **changes})


def follow(floor: Floor, gateway: PracticeGateway) -> int:
    following = FollowPayLinks(gateway)
    return floor.call(CallKind(
        "follow_pay_link", following.start, following.call, following.finish, following.ask, following.give_up
    ))  # fmt: skip


def open_page(floor: Floor, gateway: PracticeGateway, link: PayLink) -> None:
    """The customer goes to the gateway's page."""
    begun = begin(floor, link)
    gateway.open_checkout(CheckoutRequest(begun.key, begun.amount_minor, "GBP", begun.says, "/pay/x", link.expires_at))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "open"),
        ({"missing_minor": 400}, "changed"),
        ({"missing_minor": 0}, "covered"),
        ({"missing_minor": None}, "withdrawn"),
        ({"is_over": True}, "expired"),
        ({"is_over": True, "missing_minor": 0}, "covered"),
        ({"is_over": True, "is_withdrawn": True}, "withdrawn"),
        ({"is_paid": True, "is_withdrawn": True, "is_over": True}, "paid"),
        ({"is_paid": True, "has_order": False}, "returning"),
        ({"is_paid": True, "has_order": False, "is_returned": True}, "returned"),
    ],
)
def test_a_link_is_in_one_state(changes: dict[str, Any], word: str) -> None:
    told: dict[str, Any] = {
        "missing_minor": 500, "is_over": False, "is_withdrawn": False, "is_paid": False, "has_order": True,
        "is_returned": False,
    }  # fmt: skip
    assert pay_link_state(500, **{**told, **changes}) == word
    assert word in get_args(PayLinkState)


def test_a_paid_link_releases_the_order_once_however_often_it_is_told(floor: Floor) -> None:
    number = unpaid(floor)
    link = make(floor, order=number)
    assert (link.state, link.amount, link.order, link.path[:5]) == ("open", "15.00", number, "/pay/")
    assert make(floor, order=number) == PayLink(**{**_fields(link), "repeated": True})
    begin(floor, link)
    answers = floor.run(record_checkouts, paid(link), paid(link)) + floor.run(record_checkouts, paid(link))
    assert [(each.state, each.repeated) for each in answers] == [("paid", False), ("paid", True), ("paid", True)]
    assert floor.state(number) == "allocated"
    assert floor.rows("SELECT gateway, captured_minor FROM payment") == [("practice", 1500)]
    assert cash_minor(floor) == 1500
    assert refused(floor.one(record_checkouts, paid(link, reference="other")))[0] == "payment_differs"
    assert refused(make(floor, order=number)) == ("nothing_to_pay", {})


def _fields(link: PayLink) -> dict[str, Any]:
    return {name: getattr(link, name) for name in link.__struct_fields__}


def test_a_link_for_an_amount_that_changed_takes_no_money_and_is_replaced(floor: Floor) -> None:
    number = unpaid(floor)
    link = make(floor, order=number)
    floor.one(record_payments, told(number, amount="5.00"))
    assert state(floor, order=number) == "changed"
    assert refused(begin(floor, link)) == (
        "pay_link_changed", {"asked": "15.00", "missing": "10.00", "currency": "GBP"},
    )  # fmt: skip
    new = make(floor, order=number)
    assert (new.amount, new.repeated) == ("10.00", False)
    assert refused(begin(floor, link)) == ("pay_link_step", {"state": "withdrawn"})
    floor.one(record_checkouts, paid(new, 1000))
    assert floor.state(number) == "allocated"


def test_what_is_cancelled_of_an_order_is_not_asked_for(floor: Floor) -> None:
    number = unpaid(floor)
    floor.one(
        cancel_orders, CancelOrder(number=number, reason="x", actor="t", lines=[LineUnits(position=1, quantity=1)])
    )
    link = make(floor, order=number)
    assert link.amount == "7.50"
    floor.one(record_checkouts, paid(link, 750))
    assert (floor.state(number), state(floor, order=number)) == ("allocated", "paid")


def test_links_that_are_over_or_taken_back_say_so(floor: Floor) -> None:
    number = unpaid(floor)
    link = make(floor, order=number, days=2)
    later(floor, timedelta(days=2))
    assert refused(begin(floor, link)) == ("pay_link_step", {"state": "expired"})
    new = make(floor, order=number)
    withdraw = WithdrawPayLink(id=new.id, actor="ann")
    gone, again = floor.run(withdraw_pay_links, withdraw, withdraw)
    assert (gone.state, refused(again)) == ("withdrawn", ("pay_link_step", {"state": "withdrawn"}))
    assert refused(begin(floor, new)) == ("pay_link_step", {"state": "withdrawn"})
    assert refused(floor.one(withdraw_pay_links, WithdrawPayLink(id="x", actor="ann")))[0] == "not_found"
    assert refused(make(floor, order="OW-0"))[0] == "not_found"


def test_money_of_a_link_that_was_taken_back_counts_and_what_is_too_much_goes_back(floor: Floor) -> None:
    number = unpaid(floor)
    link = make(floor, order=number)
    begin(floor, link)
    floor.one(cancel_orders, CancelOrder(number=number, reason="x", actor="test"))
    floor.one(withdraw_pay_links, WithdrawPayLink(id=link.id, actor="ann"))
    assert floor.one(record_checkouts, paid(link)).state == "paid"
    with floor.begin() as tx:
        settle_orders(tx, [floor.order_id(number)])
    assert floor.rows("SELECT kind, amount_minor FROM intent") == [("refund", 1500)]


def test_a_quote_that_is_paid_becomes_its_order_once(floor: Floor) -> None:
    quote = quoted(floor)
    link = make(floor, quote=quote)
    begin(floor, link)
    answers = [floor.one(record_checkouts, paid(link, 750)) for _ in range(2)]
    assert [(each.state, each.repeated) for each in answers] == [("paid", False), ("paid", True)]
    number = answers[0].order
    assert (floor.state(number), floor.value("SELECT count(*) FROM orders")) == ("allocated", 1)
    assert floor.one(order_quotes, OrderQuote(number=quote, actor="ann")).repeated
    assert refused(make(floor, quote=quote)) == ("quote_step", {"number": quote, "state": "ordered"})


def test_a_quote_ordered_by_a_clerk_meanwhile_is_paid_as_that_order(floor: Floor) -> None:
    quote = quoted(floor)
    link = make(floor, quote=quote)
    begin(floor, link)
    number = floor.one(order_quotes, OrderQuote(number=quote, anyway=True, actor="ann")).number
    assert floor.one(record_checkouts, paid(link, 750)).order == number
    assert floor.value("SELECT count(*) FROM orders") == 1
    assert floor.state(number) == "allocated"


def test_a_quote_paid_in_time_and_told_late_is_ordered_all_the_same(floor: Floor) -> None:
    quote = quoted(floor)
    link = make(floor, quote=quote, days=90)
    assert link.expires_at < now(floor) + timedelta(days=9)
    begin(floor, link)
    later(floor, timedelta(days=9))
    assert state(floor, quote=quote) == "expired"
    assert floor.one(record_checkouts, paid(link, 750)).state == "paid"


def test_what_was_paid_for_a_quote_that_is_gone_goes_back_once(floor: Floor, gateway: PracticeGateway) -> None:
    quote = quoted(floor)
    link = make(floor, quote=quote)
    open_page(floor, gateway, link)
    floor.one(withdraw_quotes, WithdrawQuote(number=quote, actor="ann"))
    gateway.pay(key_of(link.id))
    later(floor, timedelta(minutes=1))
    assert follow(floor, gateway) == 1  # sees that it was paid
    assert (state(floor, quote=quote), floor.value("SELECT count(*) FROM orders")) == ("returning", 0)
    assert follow(floor, gateway) == 1  # gives it back
    assert (state(floor, quote=quote), gateway.total_minor("refund")) == ("returned", 750)
    assert follow(floor, gateway) == 0
    assert cash_minor(floor) == 0


def test_a_customer_who_pays_and_never_comes_back_is_noticed(floor: Floor, gateway: PracticeGateway) -> None:
    number = unpaid(floor)
    link = make(floor, order=number)
    open_page(floor, gateway, link)
    assert follow(floor, gateway) == 0  # not yet
    later(floor, timedelta(minutes=1))
    assert follow(floor, gateway) == 1
    assert state(floor, order=number) == "open"
    gateway.pay(key_of(link.id))
    later(floor, timedelta(minutes=1))
    assert follow(floor, gateway) == 1
    assert (state(floor, order=number), floor.state(number)) == ("paid", "allocated")


def test_nobody_asks_for_ever(floor: Floor, gateway: PracticeGateway) -> None:
    link = make(floor, order=unpaid(floor), days=1)
    open_page(floor, gateway, link)
    later(floor, timedelta(days=2))
    assert follow(floor, gateway) == 1
    assert floor.value("SELECT count(*) FROM task WHERE name = 'follow_pay_link' AND state = 'open'") == 0


def test_a_quote_that_says_it_was_paid_needs_no_link(floor: Floor) -> None:
    quote = quoted(floor, payment="paid", payment_reference="pi_9")
    assert refused(make(floor, quote=quote)) == ("nothing_to_pay", {})
