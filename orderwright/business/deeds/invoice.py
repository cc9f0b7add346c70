"""Invoicing what left the house."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from orderwright.business.billing.actions import NewPaper, PaperLine, issue_papers, lock_payments
from orderwright.business.billing.reads import paper_lines
from orderwright.business.billing.rules import Worth, part_worth
from orderwright.business.catalog.clock import today
from orderwright.business.deeds.settle import Account, read_accounts, settle_orders
from orderwright.business.orders.actions import lock_orders
from orderwright.database.rows import array
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx


def issue_invoices(tx: Tx, tasks: Sequence[Task]) -> None:
    """The task verb that follows a parcel handed over: invoice what was shipped and not invoiced yet.

    The first invoice of an order carries its shipping; who pays on account pays by the day agreed with them. Then what
    is due is captured. A parcel whose units an earlier invoice already covers gets none, and neither does one that
    costs nothing: what it held stands on the next invoice, where there is one.
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
    named, due = names_of(tx, list(orders)), _due(tx, orders)
    papers = []
    for task in tasks:
        order_id = order_of[task.subject]
        paper = _invoice(accounts[order_id], invoiced.get(order_id), named, f"parcel:{task.subject}")
        if paper is not None:
            papers.append(paper._replace(due_on=due.get(order_id)))
            before = invoiced.setdefault(order_id, {})
            for line in paper.lines:
                before[line.position] = before.get(line.position, 0) + line.units
    issue_papers(tx, papers)
    settle_orders(tx, list(orders))


def _due(tx: Tx, order_ids: Iterable[str]) -> dict[str, date]:
    """When what is invoiced today is to be paid, for orders on account whose customer has terms."""
    rows = tx.rows(
        "SELECT o.id::text, k.pays_within_days AS days FROM orders o JOIN customer k ON k.id = o.customer_id"
        " WHERE o.id = ANY(%(ids)s::uuid[]) AND k.pays_within_days IS NOT NULL"
        " AND o.form::json #>> '{payment,state}' = 'on_account'",
        ids=array(order_ids),
    )
    return {row.id: today(tx) + timedelta(days=row.days) for row in rows}


def _units_on(lines: Sequence[PaperLine]) -> dict[int, int]:
    units: dict[int, int] = {}
    for line in lines:
        units[line.position] = units.get(line.position, 0) + line.units
    return units


def names_of(tx: Tx, order_ids: Sequence[str]) -> dict[tuple[str, int], tuple[str, str]]:
    """(sku, title) of lines as papers name them, by (order id, position)."""
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
    if not any(worth):
        return None
    return NewPaper("invoice", account.order_id, cause, account.currency, worth, lines)
