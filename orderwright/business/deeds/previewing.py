"""What placing orders would answer, by the rules of placing, without writing anything."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from orderwright.business.catalog.reads import Product, catalog_of
from orderwright.business.customers.price_reads import Agreement
from orderwright.business.deeds.place import plan_one, settle_holds
from orderwright.business.deeds.placing import reading, windows
from orderwright.business.deeds.placing.answers import told
from orderwright.business.deeds.placing.forms import Draft, PlaceOrder, Told
from orderwright.business.orders.rules import Finding
from orderwright.business.quotes.forms import DraftForm
from orderwright.business.quotes.reading import order_of, pricings_of, products_of
from orderwright.business.routing.lanes import Departures, lanes_to
from orderwright.business.routing.reads import loads, rate_card
from orderwright.business.stock.reads import free_for
from orderwright.database.tx import Tx
from orderwright.values import money

CHOSEN = frozenset({"payment_missing", "stock_short"})
"""Findings that hold an order as somebody wanted it: it is not paid yet, or its channel holds what is short."""


class LinePart(msgspec.Struct, frozen=True):
    """Units of a line that one site would ship, and when."""

    site: str
    quantity: int
    ship_by: datetime
    deliver_by: date


class LinePreview(msgspec.Struct, frozen=True):
    """One line as it would be taken. sku: None for no such product. free: units the channel may promise now.

    list_price: None where the list has another currency. is_agreed: it is the price of the buyer's list.
    waiting: units that no site has.
    """

    sku: str | None
    title: str
    quantity: int
    free: int
    list_price: str | None
    unit_price: str
    amount: str
    is_agreed: bool
    parts: list[LinePart]
    waiting: int


class Preview(msgspec.Struct, frozen=True):
    """An order as it would be taken. total: None while something of the money cannot be read.

    is_short: its channel refuses what is not in stock, and something of it is not. agreed: with the buyer; None for
    nobody known.
    """

    currency: str
    lines: list[LinePreview]
    goods: str
    total: str | None
    parts: list[LinePart]
    findings: list[Told]
    is_short: bool
    agreed: Agreement | None = None


def look_ahead(tx: Tx, commands: Sequence[PlaceOrder]) -> list[Draft]:
    """Orders checked, priced and planned as placing would do it now, each as if it came after those before it.

    Those of no open channel, and those whose money cannot be read, have their findings and nothing else. A constant
    number of statements.
    """
    catalog = catalog_of(tx)
    drafts = reading.drafts_of(commands)
    products = reading.find_products(tx, catalog, drafts)
    sound = [draft for draft in drafts if _is_checked(tx, draft, products)]
    reading.excuse_regulars(tx, sound)
    reading.excuse_agreed(tx, sound)
    reading.check_history(tx, sound)
    windows.set_windows(tx, sound, catalog)
    card, departures = rate_card(tx), Departures(catalog.sites, loads(tx), tx.now)
    skus = {sku for draft in sound for want in draft.wants for sku, _ in want.components}
    free = reading.read_free(tx, skus, lock=False) if skus else {}
    for draft in sound:
        settle_holds(draft)
        draft.lanes = lanes_to(draft.destination, departures.ready_at(draft.cancel_until), card)
        plan_one(draft, catalog.channels[draft.command.order.channel], free)
        if draft.plan.waiting and draft.policy.shortage == "hold":
            draft.findings.append(Finding("stock_short", "", {}))
    return drafts


def stopping(draft: Draft) -> list[Told]:
    """The findings for which an order would be refused, or held though nobody wanted that."""
    found = told(draft)
    refused = [each for each in found if each.severity == "refuse"]
    return refused or [each for each in found if each.severity == "hold" and each.code not in CHOSEN]


def preview(tx: Tx, form: DraftForm, reference: str, actor: str) -> Preview:
    """What placing a draft as it is now would answer. Refuses nothing: what is wrong with it are its findings."""
    catalog = catalog_of(tx)
    channel = catalog.channels.get(form.channel)
    names = products_of(tx, [form])
    [pricing] = pricings_of(tx, [form], names)
    currency, agreed = pricing.currency, pricing.agreed
    order = order_of(form, reference, pricing, names)
    (draft,) = look_ahead(tx, [PlaceOrder(order=order, actor=actor, customer=agreed.customer if agreed else "")])
    found = [names.get((form.channel, line.sku)) for line in form.lines]
    free = {}
    if channel is not None:
        free = free_for(tx, [each.sku for each in found if each], form.channel)
    parts, waiting = _parts(draft), _waiting(draft)
    lines = [
        LinePreview(
            product.sku if product else None, product.title if product else "", written.quantity,
            free[product.sku].total if product and product.sku in free else 0, _listed(product, currency),
            line.unit_price, _amount(draft, i, currency),
            product is not None and written.unit_price is None and product.sku in pricing.prices,
            parts.get(i + 1, []), waiting.get(i + 1, 0),
        )
        for i, (written, line, product) in enumerate(zip(form.lines, order.lines, found, strict=True))
    ]  # fmt: skip
    is_priced = hasattr(draft, "priced")
    return Preview(
        currency, lines, money.format_minor(draft.priced.goods_minor, currency) if is_priced else "0",
        order.total if is_priced else None, _whole(draft), told(draft),
        _is_planned(draft) and draft.plan.outcome == "refused", agreed,
    )  # fmt: skip


def _is_checked(tx: Tx, draft: Draft, products: Mapping[str, Product]) -> bool:
    channel = catalog_of(tx).channels.get(draft.command.order.channel)
    if channel is None or not channel.is_active:
        draft.findings.append(Finding("unknown_channel", "/channel", {"channel": draft.command.order.channel}))
        return False
    reading.check(draft, channel, products, tx)
    return hasattr(draft, "priced")


def _is_planned(draft: Draft) -> bool:
    return hasattr(draft, "plan")


def _parts(draft: Draft) -> dict[int, list[LinePart]]:
    """What sites would ship, by position of the line."""
    parts: dict[int, list[LinePart]] = {}
    for part in draft.plan.parts if _is_planned(draft) else ():
        for index, units in part.units:
            lane = part.lane
            one = LinePart(lane.site, units, lane.ship_by, lane.deliver_by)
            parts.setdefault(draft.wants[index].position, []).append(one)
    return parts


def _whole(draft: Draft) -> list[LinePart]:
    """What each site would ship of the order, the first to arrive first."""
    parts = [
        LinePart(each.lane.site, sum(units for _, units in each.units), each.lane.ship_by, each.lane.deliver_by)
        for each in (draft.plan.parts if _is_planned(draft) else ())
    ]
    return sorted(parts, key=lambda each: (each.deliver_by, each.site))


def _waiting(draft: Draft) -> dict[int, int]:
    if not _is_planned(draft):
        return {}
    return {draft.wants[index].position: units for index, units in draft.plan.waiting.items()}


def _listed(product: Product | None, currency: str) -> str | None:
    if product is None or product.currency != currency:
        return None
    return money.format_minor(product.price_minor, currency)


def _amount(draft: Draft, index: int, currency: str) -> str:
    return money.format_minor(draft.priced.lines[index].amount_minor, currency) if hasattr(draft, "priced") else "0"
