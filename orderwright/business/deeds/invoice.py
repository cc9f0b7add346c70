"""Invoicing what left the house, and crediting what was agreed to be paid back."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.business.billing.actions import NewPaper, PaperLine, Payment, issue_papers, lock_payments
from orderwright.business.billing.reads import paper_lines, paper_totals
from orderwright.business.billing.rules import Worth, part_worth
from orderwright.business.deeds.settle import Account, read_accounts, settle_orders
from orderwright.business.orders.actions import lock_orders
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.database.rows import array
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.refusal import Refusal


def issue_invoices(tx: Tx, tasks: Sequence[Task]) -> None:
    """The task verb that follows a parcel handed over: invoice what was shipped and not invoiced yet.

    The first invoice of an order carries its shipping. Then what is due is captured. A parcel whose units an
    earlier invoice already covers gets none.
    """
    rows = tx.rows(
        "SELECT id::text, order_id::text FROM parcel WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(task.subject for task in tasks),
    )
    order_of = {row.id: row.order_id for row in rows}
    orders = lock_orders(tx, order_of.values())
    lock_payments(tx, orders)
    accounts = read_accounts(tx, list(orders))
    invoiced = {
        order_id: _units_on([line for paper in papers for line in paper])
        for order_id, papers in paper_lines(tx, orders, "invoice").items()
    }
    named = _names_of(tx, list(orders))
    papers = []
    for task in tasks:
        order_id = order_of[task.subject]
        paper = _invoice(accounts[order_id], invoiced.get(order_id), named, f"parcel:{task.subject}")
        if paper is not None:
            papers.append(paper)
            before = invoiced.setdefault(order_id, {})
            for line in paper.lines:
                before[line.position] = before.get(line.position, 0) + line.units
    issue_papers(tx, papers)
    settle_orders(tx, list(orders))


def _units_on(lines: Sequence[PaperLine]) -> dict[int, int]:
    units: dict[int, int] = {}
    for line in lines:
        units[line.position] = units.get(line.position, 0) + line.units
    return units


def _names_of(tx: Tx, order_ids: Sequence[str]) -> dict[tuple[str, int], tuple[str, str]]:
    rows = tx.rows(
        "SELECT l.order_id::text, l.position, coalesce(l.sku, l.sku_given) AS sku,"
        " coalesce(nullif(l.title, ''), p.title, l.sku_given) AS title"
        " FROM order_line l LEFT JOIN product p ON p.sku = l.sku WHERE l.order_id = ANY(%(ids)s::uuid[])",
        ids=array(order_ids),
    )
    return {(row.order_id, row.position): (row.sku, row.title) for row in rows}


def _invoice(
    account: Account, before: dict[int, int] | None, named: dict[tuple[str, int], tuple[str, str]], cause: str
) -> NewPaper | None:
    lines = []
    for line in account.lines:
        so_far = (before or {}).get(line.position, 0)
        units = account.shipped[line.position] - so_far
        if units > 0:
            goods, tax = part_worth(line, so_far, units)
            sku, title = named[account.order_id, line.position]
            lines.append(PaperLine(line.position, sku, title, units, goods, tax))
    if not lines:
        return None
    shipping, shipping_tax = (0, 0) if before else account.shipping
    worth = Worth(
        sum(each.goods_minor for each in lines), shipping, sum(each.tax_minor for each in lines) + shipping_tax
    )
    return NewPaper("invoice", account.order_id, cause, account.currency, worth, lines)


class RefundOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Pay some of an order back as goodwill. `reference`: repeating it pays nothing twice."""

    number: str
    amount: Annotated[str, Meta(max_length=24)]
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    reference: Annotated[str, Meta(min_length=1, max_length=64)]
    actor: str


class Refunded(msgspec.Struct, frozen=True, omit_defaults=True):
    """The credit note of a refund; the money follows by itself."""

    number: str
    credit_note: str
    amount: str
    repeated: bool = False


def refund_orders(tx: Tx, commands: Sequence[RefundOrder]) -> list[Any]:
    """Credit and pay back amounts; one `Refunded` or Refusal per command.

    Refuses not_found, bad_amount, refund_too_much (more than was captured and not paid back or credited yet).
    """
    orders = lock_by_number(tx, [each.number for each in commands])
    ids = [order.id for order in orders.values()]
    payments = lock_payments(tx, ids)
    totals = paper_totals(tx, ids)
    known = _known_refunds(tx, [f"refund:{each.number}:{each.reference}" for each in commands])
    accounts = read_accounts(tx, ids)
    free = {id_: _refundable(payments.get(id_, []), totals.get(id_, {}).get("credit_note", 0)) for id_ in ids}
    results: list[Any] = []
    papers: list[tuple[int, NewPaper]] = []
    for i, each in enumerate(commands):
        cause = f"refund:{each.number}:{each.reference}"
        order = orders.get(each.number)
        if order is None:
            results.append(Refusal("not_found", number=each.number))
        elif cause in known:
            results.append(Refunded(each.number, *known[cause], repeated=True))
        else:
            amount = _amount(each.amount, order.currency)
            if amount is None:
                results.append(Refusal("bad_amount", given=each.amount))
            elif amount > free[order.id]:
                results.append(Refusal("refund_too_much", possible=money.format_minor(free[order.id], order.currency)))
            else:
                free[order.id] -= amount
                known[cause] = ("", each.amount)
                account = accounts[order.id]
                paper = NewPaper("credit_note", order.id, cause, account.currency, Worth(amount, 0, 0), [])
                papers.append((i, paper))
                results.append(None)
    numbers = issue_papers(tx, [paper for _, paper in papers])
    for (i, paper), number in zip(papers, numbers, strict=True):
        results[i] = Refunded(commands[i].number, number, money.format_minor(paper.worth.goods_minor, paper.currency))
    if papers:
        settle_orders(tx, sorted({paper.order_id for _, paper in papers}))
    return results


def _refundable(payments: Sequence[Payment], credited: int) -> int:
    """What can still be paid back: captured and not on its way back, less what was credited and not paid yet."""
    paid_back = sum(each.refunded_minor + each.pending_refund_minor for each in payments)
    return max(0, sum(each.refundable_minor for each in payments) - max(0, credited - paid_back))


def _amount(text: str, currency: str) -> int | None:
    try:
        amount = money.parse_minor(text, currency)
    except ValueError:
        return None
    return amount if amount > 0 else None


def _known_refunds(tx: Tx, causes: Sequence[str]) -> dict[str, tuple[str, str]]:
    rows = tx.rows(
        "SELECT cause, series, number, total_minor, currency FROM paper WHERE cause = ANY(%(causes)s::text[])",
        causes=array(causes),
    )
    return {
        row.cause: (f"{row.series}-{row.number:06}", money.format_minor(row.total_minor, row.currency)) for row in rows
    }
