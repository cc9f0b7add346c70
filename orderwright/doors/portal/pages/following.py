"""A return on its way: its code for the parcel, where it goes, what becomes of it, and the refund. And invoices."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import msgspec
from markupsafe import Markup
from msgspec.structs import replace

from orderwright.business.billing.reads import PaperShown, get_paper
from orderwright.business.catalog.reads import catalog_of
from orderwright.business.deeds.customer_view import ReturnPreview, preview_open_return
from orderwright.business.deeds.invoice import names_of
from orderwright.business.deeds.replacing import on_account
from orderwright.business.orders.customer_links import get_link
from orderwright.business.orders.kit_parts import Parts, as_kits, kit_parts
from orderwright.business.returns.forms import ReturnNow
from orderwright.business.returns.labels import LABELS, return_label, seen_on_way_back
from orderwright.business.returns.photos import ReturnPhotoShown, get_return_photo, list_return_photos
from orderwright.business.returns.reads import find_return_of
from orderwright.business.shipping.reads import SeenAt
from orderwright.database.settings import value_of
from orderwright.database.tx import Tx
from orderwright.doors.api.routes import returns as api
from orderwright.doors.console import cookies
from orderwright.doors.console.page import SIGNED_IN, act, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.doors.portal.acting import Call
from orderwright.doors.portal.asked import PROVED, Asked
from orderwright.doors.portal.pages.returning import FORM_BYTES_MAX, PHOTO_FIELDS, keep_photos, photos_of
from orderwright.papers.barcodes import qr
from orderwright.papers.return_labels import return_label_pdf
from orderwright.values.forms import AddressForm
from orderwright.values.refusal import Refusal

STEPS = (_("Asked for"), _("Arrived"), _("Looked at"), _("Refunded"))
STATES = ("asked", "received", "inspected", "settled")


class GoesOut(msgspec.Struct, frozen=True):
    """Units that go out for what comes back."""

    title: str
    quantity: int


class Following(msgspec.Struct, frozen=True):
    """A return as its customer sees it. lines: (title, units asked for, units that came). to, country: where it goes.

    follow: the way to what goes out in exchange, once it does; '' before. is_paid_first: whether that waits for what is
    still to be paid. may_label: whether the shop offers labels.
    seen: where the parcel was seen, latest first.
    """

    found: ReturnNow
    currency: str
    lines: list[tuple[str, int, int]]
    step: int
    steps: tuple[str, ...]
    expected: ReturnPreview
    photos: list[ReturnPhotoShown]
    to: list[str]
    country: str
    fields: tuple[str, ...]
    follow: str
    goes_out: list[GoesOut]
    is_paid_first: bool
    may_label: bool
    seen: list[SeenAt]

    @property
    def code(self) -> Markup:
        """The code for the parcel as a drawing: the carrier's where there is a label, else the return's own."""
        return Markup(qr(self.tells).svg)

    @property
    def tells(self) -> str:
        """What the code says."""
        return (self.found.label.tracking_code if self.found.label else "") or self.found.number


class PaperSeen(msgspec.Struct, frozen=True):
    """An invoice or a credit note."""

    paper: PaperShown


@page("/returns/{number}", template="return.html", scope=SIGNED_IN, title=_("Your return"))
def following(asked: Asked[None]) -> Following:
    """One return of the order at hand. Refuses not_found, also for those of others."""
    tx, order_id = asked.tx, asked.who.order_id
    found = _own(tx, order_id, asked.at["number"])
    titles = {position: title for (_id, position), (_sku, title) in names_of(tx, [order_id]).items()}
    expected = preview_open_return(tx, order_id, found)
    to = _address(tx, found.site)
    return Following(
        found, expected.currency,
        list(_lines(found, titles, kit_parts(tx, order_id))),
        STATES.index(found.state) if found.state in STATES else -1, STEPS, expected,
        list_return_photos(tx, found.id), _written(to), to.country, PHOTO_FIELDS,
        get_link(tx, found.exchange.order).path if found.exchange and found.exchange.state == "kept" else "",
        _goes_out(tx, found, expected), bool(expected.to_pay and not on_account(tx, [order_id])),
        value_of(tx, LABELS), seen_on_way_back(tx, found.id),
    )  # fmt: skip


@act("/returns/{number}/photos", scope=SIGNED_IN, page=following, files_bytes_max=FORM_BYTES_MAX)
async def add_photos(call: Call) -> Reply:
    """More photos of what comes back."""
    number = call.at["number"]
    photos = photos_of(call)
    found = await call.find(_own, call.who.order_id, number)
    await keep_photos(call, found.id, photos)
    return see_other(f"/returns/{number}", cookies.said(_("Your photos are with us.")))


@act("/returns/{number}/label", scope=SIGNED_IN, page=following)
async def want_label(call: Call) -> Reply:
    """A carrier's label for the parcel."""
    number = call.at["number"]
    found = await call.find(_own, call.who.order_id, number)
    await call.deed(api.want_label, {"by_customer": True}, id=found.id)
    return see_other(f"/returns/{number}", cookies.said(_("We get your label. Look again in a minute.")))


@page("/returns/{number}/label.pdf", template="return.html", scope=PROVED, title=_("Your return"))
def label(asked: Asked[None]) -> Reply:
    """The label in the page's language, with the sender's address: only for who proved to know it."""
    found = _own(asked.tx, asked.who.order_id, asked.at["number"])
    headers = ((b"content-type", b"application/pdf"), (b"content-disposition", b"attachment; filename=label.pdf"))
    printed = return_label_pdf(return_label(asked.tx, found.id), language=asked.language)
    return Reply(200, printed.content, headers)


@act("/returns/{number}/money", scope=SIGNED_IN, page=following)
async def money_instead(call: Call) -> Reply:
    """Money instead of what was kept aside."""
    number = call.at["number"]
    found = await call.find(_own, call.who.order_id, number)
    await call.deed(api.end_exchange, {}, id=found.id)
    return see_other(f"/returns/{number}", cookies.said(_("You get your money back instead.")))


@page("/returns/{number}/photos/{id}", template="return.html", scope=SIGNED_IN, title=_("Your return"))
def photo(asked: Asked[None]) -> Reply:
    """A photo of the return, and never anything but a picture."""
    found = _own(asked.tx, asked.who.order_id, asked.at["number"])
    file = get_return_photo(asked.tx, found.id, asked.at["id"])
    headers = ((b"content-type", file.media.encode()), (b"content-disposition", b"inline; filename=photo"))
    return Reply(200, file.content, headers)


@page("/track/papers/{number}", template="paper.html", scope=SIGNED_IN, title=_("Invoice"))
def paper(asked: Asked[None]) -> PaperSeen:
    """An invoice or credit note of the order at hand, to be printed. Refuses not_found, also for those of others."""
    found = get_paper(asked.tx, asked.at["number"])
    if found.order != asked.who.number:
        raise Refusal("not_found", paper=asked.at["number"])
    return PaperSeen(found)


def _own(tx: Tx, order_id: str, number: str) -> ReturnNow:
    found = find_return_of(tx, order_id, number)
    if found is None:
        raise Refusal("not_found", number=number)
    return found


def _goes_out(tx: Tx, found: ReturnNow, expected: ReturnPreview) -> list[GoesOut]:
    """What goes out in exchange: while it is kept aside, what of it is still to go."""
    if found.exchange and found.exchange.state == "waiting":
        return [GoesOut(each.title, each.quantity) for each in expected.exchanges]
    lines = found.exchange.lines if found.exchange else []
    products = catalog_of(tx).products(tx, {each.sku for each in lines})
    return [GoesOut(products[each.sku].title if each.sku in products else each.sku, each.quantity) for each in lines]


def _lines(found: ReturnNow, titles: Mapping[int, str], kits: Parts) -> Iterator[tuple[str, int, int]]:
    """Kits as what was ordered, unless they did not come back whole: then their components, by their own names."""
    for position, of_line in groupby(found.lines, key=lambda each: each.position):
        lines, parts = list(of_line), kits.get(position, {})
        title = titles.get(position, lines[0].sku)
        counts = [list(as_kits(parts, counted)) for counted in (
            {each.sku: each.asked for each in lines}, {each.sku: each.received for each in lines}
        )] if parts else []  # fmt: skip
        if counts and not any(each.sku for count in counts for each in count):
            asked, came = (sum(each.units for each in count) for count in counts)
            yield title, asked, came
        else:
            yield from ((parts[each.sku].title if parts else title, each.asked, each.received) for each in lines)


def _address(tx: Tx, site: str) -> AddressForm:
    """Where parcels to a site go."""
    row: Any = tx.row("SELECT name, address FROM site WHERE code = %(code)s", code=site)
    if row is None:
        return AddressForm(country="")
    to = msgspec.json.decode(row.address, type=AddressForm)
    return replace(to, name=to.name or to.company or row.name)


def _written(to: AddressForm) -> list[str]:
    """An address line by line, but for its country."""
    town = " ".join(each for each in (to.postal_code, to.city) if each)
    return [each for each in (to.name, *to.lines, town, to.region) if each]
