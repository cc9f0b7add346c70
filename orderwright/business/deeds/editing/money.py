"""What an edit does to what is owed: judged by the payments there are, not by what a form says of them."""

from typing import NamedTuple

from orderwright.business.deeds.correct import Correction, correction_of
from orderwright.business.deeds.editing.current import Current
from orderwright.business.deeds.editing.forms import Edition
from orderwright.business.deeds.settle import Account, account_of
from orderwright.business.orders.changes import Finding
from orderwright.values.money import format_minor


class Head(NamedTuple):
    """An order's own amounts, minor units."""

    id: str
    currency: str
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    prices_include_tax: bool


class Owed(NamedTuple):
    """amount_due: still to be paid or authorised. refund: captured and more than the order comes to."""

    amount_due_minor: int
    refund_minor: int


def judge_money(edition: Edition) -> None:
    """Tell what will be due or go back, and the hold that follows: an edit that raises what is due waits for it."""
    current = edition.current
    edition.account_before, edition.account_after = _account_before(current), _account_after(edition)
    change = correction(edition)
    before = _owed(current, edition.account_before, 0)
    after = _owed(current, edition.account_after, correction_of(change)[0].total_minor)
    edition.amount_due_minor, edition.refund_minor = after
    waits = after.amount_due_minor > 0 and edition.command.form.payment.state != "on_account"
    if waits and after.amount_due_minor > before.amount_due_minor and edition.account_after.is_open:
        edition.findings.append(due_finding(edition))
        if "payment" not in current.holds:
            edition.gained.append("payment")
    if not waits and "payment" in current.holds:
        edition.mended.append("payment")
    if after == (0, 0) and "payment_differs" in current.holds:
        edition.mended.append("payment_differs")


def due_finding(edition: Edition) -> Finding:
    """What is still due, as a finding."""
    due = format_minor(edition.amount_due_minor, edition.command.form.currency)
    return Finding("payment_missing", "/payment", {"amount_due": due})


def correction(edition: Edition) -> Correction:
    """What an edit makes of amounts that were invoiced before it."""
    current = edition.current
    return Correction(edition.account_before, edition.account_after, current.invoiced, current.credited)


def owed_before(current: Current) -> Owed:
    """What is owed as the order stands."""
    return _owed(current, _account_before(current), 0)


def _account_before(current: Current) -> Account:
    row = current.row
    head = Head(row.id, row.currency, row.discount_minor, row.shipping_minor, row.tax_minor, row.prices_include_tax)
    lines = [(each.position, each.quantity, each.amount_minor, each.tax_minor) for each in current.lines]
    return _account(current, head, lines, {each.position: each.live for each in current.lines})


def _account_after(edition: Edition) -> Account:
    row, priced = edition.current.row, edition.draft.priced
    head = Head(
        row.id, row.currency, priced.discount_minor, priced.shipping_minor, priced.tax_minor,
        edition.command.form.prices_include_tax,
    )  # fmt: skip
    # What is left out is worth nothing, and its units are gone.
    amounts = {each.position: (each.quantity, 0, 0) for each in edition.current.lines}
    live = dict.fromkeys(amounts, 0)
    for target in edition.targets:
        if target.form_index is not None:
            money = priced.lines[target.form_index]
            amounts[target.position] = (target.quantity, money.amount_minor, money.tax_minor)
            live[target.position] = target.after
    return _account(edition.current, head, [(position, *amounts[position]) for position in sorted(amounts)], live)


def _account(current: Current, head: Head, lines: list[tuple[int, int, int, int]], live: dict[int, int]) -> Account:
    shipped = dict.fromkeys(live, 0) | {each.position: each.shipped for each in current.lines}
    return account_of(head, lines, live, shipped, {})


def _owed(current: Current, account: Account, corrected_minor: int) -> Owed:
    worth = current.on_paper_minor + corrected_minor + account.worth_beyond_minor(current.invoiced)
    paid_back = sum(each.refunded_minor + each.pending_refund_minor for each in current.payments)
    let_go = sum(each.voided_minor + each.pending_void_minor for each in current.payments)
    covered = sum(each.authorised_minor for each in current.payments) - let_go - paid_back
    kept = sum(each.captured_minor + each.pending_capture_minor for each in current.payments) - paid_back
    return Owed(max(0, worth - covered), max(0, kept - max(0, worth)))
