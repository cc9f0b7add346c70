"""Links to pay, made and taken back: one at a time for each order or quote, for what is missing of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.business.billing.actions import lock_payments
from orderwright.business.billing.pay_links import (
    NewPayLink,
    PayLinkRow,
    insert_links,
    links_by_id,
    links_of,
    mark_links_withdrawn,
)
from orderwright.business.deeds.paying.showing import PayLink, links_now, payables, state_of
from orderwright.business.deeds.settle import missing_minor
from orderwright.business.orders.actions import lock_orders
from orderwright.business.orders.facts import PayLinkMade, PayLinkWithdrawn
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.business.orders.form import NewOrder
from orderwright.business.quotes.rows import lock_quotes
from orderwright.business.quotes.rules import state_of as state_of_quote
from orderwright.business.returns.exchanges import returns_awaited
from orderwright.database.rows import array
from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx
from orderwright.values.forms import Command
from orderwright.values.ids import is_id, new_id
from orderwright.values.refusal import Refusal

Days = Annotated[int, Meta(ge=1, le=90)]
LINK_DAYS: Setting[int] = Setting(
    "pay.link_days", Days, 7, "Days for which a customer can pay by a link; for a quote, not beyond its last day."
)
SETTINGS = (LINK_DAYS,)


class MakePayLink(Command, frozen=True):
    """Make a link to pay an order or a quote. days: for how many it can be paid; None: as the setting says."""

    order: str = ""
    quote: str = ""
    days: Days | None = None


class WithdrawPayLink(Command, frozen=True):
    """Take a link back: nobody can pay by it any more."""

    id: str


def make_pay_links(tx: Tx, commands: Sequence[MakePayLink]) -> list[PayLink | Refusal]:
    """Make links for what is missing of orders and quotes; one `PayLink` or Refusal per command.

    A link that still asks for the right amount is answered again, `repeated`; one that is over, or asks for another
    amount, is replaced. What goes out in exchange asks for nothing before its return is settled: until
    then nobody knows what that leaves to be paid. Refuses not_found, exchange_open (returned), nothing_to_pay,
    quote_step, quote_expired.
    """
    desk = _Desk(tx, commands)
    made = [desk.make(tx, each) for each in commands]
    mark_links_withdrawn(tx, list(desk.replaced.items()))
    insert_links(tx, list(desk.new.values()))
    for link in desk.new.values():
        if link.order_id:
            tx.record("order", link.order_id, PayLinkMade(link.id, link.amount_minor), actor=link.made_by)
    shown = links_now(tx, [each for each in made if isinstance(each, str)])
    fresh = set(desk.new)
    answers: list[PayLink | Refusal] = []
    for each in made:
        if isinstance(each, Refusal):
            answers.append(each)
        else:
            answers.append(msgspec.structs.replace(shown[each], repeated=each not in fresh))
            fresh.discard(each)
    return answers


def withdraw_pay_links(tx: Tx, commands: Sequence[WithdrawPayLink]) -> list[PayLink | Refusal]:
    """Take links back; one `PayLink` or Refusal per command. What is paid all the same is recorded, and counts.

    Refuses not_found, pay_link_step (paid, or taken back before).
    """
    ids = [each.id for each in commands if is_id(each.id)]
    lock_orders(tx, [each.order_id for each in links_by_id(tx, ids).values() if each.order_id])
    links = links_by_id(tx, ids, lock=True)
    found = payables(tx, list(links.values()))
    taken: dict[str, str] = {}
    results: list[str | Refusal] = []
    for command in commands:
        link = links.get(command.id)
        if link is None:
            results.append(Refusal("not_found", link=command.id))
        elif not link.is_open or command.id in taken:
            state = "withdrawn" if command.id in taken else state_of(tx, link, found[link.id])
            results.append(Refusal("pay_link_step", state=state))
        else:
            taken[command.id] = command.actor
            results.append(command.id)
    mark_links_withdrawn(tx, list(taken.items()))
    for id_, actor in taken.items():
        if order_id := links[id_].order_id:
            tx.record("order", order_id, PayLinkWithdrawn(id_), actor=actor)
    shown = links_now(tx, taken)
    return [each if isinstance(each, Refusal) else shown[each] for each in results]


class _Desk:
    """What the commands are about, locked, and the links that are made of them. replaced: (link, by whom)."""

    def __init__(self, tx: Tx, commands: Sequence[MakePayLink]) -> None:
        self._quotes = lock_quotes(tx, [each.quote for each in commands])
        self._orders = lock_by_number(tx, [each.order for each in commands])
        ids = [order.id for order in self._orders.values()]
        payments = lock_payments(tx, ids)
        self._missing = missing_minor(tx, {id_: payments.get(id_, []) for id_ in ids})
        self._awaited = returns_awaited(tx, ids)
        became = {row.id: row.order_id for row in tx.rows(
            "SELECT id::text, order_id::text FROM quote WHERE order_id = ANY(%(ids)s::uuid[])", ids=array(ids)
        )}  # fmt: skip
        quote_ids = [*became, *(quote.id for quote in self._quotes.values())]
        self._standing: dict[str, list[PayLinkRow]] = {}  # open ones, by the id of the order or the quote
        for link in links_of(tx, orders=ids, quotes=quote_ids, lock=True):
            subject = link.order_id or became.get(link.quote_id or "") or link.quote_id or ""
            if link.is_open:
                self._standing.setdefault(subject, []).append(link)
        self.new: dict[str, NewPayLink] = {}
        self.replaced: dict[str, str] = {}
        self._made: dict[str, str] = {}

    def make(self, tx: Tx, command: MakePayLink) -> str | Refusal:
        """The id of the link for what a command is about."""
        ends_at = tx.now + timedelta(days=command.days or value_of(tx, LINK_DAYS))
        if command.quote:
            return self._for_quote(tx, command, ends_at)
        order = self._orders.get(command.order)
        if order is None:
            return Refusal("not_found", order=command.order)
        if order.id in self._awaited:
            return Refusal("exchange_open", returned=self._awaited[order.id])
        link = NewPayLink(new_id(), order.id, None, order.currency, self._missing[order.id], ends_at, command.actor)
        return self._one(tx, order.id, link)

    def _for_quote(self, tx: Tx, command: MakePayLink, ends_at: datetime) -> str | Refusal:
        quote = self._quotes.get(command.quote)
        if quote is None or not quote.form.startswith("{"):
            return Refusal("not_found", quote=command.quote)
        state = state_of_quote(tx.now, quote.expires_at, quote.ordered_at is not None, quote.withdrawn_at is not None)
        if state == "expired":
            return Refusal("quote_expired", number=command.quote, valid_until=quote.valid_until)
        if state != "open":
            return Refusal("quote_step", number=command.quote, state=state)
        ends_at = min(ends_at, quote.expires_at)
        is_paid = msgspec.json.decode(quote.form, type=NewOrder).payment.state == "paid"
        amount = 0 if is_paid else quote.total_minor
        return self._one(
            tx, quote.id, NewPayLink(new_id(), None, quote.id, quote.currency, amount, ends_at, command.actor)
        )

    def _one(self, tx: Tx, subject: str, link: NewPayLink) -> str | Refusal:
        if link.amount_minor <= 0:
            return Refusal("nothing_to_pay")
        if subject in self._made:
            return self._made[subject]
        for before in self._standing.get(subject, ()):
            if before.amount_minor == link.amount_minor and tx.now < before.expires_at:
                return before.id
            self.replaced[before.id] = link.made_by
        self._made[subject] = link.id
        self.new[link.id] = link
        return link.id
