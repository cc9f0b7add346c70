"""Returns: asked for, received, inspected, settled."""

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.at_version import AtVersion, at_version, return_versions
from orderwright.business.deeds.by_line import by_line
from orderwright.business.deeds.exchanging.ending import end_exchanges
from orderwright.business.deeds.take_back import inspect_returns, receive_returns, settle_returns
from orderwright.business.returns.bodies import (
    InspectForm,
    ReceiveForm,
    ReturnForm,
    SettleForm,
    asked_lines,
    check_told_once,
)
from orderwright.business.returns.forms import (
    AskReturn,
    EndExchange,
    InspectReturn,
    ReceiveReturn,
    ReturnNow,
    SettleReturn,
)
from orderwright.business.returns.labels import LabelForm, WantReturnLabel, return_label, want_return_labels
from orderwright.business.returns.reads import ReturnQuery, ReturnRow, get_return, list_returns
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import ordered
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.routes.papers import PDF, ParcelSheetQuery
from orderwright.doors.api.within import anywhere, owned
from orderwright.papers.return_labels import return_label_pdf
from orderwright.values.pages import Page

_ask = by_line(ask_returns)
_receive = at_version(return_versions, receive_returns)
_inspect = at_version(return_versions, inspect_returns)
_settle = at_version(return_versions, settle_returns)
_end = at_version(return_versions, end_exchanges)
_label = at_version(return_versions, want_return_labels)
_its_own = owned("return_request")


@deed(
    "POST", "/v1/returns", "orders:write", _ask, within=ordered, answer=ReturnNow, status=201,
    example={"order": "OW-000001", "lines": [{"reference": "1", "quantity": 1, "reason": "damaged"}]},
)  # fmt: skip
def ask_return(request: Request[ReturnForm]) -> AskReturn:
    """Ask to send units of an order back: 422 `return_too_much` beyond what was shipped and not asked for yet.

    `by_customer`: 409 `return_too_late` once the days the shop gives its customers are over. `exchange` of a line: what
    is wanted for it, the same or another of its family, placed as an order and kept aside at once: 422 `not_a_variant`,
    `short_stock`.
    """
    form = request.body
    return AskReturn(
        number=form.order, lines=asked_lines(form), site=form.site or "", by_customer=form.by_customer,
        actor=request.actor,
    )  # fmt: skip


@read("/v1/returns", "orders:read", within=anywhere, example={"state": "received"})
def returns(tx: Tx, question: Question[ReturnQuery]) -> Page[ReturnRow]:
    """Returns, newest first, by state or order."""
    return list_returns(tx, question.query, channels=question.access.channels, sites=question.access.sites)


@read("/v1/returns/{id}", "orders:read", within=_its_own)
def one_return(tx: Tx, question: Question[None]) -> ReturnNow:
    """One return with its lines."""
    return get_return(tx, question.at["id"])


@deed(
    "POST", "/v1/returns/{id}/label", "orders:write", _label, within=_its_own, answer=ReturnNow, status=202,
    example={"by_customer": True},
)  # fmt: skip
def want_label(request: Request[LabelForm]) -> AtVersion:
    """Buy a carrier's label for a return that is still to come; `label` of the return says when it is there.

    Again: `repeated`; after the carrier's no it is asked anew. 409 `return_step`, `not_offered`.
    """
    id_ = request.at["id"]
    command = WantReturnLabel(return_id=id_, by_customer=request.body.by_customer, actor=request.actor)
    return AtVersion(id_, request.version, command)


@read("/v1/returns/{id}/label.pdf", "orders:read", within=_its_own, content_type=PDF, example={"language": "es"})
def label_pdf(tx: Tx, question: Question[ParcelSheetQuery]) -> bytes:
    """A return's label, to be printed. 404 until it is bought."""
    query = question.query
    return return_label_pdf(return_label(tx, question.at["id"]), language=query.language, size=query.size).content


@deed("POST", "/v1/returns/{id}/money-instead", "orders:write", _end, within=_its_own, answer=ReturnNow)
def end_exchange(request: Request[None]) -> AtVersion:
    """No exchange but money: what was kept aside for it is free again. 409 `exchange_over`. Again: `repeated`."""
    id_ = request.at["id"]
    return AtVersion(id_, request.version, EndExchange(return_id=id_, actor=request.actor))


@deed(
    "POST", "/v1/returns/{id}/receive", "floor:write", _receive, within=_its_own, answer=ReturnNow,
    example={"lines": [{"line": 1, "quantity": 1}], "unexpected": [{"sku": "HAT", "quantity": 1}]},
)  # fmt: skip
def receive_return(request: Request[ReceiveForm]) -> AtVersion:
    """The parcel was opened. What differs from what was asked opens an exception. Again: `repeated`."""
    id_, form = request.at["id"], request.body
    check_told_once(form.lines)
    command = ReceiveReturn(return_id=id_, lines=form.lines, unexpected=form.unexpected, actor=request.actor)
    return AtVersion(id_, request.version, command)


@deed(
    "POST", "/v1/returns/{id}/inspect", "floor:write", _inspect, within=_its_own, answer=ReturnNow,
    example={"lines": [{"line": 1, "restock": 1, "scrap": 0}], "place": "A-03-12"},
)  # fmt: skip
def inspect_return(request: Request[InspectForm]) -> AtVersion:
    """Restock or scrap every unit that came: 422 `inspection_differs` unless they add up. Again: `repeated`."""
    id_, form = request.at["id"], request.body
    check_told_once(form.lines)
    command = InspectReturn(return_id=id_, lines=form.lines, place=form.place, actor=request.actor)
    return AtVersion(id_, request.version, command)


@deed(
    "POST", "/v1/returns/{id}/settle", "money:write", _settle, within=_its_own, answer=ReturnNow,
    example={"refund_shipping": False},
)  # fmt: skip
def settle_return(request: Request[SettleForm]) -> AtVersion:
    """Credit what was received, to the cent as it was charged, and pay it back. Again: `repeated`."""
    id_ = request.at["id"]
    command = SettleReturn(return_id=id_, refund_shipping=request.body.refund_shipping, actor=request.actor)
    return AtVersion(id_, request.version, command)
