"""Money told to us: each reference once, and what was authorised is booked when it is paid."""

from pathlib import Path
from typing import Any

import pytest

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.invoice import issue_invoices
from orderwright.business.deeds.pay import PaymentRecorded, RecordPayment, record_payments
from orderwright.business.deeds.settle import PaymentCalls, settle_orders
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.orders.form import PaymentForm
from orderwright.database.task_list import RetryTask, retry_tasks
from orderwright.database.tasks import Task
from orderwright.doors.worker.kinds import CallKind
from orderwright.links.payments.practice import PracticeGateway
from orderwright.values.refusal import Refusal
from tests.billing.test_settling import call, money_of
from tests.floor import Floor, refused
from tests.shop import Shop
from tests.warehouse.test_set_based import watched


def told(number: str, state: Any = "paid", **changes: Any) -> RecordPayment:
    given = {"amount": "15.00", "gateway": "stripe", "reference": "pi_1", "actor": "test", **changes}
    return RecordPayment(number=number, state=state, **given)


def authorised(shop: Shop) -> str:
    """An order of 15.00, authorised as pi_1."""
    shop.stock("LEEDS", MUG=5)
    payment = PaymentForm(state="authorised", gateway="stripe", reference="pi_1")
    return str(shop.place({"MUG": 2}, payment=payment).number)


def cash_minor(shop: Shop) -> int:
    return int(shop.value("SELECT coalesce(sum(amount_minor), 0) FROM ledger_entry WHERE account = 'cash'"))


def test_a_reference_is_looked_up_without_reading_all_payments(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    with watched(monkeypatch) as seen:
        number = authorised(floor)
        [recorded] = floor.run(record_payments, told(number))
    assert isinstance(recorded, PaymentRecorded)
    assert seen.read_through == []


def test_what_was_authorised_is_booked_when_it_is_told_as_paid(floor: Floor) -> None:
    number = authorised(floor)
    assert floor.one(record_payments, told(number)) == PaymentRecorded(number, "15.00", "0.00")
    assert (money_of(floor), cash_minor(floor)) == ([("captured", 1500, 0, 0)], 1500)
    before = floor.counts()
    for state in ("paid", "authorised"):
        assert floor.one(record_payments, told(number, state)) == PaymentRecorded(number, "15.00", "0.00", True)
    assert (floor.counts(), cash_minor(floor)) == (before, 1500)


def test_what_came_in_is_not_captured_once_more_when_the_parcel_leaves(floor: Floor) -> None:
    number = authorised(floor)
    floor.one(record_payments, told(number))
    floor.shipped(number)
    with floor.begin() as tx:
        settle_orders(tx, [floor.order_id(number)])
    assert floor.rows("SELECT kind FROM intent WHERE kind = 'capture'") == []
    assert money_of(floor) == [("captured", 1500, 0, 0)]


@pytest.mark.parametrize("states", [("authorised", "paid"), ("paid", "authorised"), ("authorised", "paid", "paid")])
def test_told_twice_in_one_call_it_is_booked_once(floor: Floor, states: tuple[str, ...]) -> None:
    floor.stock("LEEDS", MUG=5)
    number = floor.place({"MUG": 2}, payment=PaymentForm(state="unpaid")).number
    results = floor.run(record_payments, *[told(number, state) for state in states])
    news = ["authorised", "paid"] if states[0] == "authorised" else ["paid"]
    assert [not each.repeated for each in results] == [n < len(news) for n in range(len(states))]
    assert {each.covered for each in results} == {"15.00"}
    assert (money_of(floor), cash_minor(floor)) == ([("captured", 1500, 0, 0)], 1500)


def invoiced(floor: Floor) -> str:
    """An order of 15.00 that left and is to be captured; its number."""
    number = authorised(floor)
    parcel = floor.shipped(number)
    with floor.begin() as tx:
        issue_invoices(tx, [Task("", "issue_invoice", parcel.id, 1, "running", {})])
    return number


def test_a_capture_of_ours_on_its_way_is_booked_when_the_gateway_answers(floor: Floor, tmp_path: Path) -> None:
    number = invoiced(floor)
    assert floor.one(record_payments, told(number)).repeated
    call(floor, PracticeGateway(tmp_path / "gateway"))
    assert (money_of(floor), cash_minor(floor)) == ([("captured", 1500, 0, 0)], 1500)


def test_a_capture_the_gateway_refused_since_it_was_made_elsewhere_is_booked_when_told(
    floor: Floor, tmp_path: Path
) -> None:
    number = invoiced(floor)
    call(floor, PracticeGateway(tmp_path / "gateway", lambda _: "decline"))
    assert money_of(floor) == [("authorised", 0, 0, 0)]
    assert floor.one(record_payments, told(number)) == PaymentRecorded(number, "15.00", "0.00")
    assert (money_of(floor), cash_minor(floor)) == ([("captured", 1500, 0, 0)], 1500)


def test_what_was_let_go_cannot_have_been_paid(floor: Floor, tmp_path: Path) -> None:
    number = authorised(floor)
    floor.run(cancel_orders, CancelOrder(number=number, reason="x", actor="test"))
    with floor.begin() as tx:
        settle_orders(tx, [floor.order_id(number)])
    for _ in range(2):  # while it is asked, and after it was done
        before = floor.counts()
        assert refused(floor.one(record_payments, told(number))) == (
            "payment_voided", {"gateway": "stripe", "reference": "pi_1"},
        )  # fmt: skip
        assert floor.counts() == before
        call(floor, PracticeGateway(tmp_path / "gateway"))
    assert (money_of(floor), cash_minor(floor)) == ([("voided", 0, 0, 1500)], 0)


def test_money_of_a_cancelled_order_that_came_in_all_the_same_goes_back(floor: Floor, tmp_path: Path) -> None:
    number = authorised(floor)
    floor.run(cancel_orders, CancelOrder(number=number, reason="x", actor="test"))
    assert not floor.one(record_payments, told(number)).repeated
    with floor.begin() as tx:
        settle_orders(tx, [floor.order_id(number)])
    call(floor, PracticeGateway(tmp_path / "gateway"))
    assert (money_of(floor), cash_minor(floor)) == ([("refunded", 1500, 1500, 0)], 0)


def test_each_hold_goes_with_the_one_who_told_of_its_money(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=9)
    one, other, short = [floor.place({"MUG": 2}, payment=PaymentForm(state="unpaid")).number for _ in range(3)]
    floor.run(
        record_payments,
        told("OW-0", reference="a", actor="nobody"),
        told(one, reference="b", amount="10.00", actor="ann"),
        told(one, reference="c", amount="5.00", actor="bob"),
        told(other, reference="d", actor="cid"),
        told(short, reference="e", amount="14.99", actor="dan"),
    )
    rows = floor.rows("SELECT o.number, h.released_by FROM hold h JOIN orders o ON o.id = h.order_id ORDER BY number")
    assert rows == [(one, "bob"), (other, "cid"), (short, None)]
    actors = floor.rows("SELECT actor FROM fact WHERE type = 'hold_released' ORDER BY actor")
    assert actors == [("bob",), ("cid",)]


def test_a_reference_of_another_order_is_refused_and_books_nothing(floor: Floor) -> None:
    number = authorised(floor)
    other = floor.place({"MUG": 1}, payment=PaymentForm(state="unpaid")).number
    before = floor.counts()
    result = floor.one(record_payments, told(other))
    assert isinstance(result, Refusal)
    assert (result.code, floor.counts()) == ("payment_differs", before)
    assert refused(floor.one(record_payments, told(number, amount="14.00")))[0] == "payment_differs"
    assert cash_minor(floor) == 0


def calls(gateway: PracticeGateway) -> CallKind:
    paying = PaymentCalls(gateway)
    return CallKind("call_payment", paying.start, paying.call, paying.finish, paying.ask, paying.give_up)


def test_a_payment_call_whose_task_died_is_seen_until_its_answer_is_known(floor: Floor, tmp_path: Path) -> None:
    number = invoiced(floor)
    deaf = calls(PracticeGateway(tmp_path / "gateway", lambda _: "lose_request"))
    well = calls(PracticeGateway(tmp_path / "gateway"))
    while floor.call(deaf):
        with floor.begin() as tx:
            tx.write("UPDATE task SET run_at = %(now)s WHERE state = 'open'", now=tx.now)
    assert floor.rows("SELECT kind, state FROM intent WHERE kind = 'capture'") == [("capture", "unknown")]
    assert floor.exceptions() == ["effect_unknown"]
    with floor.begin() as tx:
        settle_orders(tx, [floor.order_id(number)])  # it may have been captured, so it is not asked for twice
    assert floor.value("SELECT count(*) FROM intent WHERE kind = 'capture'") == 1
    [(dead,)] = floor.rows("SELECT id::text FROM task WHERE state = 'dead'")
    floor.one(retry_tasks, RetryTask(id=dead, actor="test"))
    floor.call(well)
    assert (money_of(floor), floor.exceptions()) == ([("captured", 1500, 0, 0)], [])
