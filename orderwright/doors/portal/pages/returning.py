"""Sending something back: what, why, what for, what it pays back, photos."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from orderwright.business.deeds.customer_view import (
    Choice,
    CustomerMay,
    Returnable,
    ReturnPreview,
    customer_may,
    exchange_choices,
    preview_return,
)
from orderwright.business.deeds.invoice import names_of
from orderwright.business.orders.order_view import OrderView, get_order
from orderwright.business.returns.bodies import lines_of, marks_of
from orderwright.business.returns.forms import AskedLine
from orderwright.business.returns.photos import AddReturnPhoto, add_return_photos
from orderwright.business.returns.reads import ReturnQuery, ReturnRow, list_returns
from orderwright.database.tx import Tx
from orderwright.doors.api.routes import returns as api
from orderwright.doors.console import cookies
from orderwright.doors.console.page import SIGNED_IN, act, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.doors.portal import words
from orderwright.doors.portal.acting import ACTOR, Call
from orderwright.doors.portal.asked import Asked
from orderwright.values.forms import Form
from orderwright.values.pictures import BYTES_MAX, read_picture
from orderwright.values.refusal import Refusal

PHOTOS = 3
PHOTO_FIELDS = tuple(f"photo/{n}" for n in range(PHOTOS))
FORM_BYTES_MAX = PHOTOS * BYTES_MAX + 200_000
"""What a form with its photos may weigh."""
RETURNS = 50


class Choosing(msgspec.Struct, frozen=True):
    """What can be sent back, what for, and what is on its way back already. choices: by line."""

    order: OrderView
    may: CustomerMay
    choices: Mapping[int, list[Choice]]
    titles: Mapping[int, str]
    returns: list[ReturnRow]
    reasons: Mapping[str, str]
    now: datetime

    def title(self, line: Returnable) -> str:
        """What a line is called."""
        return self.titles.get(line.position) or line.title or line.sku


class CheckQuery(Form, frozen=True):
    """Which units: `1x2.3x1xTEE-M`, as `marks_of` writes it. Empty where the form with photos was refused."""

    lines: str = ""
    reason: str = "unknown"


class Checking(msgspec.Struct, frozen=True):
    """What a return would pay back, before it is asked for. photos: names of the fields for them."""

    order: OrderView
    preview: ReturnPreview
    titles: Mapping[int, str]
    lines: str
    reason: str
    reason_says: str
    photos: tuple[str, ...]


@page("/returns", template="returns.html", scope=None, title=_("Send something back"))
def choosing(asked: Asked[None]) -> Choosing | Reply:
    """What can be sent back; who has no order is asked for one."""
    if asked.customer is None:
        return see_other("/track/find?next=returns")
    tx, who = asked.tx, asked.customer
    order = get_order(tx, who.number)
    returns = list_returns(tx, ReturnQuery(order=who.number, limit=RETURNS)).items
    titles, choices = _titles(tx, who.order_id), _choices(tx, who.order_id)
    return Choosing(order, customer_may(tx, order, who.order_id), choices, titles, returns, words.REASONS, tx.now)


@act("/returns", scope=SIGNED_IN, page=choosing)
async def choose(call: Call) -> Reply:
    """Go on to what it would pay back. Nothing is asked for yet."""
    units = {
        name: text for name, text in call.fields.items() if name.startswith("units/") and text.strip() not in ("", "0")
    }
    findings = []
    for name, text in units.items():
        if not (text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= 6):
            findings.append({"pointer": f"/{name}", "code": "wrong_value", "message": _("This is no number.")})
    if not units:
        findings.append({"pointer": "", "code": "missing", "message": _("Say how many of something you send back.")})
    reason = call.fields.get("reason", "")
    if reason not in words.REASONS:
        findings.append({"pointer": "/reason", "code": "missing", "message": _("Please say why.")})
    if findings:
        raise Refusal("malformed", findings=findings)
    marks = ".".join(f"{name.removeprefix('units/')}x{text.strip()}" for name, text in units.items())
    lines = [
        msgspec.structs.replace(each, exchange=call.fields.get(f"exchange/{each.position}", ""))
        for each in lines_of(marks)
    ]
    if findings := _sold_out(lines, await call.find(_choices, call.who.order_id)):
        raise Refusal("short_stock", findings=findings)
    await call.find(preview_return, call.who.order_id, call.who.number, lines)
    return see_other(f"/returns/check?{urlencode({'lines': marks_of(lines), 'reason': reason})}")


@page("/returns/check", template="return_check.html", scope=SIGNED_IN, title=_("What you get back"))
def checking(asked: Asked[CheckQuery]) -> Checking:
    """What a return would pay back, to the cent, by the rules by which it is settled."""
    query = asked.query or CheckQuery()
    # After a refusal the page is shown again for what the form held, which the address no longer says.
    lines = asked.tried.values.get("lines", "") if asked.tried is not None else query.lines
    reason = asked.tried.values.get("reason", "") if asked.tried is not None else query.reason
    if asked.tried is not None and not lines:
        raise Refusal(asked.tried.code)  # what was too large to be read says nothing of what it was about
    preview = preview_return(asked.tx, asked.who.order_id, asked.who.number, lines_of(lines))
    return Checking(
        get_order(asked.tx, asked.who.number), preview, _titles(asked.tx, asked.who.order_id), lines, reason,
        words.REASONS.get(reason, words.REASONS["unknown"]), PHOTO_FIELDS,
    )  # fmt: skip


@act("/returns/check", scope=SIGNED_IN, page=checking, files_bytes_max=FORM_BYTES_MAX)
async def ask(call: Call) -> Reply:
    """Ask for the return, by the deed of the API; its photos are looked at before."""
    photos = photos_of(call)
    reason = call.fields.get("reason", "")
    body = {
        "order": call.who.number, "by_customer": True,
        "lines": [
            {"position": each.position, "quantity": each.quantity, "exchange": each.exchange,
             "reason": reason if reason in words.REASONS else "unknown"}
            for each in lines_of(call.fields.get("lines", ""))
        ],
    }  # fmt: skip
    asked = await call.deed(api.ask_return, body)
    await keep_photos(call, asked["id"], photos)
    return see_other(f"/returns/{asked['number']}", cookies.said(_("We expect your return. Now send us the parcel.")))


def _choices(tx: Tx, order_id: str) -> dict[int, list[Choice]]:
    """What each line can be exchanged for."""
    row: Any = tx.row("SELECT channel FROM orders WHERE id = %(id)s", id=order_id)
    return {each.position: each.choices for each in exchange_choices(tx, order_id, row.channel)}


def _sold_out(lines: Sequence[AskedLine], choices: Mapping[int, Sequence[Choice]]) -> list[dict[str, str]]:
    """Findings at lines that ask for more of something than there is."""
    left = {each.sku: each.available for mine in choices.values() for each in mine}
    findings = []
    for line in lines:
        if not line.exchange:
            continue
        left[line.exchange] = left.get(line.exchange, 0) - line.quantity
        if left[line.exchange] < 0:
            says = _("There is not enough of this left. Choose another one, or money.")
            findings.append({"pointer": f"/exchange/{line.position}", "code": "short_stock", "message": says})
    return findings


def _titles(tx: Tx, order_id: str) -> Mapping[int, str]:
    return {position: title for (_id, position), (_sku, title) in names_of(tx, [order_id]).items()}


def photos_of(call: Call) -> list[bytes]:
    """The photos of a form, each looked at. Refuses bad_photo, at the field."""
    found = []
    for name in PHOTO_FIELDS:
        file = call.files.get(name)
        if file is None:
            continue
        content = file.path.read_bytes() if file.size_bytes <= BYTES_MAX else b""
        problem = "too_large" if file.size_bytes > BYTES_MAX else read_picture(content)
        if isinstance(problem, str):
            says = _("This photo cannot be used: send a JPEG, PNG or WebP picture of at most 8 MB.")
            raise Refusal(
                "bad_photo", reason=problem, findings=[{"pointer": f"/{name}", "code": problem, "message": says}]
            )
        found.append(content)
    return found


async def keep_photos(call: Call, return_id: str, photos: list[bytes]) -> None:
    """Keep photos with a return. Refuses bad_photo when it has too many."""
    for content in photos:
        await call.do(add_return_photos, AddReturnPhoto(return_id=return_id, content=content, actor=ACTOR))
