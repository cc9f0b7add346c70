"""The gate: how long it keeps orders, by which rule it lets work out, and what stands before it."""

from orderwright.business.catalog.forms import Saved
from orderwright.business.catalog.sale_events import (
    PutSaleEvent,
    SaleEventForm,
    SaleEventShown,
    list_sale_events,
    put_sale_events,
)
from orderwright.business.deeds.at_version import AtVersion, at_version, fulfilment_versions
from orderwright.business.deeds.recall import recall_fulfilments
from orderwright.business.warehouse.forms import Recall, Recalled
from orderwright.business.warehouse.release_board import Board, get_board
from orderwright.business.warehouse.release_policy import (
    PutReleasePolicy,
    ReleasePolicyForm,
    ReleasePolicyShown,
    get_release_policy,
    put_release_policies,
)
from orderwright.business.warehouse.release_why import Because, explain_release
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import both, every_channel
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import anywhere, owned, sites, whole_store
from orderwright.values.pages import Page

_recall = at_version(fulfilment_versions, recall_fulfilments)
_its_site = sites(lambda asked: [asked.at["code"]])
_its_own = owned("fulfilment")


def _status(saved: Saved) -> int:
    return 201 if saved.is_new else 200


@deed(
    "PUT", "/v1/sale-events/{code}", "admin", put_sale_events, within=whole_store, answer=Saved, status=_status,
    example={
        "name": "Black Friday", "starts_at": "2026-11-27T00:00:00Z", "ends_at": "2026-11-28T00:00:00Z",
        "cancel_minutes": 120, "channels": ["web"], "skus": ["MUG"],
    },
)  # fmt: skip
def put_sale_event(request: Request[SaleEventForm]) -> PutSaleEvent:
    """Create or change a sale event: while it lasts, orders it covers have a cancel window of its own length.

    It covers an order when one product of it does; no `channels` or no `skus` means all of them.
    """
    return PutSaleEvent(code=request.at["code"], form=request.body, version=request.version, actor=request.actor)


@read("/v1/sale-events", "orders:read", within=anywhere)
def sale_events(tx: Tx, question: Question[None]) -> Page[SaleEventShown]:
    """Sale events, those that end last first."""
    return list_sale_events(tx)


@deed(
    "PUT", "/v1/sites/{code}/release-policy", "admin", put_release_policies, within=_its_site, answer=Saved,
    status=_status,
    example={
        "orders_max": 300, "lead_minutes": 45, "zones": [{"zone": "MEZZ", "units_max": 400}],
        "trucks": [{"leaves_at": "15:00", "service": "express", "carrier": "practice"}, {"leaves_at": "18:00"}],
    },
)  # fmt: skip
def put_release_policy(request: Request[ReleasePolicyForm]) -> PutReleasePolicy:
    """Replace the rule of a site's gate: how many orders, and units of which zone, may be out; when trucks leave.

    A run of the gate that goes on meanwhile ends by the rule it began with.
    """
    return PutReleasePolicy(site=request.at["code"], form=request.body, version=request.version, actor=request.actor)


@read("/v1/sites/{code}/release-policy", "floor:read", within=_its_site)
def release_policy(tx: Tx, question: Question[None]) -> ReleasePolicyShown:
    """The rule of a site's gate; version 0 where nobody made one."""
    return get_release_policy(tx, question.at["code"])


@read("/v1/sites/{code}/release-board", "floor:read", within=both(_its_site, every_channel))
def release_board(tx: Tx, question: Question[None]) -> Board:
    """What stands before a site's gate: how much may go and how much may not, what is late and why, the trucks."""
    return get_board(tx, question.at["code"])


@read("/v1/fulfilments/{id}/why", "floor:read", within=_its_own)
def why(tx: Tx, question: Question[None]) -> Because:
    """Why a fulfilment is not on the floor: the gate's reason in a word and in a sentence, and its truck."""
    return explain_release(tx, question.at["id"])


@deed("POST", "/v1/fulfilments/{id}/recall", "floor:write", _recall, within=_its_own, answer=Recalled)
def recall(request: Request[None]) -> AtVersion:
    """Take a fulfilment nobody has begun back from the floor: planned again, its bins free, its place in the turn kept.

    409 `work_begun` when a unit is picked or its walk has a picker, `fulfilment_step` when it is further.
    """
    id_ = request.at["id"]
    return AtVersion(id_, request.version, Recall(fulfilment_id=id_, actor=request.actor))
