"""Cancelling at a bad moment: while units are being promised, after they left, before the money comes."""

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.fill import fill_backorders
from orderwright.business.deeds.pay import RecordPayment, record_payments
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.orders.form import PaymentForm
from orderwright.database import tasks
from orderwright.values.refusal import Refusal
from tests.deeds.test_cancelling import cancel
from tests.deeds.test_waiting import arrive
from tests.floor import new_floor
from tests.meeting import while_open
from tests.shop import Shop

UNPAID = PaymentForm(state="unpaid")


def test_a_cancellation_during_allocation_gives_back_what_was_allocated(shop: Shop) -> None:
    # Edge case 16: units that arrived are being promised, in a transaction still open, when the buyer cancels.
    number = shop.place({"MUG": 2}).number
    arrive(shop, "LEEDS", MUG=5)

    def fill(tx):
        due = tasks.claim(tx, ["fill_backorders"], 10)
        fill_backorders(tx, due)
        tasks.finish(tx, due)

    command = CancelOrder(number=number, reason="changed_my_mind", actor="test")
    _, [cancelled] = while_open(shop, fill, lambda writer: writer.submit(cancel_orders, [command]))
    assert cancelled.state == "cancelled"
    assert shop.units(number) == [("MUG", {"cancelled": 2})]
    assert shop.rows("SELECT allocated, waiting FROM availability WHERE sku = 'MUG' AND site = 'LEEDS'") == [(0, 0)]
    assert shop.rows("SELECT type FROM fact WHERE subject = %(id)s ORDER BY seq", id=shop.order_id(number)) == [
        ("order_placed",), ("backorder_filled",), ("order_cancelled",),
    ]  # fmt: skip


def test_what_has_left_cannot_be_cancelled(postgres: str) -> None:
    # Edge case 16: after full shipment.
    with new_floor(postgres) as floor:
        floor.stock("LEEDS", MUG=5)
        number = floor.place({"MUG": 2}).number
        floor.shipped(number)
        before = (floor.counts(), floor.counters("MUG", "LEEDS"), floor.units(number))
        refusal = cancel(floor, number)
        assert isinstance(refusal, Refusal)
        assert refusal.code == "nothing_to_cancel"
        assert (floor.counts(), floor.counters("MUG", "LEEDS"), floor.units(number)) == before


def test_an_order_that_waits_for_its_money_still_has_its_units_when_it_comes(shop: Shop) -> None:
    # Edge case 14: what was taken for an unpaid order lapses by no clock; somebody cancels it, or it is paid.
    shop.stock("LEEDS", MUG=1)
    number = shop.place({"MUG": 1}, payment=UNPAID).number
    with shop.begin() as tx:
        tx.write("UPDATE clock SET simulated_at = %(now)s::timestamptz + interval '90 days'", now=tx.now)
    assert shop.place({"MUG": 1}).state == "waiting"
    assert paid(shop, number).missing == "0.00"
    assert (shop.state(number), shop.units(number)) == ("allocated", [("MUG", {"allocated": 1})])


def test_money_that_comes_after_the_cancellation_revives_nothing(shop: Shop) -> None:
    # Edge case 14: the payment page was open too long, the units went to somebody else.
    shop.stock("LEEDS", MUG=1)
    number = shop.place({"MUG": 1}, payment=UNPAID).number
    cancel(shop, number)
    assert shop.place({"MUG": 1}).state == "allocated"
    before = shop.counts()
    refusal = paid(shop, number)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.facts) == ("order_step", {"state": "cancelled"})
    assert (shop.counts(), shop.state(number)) == (before, "cancelled")


def paid(shop: Shop, number: str):
    told = RecordPayment(number=number, state="paid", amount="7.50", gateway="bank", reference="t1", actor="test")
    return shop.run(record_payments, told)[0]
