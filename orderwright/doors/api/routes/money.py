"""Money: what was paid, what goes back, what an order comes to, and the papers that say so."""

from msgspec.structs import asdict

from orderwright.business.billing.reads import PaperShown, get_paper
from orderwright.business.deeds.at_version import AtVersion, at_version, order_versions
from orderwright.business.deeds.balance import Balance, get_balance
from orderwright.business.deeds.pay import PaymentRecorded, RecordPayment, TellPayment, record_payments
from orderwright.business.deeds.refund import Refunded, RefundForm, RefundOrder, refund_orders
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import paper
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import order

_record = at_version(order_versions, record_payments)
_refund = at_version(order_versions, refund_orders)


def _status(done: PaymentRecorded | Refunded) -> int:
    return 200 if done.repeated else 201


@deed(
    "POST", "/v1/orders/{number}/payments", "money:write", _record, within=order, answer=PaymentRecorded,
    status=_status, example={"state": "paid", "amount": "48.37", "gateway": "stripe", "reference": "pi_123"},
)  # fmt: skip
def record_payment(request: Request[TellPayment]) -> AtVersion:
    """Tell of money authorised or paid; one told as authorised may be told as paid later.

    The payment hold goes when all is covered; 409 `payment_differs`, `payment_voided`.
    """
    number = request.at["number"]
    command = RecordPayment(**asdict(request.body), number=number, actor=request.actor)
    return AtVersion(number, request.version, command)


@deed(
    "POST", "/v1/orders/{number}/refunds", "money:write", _refund, within=order, answer=Refunded, status=_status,
    example={"amount": "5.00", "reason": "Late delivery", "reference": "goodwill-1"},
)  # fmt: skip
def refund(request: Request[RefundForm]) -> AtVersion:
    """Pay an amount back: a credit note now, the money by itself after it. 422 `refund_too_much`."""
    number = request.at["number"]
    command = RefundOrder(**asdict(request.body), number=number, actor=request.actor)
    return AtVersion(number, request.version, command)


@read("/v1/orders/{number}/balance", "money:read", within=order)
def balance(tx: Tx, question: Question[None]) -> Balance:
    """What an order is worth against what was paid, with its payments and papers."""
    return get_balance(tx, question.at["number"])


@read("/v1/invoices/{number}", "money:read", within=paper)
def invoice(tx: Tx, question: Question[None]) -> PaperShown:
    """An invoice (INV-000001) or a credit note (CN-000001), as printed."""
    return get_paper(tx, question.at["number"])
