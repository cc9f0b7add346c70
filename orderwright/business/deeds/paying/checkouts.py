"""Handing a customer over to a gateway's page, and recording once what was paid there, whoever tells of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

import msgspec

from orderwright.business.billing.pay_links import LinkPaid, PayLinkRow, links_by_id, mark_handed, mark_paid
from orderwright.business.billing.reads import known_payments
from orderwright.business.deeds.pay import RecordPayment, record_payments
from orderwright.business.deeds.paying.showing import FOLLOW, Payable, PayLink, links_now, payables, state_of
from orderwright.business.deeds.placing.forms import Placed
from orderwright.business.deeds.quoting import order_quotes
from orderwright.business.orders.actions import lock_orders
from orderwright.business.orders.facts import PayLinkPaid
from orderwright.business.quotes.forms import OrderQuote
from orderwright.business.quotes.rows import lock_quotes
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.forms import Command
from orderwright.values.refusal import Refusal

FIRST_LOOK = timedelta(seconds=30)
"""So long after a customer was led to the gateway's page it is asked about for the first time."""


class BeginCheckout(Command, frozen=True):
    """Hand a link's customer over to a gateway."""

    id: str
    gateway: str


class CheckoutBegun(NamedTuple):
    """What a gateway is to be asked for: once per `key`. says: the number of what is paid."""

    key: str
    amount_minor: int
    currency: str
    says: str


class CheckoutPaid(Command, frozen=True):
    """A gateway said that a link was paid. amount_minor: what came in."""

    id: str
    gateway: str
    reference: str
    amount_minor: int


def key_of(link_id: str) -> str:
    """The idempotency key of a link's page at a gateway: the gateway takes a link's amount once."""
    return f"pay:{link_id}"


def begin_checkouts(tx: Tx, commands: Sequence[BeginCheckout]) -> list[CheckoutBegun | Refusal]:
    """Note that customers go to a gateway's page; one `CheckoutBegun` or Refusal per command.

    From then on the gateway is asked what became of it, also when the customer never comes back. Refuses not_found,
    pay_link_step (state), pay_link_changed (asked, missing).
    """
    links = links_by_id(tx, [each.id for each in commands], lock=True)
    found = payables(tx, list(links.values()))
    results: list[CheckoutBegun | Refusal] = []
    handed: dict[str, str] = {}
    for command in commands:
        link = links.get(command.id)
        if link is None:
            results.append(Refusal("not_found", link=command.id))
            continue
        payable, state = found[link.id], state_of(tx, link, found[link.id])
        if state == "changed":
            told = [money.format_minor(each, link.currency) for each in (link.amount_minor, payable.missing_minor or 0)]
            results.append(Refusal("pay_link_changed", asked=told[0], missing=told[1], currency=link.currency))
        elif state != "open":
            results.append(Refusal("pay_link_step", state=state))
        else:
            if link.handed_at is None and link.id not in handed:
                tx.enqueue(FOLLOW, link.id, run_at=tx.now + FIRST_LOOK)
            handed[link.id] = command.gateway
            says = payable.order or payable.quote
            results.append(CheckoutBegun(key_of(link.id), link.amount_minor, link.currency, says))
    for gateway in sorted(set(handed.values())):
        mark_handed(tx, [id_ for id_, at in handed.items() if at == gateway], gateway)
    return results


def record_checkouts(tx: Tx, commands: Sequence[CheckoutPaid]) -> list[PayLink | Refusal]:
    """Record what was paid by links; one `PayLink` or Refusal per command. Told twice it counts once (`repeated`).

    A quote becomes its order first, as of when its customer went to pay. Money counts also for a link that is over or
    was taken back: what is more than the order's is paid back by settling, and what came in for a quote that can be
    no order any more goes back by the task that follows the link. Refuses not_found, payment_differs, bad_amount.
    """
    links = _locked(tx, [each.id for each in commands])
    found = payables(tx, list(links.values()))
    results: list[PayLink | Refusal | None] = [_known(links.get(each.id), each) for each in commands]
    fresh: dict[str, CheckoutPaid] = {}
    for command, result in zip(commands, results, strict=True):
        if result is None and links[command.id].paid_at is None:
            fresh.setdefault(command.id, command)
    orders = {id_: found[id_].order for id_ in fresh if found[id_].order}
    refused = _told_before(tx, fresh, orders)
    quoted = [each for each in fresh.values() if each.id not in orders and each.id not in refused]
    orders.update(_accepted(tx, quoted, links, found))
    refused.update(_booked(tx, fresh, links, orders))
    _marked(tx, [each for each in fresh.values() if each.id not in refused], orders)
    now = links_now(tx, [each.id for each in commands])
    told: set[str] = set()
    for i, command in enumerate(commands):
        if results[i] is None:
            repeats = command.id not in fresh or command.id in told
            told.add(command.id)
            results[i] = refused.get(command.id) or msgspec.structs.replace(now[command.id], repeated=repeats)
    return [each for each in results if each is not None]


def _locked(tx: Tx, ids: Sequence[str]) -> dict[str, PayLinkRow]:
    """Links by id, locked, after their quotes and orders."""
    seen = links_by_id(tx, ids)
    found = payables(tx, list(seen.values()))
    lock_quotes(tx, [each.quote for each in found.values() if each.quote])
    lock_orders(tx, [each.order_id for each in found.values() if each.order_id])
    return links_by_id(tx, ids, lock=True)


def _known(link: PayLinkRow | None, told: CheckoutPaid) -> Refusal | None:
    if link is None:
        return Refusal("not_found", link=told.id)
    if told.amount_minor <= 0:
        return Refusal("bad_amount", given=told.amount_minor)
    if link.paid_at is not None and (link.gateway, link.reference) != (told.gateway, told.reference):
        return Refusal("payment_differs", gateway=told.gateway, reference=told.reference)
    return None


def _told_before(tx: Tx, fresh: Mapping[str, CheckoutPaid], orders: Mapping[str, str]) -> dict[str, Refusal]:
    """Refusals, by link, of payments for quotes that are another order's already: found before a quote is ordered."""
    known = set(known_payments(tx, {(each.gateway, each.reference) for each in fresh.values()}))
    refused: dict[str, Refusal] = {}
    for each in fresh.values():
        if (each.gateway, each.reference) in known and each.id not in orders:
            refused[each.id] = Refusal("payment_differs", gateway=each.gateway, reference=each.reference)
        known.add((each.gateway, each.reference))
    return refused


def _accepted(
    tx: Tx, paid: Sequence[CheckoutPaid], links: Mapping[str, PayLinkRow], found: Mapping[str, Payable]
) -> dict[str, str]:
    """The numbers of the orders that paid quotes became, by link; those that can be none are left out."""
    answers = order_quotes(tx, [
        OrderQuote(number=found[each.id].quote, anyway=True, accepted_at=links[each.id].handed_at, actor=each.actor)
        for each in paid
    ])  # fmt: skip
    return {each.id: answer.number for each, answer in zip(paid, answers, strict=True) if isinstance(answer, Placed)}


def _booked(
    tx: Tx, fresh: Mapping[str, CheckoutPaid], links: Mapping[str, PayLinkRow], orders: Mapping[str, str]
) -> dict[str, Refusal]:
    """Tell billing of the payments; refusals by link."""
    paid = [each for each in fresh.values() if each.id in orders]
    answers = record_payments(tx, [
        RecordPayment(
            number=orders[each.id], state="paid", gateway=each.gateway, reference=each.reference, actor=each.actor,
            amount=money.format_minor(each.amount_minor, links[each.id].currency), anyway=True,
        )
        for each in paid
    ])  # fmt: skip
    return {each.id: answer for each, answer in zip(paid, answers, strict=True) if isinstance(answer, Refusal)}


def _marked(tx: Tx, paid: Sequence[CheckoutPaid], orders: Mapping[str, str]) -> None:
    ids = {row.number: row.id for row in tx.rows(
        "SELECT id::text, number FROM orders WHERE number = ANY(%(numbers)s::text[])",
        numbers=array(sorted(set(orders.values()))),
    )}  # fmt: skip
    mark_paid(tx, [
        LinkPaid(each.id, each.gateway, each.reference, each.amount_minor, ids.get(orders.get(each.id, "")))
        for each in paid
    ])  # fmt: skip
    for each in paid:
        if order_id := ids.get(orders.get(each.id, "")):
            tx.record("order", order_id, PayLinkPaid(each.id, each.amount_minor), actor=each.actor)
        else:
            tx.enqueue(FOLLOW, each.id)
