"""What comes back one line after the other is credited to what was charged, whatever the rounding."""

from collections.abc import Iterator

import pytest

from orderwright.business.billing.reads import paper_lines
from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.invoice import issue_invoices
from orderwright.business.deeds.take_back import inspect_returns, receive_returns, settle_returns
from orderwright.business.orders.form import DiscountForm, LineForm, PaymentForm
from orderwright.business.returns.forms import (
    AskedLine,
    AskReturn,
    InspectedLine,
    InspectReturn,
    ReceiveReturn,
    SettleReturn,
)
from orderwright.database.tasks import Task
from tests.floor import Floor, done, new_floor

SKUS = ("MUG", "TEE", "HAT")


@pytest.fixture
def floor(postgres: str) -> Iterator[Floor]:
    """A shop with a floor of its own; at the end every invariant must hold."""
    with new_floor(postgres) as floor:
        yield floor


def take_back(floor: Floor, number: str, position: int) -> str:
    """One unit of a line all the way back; what was refunded for it."""
    asked = AskReturn(number=number, actor="sue", lines=[AskedLine(position=position, quantity=1)])
    [back] = done(floor.run(ask_returns, asked))
    done(floor.run(receive_returns, ReceiveReturn(return_id=back.id, actor="rita")))
    judged = InspectReturn(return_id=back.id, actor="rita", lines=[InspectedLine(line=1, restock=1)])
    done(floor.run(inspect_returns, judged))
    [settled] = done(floor.run(settle_returns, SettleReturn(return_id=back.id, actor="rita")))
    return str(settled.refund)


def test_three_tax_inclusive_lines_with_an_order_discount_are_refunded_to_their_total(floor: Floor) -> None:
    # Edge case 51: three times 3.33 with 0.53 tax in it, 1.00 off the order.
    for sku in SKUS:
        floor.product(sku, price="3.33")
    floor.stock("LEEDS", MUG=1, TEE=1, HAT=1)
    lines = [LineForm(sku=sku, quantity=1, unit_price="3.33", tax="0.53", reference=sku) for sku in SKUS]
    number = floor.place(
        dict.fromkeys(SKUS, 1), lines=lines, prices_include_tax=True, discounts=[DiscountForm(amount="1.00")],
        total="8.99", payment=PaymentForm(state="paid", amount="8.99"),
    ).number  # fmt: skip
    parcel = floor.shipped(number)
    with floor.begin() as tx:
        issue_invoices(tx, [Task("", "issue_invoice", parcel.id, 1, "running", {})])
    assert [take_back(floor, number, position) for position in (2, 3, 1)] == ["3.00", "3.00", "2.99"]
    totals = "SELECT kind, sum(total_minor)::int, sum(tax_minor)::int AS tax FROM paper GROUP BY kind ORDER BY kind"
    assert floor.rows(totals) == [("credit_note", 899, 159), ("invoice", 899, 159)]
    assert floor.value("SELECT sum(amount_minor)::int FROM intent WHERE kind = 'refund'") == 899


def test_units_of_one_line_returned_one_by_one_come_to_the_line(floor: Floor) -> None:
    # Edge case 51: three units for 10.00 cannot cost the same.
    floor.product("MUG", price="3.34")
    floor.stock("LEEDS", MUG=3)
    lines = [LineForm(sku="MUG", quantity=3, unit_price="3.34", discount="0.02", reference="1")]
    number = floor.place({"MUG": 3}, lines=lines, total="10.00", payment=PaymentForm(state="paid")).number
    floor.shipped(number)
    assert sorted(take_back(floor, number, 1) for _ in range(3)) == ["3.33", "3.33", "3.34"]


def test_a_return_of_what_cost_nothing_makes_no_credit_note(floor: Floor) -> None:
    floor.product("MUG", price="0.00")
    floor.stock("LEEDS", MUG=1)
    lines = [LineForm(sku="MUG", quantity=1, unit_price="0.00", reference="1")]
    number = floor.place({"MUG": 1}, lines=lines, total="0.00", payment=PaymentForm(state="paid")).number
    floor.shipped(number)
    assert take_back(floor, number, 1) == "0.00"
    assert floor.value("SELECT count(*) FROM paper WHERE kind = 'credit_note'") == 0
    assert floor.value("SELECT state FROM return_request") == "settled"
    assert floor.broken() == []


def test_units_worth_nothing_by_themselves_stand_on_the_next_credit_note(floor: Floor) -> None:
    # Three units for 0.01: the first comes to nothing, the second to the whole of it.
    floor.product("MUG", price="0.01")
    floor.stock("LEEDS", MUG=3)
    lines = [LineForm(sku="MUG", quantity=3, unit_price="0.01", discount="0.02", reference="1")]
    number = floor.place({"MUG": 3}, lines=lines, total="0.01", payment=PaymentForm(state="paid")).number
    floor.shipped(number)
    assert [take_back(floor, number, 1) for _ in range(3)] == ["0.00", "0.01", "0.00"]
    with floor.store.read() as tx:
        [papers] = paper_lines(tx, [floor.order_id(number)], "credit_note").values()
    assert [[line.units for line in paper] for paper in papers] == [[2]]
