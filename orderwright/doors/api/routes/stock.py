"""Stock: what comes in, is counted, moves; what lies where; what can be promised."""

from typing import Annotated

from msgspec import Meta

from orderwright.business.deeds.books import (
    adjust_stock,
    receive_stock,
    send_transfers,
    take_in_transfers,
    transfer_stock,
    write_off_transfers,
)
from orderwright.business.routing.offers import Availability, availability_of
from orderwright.business.stock.forms import (
    Adjusted,
    Adjustment,
    AdjustmentForm,
    Arrival,
    ArrivalForm,
    Booked,
    CloseTransfer,
    CloseTransferForm,
    Dispatch,
    DispatchForm,
    Receipt,
    ReceiptForm,
    SafetyStock,
    SafetyStockForm,
    SafetyStockKept,
    Transfer,
    TransferForm,
)
from orderwright.business.stock.promises import put_safety_stock
from orderwright.business.stock.reads import Level, list_levels
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import channels, sites
from orderwright.values.forms import Form, Word
from orderwright.values.pages import After, Limit, Page
from orderwright.values.refusal import Refusal

RECEIPT = {"site": "LEEDS", "lines": [{"sku": "MUG", "quantity": 100, "unit_cost": "3.1000"}], "reference": "R-1"}


def _status(booked: Booked | Adjusted) -> int:
    return 200 if booked.repeated else 201


def _lines(form: ReceiptForm | TransferForm | DispatchForm | ArrivalForm) -> int:
    return len(form.lines)


_at_its_site = sites(lambda request: [request.body.site])


@deed(
    "POST", "/v1/stock/receipts", "stock:write", receive_stock, within=_at_its_site, answer=Booked, status=_status,
    weight=_lines, example=RECEIPT,
)  # fmt: skip
def receive(request: Request[ReceiptForm]) -> Receipt:
    """Units arrive at a site; backorders that wait for them are filled.

    The same reference again is answered as the first time (200), with other lines it is 409 `receipt_differs`.
    """
    return Receipt(form=request.body, actor=request.actor)


@deed(
    "POST", "/v1/stock/adjustments", "stock:write", adjust_stock, within=_at_its_site, answer=Adjusted,
    status=_status,
    example={"site": "LEEDS", "sku": "MUG", "reason": "damaged", "quantity": -2, "reference": "A-1"},
)  # fmt: skip
def adjust(request: Request[AdjustmentForm]) -> Adjustment:
    """Books set right: counted, damaged, found. Promises that can no longer be kept are moved or wait."""
    return Adjustment(form=request.body, actor=request.actor)


@deed(
    "POST", "/v1/stock/transfers", "stock:write", transfer_stock, within=_at_its_site, answer=Booked, status=_status,
    weight=_lines, example={"site": "LEEDS", "lines": [{"sku": "MUG", "quantity": 5, "to_place": "A-03-12"}]},
)  # fmt: skip
def transfer(request: Request[TransferForm]) -> Transfer:
    """Units change places within a site: all lines or none. Those of products tracked by serial are named."""
    return Transfer(form=request.body, actor=request.actor)


@deed(
    "POST", "/v1/stock/transfers/out", "stock:write", send_transfers, within=_at_its_site, answer=Booked,
    status=_status, weight=_lines,
    example={"site": "LEEDS", "to_site": "BRISTOL", "lines": [{"sku": "MUG", "quantity": 20}], "reference": "T-1"},
)  # fmt: skip
def send(request: Request[DispatchForm]) -> Dispatch:
    """Units leave a site for another one: all lines or none."""
    return Dispatch(form=request.body, actor=request.actor)


@deed(
    "POST", "/v1/stock/transfers/in", "stock:write", take_in_transfers, within=_at_its_site, answer=Booked,
    status=_status, weight=_lines, example={"site": "BRISTOL", "from_site": "LEEDS", "transfer": "T-1"},
)  # fmt: skip
def take_in(request: Request[ArrivalForm]) -> Arrival:
    """Units sent by another site arrive; without lines, all that is still under way."""
    return Arrival(form=request.body, actor=request.actor)


@deed(
    "POST", "/v1/stock/transfers/close", "stock:write", write_off_transfers, within=_at_its_site, answer=Booked,
    status=_status, example={"site": "BRISTOL", "from_site": "LEEDS", "transfer": "T-1", "reason": "lost"},
)  # fmt: skip
def close_short(request: Request[CloseTransferForm]) -> CloseTransfer:
    """Write off what of a transfer never arrived, at what it cost. What turns up later is adjusted as `found`."""
    return CloseTransfer(form=request.body, actor=request.actor)


@deed(
    "PUT", "/v1/sites/{code}/safety-stock/{sku}", "stock:write", put_safety_stock,
    within=sites(lambda request: [request.at["code"]]), answer=SafetyStockKept, example={"units": 5},
)  # fmt: skip
def keep_back(request: Request[SafetyStockForm]) -> SafetyStock:
    """Set how many units of a product a site does not promise. It limits promising, never shipping what is promised."""
    return SafetyStock(sku=request.at["sku"], site=request.at["code"], units=request.body.units, actor=request.actor)


class StockQuery(Form, frozen=True):
    """Which stock."""

    sku: Word | None = None
    site: Word | None = None
    after: After | None = None
    limit: Limit = 50


def _sites_asked(question: Question[StockQuery]) -> list[str]:
    # A key limited to sites must say which one it asks about.
    return [question.query.site or ""]


@read("/v1/stock", "stock:read", within=sites(_sites_asked), example={"sku": "MUG"})
def levels(tx: Tx, question: Question[StockQuery]) -> Page[Level]:
    """On hand, allocated and available, per product and site, and what lies in which place."""
    query = question.query
    return list_levels(tx, sku=query.sku, site=query.site, after=query.after, limit=query.limit)


class AvailabilityQuery(Form, frozen=True):
    """Of what, for whom, where to. `postal_code` needs its `country`."""

    sku: Word
    channel: Word | None = None
    postal_code: Annotated[str, Meta(max_length=20)] = ""
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None = None


def _channel_asked(question: Question[AvailabilityQuery]) -> list[str]:
    return [question.query.channel or ""]


@read(
    "/v1/availability", "stock:read", within=channels(_channel_asked),
    example={"sku": "MUG", "channel": "web", "postal_code": "LS1 1AA", "country": "GB"},
)  # fmt: skip
def available(tx: Tx, question: Question[AvailabilityQuery]) -> Availability:
    """What can be promised now, from where and by when."""
    query = question.query
    if query.postal_code and query.country is None:
        finding = {"pointer": "?country", "code": "missing", "message": "A postal code needs its country."}
        raise Refusal("malformed", findings=[finding])
    return availability_of(tx, query.sku, channel=query.channel, country=query.country, postal_code=query.postal_code)
