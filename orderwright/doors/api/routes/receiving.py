"""Receiving: deliveries, the receiving bench, and where its goods go."""

from orderwright.business.deeds.receiving.bench import list_bench
from orderwright.business.deeds.receiving.cross_dock import cross_dock
from orderwright.business.deeds.receiving.stow import stow
from orderwright.business.deeds.receiving.take_in import take_in
from orderwright.business.purchasing.deliveries import DeliveryQuery, list_deliveries
from orderwright.business.purchasing.delivery_forms import Delivered, Delivery, DeliveryForm, DeliveryNow
from orderwright.business.warehouse.putaway.forms import (
    CrossDock,
    CrossDocked,
    CrossDockForm,
    PutAwayForm,
    PutAwayNow,
    Stowed,
    StowUnits,
)
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import sites
from orderwright.values.forms import Form, Word
from orderwright.values.pages import Page

_at_its_site = sites(lambda request: [request.body.site])
_asked_site = sites(lambda question: [question.query.site])


@deed(
    "POST", "/v1/deliveries", "stock:write", take_in, within=_at_its_site, answer=Delivered,
    status=lambda delivered: 200 if delivered.repeated else 201, weight=lambda form: len(form.lines),
    example={"site": "LEEDS", "purchase": "PO-000001", "reference": "D-1", "lines": [
        {"sku": "MUG", "accepted": 96, "rejected": 4, "reason": "damaged", "photo": "photos/d-1.jpg"}]},
)  # fmt: skip
def receive_delivery(request: Request[DeliveryForm]) -> Delivery:
    """Goods came, were counted and looked at. They lie on the receiving bench until they are put away.

    What was rejected, or is more than was ordered, expired or too short-dated, goes to quarantine. The same reference
    again is answered as the first time (200), with other lines it is 409 `delivery_differs`.
    """
    return Delivery(form=request.body, actor=request.actor)


@read("/v1/deliveries", "stock:read", within=_asked_site, example={"site": "LEEDS"})
def deliveries(tx: Tx, question: Question[DeliveryQuery]) -> Page[DeliveryNow]:
    """Deliveries, latest first."""
    return list_deliveries(tx, question.query)


class BenchQuery(Form, frozen=True):
    """Of which site."""

    site: Word


@read("/v1/put-aways", "floor:read", within=_asked_site, example={"site": "LEEDS"})
def put_aways(tx: Tx, question: Question[BenchQuery]) -> Page[PutAwayNow]:
    """What lies on a site's receiving bench: who waits for it, and which bins take the rest, and why those."""
    return Page(list_bench(tx, question.query.site))


@deed(
    "POST", "/v1/put-aways", "floor:write", stow, within=_at_its_site, answer=Stowed,
    example={"site": "LEEDS", "sku": "MUG", "quantity": 60, "place": "A-03-12"},
)  # fmt: skip
def put_away(request: Request[PutAwayForm]) -> StowUnits:
    """Put units from the receiving bench into a bin: they are on hand, and whoever waits gets them first."""
    return StowUnits(form=request.body, actor=request.actor)


@deed(
    "POST", "/v1/cross-docks", "floor:write", cross_dock, within=_at_its_site, answer=CrossDocked,
    example={"site": "LEEDS", "sku": "MUG", "quantity": 3},
)  # fmt: skip
def dock(request: Request[CrossDockForm]) -> CrossDock:
    """Units from the receiving bench go straight to the orders that wait: allocated, let out and picked in one."""
    return CrossDock(form=request.body, actor=request.actor)
