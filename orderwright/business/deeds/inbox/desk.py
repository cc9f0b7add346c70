"""What lies on the desk while the inbox is read: objects, their messages, and what became of each."""

from typing import Any, NamedTuple

import msgspec

from orderwright.business.deeds.inbox.forms import CANCELLED, CREATED, PAID, UPDATED, OrderCancelled, OrderPaid
from orderwright.business.orders.form import NewOrder
from orderwright.values.refusal import Refusal
from orderwright.values.strict_json import decode

SHAPES: dict[str, Any] = {CREATED: NewOrder, UPDATED: NewOrder, PAID: OrderPaid, CANCELLED: OrderCancelled}


class Read(NamedTuple):
    """What became of a message: state done or parked, in words, and how many orders it changed (0 or 1)."""

    state: str
    outcome: str
    effects: int = 0


class Letter:
    """One message. `form` is what it says, `kind` what is to be done: place, edit, pay or cancel."""

    def __init__(self, id_: str, topic: str, body: bytes, actor: str) -> None:
        self.id, self.topic, self.body, self.actor = id_, topic, body, actor
        self.form: Any = None
        self.kind = ""
        self.read: Read | None = None

    def parse(self, of: "Object") -> None:
        """Read the body; one that is no message about this object is parked."""
        if self.topic not in SHAPES:
            self.park("unknown_topic", {"topic": self.topic})
            return
        try:
            self.form = decode(self.body, SHAPES[self.topic])
        except Refusal as refused:
            self.park(refused.code, refused.facts)
            return
        if self.form.reference != of.external_id or getattr(self.form, "channel", of.channel) != of.channel:
            self.park("wrong_object", {"reference": self.form.reference})
            return
        whole = "place" if of.order is None else "edit"
        self.kind = {PAID: "pay", CANCELLED: "cancel"}.get(self.topic, whole)

    def park(self, code: str, facts: Any) -> None:
        """Leave it for a person, with the reason."""
        self.read = Read("parked", f"{code}: {msgspec.json.encode(facts).decode()}")

    def done(self, outcome: str, effects: int) -> None:
        """It is dealt with."""
        self.read = Read("done", outcome, effects)


class Object:
    """An order as its channel calls it. said_last: the last whole form of the channel that agreed with ours.

    is_create_parked: a message that should have brought the order could not be read, so an update may bring it.
    is_cut_short: there are more messages than are read at a time.
    """

    def __init__(self, channel: str, external_id: str) -> None:
        self.channel, self.external_id = channel, external_id
        self.unread: list[Letter] = []
        self.read: list[Letter] = []
        self.order: Any = None
        self.said_last: bytes | None = None
        self.is_create_parked = False
        self.is_cut_short = False

    @property
    def is_erased(self) -> bool:
        """Whether its order's buyer was erased."""
        return self.order is not None and bool(self.order.is_erased)
