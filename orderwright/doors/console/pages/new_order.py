"""A new order, written down while somebody is on the phone: found as typed, priced and promised as it is written."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from orderwright.business.catalog.finding import ProductFound
from orderwright.business.catalog.finding import find_products as find_products_as_typed
from orderwright.business.catalog.reads import catalog_of
from orderwright.business.customers.price_reads import Asker, agreements
from orderwright.business.deeds.placing.forms import Told
from orderwright.business.deeds.previewing import CHOSEN, LinePreview, Preview, preview
from orderwright.business.orders.buyers import Buyer, find_buyers, get_buyer
from orderwright.business.orders.desk import form_of
from orderwright.business.quotes.forms import DraftForm, DraftQuery, DraftRow
from orderwright.business.quotes.reads import get_draft, get_quote, list_drafts
from orderwright.business.quotes.rules import reference_of
from orderwright.business.routing.reads import rate_card
from orderwright.business.stock.reads import free_for
from orderwright.doors.api.access import Access
from orderwright.doors.api.asked import Question
from orderwright.doors.api.routes.quotes import within_quote
from orderwright.doors.api.within import order as within_order
from orderwright.doors.console import order_words
from orderwright.doors.console.asked import Asked, Tried
from orderwright.doors.console.page import page, sketch
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.writing_down import Row, Written, draft_of, read_written, values_of
from orderwright.values.countries import COUNTRIES
from orderwright.values.forms import Form
from orderwright.values.ids import is_id, new_id
from orderwright.values.refusal import Refusal

WRITE, SECTION = "orders:write", "new_order"
QUOTE_DAYS = 14
"""So long a quote is good unless somebody says otherwise."""


class NewQuery(Form, frozen=True):
    """What a new order begins with: a buyer, an order to be repeated, a quote that is past its day."""

    buyer: Annotated[str, Meta(max_length=40)] = ""
    repeat: Annotated[str, Meta(max_length=64)] = ""
    quote: Annotated[str, Meta(max_length=64)] = ""


class Shown(NamedTuple):
    """A line of the form. told: what it comes to, None for an empty one and one that cannot be read."""

    nth: int
    row: Row
    told: LinePreview | None


class OrderWritten(msgspec.Struct, frozen=True):
    """The page: the fields as they are filled in, and what would come of them.

    wrong: what is wrong, by field, with the facts its words name. found: buyers who fit what was typed, None where
    nothing was. next: which field to go on with. doubts: what would hold the order.
    """

    id: str
    version: int | None
    values: Mapping[str, str]
    lines: list[Shown]
    order: DraftForm
    preview: Preview
    wrong: Mapping[str, list[tuple[str, Mapping[str, Any]]]]
    buyer: Buyer | None
    found: list[Buyer] | None
    channels: list[str]
    services: list[str]
    countries: list[str]
    drafts: list[DraftRow]
    next: str
    doubts: list[tuple[str, Mapping[str, Any]]]
    is_refused: bool
    is_anyway: bool
    valid_until: date

    @property
    def here(self) -> str:
        """The path of the draft."""
        return f"/drafts/{self.id}"

    @property
    def payments(self) -> Mapping[str, str]:
        """How it can be paid, in words."""
        return order_words.PAYMENTS


@page("/orders/new", template="new_order.html", scope=WRITE, title=_("New order"), section=SECTION)
def new_order(asked: Asked[NewQuery]) -> OrderWritten:
    """An empty form, or one that begins with what somebody bought before."""
    query, values = asked.query, _defaults(asked)
    if query.repeat or query.quote:
        values |= _again(asked, query)
    elif query.buyer:
        values |= _of_buyer(asked, _buyer(asked, query.buyer), values)
        values["buyer"] = query.buyer
    return _shown(asked, new_id(), None, values, None)


@page("/drafts/{id}", template="new_order.html", scope=WRITE, title=_("New order"), section=SECTION)
def draft(asked: Asked[None]) -> OrderWritten:
    """A draft as it was kept; after a form was sent, as it is written now."""
    id_ = asked.at["id"]
    if not is_id(id_):
        raise Refusal("not_found", draft=id_)
    tried = asked.tried
    if tried is None:
        kept = get_draft(asked.tx, id_, asked.access.actor)
        return _shown(asked, id_, kept.version, {**_defaults(asked), **values_of(kept.order)}, None)
    said = tried.values.get("kept", "")
    version = int(said) if said.isdecimal() and len(said) < 9 else None
    return _shown(asked, id_, version, _pressed(asked, dict(tried.values)), tried)


look = sketch("/drafts/{id}/look", page=draft)


class ProductsQuery(Form, frozen=True):
    """What is typed of a product."""

    q: Annotated[str, Meta(max_length=200)] = ""
    channel: Annotated[str, Meta(max_length=64)] = ""


class ProductsShown(msgspec.Struct, frozen=True):
    """Products that fit, each with the units that are free."""

    query: str
    products: list[tuple[ProductFound, int]]


@page("/orders/new/products", template="new_order_products.html", scope=WRITE, title=_("Products"), section=SECTION)
def products(asked: Asked[ProductsQuery]) -> ProductsShown:
    """Products as they are typed."""
    query = asked.query
    found = find_products_as_typed(asked.tx, query.q)
    channel = query.channel if query.channel in catalog_of(asked.tx).channels else None
    free = free_for(asked.tx, [each.sku for each in found], channel)
    return ProductsShown(query.q, [(each, free[each.sku].total if each.sku in free else 0) for each in found])


def _pressed(asked: Asked[Any], values: dict[str, str]) -> dict[str, str]:
    """The fields after a button of the form did its part: a buyer chosen, their last order repeated, a line removed."""
    if chosen := values.pop("choose", ""):
        values |= {**_of_buyer(asked, _buyer(asked, chosen), values), "buyer": chosen, "find": ""}
    if repeated := values.pop("repeat", ""):
        values = {name: text for name, text in values.items() if not name.startswith("lines/")}
        values |= _again(asked, NewQuery(repeat=repeated))
    if (removed := values.pop("without", "")).isdecimal():
        values = {name: text for name, text in values.items() if not name.startswith(f"lines/{removed}/")}
    return values


def _shown(
    asked: Asked[Any], id_: str, version: int | None, values: Mapping[str, str], tried: Tried | None
) -> OrderWritten:  # fmt: skip
    tx, access = asked.tx, asked.access
    written = read_written(values)
    ahead = preview(tx, written.order, reference_of(id_), access.actor)
    is_refused = tried is not None and bool(tried.code)
    find, buyer = written.values.get("find", ""), None
    if (chosen := written.values.get("buyer", "")) and is_id(chosen):
        buyer = get_buyer(tx, chosen, channels=access.channels, sites=access.sites)
    lines = _lines(written, ahead)
    catalog = catalog_of(tx)
    return OrderWritten(
        id=id_, version=version, values=written.values, lines=lines, order=written.order, preview=ahead,
        wrong=_wrong(written, ahead.findings, is_refused),
        buyer=buyer,
        found=find_buyers(tx, find, channels=access.channels, sites=access.sites) if find else None,
        channels=[each for each in sorted(catalog.channels) if _may(access.channels, each)
                  and catalog.channels[each].is_active],
        services=rate_card(tx).offered_to(""), countries=list(COUNTRIES),
        drafts=list_drafts(tx, DraftQuery(limit=20), access.actor).items,
        next="lines" if buyer or any(each.row.sku for each in lines) else "find",
        doubts=_doubts(ahead.findings), is_refused=is_refused,
        is_anyway=bool(written.values.get("anyway")),
        valid_until=tx.now.date() + timedelta(days=QUOTE_DAYS),
    )  # fmt: skip


def _lines(written: Written, ahead: Preview) -> list[Shown]:
    """The lines, numbered anew when the page is shown whole, and one empty one at the end."""
    told = dict(zip(written.at, ahead.lines, strict=True))
    shown = [Shown(row.nth, row, told.get(row.nth)) for row in written.rows]
    last = max((row.nth for row in written.rows), default=-1)
    return [*shown, Shown(last + 1, Row(last + 1, "", "1", ""), None)]


def _wrong(
    written: Written, findings: list[Told], is_refused: bool
) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:  # fmt: skip
    """What is wrong, by field. While somebody writes, nothing is said of what they have not come to yet."""
    wrong: dict[str, list[tuple[str, Mapping[str, Any]]]] = {
        field: [(says, {})] for field, says in written.wrong.items()
    }
    for each in findings:
        field = order_words.field_of(each.pointer, written.at)
        if not field or (not is_refused and order_words.is_missing(each.code)):
            continue
        wrong.setdefault(field, []).append((order_words.said(each.code), each.facts))
    if is_refused and not written.rows:
        wrong["lines/0/sku"] = [(_("An order has at least one line"), {})]
    return wrong


def _doubts(findings: list[Told]) -> list[tuple[str, Mapping[str, Any]]]:
    """What would hold the order though nobody wants that."""
    return [
        (order_words.said(each.code), each.facts)
        for each in findings if each.severity == "hold" and each.code not in CHOSEN
    ]  # fmt: skip


def _defaults(asked: Asked[Any]) -> dict[str, str]:
    """What a form begins with: the channel orders by phone come by, and the country of the first site."""
    catalog, limits = catalog_of(asked.tx), asked.access.channels
    usable = [each for each in catalog.channels.values() if each.is_active and _may(limits, each.code)]
    usable.sort(key=lambda each: (each.kind not in ("phone", "manual"), each.code))
    country = next((catalog.sites[code].country for code in sorted(catalog.sites)), "")
    return {
        "channel": usable[0].code if usable else "", "service": "standard", "payment": "unpaid",
        "ship_to/country": country,
    }  # fmt: skip


def _buyer(asked: Asked[Any], id_: str) -> Buyer:
    found = get_buyer(asked.tx, id_, channels=asked.access.channels, sites=asked.access.sites)
    if found is None:
        raise Refusal("not_found", customer=id_)
    return found


def _of_buyer(asked: Asked[Any], buyer: Buyer, values: Mapping[str, str]) -> dict[str, str]:
    """A buyer as the fields hold them: who they are, where to, and their terms, else those of their last order."""
    customer, to = buyer.customer, buyer.ship_to
    filled = {"customer/name": customer.name, "customer/email": customer.email, "customer/phone": customer.phone,
              "customer/reference": customer.reference}  # fmt: skip
    [agreed] = agreements(asked.tx, [Asker(buyer.id, "")])
    pays_later = agreed is not None and agreed.pays_within_days is not None
    filled["payment"] = "on_account" if pays_later or buyer.payment == "on_account" else "unpaid"
    if to is None:
        return filled
    named = ("name", "company", "postal_code", "city", "region", "country")
    filled |= {f"ship_to/{name}": getattr(to, name) for name in named}
    filled |= {f"ship_to/lines/{i}": to.lines[i] if i < len(to.lines) else "" for i in range(2)}
    return {**filled, "service": buyer.service or values.get("service", "standard")}


def _again(asked: Asked[Any], query: NewQuery) -> dict[str, str]:
    """The fields of an order like one before (at today's prices), or like a quote (at its own)."""
    tx, access = asked.tx, asked.access
    question = Question(access, {"number": query.repeat or query.quote}, None)
    if access.is_limited and not (within_order if query.repeat else within_quote)(tx, question):
        raise Refusal("forbidden", limits=_limits(access))
    if query.repeat:
        values = values_of(draft_of(form_of(tx, query.repeat), keeps_prices=False))
    else:
        written = get_quote(tx, query.quote).written
        if written is None:
            raise Refusal("not_found", quote=query.quote)
        values = values_of(draft_of(written, keeps_prices=True))
    return {name: text for name, text in values.items() if text}


def _may(limits: Collection[str] | None, code: str) -> bool:
    return limits is None or code in limits


def _limits(access: Access) -> dict[str, list[str]]:
    return {"channels": sorted(access.channels or ()), "sites": sorted(access.sites or ())}
