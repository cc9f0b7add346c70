"""Paying back what was agreed to: a credit note now, the money by itself after it."""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from orderwright.business.billing.actions import NewPaper, PaperLine, Payment, issue_papers, lock_payments
from orderwright.business.billing.reads import paper_totals
from orderwright.business.billing.rules import Worth
from orderwright.business.deeds.settle import settle_orders
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.forms import Amount, Form, Word
from orderwright.values.refusal import Refusal


class RefundForm(Form, frozen=True):
    """An amount to be paid back as goodwill; `reason` is printed. `reference`: repeating it pays nothing twice."""

    amount: Amount
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    reference: Word


class RefundOrder(RefundForm, frozen=True, kw_only=True):
    """Pay some of an order back."""

    number: str
    actor: str


class Refunded(msgspec.Struct, frozen=True, omit_defaults=True):
    """The credit note of a refund; the money follows by itself."""

    number: str
    credit_note: str
    amount: str
    repeated: bool = False


class _Credit(NamedTuple):
    """A refund that is, or will be, on paper: what it is caused by and comes to."""

    cause: str
    amount_minor: int
    is_repeated: bool


def refund_orders(tx: Tx, commands: Sequence[RefundOrder]) -> list[Any]:
    """Credit and pay back amounts; one `Refunded` or Refusal per command. Again: `repeated`.

    Refuses not_found, bad_amount, refund_differs (reference, amount: of the one that was made), refund_too_much
    (more than was captured and not paid back or credited yet).
    """
    orders = lock_by_number(tx, [each.number for each in commands])
    free = _refundable(tx, [order.id for order in orders.values()])
    made = _known(tx, [_cause(each) for each in commands])
    numbers = {cause: number for cause, (number, _) in made.items()}
    amounts = {cause: amount for cause, (_, amount) in made.items()}
    results: list[Refusal | _Credit] = []
    papers: list[NewPaper] = []
    for each in commands:
        order = orders.get(each.number)
        result = Refusal("not_found", number=each.number) if order is None else _decide(each, order, amounts, free)
        results.append(result)
        if order is not None and isinstance(result, _Credit) and not result.is_repeated:
            amounts[result.cause] = result.amount_minor
            free[order.id] -= result.amount_minor
            papers.append(_paper(order, each, result))
    numbers.update(zip((paper.cause for paper in papers), issue_papers(tx, papers), strict=True))
    if papers:
        settle_orders(tx, sorted({paper.order_id for paper in papers}))
    return [
        result
        if isinstance(result, Refusal)
        else _told(each, orders[each.number].currency, result, numbers[result.cause])
        for each, result in zip(commands, results, strict=True)
    ]


def _decide(command: RefundOrder, order: Any, made: dict[str, int], free: dict[str, int]) -> Refusal | _Credit:
    try:
        amount = money.parse_minor(command.amount, order.currency)
    except ValueError:
        amount = 0
    cause = _cause(command)
    if amount <= 0:
        return Refusal("bad_amount", given=command.amount)
    if cause in made:
        if made[cause] == amount:
            return _Credit(cause, amount, is_repeated=True)
        before = money.format_minor(made[cause], order.currency)
        return Refusal("refund_differs", reference=command.reference, amount=before)
    if amount > free[order.id]:
        return Refusal("refund_too_much", possible=money.format_minor(free[order.id], order.currency))
    return _Credit(cause, amount, is_repeated=False)


def _cause(command: RefundOrder) -> str:
    return f"refund:{command.number}:{command.reference}"


def _paper(order: Any, command: RefundOrder, credit: _Credit) -> NewPaper:
    # It stands for no line of the order, so it counts no units of one.
    line = PaperLine(0, "", command.reason, 0, credit.amount_minor, 0)
    worth = Worth(credit.amount_minor, 0, 0)
    return NewPaper("credit_note", order.id, credit.cause, order.currency, worth, [line])


def _told(command: RefundOrder, currency: str, credit: _Credit, number: str) -> Refunded:
    return Refunded(command.number, number, money.format_minor(credit.amount_minor, currency), credit.is_repeated)


def _refundable(tx: Tx, order_ids: Sequence[str]) -> dict[str, int]:
    """What can still be paid back, by order, whose payments are locked now."""
    payments = lock_payments(tx, order_ids)
    totals = paper_totals(tx, order_ids)
    return {id_: _left(payments.get(id_, []), totals.get(id_, {}).get("credit_note", 0)) for id_ in order_ids}


def _left(payments: Sequence[Payment], credited: int) -> int:
    """Captured and not on its way back, less what was credited and not paid yet."""
    paid_back = sum(each.refunded_minor + each.pending_refund_minor for each in payments)
    return max(0, sum(each.refundable_minor for each in payments) - max(0, credited - paid_back))


def _known(tx: Tx, causes: Sequence[str]) -> dict[str, tuple[str, int]]:
    """(number, minor units) of the papers there are, by cause."""
    rows = tx.rows(
        "SELECT cause, series, number, total_minor FROM paper WHERE cause = ANY(%(causes)s::text[])",
        causes=array(sorted(set(causes))),
    )
    return {row.cause: (f"{row.series}-{row.number:06}", row.total_minor) for row in rows}
