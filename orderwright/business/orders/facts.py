"""Facts of an order's life."""

from datetime import date, datetime
from typing import ClassVar

import msgspec

from orderwright.database.facts import Fact


class OrderPlaced(Fact, frozen=True):
    """The order was taken, checked, routed and promised. parts: (fulfilment, site, [(line, units)]).

    cancel_until: when its cancel window ends, where it has one.
    """

    TYPE: ClassVar[str] = "order_placed"
    channel: str
    currency: str
    total_minor: int
    state: str
    lines: list[tuple[int, str | None, int]]  # line, sku, units
    parts: list[tuple[str, str, list[tuple[int, int]]]]
    waiting: list[tuple[int, int]] = msgspec.field(default_factory=list)
    holds: list[str] = msgspec.field(default_factory=list)
    cancel_until: datetime | None = None


class OrderHeld(Fact, frozen=True):
    """The order got a hold after it was placed."""

    TYPE: ClassVar[str] = "order_held"
    hold: str


class HoldReleased(Fact, frozen=True):
    """One hold was released; the order moves on when none is left."""

    TYPE: ClassVar[str] = "hold_released"
    hold: str
    still_held_by: list[str] = msgspec.field(default_factory=list)


class OrderCancelled(Fact, frozen=True):
    """Units were cancelled: (line, units of the line). `is_whole`: nothing is left of the order.

    `is_free`: within the order's cancel window.
    """

    TYPE: ClassVar[str] = "order_cancelled"
    reason: str
    units: list[tuple[int, int]]
    is_whole: bool
    is_free: bool = False


class BackorderFilled(Fact, frozen=True):
    """Waiting units were promised. parts as in OrderPlaced."""

    TYPE: ClassVar[str] = "backorder_filled"
    parts: list[tuple[str, str, list[tuple[int, int]]]]


class OrderRerouted(Fact, frozen=True):
    """Units were moved to other sites, or back to waiting."""

    TYPE: ClassVar[str] = "order_rerouted"
    why: str
    parts: list[tuple[str, str, list[tuple[int, int]]]]
    waiting: list[tuple[int, int]] = msgspec.field(default_factory=list)


class OrderEdited(Fact, frozen=True):
    """The order became another. fields: JSON pointers; lines: (line, live units before, after); parts and
    waiting: what was routed anew, as in OrderPlaced; holds: those it got."""

    TYPE: ClassVar[str] = "order_edited"
    fields: list[str]
    total_minor: int
    total_before_minor: int
    lines: list[tuple[int, int, int]] = msgspec.field(default_factory=list)
    parts: list[tuple[str, str, list[tuple[int, int]]]] = msgspec.field(default_factory=list)
    waiting: list[tuple[int, int]] = msgspec.field(default_factory=list)
    holds: list[str] = msgspec.field(default_factory=list)


class CustomerLinkRenewed(Fact, frozen=True):
    """The customer's link was made anew: those from before open nothing any more."""

    TYPE: ClassVar[str] = "customer_link_renewed"


class PayLinkMade(Fact, frozen=True):
    """A link was made by which the customer can pay an amount."""

    TYPE: ClassVar[str] = "pay_link_made"
    link: str
    amount_minor: int


class PayLinkWithdrawn(Fact, frozen=True):
    """Nobody can pay by this link any more."""

    TYPE: ClassVar[str] = "pay_link_withdrawn"
    link: str


class PayLinkPaid(Fact, frozen=True):
    """The customer paid an amount by a link."""

    TYPE: ClassVar[str] = "pay_link_paid"
    link: str
    amount_minor: int


class ExpectationMoved(Fact, frozen=True):
    """Units of a line that wait are expected on another day than was told before; null: no supply is enough."""

    TYPE: ClassVar[str] = "expectation_moved"
    line: int
    sku: str
    before: date | None
    now: date | None


class ExceptionClosed(Fact, frozen=True):
    """A person or a fact closed an exception of the order."""

    TYPE: ClassVar[str] = "exception_closed"
    kind: str
    resolution: str


class ExceptionAssigned(Fact, frozen=True):
    """A person gave an exception of the order to a role or another user."""

    TYPE: ClassVar[str] = "exception_assigned"
    kind: str
    owner: str


class OrderNoted(Fact, frozen=True):
    """A person wrote a note on the order. note: its id; mentions: ids of the people it is for."""

    TYPE: ClassVar[str] = "order_noted"
    note: str
    mentions: list[str] = msgspec.field(default_factory=list)


class ContactRecorded(Fact, frozen=True):
    """The customer got in touch about the order, and a person wrote it down. contact: its id."""

    TYPE: ClassVar[str] = "contact_recorded"
    contact: str
    channel: str
    reason: str


class ContactWithdrawn(Fact, frozen=True):
    """A contact had been written down by mistake. contact: its id."""

    TYPE: ClassVar[str] = "contact_withdrawn"
    contact: str


class ExceptionSnoozed(Fact, frozen=True):
    """A person put an exception of the order off, or (until: the same moment) took it up again."""

    TYPE: ClassVar[str] = "exception_snoozed"
    kind: str
    until: datetime
