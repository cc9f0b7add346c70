"""What messages lead to: placing, editing, paying, cancelling; many at a time, each told what became of it."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.edit import edit_orders
from orderwright.business.deeds.editing.forms import EditOrder
from orderwright.business.deeds.inbox.desk import Letter, Object
from orderwright.business.deeds.inbox.forms import CANCELLED_BY_CHANNEL
from orderwright.business.deeds.pay import RecordPayment, record_payments
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.deeds.reconcile import reconcile
from orderwright.business.orders.actions import NewException, close_exceptions, open_exceptions
from orderwright.business.orders.commands import CancelOrder, ReasonWord
from orderwright.business.orders.form import NewOrder
from orderwright.database.tx import Tx
from orderwright.values.money import format_minor
from orderwright.values.refusal import Refusal

Chosen = Sequence[tuple[Object, Letter]]

DIFFERS = "channel_differs"
NO_GOOD = ("order_refused", "malformed", "bad_amount")
"""Refusals that say the message itself is no good."""


def place(tx: Tx, chosen: Chosen) -> None:
    """Take orders that are new. One that came in by another way meanwhile is reconciled in the next round."""
    answers = place_orders(tx, [PlaceOrder(letter.form, letter.actor, "channel") for _, letter in chosen])
    for (each, letter), answer in zip(chosen, answers, strict=True):
        if not isinstance(answer, Refusal):
            letter.done(f"{'unchanged' if answer.repeated else 'placed'} {answer.number}", int(not answer.repeated))
            each.said_last = letter.body
        elif answer.code == "order_differs":
            each.unread.insert(0, each.read.pop())
        else:
            letter.park(answer.code, answer.facts)
            each.is_create_parked = True


def edit(tx: Tx, chosen: Chosen) -> None:
    """Reconcile orders that are here with what their channels say now; who is too late leaves it to a person."""
    commands, overruled = [], []
    for each, letter in chosen:
        ours = msgspec.json.decode(each.order.form, type=NewOrder)
        last = ours if each.said_last is None else msgspec.json.decode(each.said_last, type=NewOrder)
        merged = reconcile(last, letter.form, ours)
        overruled.append(merged.overruled)
        commands.append(EditOrder(number=each.order.number, form=merged.form, actor=letter.actor, door="channel"))
    differs: list[NewException] = []
    agreed: list[tuple[str, str]] = []
    for (each, letter), answer, over in zip(chosen, edit_orders(tx, commands), overruled, strict=True):
        if isinstance(answer, Refusal):
            differs += _refused(each, letter, answer)
            continue
        each.said_last = letter.body
        letter.done("unchanged" if answer.repeated else f"edited {', '.join(answer.fields)}", int(not answer.repeated))
        if over:
            differs.append(_differs(each, letter, {"overruled": over}))
        elif not answer.repeated or letter.form == msgspec.json.decode(each.order.form, type=NewOrder):
            agreed.append((each.order.id, DIFFERS))
    close_exceptions(tx, agreed, actor="inbox", resolution="the channel agrees again")
    open_exceptions(tx, differs)


def pay(tx: Tx, chosen: Chosen) -> None:
    """Record payments the channels tell of; one without an amount pays the order's total."""
    commands, told = [], []
    for each, letter in chosen:
        payment = letter.form.payment
        if payment.state not in ("paid", "authorised"):
            letter.done("unchanged", 0)
            continue
        amount = payment.amount or format_minor(each.order.total_minor, each.order.currency)
        commands.append(RecordPayment(
            number=each.order.number, state=payment.state, amount=amount, gateway=payment.gateway,
            reference=payment.reference or each.external_id, actor=letter.actor,
        ))  # fmt: skip
        told.append((each, letter))
    differs: list[NewException] = []
    for (each, letter), answer in zip(told, record_payments(tx, commands) if commands else [], strict=True):
        if isinstance(answer, Refusal):
            differs += _refused(each, letter, answer)
        else:
            letter.done("unchanged" if answer.repeated else f"paid {answer.covered}", int(not answer.repeated))
    open_exceptions(tx, differs)


def cancel(tx: Tx, chosen: Chosen) -> None:
    """Cancel what the channels cancelled; what has left or is packed stays, and a person is told."""
    commands = [
        CancelOrder(number=each.order.number, reason=reason_word(letter.form.reason), actor=letter.actor)
        for each, letter in chosen
    ]
    differs: list[NewException] = []
    for (each, letter), answer in zip(chosen, cancel_orders(tx, commands), strict=True):
        if not isinstance(answer, Refusal):
            letter.done(f"cancelled, now {answer.state}", 1)
            if answer.state != "cancelled":
                differs.append(_differs(each, letter, {"cancelled": letter.form.reason, "state": answer.state}))
        elif each.order.state == "cancelled":
            letter.done("unchanged", 0)
        else:
            differs += _refused(each, letter, answer)
    open_exceptions(tx, differs)


def reason_word(said: str) -> str:
    """A channel's reason as facts may keep it: a word as it is; for a text, which may name people, that there is one.

    The text is read in the message, until that is forgotten, and by whoever has to look into it.
    """
    try:
        return msgspec.convert(said, ReasonWord)
    except msgspec.ValidationError:
        return CANCELLED_BY_CHANNEL


ACTS: Sequence[tuple[str, Callable[[Tx, Chosen], None]]] = (
    ("place", place), ("edit", edit), ("pay", pay), ("cancel", cancel),
)  # fmt: skip
"""Kinds of messages, and what does them."""


def _refused(each: Object, letter: Letter, refusal: Refusal) -> list[NewException]:
    """A message that is no good is parked; one that comes too late is dealt with by telling a person."""
    if refusal.code in NO_GOOD:
        letter.park(refusal.code, refusal.facts)
        return []
    facts: dict[str, Any] = {"code": refusal.code, **refusal.facts}
    letter.done(f"differs {msgspec.json.encode(facts).decode()}", 0)
    return [_differs(each, letter, facts)]


def _differs(each: Object, letter: Letter, facts: dict[str, Any]) -> NewException:
    document = {"topic": letter.topic, "message": letter.id, **facts}
    return NewException(each.order.id, each.order.id, DIFFERS, document)
