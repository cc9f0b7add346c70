"""Money follows the order: what is cancelled is paid back or let go, once."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from orderwright.business.billing.ports import PaymentRequest
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.pay import RecordPayment, record_payments
from orderwright.business.deeds.refund import RefundOrder, refund_orders
from orderwright.business.deeds.settle import finish_payments, settle_orders, start_payments
from orderwright.business.orders.commands import CancelOrder, LineUnits
from orderwright.business.orders.form import PaymentForm, ShippingForm
from orderwright.database import tasks
from orderwright.links.payments.practice import PracticeGateway
from orderwright.values.refusal import Refusal
from tests.shop import Shop


def settle(shop: Shop, number: str) -> None:
    with shop.begin() as tx:
        settle_orders(tx, [shop.order_id(number)])


def call(shop: Shop, gateway: PracticeGateway) -> int:
    """Carry out the payment calls that are due, as the worker does."""
    with shop.begin() as tx:
        due = tasks.claim(tx, ["call_payment"], 10)
        requests = start_payments(tx, due)
        tasks.mark_calling(tx, due)
    answers = [gateway.perform(each) for each in requests if each is not None]
    with shop.begin() as tx:
        finish_payments(tx, due, answers)
        tasks.finish(tx, due)
    return len(due)


def money_of(shop: Shop) -> list[Any]:
    return shop.rows("SELECT state, captured_minor, refunded_minor, voided_minor FROM payment")


def cancel(shop: Shop, number: str, **changes: Any) -> None:
    shop.run(cancel_orders, CancelOrder(number=number, reason="x", actor="test", **changes))


def test_a_cancelled_paid_order_is_paid_back_once(shop: Shop, tmp_path: Path) -> None:
    gateway = PracticeGateway(tmp_path / "gateway")
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 2}).number
    cancel(shop, number)
    settle(shop, number)
    settle(shop, number)  # again, while the refund is on its way
    assert call(shop, gateway) == 1
    settle(shop, number)
    assert call(shop, gateway) == 0
    assert money_of(shop) == [("refunded", 1500, 1500, 0)]
    assert gateway.total_minor("refund") == 1500
    assert shop.value("SELECT sum(amount_minor) FROM ledger_entry WHERE account = 'cash'") == 0


def test_a_partly_cancelled_paid_order_gets_its_share_back(shop: Shop, tmp_path: Path) -> None:
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 3}, shipping=ShippingForm(price="4.00"), total="26.50",
                        payment=PaymentForm(state="paid")).number  # fmt: skip
    cancel(shop, number, lines=[LineUnits(1, 1)])
    settle(shop, number)
    call(shop, PracticeGateway(tmp_path / "gateway"))
    assert money_of(shop) == [("partly_refunded", 2650, 750, 0)]


def test_a_cancelled_authorised_order_is_voided(shop: Shop, tmp_path: Path) -> None:
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 2}, payment=PaymentForm(state="authorised", reference="pi_1")).number
    cancel(shop, number)
    settle(shop, number)
    call(shop, PracticeGateway(tmp_path / "gateway"))
    assert money_of(shop) == [("voided", 0, 0, 1500)]


def test_a_refund_the_gateway_declines_is_still_owed_and_can_be_tried_again(shop: Shop, tmp_path: Path) -> None:
    # Edge case 45.
    answers = ["decline", None]
    gateway = PracticeGateway(tmp_path / "gateway", lambda _: answers.pop(0))
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 2}).number
    cancel(shop, number)
    settle(shop, number)
    call(shop, gateway)
    assert money_of(shop) == [("captured", 1500, 0, 0)]
    assert shop.rows("SELECT kind, severity FROM exception WHERE closed_at IS NULL") == [("refund_failed", "urgent")]
    settle(shop, number)
    call(shop, gateway)
    assert money_of(shop) == [("refunded", 1500, 1500, 0)]
    assert shop.rows("SELECT kind FROM exception WHERE closed_at IS NULL") == []


def test_a_worker_that_died_between_paying_and_recording_settles_once(shop: Shop, tmp_path: Path) -> None:
    # Edge case 72: the gateway did it, the reply never came, the key finds it again.
    def lose_first(request: PaymentRequest) -> str | None:
        return "lose_reply" if gateway.look_up(request) is None else None

    gateway = PracticeGateway(tmp_path / "gateway", lose_first)
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 2}).number
    cancel(shop, number)
    settle(shop, number)
    with shop.begin() as tx:
        due = tasks.claim(tx, ["call_payment"], 10)
        [request] = start_payments(tx, due)
        tasks.mark_calling(tx, due)
    assert request is not None
    with suppress(ConnectionError):
        gateway.perform(request)
    answer = gateway.look_up(request)  # what the recovering worker asks
    assert answer is not None
    with shop.begin() as tx:
        finish_payments(tx, due, [answer])
        finish_payments(tx, due, [answer])  # and once more, as a slow twin would
    assert money_of(shop) == [("refunded", 1500, 1500, 0)]
    assert gateway.total_minor("refund") == 1500


def test_goodwill_is_paid_once_and_never_more_than_was_captured(shop: Shop, tmp_path: Path) -> None:
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 2}).number
    ask = RefundOrder(number=number, amount="5.00", reason="late", reference="G-1", actor="test")
    [first], [again] = shop.run(refund_orders, ask), shop.run(refund_orders, ask)
    assert (first.credit_note, first.repeated) == ("CN-000001", False)
    assert (again.credit_note, again.repeated) == ("CN-000001", True)
    [refusal] = shop.run(refund_orders, RefundOrder(
        number=number, amount="10.01", reason="late", reference="G-2", actor="test"))  # fmt: skip
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.facts) == ("refund_too_much", {"possible": "10.00"})
    call(shop, PracticeGateway(tmp_path / "gateway"))
    assert money_of(shop) == [("partly_refunded", 1500, 500, 0)]


def test_one_reference_of_a_refund_is_one_amount_also_within_one_call(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 2}).number
    five = RefundOrder(number=number, amount="5.00", reason="late", reference="G-1", actor="test")
    six = RefundOrder(number=number, amount="6.00", reason="late", reference="G-1", actor="test")
    first, twin, other = shop.run(refund_orders, five, five, six)
    assert (first.credit_note, first.repeated) == ("CN-000001", False)
    assert (twin.credit_note, twin.amount, twin.repeated) == ("CN-000001", "5.00", True)
    [later] = shop.run(refund_orders, six)
    for refusal in (other, later):
        assert isinstance(refusal, Refusal)
        assert (refusal.code, refusal.facts) == ("refund_differs", {"reference": "G-1", "amount": "5.00"})
    assert shop.value("SELECT count(*) FROM paper") == 1


def test_a_payment_that_covers_the_order_releases_its_hold(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 2}, payment=PaymentForm(state="unpaid")).number
    half = RecordPayment(number=number, state="paid", amount="10.00", gateway="bank", reference="t1", actor="test")
    rest = RecordPayment(number=number, state="paid", amount="5.00", gateway="bank", reference="t2", actor="test")
    [told] = shop.run(record_payments, half)
    assert (told.missing, shop.state(number)) == ("5.00", "held")
    [told] = shop.run(record_payments, rest)
    assert (told.missing, shop.state(number)) == ("0.00", "allocated")
    [again] = shop.run(record_payments, rest)
    assert again.repeated
    assert shop.value("SELECT sum(captured_minor) FROM payment") == 1500
