"""What people write about stock: receipts, adjustments, transfers, safety stock; and what they are answered."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.values.forms import Command, Decimal, Form, Units, Word

Lot = Annotated[str, Meta(max_length=64)]
Reference = Annotated[str, Meta(max_length=64)]
Reason = Literal["counted", "found", "lost", "stolen", "damaged", "expired", "quarantined"]


class ReceiptLine(Form, frozen=True):
    """Units of one product that arrived. `unit_cost` may carry up to 6 decimals; without one the average stays."""

    sku: Word
    quantity: Units
    place: Word = "STOCK"
    lot: Lot = ""
    expires_on: date | None = None
    unit_cost: Decimal | None = None


class ReceiptForm(Form, frozen=True):
    """Units arrive at a site. The same reference again is answered as the first time."""

    site: Word
    lines: Annotated[list[ReceiptLine], Meta(min_length=1, max_length=10_000)]
    reference: Reference = ""


class AdjustmentForm(Form, frozen=True):
    """Books set right: either `quantity`, the change (never 0), or `counted`, what lies there.

    `found` adds, `counted` may do either, every other reason takes away (a negative quantity). serials: which units
    they are, of products tracked by serial; with a change, and each or none.
    """

    site: Word
    sku: Word
    reason: Reason
    quantity: Annotated[int, Meta(ge=-1_000_000_000, le=1_000_000_000)] | None = None
    counted: Annotated[int, Meta(ge=0, le=1_000_000_000)] | None = None
    place: Word = "STOCK"
    lot: Lot = ""
    serials: Annotated[list[Word], Meta(max_length=10_000)] = msgspec.field(default_factory=list)
    reference: Reference = ""


class TransferLine(Form, frozen=True):
    """Units of one product from one place to another of the same site. serials: of products tracked by serial."""

    sku: Word
    quantity: Units
    to_place: Word
    from_place: Word = "STOCK"
    lot: Lot = ""
    serials: Annotated[list[Word], Meta(max_length=10_000)] = msgspec.field(default_factory=list)


class TransferForm(Form, frozen=True):
    """Units change places within a site: all lines or none."""

    site: Word
    lines: Annotated[list[TransferLine], Meta(min_length=1, max_length=10_000)]
    reference: Reference = ""


class DispatchLine(Form, frozen=True):
    """Units of one product that leave for another site, or came from one. serials: of products tracked by serial."""

    sku: Word
    quantity: Units
    place: Word = "STOCK"
    lot: Lot = ""
    serials: Annotated[list[Word], Meta(max_length=10_000)] = msgspec.field(default_factory=list)


class DispatchForm(Form, frozen=True):
    """Units leave a site for another one: all lines or none. Without a reference one is made."""

    site: Word
    to_site: Word
    lines: Annotated[list[DispatchLine], Meta(min_length=1, max_length=10_000)]
    reference: Reference = ""


class ArrivalForm(Form, frozen=True):
    """Units of a transfer arrive; without lines, everything still under way, into STOCK.

    `transfer`: the reference the dispatch from `from_site` had or was given. `reference`: of this arrival.
    """

    site: Word
    from_site: Word
    transfer: Word
    lines: Annotated[list[DispatchLine], Meta(max_length=10_000)] = msgspec.field(default_factory=list)
    reference: Reference = ""


class CloseTransferForm(Form, frozen=True):
    """What is still under way of a transfer to `site` never arrives: it is written off, for a reason."""

    site: Word
    from_site: Word
    transfer: Word
    reason: Literal["lost", "stolen", "damaged"]


class Receipt(Command, frozen=True):
    """A receipt, and who books it."""

    form: ReceiptForm


class Adjustment(Command, frozen=True):
    """An adjustment, and who books it. is_bench_open: as for an arrival."""

    form: AdjustmentForm
    is_bench_open: bool = False


class Transfer(Command, frozen=True):
    """A transfer within a site, and who books it."""

    form: TransferForm


class Dispatch(Command, frozen=True):
    """The first half of a transfer between sites, and who books it."""

    form: DispatchForm


class Arrival(Command, frozen=True):
    """The second half of a transfer between sites, and who books it.

    is_bench_open: it may come to the receiving bench, and the caller says what is to be put away there.
    """

    form: ArrivalForm
    is_bench_open: bool = False


class CloseTransfer(Command, frozen=True):
    """The end of a transfer of which not all arrived, and who says so."""

    form: CloseTransferForm


class ExpireLots(Command, frozen=True):
    """Take what is past its date out of a site's bins, at most `limit` piles at a time."""

    site: Word
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 1_000


class SafetyStockForm(Form, frozen=True):
    """Units of a product that a site does not promise; 0 promises all."""

    units: Annotated[int, Meta(ge=0, le=1_000_000_000)]


class SafetyStock(Command, frozen=True):
    """Units of a product that a site does not promise."""

    sku: Word
    site: Word
    units: Annotated[int, Meta(ge=0, le=1_000_000_000)]


class SafetyStockKept(msgspec.Struct, frozen=True):
    """What a site does not promise of a product, from now on."""

    sku: str
    site: str
    units: int


class Pile(msgspec.Struct, frozen=True, omit_defaults=True):
    """Units of one lot of one product that were put in, or taken out of, a place (a code) of the site."""

    sku: str
    quantity: int
    place: str
    lot: str = ""


class Booked(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a receipt, transfer, dispatch (`to_site`) or arrival booked. `repeated`: it was booked before."""

    id: str
    site: str
    reference: str
    lines: list[Pile]
    to_site: str = ""
    repeated: bool = False


class Adjusted(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an adjustment did: the change, and what lies in the place since."""

    id: str
    site: str
    sku: str
    place: str
    change: int
    quantity: int
    lot: str = ""
    reference: str = ""
    repeated: bool = False


class Expired(msgspec.Struct, frozen=True):
    """What went to quarantine, by the place it lay in. `has_more`: the limit was reached."""

    site: str
    lines: list[Pile]
    has_more: bool
