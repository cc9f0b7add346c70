"""What shops need for their customers' pages, or to make such pages themselves."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.business.deeds.customer_view import (
    CustomerMay,
    LineChoices,
    ReturnPreview,
    customer_may,
    exchange_choices,
    preview_return,
)
from orderwright.business.orders.customer_links import CustomerLink, RenewLink, get_link, renew_links
from orderwright.business.orders.order_view import get_order
from orderwright.business.returns.bodies import MARKS, lines_of
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
    """Make the customer's link anew, when it fell into wrong hands: those from before open nothing any more.

    404 `not_found`, also when the order's people were erased."""
    return RenewLink(number=request.at["number"], actor=request.actor)


@read("/v1/orders/{number}/customer", "orders:read", within=order)
def customer(tx: Tx, question: Question[None]) -> CustomerMay:
    """What the order's customer may do now, with what would come of it, and when what is not packed will be."""
    number = question.at["number"]
    found = get_order(tx, number)
    row = tx.row("SELECT id::text FROM orders WHERE number = %(number)s", number=number)
    return customer_may(tx, found, row.id)


class Exchanges(msgspec.Struct, frozen=True):
    """What the lines of an order can be exchanged for."""

    lines: list[LineChoices]


class ReturnPreviewQuery(Form, frozen=True):
    """Which units: `1x2.3x1` is two of line 1 and one of line 3; `1x2xTEE-M` wants the product TEE-M for them."""

    lines: Annotated[str, Meta(pattern=MARKS)]


@read("/v1/orders/{number}/return-preview", "orders:read", within=order, example={"lines": "1x2.3x1"})
def return_preview(tx: Tx, question: Question[ReturnPreviewQuery]) -> ReturnPreview:
    """What sending these units back would pay back, and what goes out for them would cost, to the cent.

    422 `return_too_much`, `unknown_line`, `not_a_variant`.
    """
    number = question.at["number"]
    row = tx.row("SELECT id::text FROM orders WHERE number = %(number)s", number=number)
    if row is None:
        raise Refusal("not_found", order=number)
    return preview_return(tx, row.id, number, lines_of(question.query.lines))


@read("/v1/orders/{number}/exchanges", "orders:read", within=order)
def exchanges(tx: Tx, question: Question[None]) -> Exchanges:
    """What each line can be exchanged for: what it costs more, and how many there are of it just now."""
    row = tx.row("SELECT id::text, channel FROM orders WHERE number = %(number)s", number=question.at["number"])
    if row is None:
        raise Refusal("not_found", order=question.at["number"])
    return Exchanges(exchange_choices(tx, row.id, row.channel))


def _none(tx: Tx, mark: Any) -> ReturnPhotoShown:
    raise Refusal("not_found")


@upload("/v1/returns/{id}/photos", "orders:write", within=_its_own, look=_none, answer=ReturnPhotoShown)
def photo_of_return(shop: Shop, question: Question[None], path: Path, tell: Callable[[Any], None]) -> ReturnPhotoShown:
    """Keep a photo with a return: the body is the picture itself, JPEG, PNG or WebP of at most 8 MB.

    What the camera wrote beside it (place, time, owner) is not kept; the same picture again is kept once.
    422 `bad_photo`, 409 `customer_step` once the order's buyer was erased.
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
