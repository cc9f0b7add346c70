"""What shops need for their customers' pages, or to make such pages themselves."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta

from orderwright.business.deeds.customer_view import CustomerMay, ReturnPreview, customer_may, preview_return
from orderwright.business.orders.customer_links import CustomerLink, RenewLink, get_link, renew_links
from orderwright.business.orders.order_view import get_order
from orderwright.business.returns.photos import (
    AddReturnPhoto,
    ReturnPhotoShown,
    add_return_photos,
    get_return_photo,
    list_return_photos,
)
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import Attachment, deed, read, upload
from orderwright.doors.api.within import order, owned
from orderwright.doors.shops import Shop
from orderwright.values.forms import Form
from orderwright.values.pages import Page
from orderwright.values.refusal import Refusal

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
_its_own = owned("return_request")


@read("/v1/orders/{number}/customer-link", "orders:write", within=order)
def customer_link(tx: Tx, question: Question[None]) -> CustomerLink:
    """The link by which the customer follows this order, at `path` of this server; the same until it is made anew."""
    return get_link(tx, question.at["number"])


@deed("POST", "/v1/orders/{number}/customer-link", "orders:write", renew_links, within=order, answer=CustomerLink)
def renew_link(request: Request[None]) -> RenewLink:
    """Make the customer's link anew, when it fell into wrong hands: those from before open nothing any more."""
    return RenewLink(number=request.at["number"], actor=request.actor)


@read("/v1/orders/{number}/customer", "orders:read", within=order)
def customer(tx: Tx, question: Question[None]) -> CustomerMay:
    """What the order's customer may do now, with what would come of it, and when what is not packed will be."""
    number = question.at["number"]
    found = get_order(tx, number)
    row = tx.row("SELECT id::text FROM orders WHERE number = %(number)s", number=number)
    return customer_may(tx, found, row.id)


class ReturnPreviewQuery(Form, frozen=True):
    """Which units: `1x2.3x1` is two of line 1 and one of line 3."""

    lines: Annotated[str, Meta(pattern=r"^[0-9]{1,6}x[0-9]{1,6}(\.[0-9]{1,6}x[0-9]{1,6}){0,999}$")]


@read("/v1/orders/{number}/return-preview", "orders:read", within=order, example={"lines": "1x2.3x1"})
def return_preview(tx: Tx, question: Question[ReturnPreviewQuery]) -> ReturnPreview:
    """What sending these units back would pay back, to the cent. 422 `return_too_much`, `unknown_line`."""
    number = question.at["number"]
    row = tx.row("SELECT id::text FROM orders WHERE number = %(number)s", number=number)
    if row is None:
        raise Refusal("not_found", order=number)
    pairs = [part.split("x") for part in question.query.lines.split(".")]
    return preview_return(tx, row.id, number, [(int(position), int(units)) for position, units in pairs])


def _none(tx: Tx, mark: Any) -> ReturnPhotoShown:
    raise Refusal("not_found")


@upload("/v1/returns/{id}/photos", "orders:write", within=_its_own, look=_none, answer=ReturnPhotoShown)
def photo_of_return(shop: Shop, question: Question[None], path: Path, tell: Callable[[Any], None]) -> ReturnPhotoShown:
    """Keep a photo with a return: the body is the picture itself, JPEG, PNG or WebP of at most 8 MB.

    What the camera wrote beside it (place, time, owner) is not kept; the same picture again is kept once.
    422 `bad_photo`.
    """
    command = AddReturnPhoto(
        return_id=question.at["id"], content=path.read_bytes(), actor=question.access.actor
    )  # fmt: skip
    with shop.store.begin() as tx:
        [result] = add_return_photos(tx, [command])
    if isinstance(result, Refusal):
        raise result
    return result


@read("/v1/returns/{id}/photos", "orders:read", within=_its_own)
def return_photos(tx: Tx, question: Question[None]) -> Page[ReturnPhotoShown]:
    """A return's photos."""
    return Page(list_return_photos(tx, question.at["id"]))


@read("/v1/returns/{id}/photos/{photo}", "orders:read", within=_its_own, content_type="application/octet-stream")
def return_photo(tx: Tx, question: Question[None]) -> Attachment:
    """A photo of a return itself."""
    photo = question.at["photo"]
    found = get_return_photo(tx, question.at["id"], photo)
    return Attachment(found.content, found.media, f"{photo}.{_ENDINGS[found.media]}")
