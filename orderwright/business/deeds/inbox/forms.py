"""What the inbox is handed, what it answers, and the messages it reads: our own order format."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.business.orders.form import PaymentForm
from orderwright.values.forms import Command, Form, Word

Topic = Annotated[str, Meta(min_length=1, max_length=64)]
ExternalId = Annotated[str, Meta(min_length=1, max_length=64)]

CREATED, UPDATED, PAID, CANCELLED = "order.created", "order.updated", "order.paid", "order.cancelled"
CANCELLED_BY_CHANNEL = "cancelled_by_channel"
TOPICS = (CREATED, UPDATED, PAID, CANCELLED)


class Message(Command, frozen=True):
    """One message of a channel, byte for byte. external_id: the order it speaks of, in the channel's words."""

    channel: Word
    topic: Topic
    external_id: ExternalId
    body: bytes


class StoredMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message that is kept and will be read. `repeated`: it was here before, byte for byte."""

    id: str
    repeated: bool = False


class OrderPaid(Form, frozen=True):
    """The body of `order.paid`."""

    reference: Word
    payment: PaymentForm


class OrderCancelled(Form, frozen=True):
    """The body of `order.cancelled`. `reason`: a word, or the channel's own text, which stays in the message."""

    reference: Word
    reason: Annotated[str, Meta(min_length=1, max_length=200)] = CANCELLED_BY_CHANNEL


class RetryMessage(Command, frozen=True):
    """A parked message is to be read once more."""

    message_id: str


class MessageView(msgspec.Struct, frozen=True):
    """A message and what became of it. effects: what it did to orders, 0 or 1."""

    id: str
    channel: str
    topic: str
    external_id: str
    state: str
    outcome: str | None
    effects: int
    received_at: datetime
    ended_at: datetime | None
