"""What the paper of a quote says."""

from orderwright.business.orders.checks import price
from orderwright.business.orders.form import NewOrder
from orderwright.business.quotes.reads import get_quote
from orderwright.business.shipping.papers import address_lines
from orderwright.database.tx import Tx
from orderwright.papers.quotes import QuoteLine, QuotePaper
from orderwright.values import money
from orderwright.values.refusal import Refusal


def quote_paper(tx: Tx, number: str) -> QuotePaper:
    """A quote to print. Refuses not_found, also when its people were erased."""
    found = get_quote(tx, number)
    order = found.written
    priced = price(order, []) if order else None
    if order is None or priced is None:
        raise Refusal("not_found", quote=number)
    currency = order.currency

    def told(amount_minor: int) -> str:
        return money.format_minor(amount_minor, currency)

    lines = [
        QuoteLine(
            sku=line.sku, title=line.title, quantity=line.quantity, unit_price=line.unit_price,
            amount=told(counted.amount_minor),
        )
        for line, counted in zip(order.lines, priced.lines, strict=True)
    ]  # fmt: skip
    sums = [("goods", priced.goods_minor), ("discount", -priced.discount_minor), ("shipping", priced.shipping_minor)]
    return QuotePaper(
        number=number, to=_to(order), lines=lines, total=order.total, currency=currency,
        sums=[(name, told(amount)) for name, amount in sums if amount and priced.goods_minor != priced.total_minor],
        valid_until=found.row.valid_until, made_on=found.row.made_at.date(),
        is_withdrawn=found.row.state == "withdrawn",
    )  # fmt: skip


def _to(order: NewOrder) -> list[str]:
    """The address; where there is none yet, who asked."""
    customer = order.customer
    is_somewhere = order.ship_to.lines or order.ship_to.city
    return address_lines(order.ship_to) if is_somewhere else [each for each in (customer.name, customer.email) if each]
