"""What an order is worth against what was paid: one page of all its money."""

from typing import Any

import msgspec

from orderwright.business.billing.reads import PaperRef, list_papers, list_payments, paper_totals
from orderwright.business.deeds.settle import read_accounts
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.refusal import Refusal


class Pending(msgspec.Struct, frozen=True):
    """What was asked of a gateway and not answered yet."""

    capture: str
    refund: str
    void: str


class PaymentShown(msgspec.Struct, frozen=True):
    """A payment: what was authorised, and what became of it."""

    id: str
    gateway: str
    reference: str
    state: str
    authorised: str
    captured: str
    refunded: str
    voided: str
    pending: Pending


class Balance(msgspec.Struct, frozen=True):
    """An order's money. worth: of the units not cancelled, with shipping. captured, refunded: what was done.

    due: worth less credited, less what was captured and not refunded; below zero it is owed to the customer.
    """

    order: str
    currency: str
    worth: str
    invoiced: str
    credited: str
    authorised: str
    captured: str
    refunded: str
    due: str
    payments: list[PaymentShown]
    papers: list[PaperRef]


def get_balance(tx: Tx, number: str) -> Balance:
    """The money of an order. Refuses not_found."""
    order = tx.row("SELECT id::text, currency FROM orders WHERE number = %(number)s", number=number)
    if order is None:
        raise Refusal("not_found", order=number)
    worth = read_accounts(tx, [order.id])[order.id].worth_minor
    totals = paper_totals(tx, [order.id]).get(order.id, {})
    invoiced, credited = totals.get("invoice", 0), totals.get("credit_note", 0)
    payments = list_payments(tx, order.id)
    authorised, captured, refunded = (
        sum(getattr(row, name) for row in payments) for name in ("authorised", "captured", "refunded")
    )
    due = worth - credited - captured + refunded
    amounts = (worth, invoiced, credited, authorised, captured, refunded, due)
    told = [money.format_minor(amount, order.currency) for amount in amounts]
    shown = [_shown(row, order.currency) for row in payments]
    return Balance(*[number, order.currency, *told, shown, list_papers(tx, order.id)])


def _shown(row: Any, currency: str) -> PaymentShown:
    amounts = [
        money.format_minor(getattr(row, name), currency)
        for name in ("authorised", "captured", "refunded", "voided", "capturing", "refunding", "voiding")
    ]
    return PaymentShown(*[*row[:4], *amounts[:4], Pending(*amounts[4:])])
