"""Payments told to us after the order came: what was authorised or paid elsewhere."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from orderwright.business.billing.actions import Capture, NewPayment, add_captures, add_payments, lock_payments
from orderwright.business.billing.reads import known_payments
from orderwright.business.deeds.hold import release_kinds
from orderwright.business.deeds.settle import missing_minor, want_settling
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.forms import Amount, Form, Word
from orderwright.values.refusal import Refusal


class TellPayment(Form, frozen=True):
    """Money authorised or paid, in the order's currency, by the gateway's own reference."""

    state: Literal["authorised", "paid"]
    amount: Amount
    gateway: Word
    reference: Annotated[str, Meta(min_length=1, max_length=200)]


class RecordPayment(TellPayment, frozen=True, kw_only=True):
    """Money authorised or paid for an order. anyway: although it is cancelled; what is over goes back by itself."""

    number: str
    actor: str
    anyway: bool = False


class PaymentRecorded(msgspec.Struct, frozen=True, omit_defaults=True):
    """The order's money after a payment: what is authorised or captured in all, and what is still missing."""

    number: str
    covered: str
    missing: str
    repeated: bool = False


def record_payments(tx: Tx, commands: Sequence[RecordPayment]) -> list[Any]:
    """Record payments; one `PaymentRecorded` or Refusal per command. The payment hold goes when all is covered.

    A reference authorised before and now told as paid is captured: its money came in elsewhere. Otherwise the
    same gateway and reference again is answered without effect. Refuses payment_differs when its order or
    amount is another, payment_voided, not_found, bad_amount, order_step when the order is cancelled.
    """
    desk = _Desk(tx, commands)
    results = [desk.tell(each) for each in commands]
    add_payments(tx, list(desk.new.values()))
    add_captures(tx, list(desk.captures.values()))
    for actor in sorted(set(desk.paid_by.values())):
        paid_up = [order_id for order_id, by in desk.paid_by.items() if by == actor]
        release_kinds(tx, [(order_id, "payment") for order_id in paid_up], actor=actor)
    want_settling(tx, desk.touched)
    return results


_Key = tuple[str, str]
"""Gateway and reference."""


class _Desk:
    """The money of the commands' orders, locked, and what the commands so far add to it.

    paid_by: who covered an order in full. touched: orders whose money changed.
    """

    def __init__(self, tx: Tx, commands: Sequence[RecordPayment]) -> None:
        self._orders = lock_by_number(tx, [each.number for each in commands])
        payments = lock_payments(tx, [order.id for order in self._orders.values()])
        mine = {order.id: payments.get(order.id, []) for order in self._orders.values()}
        self._covered = {id_: sum(each.standing_minor for each in theirs) for id_, theirs in mine.items()}
        self._missing = missing_minor(tx, mine)
        self._standing = {(each.gateway, each.reference): each for mine in payments.values() for each in mine}
        self._known = known_payments(tx, ((each.gateway, each.reference) for each in commands))
        self.new: dict[_Key, NewPayment] = {}
        self.captures: dict[_Key, Capture] = {}
        self.paid_by: dict[str, str] = {}
        self.touched: set[str] = set()

    def tell(self, told: RecordPayment) -> PaymentRecorded | Refusal:
        """What one command comes to, given all before it."""
        order = self._orders.get(told.number)
        if order is None:
            return Refusal("not_found", number=told.number)
        try:
            amount = money.parse_minor(told.amount, order.currency)
        except ValueError:
            amount = 0
        if amount <= 0:
            return Refusal("bad_amount", given=told.amount)
        key = (told.gateway, told.reference)
        is_news = (
            self._again(key, told, order.id, amount) if key in self._known else self._first(key, told, order, amount)
        )
        if isinstance(is_news, Refusal):
            return is_news
        covered, missing = self._covered[order.id], max(0, self._missing[order.id])
        if is_news:
            self.touched.add(order.id)
            if not missing:
                self.paid_by.setdefault(order.id, told.actor)
        return PaymentRecorded(
            told.number, money.format_minor(covered, order.currency), money.format_minor(missing, order.currency),
            not is_news,
        )  # fmt: skip

    def _first(self, key: _Key, told: RecordPayment, order: Any, amount_minor: int) -> bool | Refusal:
        if order.state == "cancelled" and not told.anyway:
            return Refusal("order_step", state=order.state)
        self._known[key] = (order.id, amount_minor)
        self._covered[order.id] += amount_minor
        self._missing[order.id] -= amount_minor
        is_captured = told.state == "paid"
        self.new[key] = NewPayment(order.id, *key, order.currency, amount_minor, is_captured)
        return True

    def _again(self, key: _Key, told: RecordPayment, order_id: str, amount_minor: int) -> bool | Refusal:
        """Whether a known reference brings news: money that was authorised came in."""
        if self._known[key] != (order_id, amount_minor):
            return Refusal("payment_differs", gateway=told.gateway, reference=told.reference)
        if told.state != "paid":
            return False
        if key in self.new:
            was_captured = self.new[key].is_captured
            self.new[key] = self.new[key]._replace(is_captured=True)
            return not was_captured
        payment = self._standing[key]
        if payment.voided_minor or payment.pending_void_minor:
            return Refusal("payment_voided", gateway=told.gateway, reference=told.reference)
        if key in self.captures or not payment.capturable_minor:
            return False
        # What we are capturing ourselves is booked when the gateway answers; the rest came in without us.
        self.captures[key] = Capture(payment, payment.capturable_minor)
        return True
