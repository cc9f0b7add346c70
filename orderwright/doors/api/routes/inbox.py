"""The inbox: what channels send, kept as it came and read by itself, object by object."""

import msgspec

from orderwright.business.deeds.inbox.forms import ExternalId, Message, MessageView, RetryMessage, StoredMessage, Topic
from orderwright.business.deeds.inbox.keeping import MessageQuery, list_messages, retry_messages, store_messages
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import message, messages_asked
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.routes.orders import EXAMPLE
from orderwright.doors.api.within import channels
from orderwright.values.forms import Form
from orderwright.values.pages import Page


class MessageForm(Form, frozen=True):
    """A message in the channel's own words. external_id: the order it speaks of; topic: such as order.created."""

    topic: Topic
    external_id: ExternalId
    message: msgspec.Raw


def _status(stored: StoredMessage) -> int:
    return 200 if stored.repeated else 201


@deed(
    "POST", "/v1/inbox/{channel}", "orders:write", store_messages, status=_status,
    within=channels(lambda request: [request.at["channel"]]), answer=StoredMessage,
    example={"topic": "order.created", "external_id": "1001", "message": EXAMPLE},
)  # fmt: skip
def take_message(request: Request[MessageForm]) -> Message:
    """Hand in a channel's message: it is kept and answered at once, and read after those of the same order before it.

    Our own format is one of them: topics order.created and order.updated (an order as in POST /v1/orders),
    order.paid and order.cancelled. The same message again is `repeated`.
    """
    form = request.body
    return Message(
        channel=request.at["channel"], topic=form.topic, external_id=form.external_id, body=bytes(form.message),
        actor=request.actor,
    )  # fmt: skip


@read("/v1/inbox", "orders:read", within=messages_asked, example={"state": "parked"})
def messages(tx: Tx, question: Question[MessageQuery]) -> Page[MessageView]:
    """Messages and what became of them, newest first; `state=parked` are those that could not be read."""
    return list_messages(tx, question.query)


@deed("POST", "/v1/inbox/{id}/retry", "orders:write", retry_messages, within=message, answer=StoredMessage)
def retry_message(request: Request[None]) -> RetryMessage:
    """Have a parked message read once more."""
    return RetryMessage(message_id=request.at["id"], actor=request.actor)
