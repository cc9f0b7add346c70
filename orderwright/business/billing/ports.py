"""What billing needs of a payment gateway."""

from typing import NamedTuple, Protocol


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
