"""Settling: capture what was invoiced, pay back what is over, let go of what will not be needed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.billing.actions import (
    Payment,
    Wanted,
    begin_calls,
    lock_payments,
    record_outcomes,
    want_payments,
)
from orderwright.business.billing.ports import Gateway, PaymentAnswer, PaymentRequest
from orderwright.business.billing.reads import paper_lines, paper_totals
from orderwright.business.billing.rules import LineWorth, line_worths, order_worth
from orderwright.business.billing.rules import Worth as Worth
from orderwright.business.billing.rules import part_worth as part_worth
from orderwright.business.orders.actions import NewException, close_exceptions, lock_orders, open_exceptions
from orderwright.business.orders.effects import give_up, tell_known
from orderwright.database.rows import array
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx

SETTLE_ORDER = "settle_order"


class Account(NamedTuple):
    """What an order owes and has left to do. `live`: units not cancelled, by line position."""

    order_id: str
    currency: str
    lines: list[LineWorth]
    live: dict[int, int]
    shipped: dict[int, int]
    shipping: tuple[int, int]
    is_open: bool
    per_unit: dict[str, int]  # units in one ordered unit, by demand id

    @property
    def worth_minor(self) -> int:
        """What the units not cancelled come to, with shipping."""
        shipped = any(self.shipped.values())
        return order_worth(self.lines, self.live, self.shipping, is_shipped_part=shipped).total_minor

    def worth_beyond_minor(self, invoiced: Mapping[int, int]) -> int:
        """Of that worth, what is still to be invoiced. invoiced: units on invoices, by line position."""
        if not any(invoiced.values()):
            return self.worth_minor
        parts = [part_worth(line, 0, invoiced.get(line.position, 0)) for line in self.lines]
        return self.worth_minor - sum(goods + tax for goods, tax in parts) - sum(self.shipping)


def want_settling(tx: Tx, order_ids: Iterable[str]) -> None:
    """Enqueue settling for orders whose worth or payments changed."""
    for order_id in sorted(set(order_ids)):
        tx.enqueue(SETTLE_ORDER, order_id)


def settle_tasks(tx: Tx, tasks: Sequence[Task]) -> None:
    """The task verb: settle the tasks' subjects."""
    settle_orders(tx, [task.subject for task in tasks])


def settle_orders(tx: Tx, order_ids: Sequence[str]) -> None:
    """Want the captures, refunds and voids that bring orders into balance. Doing it twice wants nothing more.

    Captured is what was invoiced less credited; paid back is what exceeds that and what is still to be invoiced,
    latest payment first; voided is what nothing will be captured from, once the order has nothing open.
    """
    orders = list(lock_orders(tx, order_ids))
    want_payments(tx, _wanted(tx, orders, lock_payments(tx, orders)))


def refunds_due(
    tx: Tx, order_ids: Sequence[str], payments: Mapping[str, Sequence[Payment]]
) -> dict[str, list[tuple[Payment, int]]]:
    """What settling orders would pay back now, by order: of which payment how much. payments: theirs, locked."""
    found: dict[str, list[tuple[Payment, int]]] = {}
    for each in _wanted(tx, order_ids, payments):
        if each.kind == "refund":
            found.setdefault(each.payment.order_id, []).append((each.payment, each.amount_minor))
    return found


def _wanted(tx: Tx, order_ids: Sequence[str], payments: Mapping[str, Sequence[Payment]]) -> list[Wanted]:
    papers = paper_totals(tx, order_ids)
    invoiced = units_on_papers(tx, order_ids, "invoice")
    wanted: list[Wanted] = []
    for account in read_accounts(tx, order_ids).values():
        mine = payments.get(account.order_id, [])
        totals = papers.get(account.order_id, {})
        on_paper = totals.get("invoice", 0) - totals.get("credit_note", 0)
        to_come = account.worth_beyond_minor(invoiced.get(account.order_id, {}))
        wanted += wanted_for(account, mine, on_paper, to_come)
    return wanted


def units_on_papers(tx: Tx, order_ids: Sequence[str], kind: str) -> dict[str, dict[int, int]]:
    """Units on the orders' papers of a kind (invoice, credit_note), by order and line position."""
    found: dict[str, dict[int, int]] = {}
    for order_id, papers in paper_lines(tx, order_ids, kind).items():
        units = found.setdefault(order_id, {})
        for line in [line for paper in papers for line in paper]:
            units[line.position] = units.get(line.position, 0) + line.units
    return found


def wanted_for(account: Account, payments: Sequence[Payment], on_paper: int, to_come: int) -> list[Wanted]:
    """The captures, refunds and voids that bring one order into balance.

    on_paper: invoiced less credited. to_come: what is still to be invoiced.
    """
    kept = sum(each.captured_minor - each.refunded_minor - each.pending_refund_minor for each in payments)
    capturing = sum(each.pending_capture_minor for each in payments)
    wanted: list[Wanted] = []
    capture = on_paper - kept - capturing
    left: dict[str, int] = {}
    for payment in payments:
        part = max(0, min(capture, payment.capturable_minor))
        left[payment.id] = payment.capturable_minor - part
        capture -= part
        if part:
            wanted.append(Wanted("capture", payment, part))
    refund = kept + capturing - max(0, on_paper + to_come)
    for payment in reversed(payments):
        part = max(0, min(refund, payment.refundable_minor))
        refund -= part
        if part:
            wanted.append(Wanted("refund", payment, part))
    if not account.is_open:
        wanted += [Wanted("void", each, left[each.id]) for each in payments if left[each.id] > 0]
    return wanted


def read_accounts(tx: Tx, order_ids: Sequence[str]) -> dict[str, Account]:
    """The accounts of orders, by id; three statements, however many."""
    ids = array(sorted(set(order_ids)))
    lines: dict[str, list[tuple[int, int, int, int]]] = {}
    units: dict[str, tuple[dict[int, int], dict[int, int]]] = {}
    for row in tx.rows(
        """
        SELECT l.order_id::text, l.position, l.quantity, l.amount_minor, l.tax_minor,
               coalesce(min(d.cancelled / d.per_unit), l.cancelled) AS cancelled,
               coalesce(min(d.shipped / d.per_unit), 0) AS shipped
        FROM order_line l LEFT JOIN demand d ON d.order_id = l.order_id AND d.position = l.position
        WHERE l.order_id = ANY(%(ids)s::uuid[])
        GROUP BY l.order_id, l.position ORDER BY l.order_id, l.position
        """,
        ids=ids,
    ):
        line = (row.position, row.quantity, row.amount_minor, row.tax_minor)
        lines.setdefault(row.order_id, []).append(line)
        live, shipped = units.setdefault(row.order_id, ({}, {}))
        live[row.position] = row.quantity - row.cancelled
        shipped[row.position] = row.shipped
    per_unit = _per_unit(tx, ids)
    return {
        row.id: account_of(row, lines[row.id], *units[row.id], per_unit.get(row.id, {}))
        for row in tx.rows(
            "SELECT id::text, currency, discount_minor, shipping_minor, tax_minor, prices_include_tax"
            " FROM orders WHERE id = ANY(%(ids)s::uuid[])",
            ids=ids,
        )
    }


def missing_minor(tx: Tx, payments: Mapping[str, Sequence[Payment]]) -> dict[str, int]:
    """What is still to be paid or authorised of orders: below zero where it is more than enough.

    payments: those of each order. It is what the units not cancelled come to, less what credit notes give back.
    """
    papers = paper_totals(tx, payments)
    return {
        id_: account.worth_minor
        - papers.get(id_, {}).get("credit_note", 0)
        - sum(each.standing_minor for each in payments[id_])
        for id_, account in read_accounts(tx, list(payments)).items()
    }


def account_of(
    row: Any,
    lines: list[tuple[int, int, int, int]],
    live: dict[int, int],
    shipped: Mapping[int, int],
    per_unit: dict[str, int],
) -> Account:
    """The account of an order whose amounts and lines, (position, quantity, amount, tax), are at hand."""
    shipping_tax = row.tax_minor - sum(tax for _, _, _, tax in lines)
    shipping_price = row.shipping_minor - (shipping_tax if row.prices_include_tax else 0)
    worths = line_worths(lines, row.discount_minor, prices_include_tax=row.prices_include_tax)
    is_open = any(live[position] > shipped[position] for position in live)
    shipping = (shipping_price, shipping_tax)
    return Account(row.id, row.currency, worths, live, dict(shipped), shipping, is_open, per_unit)


def _per_unit(tx: Tx, ids: str) -> dict[str, dict[str, int]]:
    """Kit components only: plain lines have one of themselves."""
    found: dict[str, dict[str, int]] = {}
    for row in tx.rows(
        "SELECT order_id::text, id::text, per_unit FROM demand WHERE order_id = ANY(%(ids)s::uuid[]) AND per_unit > 1",
        ids=ids,
    ):
        found.setdefault(row.order_id, {})[row.id] = row.per_unit
    return found


class PaymentCalls:
    """What task `call_payment` does; app.py gives it the gateway that stands for every other in practice."""

    start: Callable[[Tx, Sequence[Task]], list[PaymentRequest | None]]
    finish: Callable[[Tx, Sequence[Task], Sequence[PaymentAnswer]], None]
    give_up: Callable[[Tx, Task, str], None]

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.start = start_payments
        self.finish = finish_payments
        self.give_up = give_up_payment

    def call(self, request: PaymentRequest) -> PaymentAnswer:
        """Ask the gateway once."""
        return self._gateway.perform(request)

    def ask(self, request: PaymentRequest) -> PaymentAnswer | None:
        """What became of a call whose answer never came."""
        return self._gateway.look_up(request)


def start_payments(tx: Tx, tasks: Sequence[Task]) -> list[PaymentRequest | None]:
    """What to ask of the gateways: one request per task, None where it was settled meanwhile."""
    requests = begin_calls(tx, [task.body["intent"] for task in tasks])
    return [requests.get(task.body["intent"]) for task in tasks]


def finish_payments(tx: Tx, tasks: Sequence[Task], answers: Sequence[PaymentAnswer]) -> None:
    """Record what the gateways said; what they refused opens an exception, and is still owed."""
    outcomes = {task.body["intent"]: answer for task, answer in zip(tasks, answers, strict=True)}
    lock_orders(tx, _orders_of(tx, list(outcomes)))
    rows = record_outcomes(tx, outcomes)
    kinds = {"refund": "refund_failed", "capture": "payment_failed", "void": "payment_failed"}
    open_exceptions(tx, [
        NewException(row.order_id, row.payment_id, kinds[row.kind], {
            "kind": row.kind, "amount_minor": row.amount_minor, "said": outcomes[row.id].said})
        for row in rows if not row.is_done
    ])  # fmt: skip
    done = [(row.payment_id, kinds[row.kind]) for row in rows if row.is_done]
    close_exceptions(tx, done, actor="worker", resolution="settled")
    tell_known(tx, [row.payment_id for row in rows])


def give_up_payment(tx: Tx, task: Task, error: str) -> None:
    """A payment's task died: whether the gateway did it is for a person to find out, or for another try."""
    ids = [task.body["intent"]]
    lock_orders(tx, _orders_of(tx, ids))
    give_up(tx, ids, task, error)


def _orders_of(tx: Tx, intent_ids: Sequence[str]) -> list[str]:
    rows = tx.rows("SELECT order_id::text FROM intent WHERE id = ANY(%(ids)s::uuid[])", ids=array(intent_ids))
    return [row.order_id for row in rows]
