"""Goods between our sites: who could help whom, what is on its way, what came."""

from orderwright.business.deeds.transferring.arriving import receive_transfers
from orderwright.business.deeds.transferring.moving import (
    finish_transfers,
    load_transfers,
    plan_transfers,
    send_off,
)
from orderwright.business.deeds.transferring.suggest import list_shares
from orderwright.business.warehouse.transferring.forms import (
    FinishTransfer,
    LoadTransfer,
    PlanTransfer,
    ReceiveTransfer,
    SendTransfer,
    ShareNow,
    ShareQuery,
    SiteTransferNow,
    SiteTransferQuery,
    TransferArrivalForm,
    TransferEndForm,
    TransferGoodsForm,
    TransferPlanForm,
)
from orderwright.business.warehouse.transferring.rows import get_site_transfer, list_site_transfers
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import Asked, Within, sites
from orderwright.values.pages import Page


def _at(*names: str) -> Within:
    """It is done at one site of transfer `{number}`; what does not exist passes, to be refused."""

    def check(tx: Tx, asked: Asked) -> bool:
        if asked.access.sites is None:
            return True
        row = tx.row("SELECT site, to_site FROM site_transfer WHERE number = %(number)s", number=asked.at["number"])
        return row is None or any(getattr(row, name) in asked.access.sites for name in names)

    return check


def _lines(form: TransferGoodsForm | TransferArrivalForm) -> int:
    return len(form.lines)


@read(
    "/v1/transfer-suggestions", "stock:read", within=sites(lambda question: [question.query.to_site]),
    example={"to_site": "LEEDS"},
)  # fmt: skip
def suggestions(tx: Tx, question: Question[ShareQuery]) -> Page[ShareNow]:
    """What sites have beyond their own need that others run low on, the neediest first."""
    return list_shares(tx, question.query)


@deed(
    "POST", "/v1/transfers", "stock:write", plan_transfers, within=sites(lambda request: [request.body.site]),
    answer=SiteTransferNow, status=201, weight=lambda form: 1 + len(form.lines),
    example={"site": "BRISTOL", "to_site": "LEEDS", "lines": [{"sku": "MUG", "quantity": 40}]},
)  # fmt: skip
def plan(request: Request[TransferPlanForm]) -> PlanTransfer:
    """Ask for units to go from one site to another. Without lines, whatever is loaded goes."""
    return PlanTransfer(form=request.body, actor=request.actor)


@read(
    "/v1/transfers", "stock:read", within=sites(lambda question: [question.query.site]),
    example={"site": "LEEDS", "state": "open"},
)  # fmt: skip
def transfers(tx: Tx, question: Question[SiteTransferQuery]) -> Page[SiteTransferNow]:
    """Transfers between sites, newest first."""
    return list_site_transfers(tx, question.query)


@read("/v1/transfers/{number}", "stock:read", within=_at("site", "to_site"))
def transfer_of(tx: Tx, question: Question[None]) -> SiteTransferNow:
    """One transfer: what was asked for, loaded, came, and is still under way."""
    return get_site_transfer(tx, question.at["number"])


@deed(
    "POST", "/v1/transfers/{number}/load", "stock:write", load_transfers, within=_at("site"),
    answer=SiteTransferNow, weight=_lines, example={"lines": [{"sku": "MUG", "quantity": 40, "place": "A-01"}]},
)  # fmt: skip
def load(request: Request[TransferGoodsForm]) -> LoadTransfer:
    """Take units out of bins and load them: they are no longer on hand here, and on their way."""
    return LoadTransfer(number=request.at["number"], form=request.body, actor=request.actor)


@deed(
    "POST", "/v1/transfers/{number}/send", "stock:write", send_off, within=_at("site"), answer=SiteTransferNow
)  # fmt: skip
def send_transfer(request: Request[None]) -> SendTransfer:
    """All is loaded: it leaves. One that holds nothing is cancelled. Before: `repeated`."""
    return SendTransfer(number=request.at["number"], actor=request.actor)


@deed(
    "POST", "/v1/transfers/{number}/receive", "stock:write", receive_transfers, within=_at("to_site"),
    answer=SiteTransferNow, weight=_lines, example={"lines": [{"sku": "MUG", "quantity": 39}]},
)  # fmt: skip
def receive(request: Request[TransferArrivalForm]) -> ReceiveTransfer:
    """Units came: on the receiving bench, to be put away, or on hand in the bins that are named.

    Units nobody sent are found, and a manager is told.
    """
    return ReceiveTransfer(number=request.at["number"], form=request.body, actor=request.actor)


@deed(
    "POST", "/v1/transfers/{number}/finish", "stock:write", finish_transfers, within=_at("to_site"),
    answer=SiteTransferNow, example={"reason": "lost"},
)  # fmt: skip
def finish(request: Request[TransferEndForm]) -> FinishTransfer:
    """Nothing more came. With a reason the rest is written off; without one it stays on its way and a manager is told.

    What is written off and turns up after all is adjusted as `found`.
    """
    return FinishTransfer(number=request.at["number"], form=request.body, actor=request.actor)
