"""What people say about transfers between sites, and what they are told."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.business.stock.forms import DispatchLine
from orderwright.business.warehouse.transferring.rules import State
from orderwright.values.forms import Command, Form, Units, Word
from orderwright.values.pages import After, Limit

OptionalSite = Annotated[str, Meta(max_length=64)]


class AskedUnits(Form, frozen=True):
    """Units of a product that are to go."""

    sku: Word
    quantity: Units


class TransferPlanForm(Form, frozen=True):
    """Units are to go from one site to another. Without lines, whatever is loaded goes."""

    site: Word
    to_site: Word
    lines: Annotated[list[AskedUnits], Meta(max_length=1_000)] = msgspec.field(default_factory=list)


class PlanTransfer(Command, frozen=True):
    """A transfer to plan, and who asks."""

    form: TransferPlanForm


class TransferGoodsForm(Form, frozen=True):
    """Units taken out of bins."""

    lines: Annotated[list[DispatchLine], Meta(min_length=1, max_length=1_000)]


class ArrivedUnits(DispatchLine, frozen=True):
    """Units that came: on the receiving bench, to be put away, unless a bin is named."""

    place: Word = "RECEIVING"


class TransferArrivalForm(Form, frozen=True):
    """Units that came from the other site."""

    lines: Annotated[list[ArrivedUnits], Meta(min_length=1, max_length=1_000)]


class LoadTransfer(Command, frozen=True):
    """Units are taken from bins of the one site and loaded."""

    number: str
    form: TransferGoodsForm


class SendTransfer(Command, frozen=True):
    """All is loaded: it leaves."""

    number: str


class ReceiveTransfer(Command, frozen=True):
    """Units came to the other site."""

    number: str
    form: TransferArrivalForm


class TransferEndForm(Form, frozen=True):
    """Nothing more came. reason: what became of the rest, which is written off; without one a manager is told."""

    reason: Literal["", "lost", "stolen", "damaged"] = ""


class FinishTransfer(Command, frozen=True):
    """Somebody has received all that came."""

    number: str
    form: TransferEndForm


class TransferUnits(msgspec.Struct, frozen=True, omit_defaults=True):
    """Units of a product and lot of a transfer. asked: by the plan, of any lot; left: still under way."""

    sku: str
    lot: str = ""
    asked: int = 0
    loaded: int = 0
    arrived: int = 0
    lost: int = 0
    left: int = 0


class SiteTransferNow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A transfer between sites as it stands. over: units of this call that nobody sent. `repeated`: it was so before.

    state: planned, loading, sent (all is loaded), done (all came or was written off), cancelled (nothing was loaded).
    """

    number: str
    site: str
    to_site: str
    state: State
    made_by: str
    made_at: datetime
    lines: list[TransferUnits]
    sent_at: datetime | None = None
    ended_at: datetime | None = None
    over: int = 0
    repeated: bool = False


class SiteTransferQuery(Form, frozen=True):
    """Which transfers: of a site, from it or to it, that are open or over."""

    site: OptionalSite = ""
    state: Literal["open", "over"] = "open"
    after: After | None = None
    limit: Limit = 50


class ShareQuery(Form, frozen=True):
    """Of what to send where: to one site, or to all of them."""

    to_site: OptionalSite = ""
    limit: Limit = 50


class ShareNow(msgspec.Struct, frozen=True):
    """Units one site could send to another that runs low. spare: what it has beyond its own need; wanted: there."""

    sku: str
    site: str
    to_site: str
    units: int
    spare: int
    wanted: int
