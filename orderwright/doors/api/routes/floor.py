"""The floor: planned work, what is let out, picked and packed, and what goes back into its bin."""

import msgspec
from msgspec.structs import asdict

from orderwright.business.deeds.at_version import AtVersion, at_version, fulfilment_versions
from orderwright.business.deeds.pack import pack as pack_fulfilments
from orderwright.business.deeds.pick import pick as pick_tasks
from orderwright.business.deeds.pick import report_short
from orderwright.business.deeds.put_back import put_back as put_back_units
from orderwright.business.deeds.release import release_due, release_fulfilments
from orderwright.business.shipping.forms import Pack, Packed, PackForm
from orderwright.business.shipping.reads import tokens_of
from orderwright.business.warehouse.forms import (
    Pick,
    Picked,
    PickForm,
    PutAway,
    PutBack,
    PutBackForm,
    Release,
    Released,
    ReleasedDue,
    ReleaseDue,
    ReleaseDueForm,
    Shorted,
    ShortForm,
    ShortPick,
)
from orderwright.business.warehouse.fulfilment_view import FulfilmentNow, get_fulfilment
from orderwright.business.warehouse.reads import (
    FulfilmentQuery,
    FulfilmentShown,
    PickList,
    PutBackShown,
    get_pick_list,
    list_fulfilments,
    list_put_backs,
)
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import both, every_channel, pick_task
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import anywhere, owned, sites
from orderwright.values.floor_codes import tote_of
from orderwright.values.forms import Form, Word
from orderwright.values.pages import Limit, Page

_release = at_version(fulfilment_versions, release_fulfilments)
_pack = at_version(fulfilment_versions, pack_fulfilments)
_its_own = owned("fulfilment")
_its_site = both(sites(lambda request: [request.at["code"]]), every_channel)


@read("/v1/fulfilments", "floor:read", within=anywhere, example={"site": "LEEDS", "state": "planned"})
def fulfilments(tx: Tx, question: Question[FulfilmentQuery]) -> Page[FulfilmentShown]:
    """Planned work, what leaves first at the top; without `state` all that has not left."""
    return list_fulfilments(tx, question.query, sites=question.access.sites, channels=question.access.channels)


@read("/v1/fulfilments/{id}", "floor:read", within=_its_own)
def one_fulfilment(tx: Tx, question: Question[None]) -> FulfilmentNow:
    """One fulfilment: its units by how far they are, and its parcels."""
    return get_fulfilment(tx, question.at["id"])


@deed("POST", "/v1/fulfilments/{id}/release", "floor:write", _release, within=_its_own, answer=Released)
def release_fulfilment(request: Request[None]) -> AtVersion:
    """Let a fulfilment out to the floor: bins and lots are chosen, and its pick list is there.

    409 `order_held`, `order_incomplete`, `cancel_open`, `site_full`, `floor_full`, `zone_full`, `fulfilment_step`.
    Out already: `repeated`.
    """
    id_ = request.at["id"]
    return AtVersion(id_, request.version, Release(fulfilment_id=id_, actor=request.actor))


@deed(
    "POST", "/v1/sites/{code}/release", "floor:write", release_due, within=_its_site, answer=ReleasedDue,
    weight=lambda form: form.limit, example={"limit": 50},
)  # fmt: skip
def release_site(request: Request[ReleaseDueForm]) -> ReleaseDue:
    """Let out what is due first at a site, as much as its day and floor take and `limit` allows."""
    return ReleaseDue(**asdict(request.body), site=request.at["code"], actor=request.actor)


@read("/v1/fulfilments/{id}/pick-list", "floor:read", within=_its_own)
def pick_list(tx: Tx, question: Question[None]) -> PickList:
    """What to pick for a fulfilment, in walking order."""
    return get_pick_list(tx, question.at["id"])


@deed(
    "POST", "/v1/pick-tasks/{id}/pick", "floor:write", pick_tasks, within=pick_task, answer=Picked,
    example={"quantity": 2, "sku": "MUG"},
)  # fmt: skip
def pick(request: Request[PickForm]) -> Pick:
    """Say how many units of a pick task are in the tote by now, in all: said twice, it is `repeated`.

    422 `wrong_item`, `wrong_lot`, `pick_quantity`; 409 `pick_step`, `lot_expired`.
    """
    form = request.body
    return Pick(**{**asdict(form), "tote": tote_of(form.tote)}, task_id=request.at["id"], actor=request.actor)


@deed(
    "POST", "/v1/pick-tasks/{id}/short", "floor:write", report_short, within=pick_task, answer=Shorted,
    example={"found": 1, "reason": "missing"},
)  # fmt: skip
def short(request: Request[ShortForm]) -> ShortPick:
    """End a pick task with fewer units than it asks for; the rest comes from elsewhere, or waits."""
    return ShortPick(**asdict(request.body), task_id=request.at["id"], actor=request.actor)


def _without_tokens(packed: Packed) -> Packed:
    parcels = [msgspec.structs.replace(each, tracking_token="") for each in packed.parcels]
    return msgspec.structs.replace(packed, parcels=parcels)


def _with_tokens(tx: Tx, packed: Packed) -> Packed:
    tokens = tokens_of(tx, [each.id for each in packed.parcels])
    parcels = [
        msgspec.structs.replace(each, tracking_token=token) for each, token in zip(packed.parcels, tokens, strict=True)
    ]
    return msgspec.structs.replace(packed, parcels=parcels)


@deed(
    "POST", "/v1/fulfilments/{id}/pack", "floor:write", _pack, within=_its_own, answer=Packed, status=201,
    kept=_without_tokens, retold=_with_tokens, weight=lambda form: sum(len(each.lines) for each in form.parcels) or 1,
    example={"parcels": [{"lines": [{"reference": "1", "quantity": 2}], "weight_g": 640, "carton": "S"}]},
)  # fmt: skip
def pack(request: Request[PackForm]) -> AtVersion:
    """Put picked units into parcels; without `parcels`, all of them into one. Each wants its label at once.

    `tracking_token` is the customer's key to the parcel, shown here alone: a repeated Idempotency-Key tells it
    again, and nothing keeps it. 409 `weight_off` names what explains it: an item missing or extra, another carton, a
    scale in another unit; `confirm` says the weight is right. `packed_by_other`, `check_needed`.
    """
    id_, form = request.at["id"], request.body
    told = {name: getattr(form, name) for name in PackForm.__struct_fields__}
    command = Pack(**told, fulfilment_id=id_, actor=request.actor)
    return AtVersion(id_, request.version, command)


class PutBackQuery(Form, frozen=True):
    """Of which site."""

    site: Word
    limit: Limit = 200


@read(
    "/v1/put-backs", "floor:read",
    within=sites(lambda question: [question.query.site]), example={"site": "LEEDS"},
)  # fmt: skip
def put_backs(tx: Tx, question: Question[PutBackQuery]) -> Page[PutBackShown]:
    """What lies on a site's returns bench to be put back into bins, what lies longest first."""
    query = question.query
    return Page(list(list_put_backs(tx, query.site, limit=query.limit, channels=question.access.channels)))


@deed(
    "POST", "/v1/put-backs", "floor:write", put_back_units,
    within=both(sites(lambda request: [request.body.site]), every_channel), answer=PutAway, status=201,
    example={"site": "LEEDS", "sku": "MUG", "quantity": 2, "place": "A-03-12"},
)  # fmt: skip
def put_back(request: Request[PutBackForm]) -> PutBack:
    """Picked units that lost their order are in a bin again, to be sold."""
    return PutBack(**asdict(request.body), actor=request.actor)
