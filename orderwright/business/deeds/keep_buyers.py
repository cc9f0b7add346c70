"""Guests kept as customers: an order that tells no e-mail address is nobody's until somebody keeps its buyer.

Then they have a page and a history, and can be erased like everybody else. No fact tells of it, as facts hold no people
and nothing of the order itself changes: its amounts and what was invoiced stay. Which orders became whose stands in the
history of the customer, where it is emptied when they are erased.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.business.catalog.forms import Saved
from orderwright.business.customers.actions import lock_customers, tidied, write_customer_cards
from orderwright.business.customers.forms import CustomerCard, CustomerKept
from orderwright.business.customers.reads import customers_by_id, ids_by_email
from orderwright.business.deeds.replacing import families_of
from orderwright.business.orders.actions import give_orders, lock_orders
from orderwright.business.orders.form import CustomerForm
from orderwright.database.changes import Change, note
from orderwright.database.rows import array
from orderwright.database.tx import Collision, Tx
from orderwright.values.contacts import email_key
from orderwright.values.findings import Finding, askable, refusal_of
from orderwright.values.forms import AddressForm, Command, Form
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal


class KeepForm(Form, frozen=True):
    """Whose an order is. customer: the id of one who is known; '': who the order says bought it."""

    customer: Annotated[str, Meta(max_length=40)] = ""


class KeepBuyer(Command, frozen=True):
    """Keep the buyer of an order as a customer. customer: as in `KeepForm`."""

    number: str
    customer: str = ""


class _Said(msgspec.Struct, frozen=True):
    """What an order says of people."""

    ship_to: AddressForm
    customer: CustomerForm = CustomerForm()
    bill_to: AddressForm | None = None


class _Order(msgspec.Struct):
    """An order that is locked. customer: whose it is by now, '' for nobody's."""

    id: str
    number: str
    customer: str
    card: CustomerCard


def keep_buyers(tx: Tx, commands: Sequence[KeepBuyer]) -> list[Saved | Refusal]:
    """Keep the buyers of orders as customers; one `Saved` of the customer, or Refusal, per command. Again: the same.

    What was sent again or went out in exchange, back to the first order, is the same person's, and goes along whichever
    of it is named. Where one of these has a customer already, all are theirs; so it is where the order tells the e-mail
    address of somebody known. Orders are locked before customers, as by who erases them.
    Refuses not_found, customer_step (erased or joined before), order_step (it is another customer's), and malformed
    where the order says nothing of who bought it.
    """
    numbers = {each.number for each in commands}
    families = _families(tx, numbers)
    ids = {id_ for family in families.values() for id_ in family}
    lock_orders(tx, ids)
    if _families(tx, numbers) != families:  # something was sent again in between: look again, with that locked too
        raise Collision
    orders = _orders(tx, ids)
    keeping = _Keeping(tx, commands, list(orders.values()))
    results = [keeping.keep(command, [orders[id_] for id_ in families.get(command.number, ())]) for command in commands]
    keeping.write(tx)
    return results


def _families(tx: Tx, numbers: Iterable[str]) -> dict[str, list[str]]:
    """The ids of orders with all that replaces something of theirs or the other way round, by the order's number."""
    rows = tx.rows(
        "SELECT id::text, number FROM orders WHERE number = ANY(%(numbers)s::text[])", numbers=array(askable(numbers))
    )
    families = families_of(tx, [row.id for row in rows])
    return {row.number: families[row.id] for row in rows}


def _orders(tx: Tx, ids: Iterable[str]) -> dict[str, _Order]:
    rows = tx.rows(
        "SELECT id::text, number, coalesce(customer_id::text, '') AS customer, form FROM orders"
        " WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id",
        ids=array(sorted(ids)),
    )
    return {row.id: _Order(row.id, row.number, row.customer, _card(row.form)) for row in rows}


def _card(form: str) -> CustomerCard:
    """What an order says of its buyer. Goods may go to somebody else: who is billed comes before who gets them.

    A phone number stays as it was told, as with customers whom placing writes down.
    """
    said = msgspec.json.decode(form, type=_Said)
    buyer, places = said.customer, [said.bill_to or said.ship_to, said.ship_to]
    names = [buyer.name, *(each.name for each in places), *(each.company for each in places)]
    addresses = [said.ship_to] if said.bill_to in (None, said.ship_to) else [said.ship_to, places[0]]
    return tidied(CustomerCard(
        name=_first(names), email=buyer.email, phone=_first([buyer.phone, *(each.phone for each in places)]),
        reference=buyer.reference, addresses=addresses,
    ))  # fmt: skip


def _first(told: Iterable[str]) -> str:
    return next((each for each in told if each.strip()), "")


class _Keeping:
    """Whose orders are, by what commands so far came to."""

    def __init__(self, tx: Tx, commands: Sequence[KeepBuyer], orders: Sequence[_Order]) -> None:
        self._by_email = ids_by_email(tx, askable(email_key(each.card.email) for each in orders))
        wanted = {each.customer for each in commands} | {each.customer for each in orders}
        wanted |= set(self._by_email.values())
        wanted |= {each.merged_into for each in customers_by_id(tx, wanted).values()}
        self._known = lock_customers(tx, sorted(wanted))
        emails = {key: email_key(self._known[id_].card.email) for key, id_ in self._by_email.items()}
        if any(key != now for key, now in emails.items()) or any(
            each.merged_into not in {"", *self._known} for each in self._known.values()
        ):  # they were changed in between
            raise Collision
        self._now = tx.now
        self._new: list[CustomerKept] = []
        self._given: dict[str, str] = {}
        self._changes: list[Change] = []

    def keep(self, command: KeepBuyer, family: Sequence[_Order]) -> Saved | Refusal:
        """Let a family of orders be whose the command says, as far as they are nobody's."""
        named = next((each for each in family if each.number == command.number), None)
        if named is None:
            return Refusal("not_found", order=command.number)
        before = len(self._new)
        whose = self._whose(command, named, family)
        if isinstance(whose, Refusal):
            return whose
        nobodys = [each for each in family if not each.customer]
        for each in nobodys:
            each.customer = self._given[each.id] = whose
        if nobodys:
            numbers = [each.number for each in nobodys]
            self._changes.append(Change("customer", whose, {}, {"orders": numbers}, command.actor))
        return Saved(whose, self._known[whose].version, len(self._new) > before)

    def _whose(self, command: KeepBuyer, named: _Order, family: Sequence[_Order]) -> str | Refusal:
        wanted = command.customer or named.customer
        if named.customer and named.customer != wanted:
            return Refusal("order_step", customer=named.customer)
        if wanted:
            kept = self._known.get(wanted)
            if kept is None:
                return Refusal("not_found", customer=wanted)
            return wanted if _stands(kept) else Refusal("customer_step", merged_into=kept.merged_into)
        standing = [each.customer for each in family if each.customer and _stands(self._known[each.customer])]
        if standing:
            return standing[0]
        card = next((each.card for each in family if not each.customer and _says_who(each.card)), None)
        if card is None:
            nobody = Finding("/customer", "nobody", "The order says nothing of who bought it: say which customer.")
            return refusal_of([nobody])
        known = self._by_email.get(email_key(card.email), "")
        return (self._known[known].merged_into or known) if known else self._made(card, command.actor)

    def _made(self, card: CustomerCard, actor: str) -> str:
        """A new customer."""
        kept = CustomerKept(new_id(), 1, card, self._now)
        self._new.append(kept)
        self._known[kept.id] = kept
        if card.email:
            self._by_email[email_key(card.email)] = kept.id
        self._changes.append(Change("customer", kept.id, None, card, actor))
        return kept.id

    def write(self, tx: Tx) -> None:
        """Write what commands came to, and keep who changed it."""
        if self._new:
            write_customer_cards(tx, self._new)
        give_orders(tx, self._given)
        note(tx, self._changes)


def _stands(kept: CustomerKept) -> bool:
    return kept.erased_at is None and not kept.merged_into


def _says_who(card: CustomerCard) -> bool:
    return bool(card.name or card.email or card.phone or card.addresses)
