"""What is asked of the print queues, and what they answer."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.values.forms import Form, Text, Word

PrintKind = Literal["carrier_label", "carton_label", "packing_slip", "pick_list"]
PrintState = Literal["waiting", "printed", "failed", "void"]
PrintFormat = Literal["zpl", "pdf"]
FORMATS: dict[PrintKind, tuple[PrintFormat, ...]] = {
    "carrier_label": ("zpl",),
    "carton_label": ("zpl", "pdf"),
    "packing_slip": ("pdf",),
    "pick_list": ("pdf",),
}


class PrintForm(Form, frozen=True):
    """A paper wanted at a printer. subject: a parcel's id; the fulfilment's of a pick list.

    language: of the words on it; left out, a packing slip is in the customer's, all else in English.
    reason: why it is printed again; needed once it was printed.
    """

    printer: Word
    kind: PrintKind
    subject: Annotated[str, Meta(max_length=64)]
    language: Annotated[str, Meta(max_length=16)] = ""
    reason: Text = ""


class RequestPrint(PrintForm, frozen=True, kw_only=True):
    """A paper wanted at a printer, and by whom."""

    actor: str


class AcknowledgeForm(Form, frozen=True):
    """What became of a print job. reason: why it failed."""

    printed: bool
    reason: Text = ""


class AcknowledgePrint(AcknowledgeForm, frozen=True, kw_only=True):
    """What became of a print job, and who says so."""

    job_id: str
    actor: str


class PrintNow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A print job after a deed. `repeated`: it was so before.

    is_discarded: it came out of the printer after its label was taken back; throw the paper away.
    """

    id: str
    printer: str
    kind: str
    subject: str
    state: str
    attempts: int
    reason: str = ""
    repeated: bool = False
    is_discarded: bool = False


class PrintJob(msgspec.Struct, frozen=True):
    """A job at the head of a printer's queue. zpl: what to send to a label printer; None where it is a PDF alone.

    missing: letters of the label there is no font for, printed as `[?]`.
    """

    id: str
    kind: str
    subject: str
    site: str
    ship_by: datetime
    priority: int
    attempts: int
    reason: str
    formats: list[str]
    zpl: str | None
    missing: str = ""
