"""What happens to a purchase order, on its own chain."""

from datetime import date
from typing import ClassVar

from orderwright.database.facts import Fact

Told = list[tuple[int, str, int, date]]
"""(position, sku, units, due on)."""


class PurchaseDrafted(Fact, frozen=True, kw_only=True):
    """A purchase order was drawn up, or changed while it was a draft."""

    TYPE: ClassVar[str] = "purchase_drafted"
    supplier: str
    site: str
    lines: Told


class PurchaseSent(Fact, frozen=True, kw_only=True):
    """It counts as ordered. by_mail: the supplier is written to."""

    TYPE: ClassVar[str] = "purchase_sent"
    by_mail: bool


class PurchaseMailed(Fact, frozen=True, kw_only=True):
    """The post office took the message."""

    TYPE: ClassVar[str] = "purchase_mailed"
    intent_id: str
    message_id: str


class MailFailed(Fact, frozen=True, kw_only=True):
    """The post office refused the message: somebody must tell the supplier."""

    TYPE: ClassVar[str] = "purchase_mail_failed"
    intent_id: str


class PurchaseConfirmed(Fact, frozen=True, kw_only=True):
    """The supplier answered: what will come, and when."""

    TYPE: ClassVar[str] = "purchase_confirmed"
    lines: Told


class PurchaseReceived(Fact, frozen=True, kw_only=True):
    """Goods came. lines: (position, accepted, rejected, held)."""

    TYPE: ClassVar[str] = "purchase_received"
    delivery_id: str
    lines: list[tuple[int, int, int, int]]


class PurchaseEnded(Fact, frozen=True, kw_only=True):
    """Nothing more is to come: cancelled, or closed short. lines: (position, units that will not come)."""

    TYPE: ClassVar[str] = "purchase_ended"
    reason: str
    lines: list[tuple[int, int]]
