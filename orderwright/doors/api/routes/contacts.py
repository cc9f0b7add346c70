"""Contacts: that customers wrote or called about an order."""

from orderwright.business.orders.contacts import (
    ContactForm,
    ContactShown,
    RecordContact,
    WithdrawContact,
    list_contacts,
    record_contacts,
    withdraw_contacts,
)
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import order
from orderwright.values.forms import Form
from orderwright.values.pages import After, Limit, Page


class ContactsQuery(Form, frozen=True):
    """Where the list goes on."""

    after: After | None = None
    limit: Limit = 50


@read("/v1/orders/{number}/contacts", "orders:read", within=order)
def contacts(tx: Tx, question: Question[ContactsQuery]) -> Page[ContactShown]:
    """When its customer got in touch about an order, and why; those written down last first, withdrawn ones too."""
    return list_contacts(tx, question.at["number"], after=question.query.after, limit=question.query.limit)


@deed(
    "POST", "/v1/orders/{number}/contacts", "orders:write", record_contacts, within=order, answer=ContactShown,
    status=201, example={"channel": "phone", "reason": "where_is_it", "words": "It was promised for Friday."},
)  # fmt: skip
def write_contact(request: Request[ContactForm]) -> RecordContact:
    """Write down that the customer got in touch: how, why, when (now, unless told), and whether that settled it."""
    return RecordContact(number=request.at["number"], form=request.body, actor=request.actor)


@deed(
    "POST", "/v1/orders/{number}/contacts/{id}/withdraw", "orders:write", withdraw_contacts, within=order,
    answer=ContactShown,
)  # fmt: skip
def withdraw_contact(request: Request[None]) -> WithdrawContact:
    """Take back a contact that was written down by mistake; it is counted no more."""
    return WithdrawContact(number=request.at["number"], id=request.at["id"], actor=request.actor)
