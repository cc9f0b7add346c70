"""Parcels from the bench to the customer's door."""

from msgspec.structs import asdict

from orderwright.business.deeds.at_version import AtVersion, at_version, parcel_versions
from orderwright.business.deeds.hand_over import hand_over as hand_over_parcels
from orderwright.business.deeds.pack import unpack as unpack_parcels
from orderwright.business.deeds.reship import Reship, Reshipped, reship_parcels
from orderwright.business.deeds.track import record_tracking
from orderwright.business.shipping.actions import void_labels, want_labels
from orderwright.business.shipping.actions import weigh as weigh_parcels
from orderwright.business.shipping.forms import (
    HandedOver,
    HandOver,
    HandOverForm,
    ParcelNow,
    Tracked,
    TrackingEvent,
    TrackingForm,
    Unpack,
    VoidLabel,
    WantLabel,
    Weigh,
    WeighForm,
)
from orderwright.business.shipping.outcomes import find_label_outcome, find_void_outcome
from orderwright.business.shipping.reads import (
    CustomerView,
    ParcelQuery,
    ParcelRow,
    ParcelShown,
    get_label,
    get_parcel,
    list_parcels,
    store_of,
    track,
)
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import scanned
from orderwright.doors.api.route import Outcome, by_token, deed, read
from orderwright.doors.api.within import anywhere, owned
from orderwright.values.pages import Page

_weigh = at_version(parcel_versions, weigh_parcels)
_want = at_version(parcel_versions, want_labels)
_void = at_version(parcel_versions, void_labels)
_hand_over = at_version(parcel_versions, hand_over_parcels)
_unpack = at_version(parcel_versions, unpack_parcels)
_its_own = owned("parcel")


@read("/v1/parcels", "shipping:read", within=anywhere, example={"state": "labelled", "site": "LEEDS"})
def parcels(tx: Tx, question: Question[ParcelQuery]) -> Page[ParcelRow]:
    """Parcels in one state, newest first."""
    return list_parcels(tx, question.query, sites=question.access.sites, channels=question.access.channels)


@read("/v1/parcels/{id}", "shipping:read", within=_its_own)
def one_parcel(tx: Tx, question: Question[None]) -> ParcelShown:
    """One parcel: what is in it, and where it was seen."""
    return get_parcel(tx, question.at["id"])


@deed(
    "POST", "/v1/parcels/{id}/weigh", "shipping:write", _weigh, within=_its_own, answer=ParcelNow,
    example={"weight_g": 655},
)  # fmt: skip
def weigh(request: Request[WeighForm]) -> AtVersion:
    """Put a parcel on the scale, before it has its label. 409 `weight_off` names the likely item."""
    id_ = request.at["id"]
    return AtVersion(id_, request.version, Weigh(**asdict(request.body), parcel_id=id_, actor=request.actor))


def _label_came(tx: Tx, request: Request[None]) -> ParcelNow | None:
    return find_label_outcome(tx, request.at["id"])


def _void_came(tx: Tx, request: Request[None]) -> ParcelNow | None:
    return find_void_outcome(tx, request.at["id"])


def _itself(request: Request[None]) -> str:
    return f"/v1/parcels/{request.at['id']}"


@deed(
    "POST", "/v1/parcels/{id}/label", "shipping:write", _want, within=_its_own, answer=ParcelNow,
    outcome=Outcome(_label_came, _itself),
)  # fmt: skip
def label(request: Request[None]) -> AtVersion:
    """Ask for a parcel's label, if it has none, and wait for the carrier: 202 with the address to ask if it is slow.

    409 `label_refused` with what the carrier said, `parcel_step` when the parcel was unpacked.
    """
    id_ = request.at["id"]
    return AtVersion(id_, request.version, WantLabel(parcel_id=id_, actor=request.actor))


@read("/v1/parcels/{id}/label", "shipping:read", within=_its_own, content_type="application/zpl")
def label_text(tx: Tx, question: Question[None]) -> str:
    """What the printer gets, as it is (ZPL). 409 `no_label` when the parcel has none."""
    return get_label(tx, question.at["id"]).content


@deed(
    "POST", "/v1/parcels/{id}/void-label", "shipping:write", _void, within=_its_own, answer=ParcelNow,
    outcome=Outcome(_void_came, _itself),
)  # fmt: skip
def void_label(request: Request[None]) -> AtVersion:
    """Have a parcel's label taken back; the parcel is packed as before. 202 with the address to ask if it is slow.

    409 `void_refused` with what the carrier said, `no_label`, `parcel_step`.
    """
    id_ = request.at["id"]
    return AtVersion(id_, request.version, VoidLabel(parcel_id=id_, actor=request.actor))


@deed(
    "POST", "/v1/parcels/{id}/hand-over", "shipping:write", _hand_over, within=_its_own, answer=HandedOver,
    example={"occurred_at": "2026-11-20T15:45:00Z"},
)  # fmt: skip
def hand_over(request: Request[HandOverForm]) -> AtVersion:
    """The carrier took a parcel along: its units leave the stock; invoice and capture follow by themselves.

    409 `no_label`, `order_held` (also for a hold placed after packing), `parcel_step`. Again: `repeated`.
    """
    id_ = request.at["id"]
    command = HandOver(parcel_id=id_, occurred_at=request.body.occurred_at, actor=request.actor)
    return AtVersion(id_, request.version, command)


@deed("POST", "/v1/parcels/{id}/unpack", "shipping:write", _unpack, within=_its_own, answer=ParcelNow)
def unpack(request: Request[None]) -> AtVersion:
    """Open a parcel again; its units are picked and not packed. 409 `label_live` until its label is void."""
    id_ = request.at["id"]
    return AtVersion(id_, request.version, Unpack(parcel_id=id_, actor=request.actor))


def _reshipped(reshipped: Reshipped) -> int:
    return 200 if reshipped.repeated else 201


@deed(
    "POST", "/v1/parcels/{id}/reship", "orders:write", reship_parcels, within=_its_own, answer=Reshipped,
    status=_reshipped,
)  # fmt: skip
def reship(request: Request[None]) -> Reship:
    """Send a lost parcel again: its contents alone, as an order of its own that costs nothing.

    The first order, its invoice and its payment stay as they are. Again: `repeated`. 409 `parcel_step`: it is not lost.
    """
    return Reship(parcel_id=request.at["id"], actor=request.actor)


@by_token("/v1/track/{token}", store_of)
def tracked_parcel(tx: Tx, token: str) -> CustomerView:
    """What a customer may see of a parcel with the token they were given: no key is needed."""
    return track(tx, token)


def _status(tracked: Tracked) -> int:
    return 200 if tracked.repeated else 201


@deed(
    "POST", "/v1/tracking-events", "shipping:write", record_tracking, within=scanned, answer=Tracked, status=_status,
    example={
        "carrier": "practice", "external_id": "scan-81", "tracking_code": "PR000000000017", "milestone": "delivered",
        "occurred_at": "2026-11-24T10:12:00Z", "detail": "Left with the neighbour.",
    },
)  # fmt: skip
def tracking_event(request: Request[TrackingForm]) -> TrackingEvent:
    """A scan from a carrier, known by its `external_id`: it counts once, and is kept even if no parcel has its code."""
    return TrackingEvent(**asdict(request.body), actor=request.actor)
