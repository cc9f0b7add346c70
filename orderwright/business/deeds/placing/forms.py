"""What placing is asked, what it answers, and what it carries in between."""

from datetime import date, datetime

import msgspec

from orderwright.business.orders.checks import Priced
from orderwright.business.orders.form import NewOrder
from orderwright.business.orders.rules import Door, Finding, State
from orderwright.business.routing.lanes import Destination
from orderwright.business.routing.planning import Lane, Plan, Policy, Want


class PlaceOrder(msgspec.Struct, frozen=True):
    """One order to take, as it came in through `door`. customer: the id of who buys, whatever e-mail address
    the order tells; '' for who is known by that address, if at all.
    """

    order: NewOrder
    actor: str
    door: Door = "api"
    customer: str = ""


class PromisedLine(msgspec.Struct, frozen=True):
    """Units of one line that a site ships."""

    reference: str
    sku: str
    quantity: int


class Promise(msgspec.Struct, frozen=True):
    """When it leaves the site, and when it arrives."""

    ship_by: datetime
    deliver_by: date


class PromisedPart(msgspec.Struct, frozen=True):
    """What one site ships, and when."""

    id: str
    site: str
    lines: list[PromisedLine]
    promise: Promise


class Told(msgspec.Struct, frozen=True):
    """A finding as the caller reads it."""

    code: str
    pointer: str
    severity: str
    facts: dict[str, object]


class Placed(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to an order taken. `repeated`: it was here before, the same.

    cancel_until: until then it can be cancelled for nothing and stays off the floor; cancel_note says so in words.
    """

    number: str
    state: str
    holds: list[str]
    backordered: list[PromisedLine]
    fulfilments: list[PromisedPart]
    findings: list[Told] = []
    repeated: bool = False
    cancel_until: datetime | None = None
    cancel_note: str = ""


class Draft:
    """One order on its way through a group."""

    __slots__ = (
        "body_hash",
        "cancel_note",
        "cancel_until",
        "command",
        "destination",
        "email_key",
        "findings",
        "fingerprint",
        "form",
        "fulfilment_ids",
        "holds",
        "id",
        "is_paid",
        "lanes",
        "number",
        "plan",
        "policy",
        "priced",
        "products",
        "sold_at",
        "state",
        "takes",
        "wants",
    )

    def __init__(self, command: PlaceOrder, form: bytes, body_hash: bytes) -> None:
        self.command = command
        self.sold_at: datetime | None = None  # where the form does not say when it was placed
        self.form = form
        self.body_hash = body_hash
        self.findings: list[Finding] = []
        self.holds: list[str] = []
        self.priced: Priced
        self.products: list[str | None] = []  # sku by line; None: no such product
        self.wants: list[Want] = []
        self.lanes: list[Lane] = []
        self.policy: Policy
        self.plan: Plan
        self.takes: dict[tuple[str, str], int] = {}  # units to allocate, by (sku, site), as the plan says
        self.fulfilment_ids: list[str] = []
        self.destination: Destination
        self.cancel_until: datetime | None = None  # its cancel window's end, where it has one
        self.cancel_note = ""
        self.id = ""
        self.is_paid = False  # some money came with it, and it is this order's
        self.state: State
        self.number = ""
        self.email_key = ""
        self.fingerprint = 0
