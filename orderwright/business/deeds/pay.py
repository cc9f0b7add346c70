"""Payments told to us after the order came: what was authorised or paid elsewhere."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from orderwright.business.billing.actions import NewPayment, add_payments, lock_payments
from orderwright.business.deeds.hold import release_kinds
from orderwright.business.deeds.settle import want_settling
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.database.rows import array
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
    """Money authorised or paid for an order."""

    number: str
    actor: str


class PaymentRecorded(msgspec.Struct, frozen=True, omit_defaults=True):
    """The order's money after a payment: what is authorised or captured in all, and what is still missing."""

    number: str
    covered: str
    missing: str
    repeated: bool = False


def record_payments(tx: Tx, commands: Sequence[RecordPayment]) -> list[Any]:
    """Record payments; one `PaymentRecorded` or Refusal per command. The payment hold goes when all is covered.

    The same gateway and reference again is answered without effect; refuses payment_differs when its order
    or amount is another, not_found, bad_amount, order_step when the order is cancelled.
    """
    orders = lock_by_number(tx, [each.number for each in commands])
    payments = lock_payments(tx, [order.id for order in orders.values()])
    covered = {
        order.id: sum(each.authorised_minor - each.voided_minor for each in payments.get(order.id, ()))
        for order in orders.values()
    }
    known = _known(tx, commands)
    results: list[Any] = []
    new: list[NewPayment] = []
    for each in commands:
        order = orders.get(each.number)
        if order is None:
            results.append(Refusal("not_found", number=each.number))
            continue
        try:
            amount = money.parse_minor(each.amount, order.currency)
        except ValueError:
            amount = 0
        key = (each.gateway, each.reference)
        if amount <= 0:
            results.append(Refusal("bad_amount", given=each.amount))
        elif key in known and known[key] != (order.id, amount):
            results.append(Refusal("payment_differs", gateway=each.gateway, reference=each.reference))
        elif key not in known and order.state == "cancelled":
            results.append(Refusal("order_step", state=order.state))
        else:
            repeated = key in known
            if not repeated:
                known[key] = (order.id, amount)
                covered[order.id] += amount
                is_captured = each.state == "paid"
                new.append(NewPayment(order.id, each.gateway, each.reference, order.currency, amount, is_captured))
            missing = max(0, order.total_minor - covered[order.id])
            results.append(PaymentRecorded(
                each.number, money.format_minor(covered[order.id], order.currency),
                money.format_minor(missing, order.currency), repeated,
            ))  # fmt: skip
    add_payments(tx, new)
    paid_up = [order for order in orders.values() if order.total_minor <= covered[order.id]]
    release_kinds(tx, [(order.id, "payment") for order in paid_up], actor=commands[0].actor)
    want_settling(tx, [each.order_id for each in new])
    return results


def _known(tx: Tx, commands: Sequence[RecordPayment]) -> dict[tuple[str, str], tuple[str, int]]:
    rows = tx.rows(
        "SELECT p.gateway, p.reference, p.order_id::text, p.authorised_minor FROM payment p"
        " JOIN unnest(%(gateways)s::text[], %(references)s::text[]) AS asked(gateway, reference)"
        " USING (gateway, reference)",
        gateways=array(each.gateway for each in commands), references=array(each.reference for each in commands),
    )  # fmt: skip
    return {(row.gateway, row.reference): (row.order_id, row.authorised_minor) for row in rows}
