"""What billing needs of a payment gateway."""

from datetime import datetime
from typing import Literal, NamedTuple, Protocol, runtime_checkable


class PaymentRequest(NamedTuple):
    """One effect asked of a gateway. `key` is the idempotency key; `reference` the gateway's name of the payment."""

    intent_id: str
    kind: str  # capture, refund, void
    gateway: str
    key: str
    amount_minor: int
    currency: str
    reference: str


class PaymentAnswer(NamedTuple):
    """What the gateway said: whether it happened, and its words."""

    is_done: bool
    said: str


class Gateway(Protocol):
    """A payment gateway. Both calls may raise: then nobody knows, and `look_up` is asked until it answers."""

    def perform(self, request: PaymentRequest) -> PaymentAnswer:
        """Do it once per key, however often it is asked."""
        ...

    def look_up(self, request: PaymentRequest) -> PaymentAnswer | None:
        """What became of a key; None when the gateway never heard of it."""
        ...


class CheckoutRequest(NamedTuple):
    """A page on which a customer pays an amount. `key`: the idempotency key; `back`: where they come back to.

    says: what it is for, as the customer reads it.
    """

    key: str
    amount_minor: int
    currency: str
    says: str
    back: str
    expires_at: datetime


class CheckoutSeen(NamedTuple):
    """What became of a page to pay on. reference: the gateway's name of the payment, once it is paid."""

    state: Literal["open", "paid", "gone"]
    reference: str = ""
    amount_minor: int = 0


class Checkouts(Protocol):
    """A gateway with pages to pay on. Each call is made outside any transaction.

    It raises an OSError (ConnectionError, TimeoutError) when no answer came: then nobody knows.
    """

    name: str
    """What payments made there name as their gateway."""

    def open_checkout(self, request: CheckoutRequest) -> str:
        """The address of a page, one per key however often it is asked for: it takes the amount once."""
        ...

    def look_at_checkout(self, key: str) -> CheckoutSeen | None:
        """What became of a key's page; None when the gateway never heard of it."""
        ...


@runtime_checkable
class PractisedCheckouts(Checkouts, Protocol):
    """A gateway whose page is one of ours: the practice gateway, where nobody pays and we say who did."""

    def pay(self, key: str) -> None:
        """The customer paid on the key's page; once, however often it is said."""
        ...
