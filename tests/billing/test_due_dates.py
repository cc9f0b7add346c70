"""When an invoice is to be paid: by the terms its customer had on the day it was issued."""

from datetime import UTC, datetime

import pytest

from orderwright.business.billing.reads import get_paper, list_papers
from orderwright.business.customers.actions import put_customers
from orderwright.business.customers.forms import CustomerCard, PutCustomer
from orderwright.business.deeds.invoice import issue_invoices
from orderwright.business.orders.form import CustomerForm, PaymentForm
from orderwright.database.clock import set_clock
from orderwright.database.tasks import Task
from orderwright.values.ids import new_id
from tests.floor import Floor, done

EMAIL = "ada@example.org"
ON_ACCOUNT = PaymentForm(state="on_account")


def agree(floor: Floor, id_: str, days: int | None, version: int | None = None) -> None:
    card = CustomerCard(name="Ada", email=EMAIL, pays_within_days=days)
    done(floor.run(put_customers, PutCustomer(id=id_, card=card, version=version, actor="ann")))


def invoiced(floor: Floor, payment: PaymentForm) -> str:
    """The number of an order of a MUG, sent and invoiced."""
    number = floor.place({"MUG": 1}, customer=CustomerForm(email=EMAIL), payment=payment).number
    parcel = floor.shipped(number)
    with floor.store.begin() as tx:
        issue_invoices(tx, [Task("", "issue_invoice", parcel.id, 1, "running", {})])
    return str(number)


def due(floor: Floor, number: str) -> list[str]:
    """The day each paper of an order is to be paid by: of the list, and of the paper itself."""
    with floor.store.read() as tx:
        papers = list_papers(tx, floor.order_id(number))
        assert [get_paper(tx, each.number).due_on for each in papers] == [each.due_on for each in papers]
    return [str(each.due_on) for each in papers]


@pytest.mark.parametrize(("days", "day"), [(30, "2026-04-01"), (0, "2026-03-02"), (None, "None")])
def test_an_invoice_on_account_is_due_as_agreed_by_the_day_of_the_shop(
    floor: Floor, days: int | None, day: str
) -> None:
    floor.stock("LEEDS", MUG=5)
    with floor.store.begin() as tx:
        set_clock(tx, datetime(2026, 3, 2, 9, tzinfo=UTC))
    agree(floor, new_id(), days)
    assert due(floor, invoiced(floor, ON_ACCOUNT)) == [day]


def test_an_order_that_is_paid_in_advance_has_no_due_day_whatever_was_agreed(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=5)
    agree(floor, new_id(), 30)
    assert due(floor, invoiced(floor, PaymentForm(state="paid"))) == ["None"]


def test_terms_that_change_leave_the_day_of_an_invoice_alone(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=5)
    customer = new_id()
    agree(floor, customer, 30)
    number = invoiced(floor, ON_ACCOUNT)
    [before] = due(floor, number)
    agree(floor, customer, 60, version=1)
    assert due(floor, number) == [before]
