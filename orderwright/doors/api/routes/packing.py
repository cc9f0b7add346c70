"""The bench: cartons and their stock, what goes in besides, advice, who packs what, photos, errors found."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta
from msgspec.structs import asdict

from orderwright.business.catalog.forms import Saved
from orderwright.business.deeds.packing.advice import PackingAdvice, PictureQuery, packing_advice, packing_picture
from orderwright.business.deeds.packing.checks import BeginPacking, BeginPackingForm, Begun, begin_packing
from orderwright.business.deeds.packing.errors import ErrorForm, ErrorShown, RecordError, record_errors
from orderwright.business.reports.quality import Causes, error_causes
from orderwright.business.shipping.packing.cartons import (
    list_carton_stock,
    list_cartons,
    put_cartons,
    stock_cartons,
)
from orderwright.business.shipping.packing.forms import (
    CartonForm,
    CartonShown,
    CartonStock,
    CartonStockForm,
    InsertForm,
    InsertShown,
    PutCarton,
    PutInsert,
    StockCartons,
)
from orderwright.business.shipping.packing.inserts import list_inserts, put_inserts
from orderwright.business.shipping.packing.photos import AddPhoto, PhotoShown, add_photos, get_photo, list_photos
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import both, every_channel, photographed_order
from orderwright.doors.api.route import Attachment, deed, read, upload
from orderwright.doors.api.within import anywhere, owned, sites, whole_store
from orderwright.doors.shops import Shop
from orderwright.values.forms import Form, Word
from orderwright.values.pages import Page
from orderwright.values.refusal import Refusal

Instant = Annotated[datetime, Meta(tz=True)]
_its_own, _its_parcel = owned("fulfilment"), owned("parcel")
_told_site = both(sites(lambda request: [request.body.site]), every_channel)
_asked_site = both(sites(lambda question: [question.query.site]), every_channel)


def _status(saved: Saved) -> int:
    return 201 if saved.is_new else 200


@deed(
    "PUT", "/v1/cartons/{code}", "floor:write", put_cartons, within=whole_store, answer=Saved, status=_status,
    example={"length_mm": 200, "width_mm": 200, "height_mm": 200, "tare_g": 120, "weight_max_g": 15000,
             "cost_minor": 40},
)  # fmt: skip
def put_carton(request: Request[CartonForm]) -> PutCarton:
    """Create or replace a kind of carton."""
    return PutCarton(code=request.at["code"], form=request.body, actor=request.actor)


@read("/v1/cartons", "floor:read", within=anywhere)
def cartons(tx: Tx, question: Question[None]) -> Page[CartonShown]:
    """All kinds of cartons."""
    return Page(list_cartons(tx))


class StockQuery(Form, frozen=True):
    """Of which site; with `low`, only what more is needed of."""

    site: Word
    low: bool = False


@deed(
    "POST", "/v1/carton-stock", "floor:write", stock_cartons, within=_told_site, answer=CartonStock,
    example={"carton": "S", "site": "LEEDS", "kind": "receive", "quantity": 500, "reference": "D-118", "low_at": 100},
)  # fmt: skip
def book_cartons(request: Request[CartonStockForm]) -> StockCartons:
    """Book cartons that arrived (`receive`), were thrown away (`waste`) or counted. Packing uses them up by itself.

    The same reference again is booked once. 409 `adjustment_differs`.
    """
    return StockCartons(**asdict(request.body), actor=request.actor)


@read("/v1/carton-stock", "floor:read", within=_asked_site, example={"site": "LEEDS", "low": True})
def carton_stock(tx: Tx, question: Question[StockQuery]) -> Page[CartonStock]:
    """How many cartons of each kind a site has. Below zero: more were used than the books knew of."""
    return Page(list_carton_stock(tx, question.query.site, low=question.query.low))


@deed(
    "PUT", "/v1/inserts/{code}", "floor:write", put_inserts, within=whole_store, answer=Saved, status=_status,
    example={"put": "A welcome card", "first_order": True, "channels": ["web"], "ends_on": "2026-12-31"},
)  # fmt: skip
def put_insert(request: Request[InsertForm]) -> PutInsert:
    """Say what goes into parcels besides what was ordered: an insert, a sample, a gift note; and when."""
    return PutInsert(code=request.at["code"], form=request.body, actor=request.actor)


@read("/v1/inserts", "floor:read", within=anywhere)
def inserts(tx: Tx, question: Question[None]) -> Page[InsertShown]:
    """All rules for what goes in besides."""
    return Page(list_inserts(tx))


@read("/v1/fulfilments/{id}/packing", "floor:read", within=_its_own)
def advice(tx: Tx, question: Question[None]) -> PackingAdvice:
    """Which cartons to take for what is not packed yet, how to fill them, and what goes in besides."""
    return packing_advice(tx, question.at["id"])


@read(
    "/v1/fulfilments/{id}/packing/picture", "floor:read", within=_its_own, content_type="image/svg+xml",
    example={"carton": 1, "columns": 2},
)  # fmt: skip
def picture(tx: Tx, question: Question[PictureQuery]) -> str:
    """How to fill an advised carton, drawn: all steps, or one."""
    return packing_picture(tx, question.at["id"], question.query)


@deed(
    "POST", "/v1/fulfilments/{id}/packing", "floor:write", begin_packing, within=_its_own, answer=Begun,
    example={"person": "ann"},
)  # fmt: skip
def begin(request: Request[BeginPackingForm]) -> BeginPacking:
    """Begin to pack a fulfilment: nobody else does until it is packed, left (`stop`) or too much time passed.

    Answers what its risk asks to be checked, and why. 409 `packed_by_other` says who is at it.
    """
    return BeginPacking(**asdict(request.body), fulfilment_id=request.at["id"], actor=request.actor)


def _keep(shop: Shop, question: Question[None], path: Path, command: dict[str, Any]) -> PhotoShown:
    with shop.store.begin() as tx:
        told = AddPhoto(content=path.read_bytes(), actor=question.access.actor, **command)
        [result] = add_photos(tx, [told])
    if isinstance(result, Refusal):
        raise result
    return result


def _none(tx: Tx, mark: Any) -> PhotoShown:
    raise Refusal("not_found")


@upload("/v1/parcels/{id}/photos", "floor:write", within=_its_parcel, look=_none, answer=PhotoShown)
def photo_of_parcel(shop: Shop, question: Question[None], path: Path, tell: Callable[[Any], None]) -> PhotoShown:
    """Keep a photo with a parcel: the body is the picture itself, JPEG, PNG or WebP of at most 8 MB.

    What it is is told by its first bytes. The same picture again is kept once. 422 `bad_photo`.
    """
    return _keep(shop, question, path, {"parcel_id": question.at["id"]})


@upload("/v1/fulfilments/{id}/photos", "floor:write", within=_its_own, look=_none, answer=PhotoShown)
def photo_before_closing(shop: Shop, question: Question[None], path: Path, tell: Callable[[Any], None]) -> PhotoShown:
    """Keep a photo of what lies in a carton that is still open; it goes with the parcel that is packed next."""
    return _keep(shop, question, path, {"fulfilment_id": question.at["id"]})


@read("/v1/parcels/{id}/photos", "floor:read", within=_its_parcel)
def photos(tx: Tx, question: Question[None]) -> Page[PhotoShown]:
    """A parcel's photos."""
    return Page(list_photos(tx, question.at["id"]))


@read("/v1/photos/{id}", "floor:read", within=photographed_order, content_type="application/octet-stream")
def photo(tx: Tx, question: Question[None]) -> Attachment:
    """A photo itself, as a file of its own kind."""
    found = get_photo(tx, question.at["id"])
    kind = found.media.partition("/")[2]
    return Attachment(found.content, found.media, f"{question.at['id']}.{kind}")


@deed(
    "POST", "/v1/errors", "floor:write", record_errors, within=whole_store, answer=ErrorShown, status=201,
    example={"found_at": "customer", "cause": "wrong_item", "sku": "MUG", "person": "ann", "note": "a blue one"},
)  # fmt: skip
def record_error(request: Request[ErrorForm]) -> RecordError:
    """Tell of a mistake that was found: where, of which cause, with which product, order, parcel, by whose hand."""
    return RecordError(**asdict(request.body), actor=request.actor)


class CausesQuery(Form, frozen=True, rename={"start": "from", "end": "to"}):
    """From one moment until before another; without them, the last 30 days."""

    start: Instant | None = None
    end: Instant | None = None


@read("/v1/errors/causes", "reports:read", within=whole_store, example={"from": "2026-11-01T00:00:00Z"})
def causes(tx: Tx, question: Question[CausesQuery]) -> Causes:
    """Errors by cause, the most frequent first, with the few marked that make 80 % of them.

    Counted are those people told, returns for a reason that is ours, parcels whose weight was off, wrong scans.
    """
    query = question.query
    end = query.end or tx.now + timedelta(microseconds=1)
    return error_causes(tx, query.start or end - timedelta(days=30), end)
