"""Where the order is: in words, parcel by parcel, and what can still be changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

import msgspec

from orderwright.business.billing.reads import PaperRef, list_papers, list_payments
from orderwright.business.deeds.customer_view import CustomerMay, Sum, customer_may, sum_of
from orderwright.business.deeds.invoice import names_of
from orderwright.business.deeds.supply.expecting import get_order_expecting
from orderwright.business.orders.customer_links import find_by_turn, find_linked
from orderwright.business.orders.kit_parts import Parts, as_kits, kit_parts
from orderwright.business.orders.order_view import FulfilmentView, OrderView, ParcelView
from orderwright.business.returns.reads import ReturnQuery, ReturnRow, list_returns
from orderwright.business.shipping.reads import SeenAt, order_tracked, seen_of
from orderwright.doors.console import cookies
from orderwright.doors.console.page import SIGNED_IN, act, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import LANGUAGES
from orderwright.doors.console.texts import text as _
from orderwright.doors.portal import sessions
from orderwright.doors.portal.acting import Call
from orderwright.doors.portal.asked import Asked
from orderwright.doors.portal.headline import Headline, headline_of, step_of
from orderwright.values.refusal import Refusal

RETURNS = 50
QUARTER = timedelta(minutes=15)


class Item(msgspec.Struct, frozen=True):
    """Units of one product."""

    title: str
    sku: str
    quantity: int


class Parcel(msgspec.Struct, frozen=True):
    """A parcel, and where it was seen, latest first."""

    parcel: ParcelView
    seen: Sequence[SeenAt]


class Shipment(msgspec.Struct, frozen=True):
    """What one site sends. packed_at: when it will be packed, as far as that can be told."""

    state: str
    deliver_by: date
    items: list[Item]
    parcels: list[Parcel]
    packed_at: datetime | None


class Names(NamedTuple):
    """What a customer calls things: titles of lines, and the components of those that are kits."""

    titles: Mapping[int, str]
    kits: Parts


class OrderTracked(msgspec.Struct, frozen=True):
    """Everything a customer sees of an order. waiting: what is in no shipment yet, with the day it is expected.

    was_paid: money was set aside or taken for it.
    """

    order: OrderView
    may: CustomerMay
    headline: Headline
    step: int
    shipments: list[Shipment]
    waiting: list[tuple[Item, date | None]]
    papers: list[PaperRef]
    returns: list[ReturnRow]
    town: str
    sum: Sum
    was_paid: bool
    now: datetime

    def until(self, at: datetime) -> timedelta:
        """How long it is until then, in quarters of an hour, for nobody knows it better; at least one."""
        return max(round((at - self.now) / QUARTER), 1) * QUARTER


@page("/track/{token}", template="trouble.html", scope=None, title=_("Your order"))
def swap(asked: Asked[None]) -> Reply:
    """The link becomes a cookie, and the address is clean: no later page tells it on. Refuses link_spent."""
    token = asked.at["token"]
    order = find_linked(asked.tx, token)
    if order is None:
        order_id = order_tracked(asked.tx, token)
        order = None if order_id is None else find_by_turn(asked.tx, order_id)
    if order is None or asked.tx.now >= order.ends_at:
        raise Refusal("link_spent")
    cookie, lasts_s = sessions.new_cookie(asked.tx, order, is_proved=False)
    return see_other("/track", *sessions.begins(cookie, lasts_s, asked.headers))


@page("/track", template="track.html", scope=None, title=_("Your order"))
def track(asked: Asked[None]) -> OrderTracked | Reply:
    """The order, as it is now; who has none is asked for one."""
    if asked.customer is None:
        return see_other("/track/find")
    tx, who = asked.tx, asked.customer
    order = get_order_expecting(tx, who.number)
    may = customer_may(tx, order, who.order_id)
    titles = {position: title for (_id, position), (_sku, title) in names_of(tx, [who.order_id]).items()}
    seen = seen_of(tx, who.order_id)
    shipments = _shipments(order, may, Names(titles, kit_parts(tx, who.order_id)), seen)
    returns = list_returns(tx, ReturnQuery(order=who.number, limit=RETURNS)).items
    return OrderTracked(
        order, may, headline_of(order, [(each.packed_at, each.deliver_by) for each in shipments], seen, tx.now),
        step_of(order), shipments, _waiting(order, titles), list_papers(tx, who.order_id), returns,
        str(order.written.ship_to.get("city", "")), sum_of(tx, order, who.order_id),
        any(each.authorised or each.captured for each in list_payments(tx, who.order_id)), tx.now,
    )  # fmt: skip


@act("/track/leave", scope=SIGNED_IN)
async def leave(call: Call) -> Reply:
    """Forget the order on this device."""
    return see_other("/track/find", *sessions.ends(), (b"clear-site-data", b'"cache", "storage"'))


@act("/track/language", scope=None)
async def speak(call: Call) -> Reply:
    """Another language."""
    language, back = call.fields.get("language", ""), call.fields.get("back", "")
    inside = (
        back.startswith(("/track", "/returns", "/pay")) and back.isascii() and back.isprintable() and "\\" not in back
    )
    kept = [cookies.language_cookie(language)] if language in LANGUAGES else []
    return see_other(back if inside else "/track", *kept)


def _shipments(order: OrderView, may: CustomerMay, names: Names, seen: Mapping[str, list[SeenAt]]) -> list[Shipment]:
    packed = {each.fulfilment_id: each.packed_at for each in may.packed}
    return [
        Shipment(
            part.state, part.deliver_by, list(_items(part, names)),
            [Parcel(each, seen.get(each.id, [])) for each in part.parcels if each.state != "unpacked"],
            packed.get(part.id),
        )
        for part in order.fulfilments
        if part.state != "cancelled" and any(line.quantity for line in part.lines)
    ]  # fmt: skip


def _items(part: FulfilmentView, names: Names) -> Iterator[Item]:
    for position, lines in groupby(part.lines, key=lambda each: each.position):
        units = {each.sku: each.quantity for each in lines if each.quantity}
        if not (parts := names.kits.get(position)):
            yield from (Item(names.titles.get(position, sku), sku, count) for sku, count in units.items())
            continue
        for each in as_kits(parts, units):
            yield Item(each.title or names.titles.get(position, each.sku), each.sku, each.units)


def _waiting(order: OrderView, titles: Mapping[int, str]) -> list[tuple[Item, date | None]]:
    return [
        (Item(titles.get(each.position, each.title), each.sku or each.sku_given, each.stages.waiting), each.expected_on)
        for each in order.lines
        if each.stages.waiting
    ]
