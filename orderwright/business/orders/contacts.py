"""Contacts: that a customer got in touch about an order, and why. Never changed; one made by mistake is withdrawn."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from orderwright.business.orders.buyers import of_erased
from orderwright.business.orders.facts import ContactRecorded, ContactWithdrawn
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.business.orders.reads import WORK_AT
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, refusal_of, text_findings
from orderwright.values.forms import Command, Form
from orderwright.values.ids import is_id, new_ids
from orderwright.values.pages import Page, mark, read_mark
from orderwright.values.refusal import Refusal

Instant = Annotated[datetime, Meta(tz=True)]
Way = Literal["phone", "email", "chat", "social", "counter", "letter"]
Why = Literal[
    "where_is_it", "change_or_cancel", "wrong_or_damaged", "return_or_refund", "question", "invoice_or_payment",
    "complaint", "other",
]  # fmt: skip
EARLIER_MAX = timedelta(days=31)
"""A contact is written down at most so much later than it was."""


class ContactForm(Form, frozen=True):
    """That a customer got in touch. asked_at: when; now where it is not told. is_settled: whether that was enough."""

    channel: Way
    reason: Why
    words: Annotated[str, Meta(max_length=500)] = ""
    asked_at: Instant | None = None
    is_settled: bool = False


class RecordContact(Command, frozen=True):
    """Somebody writes down that a customer got in touch about an order."""

    number: str
    form: ContactForm


class WithdrawContact(Command, frozen=True):
    """A contact of an order was written down by mistake."""

    number: str
    id: str


class ContactShown(msgspec.Struct, frozen=True):
    """A contact. recorded_by, recorded_at: who wrote it down, and when. withdrawn_by: '' while it stands."""

    id: str
    order: str
    channel: str
    reason: str
    words: str
    asked_at: datetime
    is_settled: bool
    recorded_by: str
    recorded_at: datetime
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None


_SHOWN = """
    SELECT c.id::text, o.number, c.channel, c.reason, c.words, c.asked_at, c.is_settled, c.actor, c.recorded_at,
           c.withdrawn_by, c.withdrawn_at
    FROM contact c JOIN orders o ON o.id = c.order_id
"""


def record_contacts(tx: Tx, commands: Sequence[RecordContact]) -> list[ContactShown | Refusal]:
    """Write down that customers got in touch about orders; one `ContactShown` or Refusal per command.

    Refuses malformed (also a time to come, or one more than a month ago), not_found, customer_step (the order's buyer
    was erased).
    """
    orders = lock_by_number(tx, [each.number for each in commands])
    gone = of_erased(tx, [row.id for row in orders.values()])
    results: list[ContactShown | Refusal] = []
    written: list[tuple[str, ContactShown]] = []
    for each, id_ in zip(commands, new_ids(len(commands)), strict=True):
        order, findings = orders.get(each.number), _findings(each.form, tx.now)
        if findings:
            results.append(refusal_of(findings))
        elif order is None:
            results.append(Refusal("not_found", number=each.number))
        elif order.id in gone:
            results.append(Refusal("customer_step", merged_into=""))
        else:
            form = each.form
            contact = ContactShown(
                id_, each.number, form.channel, form.reason, form.words.strip(), form.asked_at or tx.now,
                form.is_settled, each.actor, tx.now,
            )  # fmt: skip
            written.append((order.id, contact))
            results.append(contact)
    _write(tx, written)
    return results


def _findings(form: ContactForm, now: datetime) -> list[Finding]:
    # Lines and tabs are fine in what somebody said.
    findings = list(text_findings(form.words.replace("\r", " ").replace("\n", " ").replace("\t", " "), "/words"))
    if form.asked_at is not None and form.asked_at > now:
        findings.append(Finding("/asked_at", "asked_at", "This is in the future."))
    elif form.asked_at is not None and form.asked_at < now - EARLIER_MAX:
        findings.append(Finding("/asked_at", "asked_at", "This is more than a month ago."))
    return findings


def _write(tx: Tx, written: Sequence[tuple[str, ContactShown]]) -> None:
    tx.copy(
        "contact",
        "id, order_id, channel, reason, asked_at, words, is_settled, actor, recorded_at",
        [
            (each.id, order_id, each.channel, each.reason, each.asked_at, each.words, each.is_settled,
             each.recorded_by, tx.now)
            for order_id, each in written
        ],
    )  # fmt: skip
    for order_id, each in written:
        fact = ContactRecorded(contact=each.id, channel=each.channel, reason=each.reason)
        tx.record("order", order_id, fact, actor=each.recorded_by, occurred_at=each.asked_at)


def withdraw_contacts(tx: Tx, commands: Sequence[WithdrawContact]) -> list[ContactShown | Refusal]:
    """Take back contacts that were written down by mistake; one `ContactShown` or Refusal per command.

    One that was withdrawn before stays as it is. Refuses not_found.
    """
    orders = lock_by_number(tx, [each.number for each in commands])
    ids = sorted({each.id for each in commands if is_id(each.id)})
    known = {row.id: ContactShown(*row) for row in _by_id(tx, ids)}
    actors: dict[str, str] = {}
    for each in commands:
        contact = known.get(each.id)
        if contact is not None and contact.order == each.number and not contact.withdrawn_by:
            actors.setdefault(contact.id, each.actor)
    tx.write(
        "UPDATE contact c SET withdrawn_at = %(now)s, withdrawn_by = n.actor"
        " FROM unnest(%(ids)s::uuid[], %(actors)s::text[]) AS n(id, actor) WHERE c.id = n.id",
        now=tx.now, ids=array(actors), actors=array(actors.values()),
    )  # fmt: skip
    for id_, actor in actors.items():
        tx.record("order", orders[known[id_].order].id, ContactWithdrawn(contact=id_), actor=actor)
        known[id_] = msgspec.structs.replace(known[id_], withdrawn_by=actor, withdrawn_at=tx.now)
    return [
        known[each.id]
        if each.id in known and known[each.id].order == each.number
        else Refusal("not_found", contact=each.id)
        for each in commands
    ]


def _by_id(tx: Tx, ids: Sequence[str]) -> list[Any]:
    return tx.rows(f"{_SHOWN} WHERE c.id = ANY(%(ids)s::uuid[])", ids=array(ids))


def list_contacts(tx: Tx, number: str, *, after: str | None, limit: int) -> Page[ContactShown]:
    """The contacts about an order, those written down last first; withdrawn ones too. Refuses not_found."""
    if tx.row("SELECT 1 AS one FROM orders WHERE number = %(number)s", number=number) is None:
        raise Refusal("not_found", order=number)
    (before,) = read_mark(after, tuple[UUID]) if after else (None,)
    rows = tx.rows(
        f"{_SHOWN} WHERE o.number = %(number)s{' AND c.id < %(before)s::uuid' if after else ''}"
        " ORDER BY c.id DESC LIMIT %(limit)s",
        number=number, before=str(before), limit=limit + 1,
    )  # fmt: skip
    return Page([ContactShown(*row) for row in rows[:limit]], mark(rows[limit - 1].id) if len(rows) > limit else None)


def list_contacts_of(
    tx: Tx,
    customer: str,
    *,
    among: int,
    limit: int,
    channels: Collection[str] | None = None,
    sites: Collection[str] | None = None,
) -> list[ContactShown]:
    """The latest contacts of a customer that stand, those of their last `among` orders.

    channels, sites: only of orders of these, or with work at these; None: of all.
    """
    seen = [
        "o.channel = ANY(%(channels)s::text[])" if channels is not None else "",
        WORK_AT if sites is not None else "",
        "c.withdrawn_at IS NULL",
    ]
    rows = tx.rows(
        f"""
        WITH own AS (SELECT id FROM orders WHERE customer_id = %(customer)s::uuid ORDER BY id DESC LIMIT %(among)s)
        {_SHOWN} JOIN own ON own.id = o.id WHERE {" AND ".join(filter(None, seen))} ORDER BY c.id DESC LIMIT %(limit)s
        """,
        customer=customer, among=among, limit=limit, channels=array(channels or ()), sites=array(sites or ()),
    )  # fmt: skip
    return [ContactShown(*row) for row in rows]
