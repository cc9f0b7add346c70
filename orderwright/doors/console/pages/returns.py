"""What comes back of an order: asked for at the desk, seen with its photos and its label, settled, or paid in money
instead.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import msgspec

from orderwright.business.deeds.customer_view import (
    Choice,
    Returnable,
    ReturnPreview,
    exchange_choices,
    list_returnable,
    preview_open_return,
)
from orderwright.business.deeds.paying.showing import waiting_for_money
from orderwright.business.orders.order_view import OrderView, get_order
from orderwright.business.returns.forms import ReturnNow
from orderwright.business.returns.labels import LabelToCome, preview_return_label, return_label
from orderwright.business.returns.photos import ReturnPhotoShown, get_return_photo, photos_by_return
from orderwright.business.returns.reads import ReturnQuery, list_returns, returns_by_id
from orderwright.database.tx import Tx
from orderwright.doors.api.routes import returns as routes
from orderwright.doors.api.within import order as within_order
from orderwright.doors.api.within import owned
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.reply import Reply
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.words import Word
from orderwright.papers.barcodes import qr
from orderwright.papers.return_labels import return_label_pdf
from orderwright.values.refusal import Refusal

RETURNS = 20
BACK = "/orders/{number}"
STATES: Mapping[str, Word] = {
    "asked": Word(_("Announced"), "busy"),
    "received": Word(_("Here"), "wait"),
    "inspected": Word(_("Looked at"), "wait"),
    "settled": Word(_("Settled"), "good"),
    "refused": Word(_("Not accepted"), "stop"),
}
EXCHANGES: Mapping[str, Word] = {
    "waiting": Word(_("kept aside"), "busy"),
    "kept": Word(_("goes out"), "good"),
    "over": Word(_("money instead"), "quiet"),
}
REASONS: Mapping[str, str] = {
    "unwanted": _("Not wanted any more"),
    "not_as_described": _("Not as described"),
    "damaged": _("Arrived damaged"),
    "defective": _("Does not work"),
    "wrong_item": _("Something else came"),
    "wrong_quantity": _("Too many came"),
    "too_late": _("Came too late"),
    "unknown": _("Nobody said"),
}


class ReturnSeen(msgspec.Struct, frozen=True):
    """A return and its photos. is_unpaid: what goes out in exchange waits for what it costs more."""

    now: ReturnNow
    photos: list[ReturnPhotoShown]
    is_unpaid: bool


class Asking(msgspec.Struct, frozen=True):
    """What of an order can come back, and what for. choices: by line."""

    order: OrderView
    lines: list[Returnable]
    choices: Mapping[int, list[Choice]]
    reasons: Mapping[str, str]


class Settling(msgspec.Struct, frozen=True):
    """A return, and what settling it would pay back or let go."""

    order: OrderView
    found: ReturnNow
    version: int
    preview: ReturnPreview


class Labelling(msgspec.Struct, frozen=True):
    """A return and its label, bought, on its way or refused; else what one would be.

    picture: its code as an image's address, '' before it is bought. to_come: None where no label can be wanted now.
    """

    number: str
    found: ReturnNow
    version: int
    picture: str
    to_come: LabelToCome | None


def returns_of(tx: Tx, number: str) -> list[ReturnSeen]:
    """The latest returns of an order, with their photos."""
    ids = [each.id for each in list_returns(tx, ReturnQuery(order=number, limit=RETURNS)).items]
    if not ids:
        return []
    found, photos = returns_by_id(tx, ids), photos_by_return(tx, ids)
    exchanged = {
        id_: each.exchange.order for id_, each in found.items() if each.exchange and each.exchange.state == "kept"
    }
    unpaid = waiting_for_money(tx, exchanged.values())
    return [ReturnSeen(found[id_], photos.get(id_, []), exchanged.get(id_) in unpaid) for id_ in ids]


@page("/orders/{number}/return", template="order_return.html", scope="orders:write", title=_("Take something back"),
      section="orders", within=within_order)  # fmt: skip
def asking(asked: Asked[None]) -> Asking:
    """What can come back, and what can go out for it."""
    tx, number = asked.tx, asked.at["number"]
    found = get_order(tx, number)
    order_id = _id_of(tx, number)
    choices = {each.position: each.choices for each in exchange_choices(tx, order_id, found.channel)}
    return Asking(found, list_returnable(tx, found, order_id), choices, REASONS)


@page("/orders/{number}/returns/{id}/settle", template="order_return_settle.html", scope="money:write",
      title=_("Settle return"), section="orders", within=within_order)  # fmt: skip
def settling(asked: Asked[None]) -> Settling:
    """What settling would do."""
    return _settling(asked)


@page("/orders/{number}/returns/{id}/money", template="order_return_money.html", scope="orders:write",
      title=_("Money instead"), section="orders", within=within_order)  # fmt: skip
def ending(asked: Asked[None]) -> Settling:
    """What is kept aside, and what is paid instead."""
    return _settling(asked)


@page("/orders/{number}/returns/{id}/label", template="order_return_label.html", scope="orders:write",
      title=_("Return label"), section="orders", within=within_order)  # fmt: skip
def labelling(asked: Asked[None]) -> Labelling:
    """The label, or what it would be and cost."""
    tx, number = asked.tx, asked.at["number"]
    found = _own(tx, number, asked.at["id"])
    label = found.label
    may = found.state == "asked" and (label is None or label.state == "refused")
    picture = ""
    if label is not None and label.state == "bought":
        picture = f"data:image/svg+xml;base64,{b64encode(qr(label.tracking_code).svg.encode()).decode()}"
    to_come = preview_return_label(tx, found.id) if may else None
    return Labelling(number, found, _version(tx, found.id), picture, to_come)


@page("/orders/{number}/returns/{id}/label.pdf", template="", scope="orders:read", title=_("Return label"),
      section="orders", within=within_order)  # fmt: skip
def label_sheet(asked: Asked[None]) -> Reply:
    """A return's label to print or send, in the customer's language."""
    found = _own(asked.tx, asked.at["number"], asked.at["id"])
    printed = return_label_pdf(return_label(asked.tx, found.id))
    named = f'inline; filename="{found.number}.pdf"'.encode()
    return Reply(200, printed.content, [(b"content-type", b"application/pdf"), (b"content-disposition", named)])


@page("/orders/{number}/returns/{id}/photos/{photo}", template="", scope="orders:read", title=_("Photo"),
      section="orders", within=within_order)  # fmt: skip
def photo(asked: Asked[None]) -> Reply:
    """A photo of what came back."""
    found = _own(asked.tx, asked.at["number"], asked.at["id"])
    return photo_reply(asked.tx, found.id, asked.at["photo"])


@page("/floor/returns/{id}/photos/{photo}", template="", scope="floor:write", title=_("Photo"),
      section="floor", within=owned("return_request"))  # fmt: skip
def photo_at_bench(asked: Asked[None]) -> Reply:
    """A photo of what came back, at the returns bench."""
    return photo_reply(asked.tx, asked.at["id"], asked.at["photo"])


def photo_reply(tx: Tx, return_id: str, photo_id: str) -> Reply:
    """A photo of a return, and never anything but a picture. Refuses not_found."""
    file = get_return_photo(tx, return_id, photo_id)
    headers = ((b"content-type", file.media.encode()), (b"content-disposition", b"inline; filename=photo"))
    return Reply(200, file.content, headers)


def _settling(asked: Asked[None]) -> Settling:
    tx, number = asked.tx, asked.at["number"]
    found = _own(tx, number, asked.at["id"])
    preview = preview_open_return(tx, _id_of(tx, number), found)
    return Settling(get_order(tx, number), found, _version(tx, found.id), preview)


def _version(tx: Tx, return_id: str) -> int:
    row: Any = tx.row("SELECT version FROM return_request WHERE id = %(id)s", id=return_id)
    return int(row.version)


def _own(tx: Tx, number: str, return_id: str) -> ReturnNow:
    found = returns_by_id(tx, [return_id]).get(return_id)
    if found is None or found.order != number:
        raise Refusal("not_found", return_id=return_id)
    return found


def _id_of(tx: Tx, number: str) -> str:
    row: Any = tx.row("SELECT id::text FROM orders WHERE number = %(number)s", number=number)
    return str(row.id)


def _asked(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The lines of which something comes back."""
    reason = tree.get("reason", "unknown")
    lines = [
        {**{name: each[name] for name in ("position", "quantity", "exchange") if name in each}, "reason": reason}
        for each in tree.get("lines", ()) if each.get("quantity", "0") != "0"
    ]  # fmt: skip
    return {"order": tree.get("order", ""), "lines": lines}


ask = deed("/orders/{number}/return", routes.ask_return, page=asking, then=BACK, said=_("The return is announced."),
           body=_asked)  # fmt: skip
settle = deed("/orders/{number}/returns/{id}/settle", routes.settle_return, page=settling, then=BACK,
              said=_("The return is settled."))  # fmt: skip
label = deed("/orders/{number}/returns/{id}/label", routes.want_label, page=labelling,
             then="/orders/{number}/returns/{id}/label", said=_("The carrier is asked for the label."))  # fmt: skip
end = deed("/orders/{number}/returns/{id}/money", routes.end_exchange, page=ending, then=BACK,
           said=_("The return pays money instead."))  # fmt: skip
