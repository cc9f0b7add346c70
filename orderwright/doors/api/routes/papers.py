"""Papers and labels: as files to look at, and as jobs in printers' queues."""

from typing import Annotated, Literal

from msgspec import Meta
from msgspec.structs import asdict

from orderwright.business.shipping.papers import carton_label, packing_slip
from orderwright.business.shipping.printing.actions import acknowledge_prints, request_prints
from orderwright.business.shipping.printing.forms import (
    AcknowledgeForm,
    AcknowledgePrint,
    PrintForm,
    PrintJob,
    PrintNow,
    RequestPrint,
)
from orderwright.business.shipping.printing.reads import next_prints, print_pdf, print_zpl
from orderwright.business.warehouse.papers import bin_labels, pick_list_paper, walk_list_paper
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import both, every_channel, of_walk, printed_subject
from orderwright.doors.api.route import deed, many, read
from orderwright.doors.api.within import anywhere, owned, sites
from orderwright.papers.labels import FloorLabel, Roll, bin_sheet_pdf, labels_pdf
from orderwright.papers.lists import SheetSize, pick_list_pdf
from orderwright.papers.slips import packing_slip_pdf
from orderwright.papers.thermal import labels_zpl
from orderwright.values.forms import Form, Word
from orderwright.values.pages import Limit, Page

PDF, ZPL = "application/pdf", "application/zpl"
Language = Annotated[str, Meta(max_length=16, description="Of the words on the paper: en, es; others are English.")]
_its_job = owned("print_job")
_its_fulfilment, _its_parcel = owned("fulfilment"), owned("parcel")
_its_site = both(sites(lambda question: [question.at["code"]]), every_channel)


class SheetQuery(Form, frozen=True):
    """How a list or slip is printed."""

    language: Language = "en"
    size: SheetSize = "a4"


class ParcelSheetQuery(SheetQuery, frozen=True):
    """How a paper that goes with a parcel is printed. language: left out, the customer's."""

    language: Language = ""


class LabelQuery(Form, frozen=True):
    """How a label is printed."""

    language: Language = "en"


class BinsQuery(Form, frozen=True):
    """Which bins: of one zone, or all. layout: on sheets, or a label each for a roll."""

    zone: Annotated[str, Meta(max_length=64)] | None = None
    layout: SheetSize | Roll = "a4"
    language: Language = "en"


class BinRollQuery(Form, frozen=True):
    """Which bins, and which roll is in the printer."""

    zone: Annotated[str, Meta(max_length=64)] | None = None
    roll: Roll = "100x50"
    language: Language = "en"


@read(
    "/v1/fulfilments/{id}/pick-list.pdf", "floor:read", within=_its_fulfilment, content_type=PDF,
    example={"language": "es", "size": "a4"},
)  # fmt: skip
def pick_list_file(tx: Tx, question: Question[SheetQuery]) -> bytes:
    """What is still to be picked of a fulfilment, in walking order, to print: bins in bars, boxes to tick."""
    query = question.query
    return pick_list_pdf(pick_list_paper(tx, question.at["id"]), language=query.language, size=query.size).content


@read("/v1/pick-batches/{id}/pick-list.pdf", "floor:read", within=both(of_walk, every_channel), content_type=PDF)
def walk_list_file(tx: Tx, question: Question[SheetQuery]) -> bytes:
    """What is still to be picked of a walk, over all its orders, in the order of the way, with the tote of each."""
    query = question.query
    return pick_list_pdf(walk_list_paper(tx, question.at["id"]), language=query.language, size=query.size).content


@read(
    "/v1/parcels/{id}/packing-slip.pdf", "shipping:read", within=_its_parcel, content_type=PDF,
    example={"size": "us-letter"},
)  # fmt: skip
def packing_slip_file(tx: Tx, question: Question[ParcelSheetQuery]) -> bytes:
    """What is in a parcel and what of its order follows, to lie in it; a gift note, and never a price."""
    query = question.query
    return packing_slip_pdf(packing_slip(tx, question.at["id"]), language=query.language, size=query.size).content


@read("/v1/parcels/{id}/carton-label.pdf", "shipping:read", within=_its_parcel, content_type=PDF)
def carton_label_file(tx: Tx, question: Question[LabelQuery]) -> bytes:
    """A parcel's logistic label, 100 x 150 mm, with its SSCC as GS1-128. 409 `no_sscc`, `parcel_step`."""
    return labels_pdf([carton_label(tx, question.at["id"])], language=question.query.language).content


@read("/v1/parcels/{id}/carton-label.zpl", "shipping:read", within=_its_parcel, content_type=ZPL)
def carton_label_text(tx: Tx, question: Question[LabelQuery]) -> str:
    """The same label for a thermal printer (ZPL). 409 `no_sscc`, `parcel_step`."""
    return labels_zpl([carton_label(tx, question.at["id"])], language=question.query.language)[0].zpl


@read(
    "/v1/sites/{code}/bin-labels.pdf", "floor:read", within=_its_site, content_type=PDF,
    example={"zone": "A", "layout": "a4"},
)  # fmt: skip
def bin_labels_file(tx: Tx, question: Question[BinsQuery]) -> bytes:
    """Labels of a site's bins, in the order people walk past them: on sheets, or a page each for a roll."""
    query = question.query
    labels = bin_labels(tx, question.at["code"], zone=query.zone)
    if query.layout == "a4" or query.layout == "us-letter":
        return bin_sheet_pdf(labels, language=query.language, size=query.layout).content
    return labels_pdf(labels, language=query.language, roll=query.layout).content


@read(
    "/v1/sites/{code}/bin-labels.zpl", "floor:read", within=_its_site, content_type=ZPL, example={"roll": "100x50"},
)  # fmt: skip
def bin_labels_text(tx: Tx, question: Question[BinRollQuery]) -> str:
    """The same labels for a thermal printer (ZPL)."""
    query = question.query
    labels = bin_labels(tx, question.at["code"], zone=query.zone)
    return "".join(each.zpl for each in labels_zpl(labels, language=query.language, roll=query.roll))


class ThingsQuery(Form, frozen=True):
    """Which things: their codes, with commas between them."""

    kind: Literal["tote", "cart", "staff"]
    codes: Annotated[str, Meta(min_length=1, max_length=8_000)]
    roll: Roll = "100x150"
    language: Language = "en"


@read(
    "/v1/floor-labels.pdf", "floor:read", within=anywhere, content_type=PDF,
    example={"kind": "tote", "codes": "0001,0002"},
)  # fmt: skip
def floor_labels_file(tx: Tx, question: Question[ThingsQuery]) -> bytes:
    """Labels of totes, carts or people's badges, a page each. 422 `bad_code` for a code no barcode should hold."""
    query = question.query
    return labels_pdf(_things(query), language=query.language, roll=query.roll).content


@read(
    "/v1/floor-labels.zpl", "floor:read", within=anywhere, content_type=ZPL,
    example={"kind": "cart", "codes": "7"},
)  # fmt: skip
def floor_labels_text(tx: Tx, question: Question[ThingsQuery]) -> str:
    """The same labels for a thermal printer (ZPL)."""
    query = question.query
    return "".join(each.zpl for each in labels_zpl(_things(query), language=query.language, roll=query.roll))


def _things(query: ThingsQuery) -> list[FloorLabel]:
    return [FloorLabel(kind=query.kind, code=code.strip()) for code in query.codes.split(",") if code.strip()]


class QueueQuery(Form, frozen=True):
    """Which printer's queue."""

    printer: Word
    limit: Limit = 50


@read("/v1/prints", "floor:read", within=anywhere, example={"printer": "bench-1", "limit": 20})
def prints(tx: Tx, question: Question[QueueQuery]) -> Page[PrintJob]:
    """What a printer is to print next, labels with what to send it. A job stays here until it is acknowledged.

    What no longer counts is never among them: a label taken back, or for an address the order no longer has.
    """
    query, access = question.query, question.access
    return Page(next_prints(tx, query.printer, query.limit, sites=access.sites, channels=access.channels))


@read("/v1/prints/{id}/pdf", "floor:read", within=_its_job, content_type=PDF)
def print_file(tx: Tx, question: Question[None]) -> bytes:
    """What a waiting job prints, as PDF. 409 `print_step` once it ended or no longer counts."""
    return print_pdf(tx, question.at["id"])


@read("/v1/prints/{id}/zpl", "floor:read", within=_its_job, content_type=ZPL)
def print_text(tx: Tx, question: Question[None]) -> str:
    """What a waiting job prints, for a thermal printer (ZPL). 409 `print_step` once it ended or no longer counts."""
    return print_zpl(tx, question.at["id"])


def _status(now: PrintNow) -> int:
    return 200 if now.repeated else 201


@deed(
    "POST", "/v1/prints", "floor:write", request_prints, within=printed_subject, answer=PrintNow, status=_status,
    example={"printer": "bench-1", "kind": "carrier_label", "subject": "0199c0de-0000-7000-8000-000000000001"},
)  # fmt: skip
def ask_print(request: Request[PrintForm]) -> RequestPrint:
    """Put a paper into a printer's queue. Waiting already, it is `repeated`, or moves here from another printer.

    409 `printed_before`: say the `reason` for another copy; `no_label`, `label_stale`, `no_sscc`, `parcel_step`.
    """
    return RequestPrint(**asdict(request.body), actor=request.actor)


ask_prints = many("/v1/prints/batch", ask_print, "Put many papers into printers' queues; one result each, in order.")


@deed(
    "POST", "/v1/prints/{id}/acknowledge", "floor:write", acknowledge_prints, within=_its_job, answer=PrintNow,
    example={"printed": False, "reason": "out of paper"},
)  # fmt: skip
def acknowledge(request: Request[AcknowledgeForm]) -> AcknowledgePrint:
    """Say whether a job came out of the printer; one that failed is tried again, up to five times.

    `is_discarded`: its label was taken back meanwhile, so throw the paper away.
    """
    return AcknowledgePrint(**asdict(request.body), job_id=request.at["id"], actor=request.actor)
