"""Money of one order that pays for another: it is carried over in the books, and no gateway is asked."""

from collections.abc import Sequence
from typing import NamedTuple

from orderwright.business.billing.actions import NewPayment, Payment, add_payments, record_outcomes
from orderwright.business.billing.ports import PaymentAnswer
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids

CARRIED = "carried"
"""The provider of intents that nobody is asked about: they are done as they are written."""


class Carry(NamedTuple):
    """Captured money of a payment, at most what may be paid back of it, that is to pay for another order."""

    payment: Payment
    amount_minor: int
    order_id: str


def carry_over(tx: Tx, carries: Sequence[Carry]) -> None:
    """Book money from order to order: paid back of locked payments, captured by payments of the others.

    A payment made so has no reference of its own. It knows the one its money came by first, and what is paid back of
    it is asked of that one's gateway, in that one's name.
    """
    if not carries:
        return
    first = {
        row.id: row.first
        for row in tx.rows(
            "SELECT id::text, coalesce(carried_from, id)::text AS first FROM payment WHERE id = ANY(%(ids)s::uuid[])",
            ids=array(sorted({each.payment.id for each in carries})),
        )
    }
    made = add_payments(tx, [
        NewPayment(each.order_id, each.payment.gateway, "", each.payment.currency, each.amount_minor, True,
                   first[each.payment.id])
        for each in carries
    ])  # fmt: skip
    ids = new_ids(len(carries))
    tx.copy(
        "intent",
        "id, kind, subject, order_id, provider, key, amount_minor, currency, state, made_at",
        [
            (id_, "refund", each.payment.id, each.payment.order_id, CARRIED, f"carry:{payment_id}", each.amount_minor,
             each.payment.currency, "wanted", tx.now)
            for id_, payment_id, each in zip(ids, made, carries, strict=True)
        ],
    )  # fmt: skip
    record_outcomes(tx, {id_: PaymentAnswer(True, CARRIED) for id_ in ids})
