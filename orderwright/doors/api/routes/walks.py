"""Walks: a site's floor, the plan of its walks, who walks which, and their totes."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta
from msgspec.structs import asdict

from orderwright.business.catalog.forms import Saved
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.picking.plans import find_plan, list_plans, want_walks
from orderwright.business.deeds.picking.tote_units import sort_units, split_task
from orderwright.business.deeds.picking.walks import assign_totes, end_walk, give_up_walks
from orderwright.business.reports.picking import Picking, pick_figures
from orderwright.business.warehouse.floor_forms import FloorForm, FloorShown, PutFloor
from orderwright.business.warehouse.floors import get_floor, put_floors
from orderwright.business.warehouse.plan_forms import PlanForm, PlanWalks, WalkPlan
from orderwright.business.warehouse.walk_forms import (
    AssignForm,
    AssignTote,
    ClaimForm,
    ClaimWork,
    DropWalk,
    EndWalk,
    EndWalkForm,
    SortForm,
    SortUnits,
    SplitForm,
    SplitTask,
    TaskSplit,
    ToteAssigned,
    UnitsSorted,
    Walk,
)
from orderwright.business.warehouse.walk_pictures import draw_floor, draw_walk
from orderwright.business.warehouse.walk_reads import WalkQuery, WalkShown, get_walk, list_walks
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import both, every_channel, of_walk, pick_task
from orderwright.doors.api.route import Outcome, deed, read
from orderwright.doors.api.within import anywhere, sites
from orderwright.values.floor_codes import tote_of
from orderwright.values.forms import Form, Word
from orderwright.values.pages import Page

SVG = "image/svg+xml"
Instant = Annotated[datetime, Meta(tz=True)]

_at_site = sites(lambda asked: [asked.at["code"]])
_its_site = both(_at_site, every_channel)
_its_walk = both(of_walk, every_channel)
LAYOUT = {"zone": [{"name": "A", "aisles": 10, "bays": 20, "cross_after_bays": [10]}]}


@deed(
    "PUT", "/v1/sites/{code}/floor", "floor:write", put_floors, within=_at_site, answer=Saved,
    status=lambda saved: 201 if saved.is_new else 200,
    example={"layout": LAYOUT, "carts": [{"kind": "CART", "totes": 12}], "strategies": ["single", "batch", "zone"]},
)  # fmt: skip
def put_floor(request: Request[FloorForm]) -> PutFloor:
    """Describe a site's floor: its layout, its carts, and how walks are put together there.

    422 `malformed` lists everything that is wrong with it.
    """
    return PutFloor(site=request.at["code"], form=request.body, version=request.version, actor=request.actor)


@read("/v1/sites/{code}/floor", "floor:read", within=_at_site)
def floor(tx: Tx, question: Question[None]) -> FloorShown:
    """A site's floor as it is described, what it comes to, and bins the layout does not have."""
    return get_floor(tx, question.at["code"])


@read("/v1/sites/{code}/floor/map", "floor:read", within=_at_site, content_type=SVG)
def floor_map(tx: Tx, question: Question[None]) -> str:
    """A picture of a site's floor."""
    return draw_floor(tx, question.at["code"])


def _planned(tx: Tx, request: Request[PlanForm]) -> WalkPlan | None:
    return find_plan(tx, request.at["code"])


def _plans(request: Request[PlanForm]) -> str:
    return f"/v1/sites/{request.at['code']}/walk-plans"


@deed(
    "POST", "/v1/sites/{code}/walk-plans", "floor:write", want_walks, within=_its_site, answer=WalkPlan,
    outcome=Outcome(_planned, _plans), example={"pickers": 3},
)  # fmt: skip
def plan_walks(request: Request[PlanForm]) -> PlanWalks:
    """Plan a site's walks anew, and wait for it: 202 with the address to ask if it takes long.

    Planned walks that nobody walks yet are planned otherwise. `weighed` shows what every way to pick would cost,
    `first_come` what the same orders cost one by one as they came.
    """
    return PlanWalks(**asdict(request.body), site=request.at["code"], actor=request.actor)


@read("/v1/sites/{code}/walk-plans", "floor:read", within=_at_site)
def walk_plans(tx: Tx, question: Question[None]) -> Page[WalkPlan]:
    """A site's latest plannings of walks, newest first."""
    return list_plans(tx, question.at["code"])


@deed(
    "POST", "/v1/pick-batches", "floor:write", claim_work,
    within=both(sites(lambda request: [request.body.site]), every_channel), answer=Walk,
    status=lambda walk: 200 if walk.repeated else 201,
    example={"site": "LEEDS", "picker": "pia", "cart": "CART", "totes": ["T-01", "T-02"]},
)  # fmt: skip
def claim(request: Request[ClaimForm]) -> ClaimWork:
    """A picker asks for work: the most urgent planned walk, or a cart filled on the spot. Nothing is on two walks.

    Who has a walk already is told it again. Totes are named by their code, or by their barcode as it was scanned.
    409 `nothing_to_pick`, `tote_in_use`; 422 `unknown_cart`, `bad_code`.
    """
    form = request.body
    return ClaimWork(
        site=form.site, picker=form.picker or request.actor, cart=form.cart, zone=form.zone,
        totes=tuple(map(tote_of, form.totes)),
        skills=None if form.skills is None else tuple(form.skills), actor=request.actor,
    )  # fmt: skip


@read("/v1/pick-batches", "floor:read", within=anywhere, example={"site": "LEEDS", "state": "walking"})
def walks(tx: Tx, question: Question[WalkQuery]) -> Page[Walk]:
    """Walks, newest first: planned, under way, over."""
    return list_walks(tx, question.query, sites=question.access.sites, channels=question.access.channels)


@read("/v1/pick-batches/{id}", "floor:read", within=_its_walk)
def walk(tx: Tx, question: Question[None]) -> WalkShown:
    """One walk: its stops in the order of the way, its totes, how far it is."""
    return get_walk(tx, question.at["id"])


@read("/v1/pick-batches/{id}/map", "floor:read", within=_its_walk, content_type=SVG)
def walk_map(tx: Tx, question: Question[None]) -> str:
    """A picture of the way of a walk."""
    return draw_walk(tx, question.at["id"])


@deed(
    "POST", "/v1/pick-batches/{id}/totes", "floor:write", assign_totes, within=_its_walk, answer=ToteAssigned,
    example={"tote": "T-03"},
)  # fmt: skip
def assign_tote(request: Request[AssignForm]) -> AssignTote:
    """Put a tote on the cart of a walk: for a fulfilment's units, or for all of them, to be sorted later."""
    form = request.body
    return AssignTote(**{**asdict(form), "tote": tote_of(form.tote)}, walk_id=request.at["id"], actor=request.actor)


@deed(
    "POST", "/v1/pick-batches/{id}/end", "floor:write", end_walk, within=_its_walk, answer=Walk,
    example={"stands_at": "PACK-1"},
)  # fmt: skip
def end(request: Request[EndWalkForm]) -> EndWalk:
    """End a walk: its totes stand where you say. 409 `walk_open` if something is left and no reason is given."""
    return EndWalk(**asdict(request.body), walk_id=request.at["id"], actor=request.actor)


@deed("POST", "/v1/pick-batches/{id}/drop", "floor:write", give_up_walks, within=_its_walk, answer=Walk)
def drop(request: Request[None]) -> DropWalk:
    """Give up a planned walk: its work is nobody's again."""
    return DropWalk(walk_id=request.at["id"], actor=request.actor)


@deed(
    "POST", "/v1/pick-tasks/{id}/split", "floor:write", split_task, within=pick_task, answer=TaskSplit,
    example={"tote": "T-04"},
)  # fmt: skip
def split(request: Request[SplitForm]) -> SplitTask:
    """The tote of a pick task is full: the rest of it goes into another one."""
    return SplitTask(task_id=request.at["id"], tote=tote_of(request.body.tote), actor=request.actor)


@deed(
    "POST", "/v1/pick-tasks/{id}/sort", "floor:write", sort_units, within=pick_task, answer=UnitsSorted,
    example={"tote": "T-05", "quantity": 1},
)  # fmt: skip
def sort(request: Request[SortForm]) -> SortUnits:
    """Sort picked units out of a mixed tote into the tote of their order."""
    form = request.body
    return SortUnits(task_id=request.at["id"], tote=tote_of(form.tote), quantity=form.quantity, actor=request.actor)


class PickingQuery(Form, frozen=True, rename={"start": "from", "end": "to"}):
    """Of which site, from one moment until before another; without them, the last 7 days."""

    site: Word
    start: Instant | None = None
    end: Instant | None = None


@read(
    "/v1/reports/picking", "reports:read",
    within=both(sites(lambda question: [question.query.site]), every_channel), example={"site": "LEEDS"},
)  # fmt: skip
def picking(tx: Tx, question: Question[PickingQuery]) -> Picking:
    """Picks for each hour walked, metres beside those of first come, errors by picker, zone, SKU and hour."""
    query = question.query
    end = query.end or tx.now + timedelta(microseconds=1)
    return pick_figures(tx, query.site, query.start or end - timedelta(days=7), end)
