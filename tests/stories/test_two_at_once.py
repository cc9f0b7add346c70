"""Two clicks, two staff, two workers in the same moment: one deed. The second decides on what it saw before."""

from collections.abc import Iterator
from typing import Any

import pytest

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.invoice import issue_invoices
from orderwright.business.deeds.pack import pack
from orderwright.business.deeds.pay import RecordPayment, record_payments
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.deeds.refund import RefundOrder, refund_orders
from orderwright.business.deeds.release import release_fulfilments
from orderwright.business.deeds.take_back import inspect_returns, receive_returns
from orderwright.business.orders.form import CustomerForm, PaymentForm
from orderwright.business.returns.forms import AskedLine, AskReturn, InspectedLine, InspectReturn, ReceiveReturn
from orderwright.business.shipping.actions import want_labels
from orderwright.business.shipping.forms import HandOver, Pack, WantLabel
from orderwright.business.warehouse.forms import Release
from orderwright.database.tasks import Task
from orderwright.values.refusal import Refusal
from tests.floor import Floor, done, new_floor
from tests.meeting import while_open


@pytest.fixture
def floor(postgres: str) -> Iterator[Floor]:
    """A shop with a floor of its own; at the end every invariant must hold."""
    with new_floor(postgres) as floor:
        yield floor


def both(floor: Floor, action: Any, command: Any, other: Any = None) -> tuple[Any, Any]:
    """The same deed by two processes; the answer of each."""
    [one], [two] = while_open(
        floor, lambda tx: action(tx, [command]), lambda writer: writer.submit(action, [other or command])
    )
    return one, two


def placed(floor: Floor, units: int = 2, **changes: Any) -> str:
    floor.stock("LEEDS", MUG=units)
    return str(floor.place({"MUG": units}, **changes).number)


def test_a_double_click_on_place_is_one_order(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=9)
    buyer = CustomerForm(email="twice@example.org", name="A. Buyer")
    floor.place({"MUG": 1}, customer=buyer)  # we know them: two new customers of one address would meet there already
    form = floor.form({"MUG": 2}, customer=buyer)
    one, two = both(floor, place_orders, PlaceOrder(form, "test", "api"))
    assert (one.number, one.repeated, two.repeated) == (two.number, False, True)
    assert (floor.counts()["orders"], floor.free("MUG", "LEEDS")) == (2, 6)


def test_a_double_click_on_release_makes_one_pick_list(floor: Floor) -> None:
    number = placed(floor)
    one, two = both(floor, release_fulfilments, Release(fulfilment_id=floor.fulfilment(number), actor="test"))
    assert (one.repeated, two.repeated, len(floor.tasks(number))) == (False, True, 1)


def test_a_double_click_on_pack_makes_one_parcel(floor: Floor) -> None:
    number = placed(floor)
    floor.pick_all(number)
    one, two = both(floor, pack, Pack(fulfilment_id=floor.fulfilment(number), actor="test"))
    assert len(one.parcels) == 1
    assert isinstance(two, Refusal)
    assert (two.code, floor.value("SELECT count(*) FROM parcel")) == ("nothing_to_pack", 1)


def test_a_double_click_on_hand_over_ships_once(floor: Floor) -> None:
    number = placed(floor)
    parcel = floor.labelled(number)
    one, two = both(floor, hand_over, HandOver(parcel_id=parcel.id, actor="test"))
    assert (one.repeated, two.repeated) == (False, True)
    assert floor.rows("SELECT quantity FROM stock_move WHERE kind = 'ship'") == [(2,)]
    assert floor.facts(floor.order_id(number)).count("order_shipped") == 1


def test_a_double_click_on_a_new_label_buys_one(floor: Floor) -> None:
    parcel = floor.packed(placed(floor))
    with floor.begin() as tx:
        tx.write("UPDATE intent SET state = 'failed', ended_at = %(now)s", now=tx.now)
    one, two = both(floor, want_labels, WantLabel(parcel_id=parcel.id, actor="test"))
    assert (one.repeated, two.repeated) == (False, True)
    floor.buy_labels()
    assert (len(floor.carrier.bought), floor.value("SELECT count(*) FROM label")) == (1, 1)


def test_two_staff_who_refund_the_same_amount_pay_it_once(floor: Floor) -> None:
    # Edge case 46.
    number = placed(floor)
    asked = [
        RefundOrder(number=number, amount="10.00", reason="late", reference=reference, actor="test")
        for reference in ("ann", "bob")
    ]
    one, two = both(floor, refund_orders, *asked)
    assert one.amount == "10.00"
    assert isinstance(two, Refusal)
    assert (two.code, two.facts) == ("refund_too_much", {"possible": "5.00"})
    assert floor.rows("SELECT kind, amount_minor FROM intent") == [("refund", 1000)]


def test_a_parcel_invoiced_by_two_workers_is_captured_once(floor: Floor) -> None:
    parcel = floor.shipped(placed(floor, payment=PaymentForm(state="authorised", reference="pi_1")))

    def invoice(tx: Any, ids: Any) -> list[None]:
        issue_invoices(tx, [Task("", "issue_invoice", id_, 1, "running", {}) for id_ in ids])
        return [None] * len(ids)

    both(floor, invoice, parcel.id)
    assert floor.rows("SELECT kind, total_minor FROM paper") == [("invoice", 1500)]
    assert floor.rows("SELECT kind, amount_minor FROM intent WHERE kind <> 'buy_label'") == [("capture", 1500)]


def test_a_payment_told_by_three_webhooks_at_once_counts_once(floor: Floor) -> None:
    number = placed(floor, payment=PaymentForm(state="unpaid"))
    told = RecordPayment(number=number, state="paid", amount="15.00", gateway="stripe", reference="pi_1", actor="test")
    [one], [two, three] = while_open(
        floor, lambda tx: record_payments(tx, [told]), lambda writer: writer.submit(record_payments, [told, told])
    )
    assert [each.repeated for each in (one, two, three)] == [False, True, True]
    assert floor.rows("SELECT captured_minor FROM payment") == [(1500,)]
    assert floor.value("SELECT sum(amount_minor)::int FROM ledger_entry WHERE account = 'cash'") == 1500


def test_a_return_inspected_twice_at_once_is_restocked_once(floor: Floor) -> None:
    number = placed(floor)
    floor.shipped(number)
    lines = [AskedLine(position=1, quantity=2)]
    [asked] = done(floor.run(ask_returns, AskReturn(number=number, actor="sue", lines=lines)))
    received = both(floor, receive_returns, ReceiveReturn(return_id=asked.id, actor="rita"))
    judged = [InspectedLine(line=1, restock=2)]
    inspected = both(floor, inspect_returns, InspectReturn(return_id=asked.id, actor="rita", lines=judged))
    assert [each.repeated for each in (*received, *inspected)] == [False, True, False, True]
    assert floor.counters("MUG", "LEEDS") == (2, 0)


def test_two_who_ask_to_return_the_same_unit_get_one_return(floor: Floor) -> None:
    number = placed(floor)
    floor.shipped(number)
    one, two = both(
        floor, ask_returns, AskReturn(number=number, actor="sue", lines=[AskedLine(position=1, quantity=2)])
    )
    assert one.state == "asked"
    assert isinstance(two, Refusal)
    assert (two.code, two.facts["possible"]) == ("return_too_much", 0)
