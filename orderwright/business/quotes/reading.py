"""From what a clerk wrote to an order as it is taken: products found as they are called, prices of the list."""

from collections.abc import Mapping, Sequence

import msgspec

from orderwright.business.catalog.reads import Product, catalog_of, resolve_codes
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


def order_of(
    form: DraftForm, reference: str, currency: str, products: Mapping[Name, Product], total: str | None = None
) -> NewOrder:
    """The order a draft describes. total: what was told, to be checked; None: what it comes to.

    A price that is not known is left empty, and so is found by whoever checks the order.
    """
    order = NewOrder(
        channel=form.channel, reference=reference, currency=currency, ship_to=form.ship_to, total=total or "0",
        customer=form.customer, service=form.service or "standard", customer_reference=form.customer_reference,
        shipping=ShippingForm(price=form.shipping or "0"),
        discounts=[DiscountForm(amount=form.discount)] if form.discount else [],
        payment=PaymentForm(state=form.payment, reference=form.payment_reference if form.payment == "paid" else ""),
        lines=[
            _line(i, line, currency, products.get((form.channel, line.sku)))
            for i, line in enumerate(form.lines, 1)
        ],
    )  # fmt: skip
    return order if total else msgspec.structs.replace(order, total=expected_total(order) or "0")


def _line(position: int, line: DraftLine, currency: str, product: Product | None) -> LineForm:
    if product is None:
        return LineForm(
            sku=line.sku, quantity=line.quantity, unit_price=line.unit_price or "0", reference=str(position)
        )
    listed = money.format_minor(product.price_minor, currency) if product.currency == currency else ""
    return LineForm(
        sku=product.sku, title=product.title, quantity=line.quantity, unit_price=line.unit_price or listed,
        reference=str(position),
    )  # fmt: skip
