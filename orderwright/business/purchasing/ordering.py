"""Purchase orders: drawn up, sent, answered, ended."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import msgspec

from orderwright.business.purchasing.facts import (
    PurchaseConfirmed,
    PurchaseDrafted,
    PurchaseEnded,
    PurchaseSent,
)
from orderwright.business.purchasing.forms import (
    AnswerForm,
    ChangePurchase,
    ConfirmPurchase,
    DraftPurchase,
    EndPurchase,
    PurchaseLineForm,
    PurchaseNow,
    SendPurchase,
)
from orderwright.business.purchasing.looking import want_looking
from orderwright.business.purchasing.reads import purchases_now
from orderwright.business.purchasing.rows import (
    Purchase,
    drop_lines,
    insert_lines,
    insert_purchases,
    lock_purchases,
    next_numbers,
    save_purchases,
)
from orderwright.business.purchasing.rules import PURCHASE_STEPS, Line
from orderwright.business.purchasing.suppliers import cost_finding, goods_finding, stocked
from orderwright.database import intents
from orderwright.database.intents import NewIntent
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, askable, known_as, refusal_of, text_findings
from orderwright.values.ids import new_ids
from orderwright.values.money import parse_micro
from orderwright.values.refusal import Refusal

MAIL = "mail_purchase"
POST = "mail"


class Terms(NamedTuple):
    """What a supplier's list says: their currency, days to deliver, address, and what units cost."""

    currency: str
    lead_time_days: int
    email: str
    costs: Mapping[str, int]


def draft_purchases(tx: Tx, commands: Sequence[DraftPurchase]) -> list[PurchaseNow | Refusal]:
    """Draw up purchase orders; one `PurchaseNow` or Refusal per command.

    Costs and dates that are left out are the supplier's. Refuses malformed (a product twice, a cost that cannot be
    read, none anywhere), unknown_supplier, unknown_site, unknown_sku and kit_not_stocked: all findings at once.
    """
    forms = [each.form for each in commands]
    terms = terms_of(tx, [form.supplier for form in forms])
    days = _site_days(tx, [form.site for form in forms])
    kinds = stocked(tx, {line.sku for form in forms for line in form.lines})
    results: list[Any] = []
    rows: list[tuple[str, str, str, str, str]] = []
    lines: dict[str, list[Line]] = {}
    ids, numbers = new_ids(len(commands)), next_numbers(tx, len(commands))
    for command, id_, number in zip(commands, ids, numbers, strict=True):
        form = command.form
        mine = terms.get(form.supplier)
        findings = list(text_findings(form))
        findings += [] if mine else [known_as("unknown_supplier", "/supplier")]
        findings += [] if form.site in days else [known_as("unknown_site", "/site")]
        findings += _line_findings(form.lines, kinds, mine)
        if findings or mine is None:
            results.append(refusal_of(findings))
            continue
        rows.append((id_, number, form.supplier, form.site, mine.currency))
        lines[id_] = _lines(form.lines, mine, days[form.site])
        fact = PurchaseDrafted(supplier=form.supplier, site=form.site, lines=_told(lines[id_]))
        tx.record("purchase", id_, fact, actor=command.actor)
        results.append(number)
    insert_purchases(tx, rows, lines)
    return _answers(tx, results)


def change_purchases(tx: Tx, commands: Sequence[ChangePurchase]) -> list[PurchaseNow | Refusal]:
    """Give drafts other lines. Refuses not_found, purchase_step, unknown_supplier (no longer active), and what drafting
    refuses of lines."""
    found = lock_purchases(tx, [each.number for each in commands])
    terms = terms_of(tx, [each.supplier for each in found.values()])
    days = _site_days(tx, [each.site for each in found.values()])
    kinds = stocked(tx, {line.sku for each in commands for line in each.form.lines})
    results: list[Any] = []
    changed: dict[str, list[Line]] = {}
    for command in commands:
        purchase = found.get(command.number)
        refusal = step_refusal(purchase, command.number, "change")
        if refusal is not None or purchase is None:
            results.append(refusal)
            continue
        mine = terms.get(purchase.supplier)
        if mine is None:
            results.append(refusal_of([known_as("unknown_supplier", "/supplier")]))
            continue
        findings = [*text_findings(command.form), *_line_findings(command.form.lines, kinds, mine)]
        if findings:
            results.append(refusal_of(findings))
            continue
        lines = changed[purchase.id] = _lines(command.form.lines, mine, days[purchase.site])
        purchase.lines = {}
        for line in lines:
            purchase.change(line)
        fact = PurchaseDrafted(supplier=purchase.supplier, site=purchase.site, lines=_told(lines))
        tx.record("purchase", purchase.id, fact, actor=command.actor)
        results.append(purchase.number)
    drop_lines(tx, changed)
    insert_lines(tx, changed)
    _save(tx, found.values())
    return _answers(tx, results)


def send_purchases(tx: Tx, commands: Sequence[SendPurchase]) -> list[PurchaseNow | Refusal]:
    """Order: from now on the units count as on their way, and the supplier is written to if they have an address.

    Sent before: `repeated`. Refuses not_found, purchase_step (ended), unknown_supplier (no longer active).
    """
    found = lock_purchases(tx, [each.number for each in commands])
    terms = terms_of(tx, [each.supplier for each in found.values()])
    results: list[Any] = []
    mails: list[NewIntent] = []
    again: set[int] = set()
    for i, command in enumerate(commands):
        purchase = found.get(command.number)
        if purchase is not None and purchase.sent_at is not None and not purchase.is_cancelled:
            again.add(i)
        elif (refusal := step_refusal(purchase, command.number, "send")) is not None:
            results.append(refusal)
            continue
        elif purchase is not None and purchase.supplier not in terms:
            results.append(refusal_of([known_as("unknown_supplier", "/supplier")]))
            continue
        elif purchase is not None:
            purchase.sent_at = tx.now
            purchase.settle()
            by_mail = bool(terms[purchase.supplier].email)
            if by_mail:
                mails.append(NewIntent(MAIL, purchase.id, "", POST, f"purchase:{purchase.id}", {}))
            tx.record("purchase", purchase.id, PurchaseSent(by_mail=by_mail), actor=command.actor)
        results.append(command.number)
    intents.want(tx, mails)
    _save(tx, found.values())
    return [
        msgspec.structs.replace(answer, repeated=True) if i in again and isinstance(answer, PurchaseNow) else answer
        for i, answer in enumerate(_answers(tx, results))
    ]


def confirm_purchases(tx: Tx, commands: Sequence[ConfirmPurchase]) -> list[PurchaseNow | Refusal]:
    """Take down what a supplier answered: dates and quantities by line; what they will not send is cancelled.

    May be told as often as they change their mind. Refuses not_found, purchase_step, malformed, unknown_line (a product
    that is not on the order), purchase_quantity (more than was ordered, or fewer than came already).
    """
    found = lock_purchases(tx, [each.number for each in commands])
    results: list[Any] = []
    for command in commands:
        purchase = found.get(command.number)
        refusal = step_refusal(purchase, command.number, "confirm")
        if refusal is not None or purchase is None:
            results.append(refusal)
            continue
        lines = _answered(purchase, command.form)
        if isinstance(lines, Refusal):
            results.append(lines)
            continue
        purchase.confirmed_at = purchase.confirmed_at or tx.now
        for line in lines:
            purchase.change(line)
        purchase.settle()
        tx.record("purchase", purchase.id, PurchaseConfirmed(lines=_told(lines)), actor=command.actor)
        results.append(command.number)
    _save(tx, found.values())
    return _answers(tx, results)


def cancel_purchases(tx: Tx, commands: Sequence[EndPurchase]) -> list[PurchaseNow | Refusal]:
    """Nothing of these orders is to come. Cancelled before: `repeated`. Refuses not_found, purchase_step."""
    return _end(tx, commands, "cancel")


def close_purchases(tx: Tx, commands: Sequence[EndPurchase]) -> list[PurchaseNow | Refusal]:
    """Nothing more of these orders is to come, though some of it did. Closed before: `repeated`.

    Refuses not_found, purchase_step (nothing came yet: cancel it).
    """
    return _end(tx, commands, "close")


def step_refusal(purchase: Purchase | None, number: str, deed: str) -> Refusal | None:
    """Why a deed may not be done to a purchase order now."""
    if purchase is None:
        return Refusal("not_found", purchase=number)
    if purchase.state not in PURCHASE_STEPS[deed]:
        return Refusal("purchase_step", purchase=number, state=purchase.state, deed=deed)
    return None


def terms_of(tx: Tx, suppliers: Sequence[str]) -> dict[str, Terms]:
    """Terms of active suppliers, by code."""
    asked = array(askable(suppliers))
    costs: dict[str, dict[str, int]] = {}
    for row in tx.rows(
        "SELECT supplier, sku, cost_micro FROM supplier_product WHERE supplier = ANY(%(codes)s::text[])", codes=asked
    ):
        costs.setdefault(row.supplier, {})[row.sku] = row.cost_micro
    rows = tx.rows(
        "SELECT code, currency, lead_time_days, email FROM supplier WHERE code = ANY(%(codes)s::text[]) AND is_active",
        codes=asked,
    )
    return {row.code: Terms(row.currency, row.lead_time_days, row.email, costs.get(row.code, {})) for row in rows}


def _end(tx: Tx, commands: Sequence[EndPurchase], deed: str) -> list[PurchaseNow | Refusal]:
    found = lock_purchases(tx, [each.number for each in commands])
    results: list[Any] = []
    again: set[int] = set()
    over = "cancelled" if deed == "cancel" else "received"
    for i, command in enumerate(commands):
        purchase = found.get(command.number)
        if purchase is not None and purchase.state == over:
            again.add(i)
        elif (refusal := step_refusal(purchase, command.number, deed)) is not None:
            results.append(refusal)
            continue
        elif purchase is not None:
            gone = [(line.position, line.left) for line in purchase.lines.values() if line.left]
            for line in list(purchase.lines.values()):
                purchase.change(line._replace(cancelled=line.cancelled + line.left))
            purchase.is_cancelled = deed == "cancel"
            purchase.settle()
            fact = PurchaseEnded(reason=command.form.reason, lines=gone)
            tx.record("purchase", purchase.id, fact, actor=command.actor)
        results.append(command.number)
    _save(tx, found.values())
    return [
        msgspec.structs.replace(answer, repeated=True) if i in again and isinstance(answer, PurchaseNow) else answer
        for i, answer in enumerate(_answers(tx, results))
    ]


def _save(tx: Tx, purchases: Iterable[Purchase]) -> None:
    """Write what changed, and look after who waits for it."""
    changed = [each for each in purchases if each.is_changed]
    save_purchases(tx, changed)
    want_looking(tx, {line.sku for each in changed if each.sent_at for line in each.lines.values()})


def _answered(purchase: Purchase, form: AnswerForm) -> list[Line] | Refusal:
    findings = list(text_findings(form))
    said = {each.sku: each for each in form.lines}
    if len(said) < len(form.lines):
        findings.append(Finding("/lines", "twice", "A product is answered twice."))
    for i, each in enumerate(form.lines):
        if purchase.find(each.sku) is None:
            findings.append(known_as("unknown_line", f"/lines/{i}/sku"))
    if findings:
        return refusal_of(findings)
    lines = []
    for line in purchase.lines.values():
        answer = said.get(line.sku)
        due_on = (answer.due_on if answer else None) or form.due_on or line.due_on
        units = answer.quantity if answer and answer.quantity is not None else None
        if units is not None and not line.accepted <= units <= line.quantity:
            return Refusal(
                "purchase_quantity", sku=line.sku, asked=units, ordered=line.quantity, accepted=line.accepted
            )
        cancelled = line.cancelled if units is None else line.quantity - units
        lines.append(line._replace(due_on=due_on, cancelled=cancelled))
    return lines


def _line_findings(lines: Sequence[PurchaseLineForm], kinds: dict[str, bool], terms: Terms | None) -> Iterator[Finding]:
    seen: set[str] = set()
    for i, line in enumerate(lines):
        yield from goods_finding(f"/lines/{i}/sku", line.sku, kinds)
        if line.sku in seen:
            yield Finding(f"/lines/{i}/sku", "twice", "This product has a line already.")
        seen.add(line.sku)
        if line.unit_cost is not None:
            yield from cost_finding(f"/lines/{i}/unit_cost", line.unit_cost)
        elif terms is not None and line.sku not in terms.costs:
            yield Finding(f"/lines/{i}/unit_cost", "missing", "The supplier's list has no cost for it: say one.")


def _lines(forms: Sequence[PurchaseLineForm], terms: Terms, today: date) -> list[Line]:
    usual = today + timedelta(days=terms.lead_time_days)
    return [
        Line(
            i, form.sku, form.quantity,
            parse_micro(form.unit_cost) if form.unit_cost is not None else terms.costs[form.sku], form.due_on or usual,
        )
        for i, form in enumerate(forms, 1)
    ]  # fmt: skip


def _told(lines: Sequence[Line]) -> list[tuple[int, str, int, date]]:
    return [(line.position, line.sku, line.quantity - line.cancelled, line.due_on) for line in lines]


def _site_days(tx: Tx, sites: Sequence[str]) -> dict[str, date]:
    rows = tx.rows(
        "SELECT code, (%(now)s::timestamptz AT TIME ZONE time_zone)::date AS day FROM site"
        " WHERE code = ANY(%(sites)s::text[])",
        now=tx.now, sites=array(askable(sites)),
    )  # fmt: skip
    return {row.code: row.day for row in rows}


def _answers(tx: Tx, results: Sequence[Any]) -> list[Any]:
    now = purchases_now(tx, [each for each in results if isinstance(each, str)])
    return [now[each] if isinstance(each, str) else each for each in results]
