"""From what a clerk wrote to an order as it is taken: products found as they are called, at the prices of its buyer."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from orderwright.business.catalog.reads import Product, catalog_of, resolve_codes
from orderwright.business.customers.price_reads import Agreement, Asker, agreed_prices, agreements
from orderwright.business.orders.checks import expected_total
from orderwright.business.orders.form import DiscountForm, LineForm, NewOrder, PaymentForm, ShippingForm
from orderwright.business.quotes.forms import DraftForm, DraftLine
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.findings import askable

Name = tuple[str, str]
"""A channel, and what it calls a product."""


def products_of(tx: Tx, forms: Sequence[DraftForm]) -> dict[Name, Product]:
    """The products that lines speak of, by channel and name: a SKU, else in capitals, else a code."""
    catalog = catalog_of(tx)
    names = {(form.channel, line.sku) for form in forms for line in form.lines}
    asked = set(askable(name for _, name in names))
    known = catalog.products(tx, asked | {name.upper() for name in asked})
    others = [(channel, name, tx.now) for channel, name in names if name in asked and name not in known]
    codes = resolve_codes(tx, [each for each in others if len(askable(each[:1]))]) if others else {}
    called = catalog.products(tx, codes.values()) if codes else {}
    found: dict[Name, Product] = {}
    for channel, name in names:
        sku = codes.get((channel, name, tx.now), "")
        product = known.get(name) or called.get(sku) or known.get(name.upper())
        if product is not None:
            found[channel, name] = product
    return found


class Pricing(NamedTuple):
    """How an order of a draft is priced. currency: that of its channel. agreed: with its buyer, None for nobody known;
    prices: in millionths, of the products that the buyer's list prices.
    """

    currency: str
    agreed: Agreement | None
    prices: Mapping[str, int]


def pricings_of(tx: Tx, forms: Sequence[DraftForm], products: Mapping[Name, Product]) -> list[Pricing]:
    """How the orders of drafts are priced, in order. Those of no channel we know are in no currency."""
    channels = catalog_of(tx).channels
    currencies = [channels[form.channel].currency if form.channel in channels else "XXX" for form in forms]
    agreed = agreements(tx, [Asker(form.buyer, form.customer.email) for form in forms])
    skus = [
        {products[name].sku for line in form.lines if (name := (form.channel, line.sku)) in products} for form in forms
    ]  # fmt: skip
    prices = agreed_prices(tx, list(zip(agreed, currencies, skus, strict=True)))
    return [Pricing(*each) for each in zip(currencies, agreed, prices, strict=True)]


def order_of(
    form: DraftForm, reference: str, pricing: Pricing, products: Mapping[Name, Product], total: str | None = None
) -> NewOrder:
    """The order a draft describes. total: what was told, to be checked; None: what it comes to.

    A price that is not known is left empty, and so is found by whoever checks the order.
    """
    order = NewOrder(
        channel=form.channel, reference=reference, currency=pricing.currency, ship_to=form.ship_to, total=total or "0",
        customer=form.customer, service=form.service or "standard", customer_reference=form.customer_reference,
        shipping=ShippingForm(price=form.shipping or "0"),
        discounts=[DiscountForm(amount=form.discount)] if form.discount else [],
        payment=PaymentForm(state=form.payment, reference=form.payment_reference if form.payment == "paid" else ""),
        lines=[
            _line(i, line, pricing, products.get((form.channel, line.sku)))
            for i, line in enumerate(form.lines, 1)
        ],
    )  # fmt: skip
    return order if total else msgspec.structs.replace(order, total=expected_total(order) or "0")


def _line(position: int, line: DraftLine, pricing: Pricing, product: Product | None) -> LineForm:
    if product is None:
        return LineForm(
            sku=line.sku, quantity=line.quantity, unit_price=line.unit_price or "0", reference=str(position)
        )
    listed = ""
    if product.sku in pricing.prices:
        listed = money.format_micro(pricing.prices[product.sku], pricing.currency)
    elif product.currency == pricing.currency:
        listed = money.format_minor(product.price_minor, pricing.currency)
    return LineForm(
        sku=product.sku, title=product.title, quantity=line.quantity, unit_price=line.unit_price or listed,
        reference=str(position),
    )  # fmt: skip
