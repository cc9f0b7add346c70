"""Facts of a return's life."""

from typing import ClassVar

import msgspec

from orderwright.database.facts import Fact


class ReturnAsked(Fact, frozen=True):
    """Somebody wants to send units back: (line, sku, units, reason)."""

    TYPE: ClassVar[str] = "return_asked"
    order_id: str
    lines: list[tuple[int, str, int, str]]


class ExchangeWanted(Fact, frozen=True):
    """What goes out for what comes back: the replacement, and (line, sku, units) of what comes back and goes out."""

    TYPE: ClassVar[str] = "exchange_wanted"
    order: str
    lines: list[tuple[int, str, int]]


class ExchangeKept(Fact, frozen=True):
    """The replacement goes out. carried_minor: what of the credit paid for it, in minor units."""

    TYPE: ClassVar[str] = "exchange_kept"
    order: str
    carried_minor: int


class ExchangeOver(Fact, frozen=True):
    """Nothing goes out for the return: it pays money instead."""

    TYPE: ClassVar[str] = "exchange_over"
    order: str
    reason: str


class ReturnLabelWanted(Fact, frozen=True):
    """A carrier's label is to be bought for what comes back."""

    TYPE: ClassVar[str] = "return_label_wanted"
    attempt: int


class ReturnLabelBought(Fact, frozen=True):
    """The carrier sold a label for what comes back, at a price in minor units."""

    TYPE: ClassVar[str] = "return_label_bought"
    carrier: str
    tracking_code: str
    cost_minor: int
    currency: str


class ReturnLabelRefused(Fact, frozen=True):
    """The carrier sells no label for what comes back."""

    TYPE: ClassVar[str] = "return_label_refused"
    carrier: str


class ReturnReceived(Fact, frozen=True):
    """What was in the parcel: (line, units), and what nobody announced: (sku, units)."""

    TYPE: ClassVar[str] = "return_received"
    lines: list[tuple[int, int]]
    unexpected: list[tuple[str, int]] = msgspec.field(default_factory=list)


class ReturnInspected(Fact, frozen=True):
    """What the bench decided: (line, units restocked, units scrapped), and of lines with any (line, quarantined)."""

    TYPE: ClassVar[str] = "return_inspected"
    lines: list[tuple[int, int, int]]
    quarantined: list[tuple[int, int]] = msgspec.field(default_factory=list)


class ReturnSettled(Fact, frozen=True):
    """What is paid back, in minor units, and the credit note that says so; '' where it comes to nothing."""

    TYPE: ClassVar[str] = "return_settled"
    refund_minor: int
    credit_note: str
