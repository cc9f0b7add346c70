"""What editing is asked, what it answers, and what it carries in between."""

import msgspec

from orderwright.business.deeds.editing.current import Current, Target
from orderwright.business.deeds.editing.units import Units
from orderwright.business.deeds.placing.forms import Draft, PromisedLine, PromisedPart, Told
from orderwright.business.deeds.settle import Account
from orderwright.business.orders.changes import Door, Finding
from orderwright.business.orders.form import NewOrder
from orderwright.business.orders.order_view import Amounts


class EditOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order is to become what `form` says, as it came in through `door`.

    version: refuse when it changed since. dry_run: tell what would become of it, and write nothing. by_customer: only
    what a customer may change, while they may.
    """

    number: str
    form: NewOrder
    actor: str
    version: int | None = None
    dry_run: bool = False
    door: Door = "api"
    by_customer: bool = False


class LineChange(msgspec.Struct, frozen=True):
    """Units of a line that are wanted, before and after. `position` is its place among the order's lines."""

    position: int
    reference: str
    sku: str
    before: int
    after: int


class SiteUnits(msgspec.Struct, frozen=True):
    """Stocked units at a site; of a kit, its components."""

    site: str
    sku: str
    quantity: int


class Edited(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an edit did, or with `dry_run` would do.

    fields: JSON pointers into the form to what changed. allocated, given_back: what sites promise more of
    and less of than before. backordered: all that waits now. fulfilments: what was planned anew.
    amount_due: what is still to be paid or authorised; refund: captured money that is to go back.
    repeated: the order was like that already.
    """

    number: str
    version: int
    state: str
    fields: list[str]
    before: Amounts
    after: Amounts
    lines: list[LineChange]
    allocated: list[SiteUnits]
    given_back: list[SiteUnits]
    backordered: list[PromisedLine]
    fulfilments: list[PromisedPart]
    holds: list[str]
    findings: list[Told]
    amount_due: str
    refund: str
    dry_run: bool = False
    repeated: bool = False


class Edition:
    """One edit on its way through a group."""

    def __init__(self, command: EditOrder, current: Current, draft: Draft, old: Draft | None) -> None:
        self.command = command
        self.current = current
        self.draft = draft
        self.old = old
        self.targets: list[Target] = []
        self.fields: list[str] = []
        self.is_resolving = False  # nobody asked: lines get the product their name turned out to mean
        self.findings: list[Finding] = []  # those the order did not have before
        self.gained: list[str] = []
        self.mended: list[str] = []
        self.units: Units
        self.fulfilment_ids: list[str] = []
        self.account_before: Account
        self.account_after: Account
        self.amount_due_minor = 0
        self.refund_minor = 0

    @property
    def is_readdressed(self) -> bool:
        """Whether it changes the address of an order that is being worked on."""
        return self.current.is_begun and any(field.startswith("/ship_to/") for field in self.fields)
