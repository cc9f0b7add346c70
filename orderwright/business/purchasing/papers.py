"""What the paper of a purchase order says."""

from zoneinfo import ZoneInfo

import msgspec

from orderwright.business.purchasing.forms import PurchaseNow
from orderwright.business.purchasing.reads import get_purchase
from orderwright.business.shipping.papers import address_lines
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.papers.purchase_orders import PurchaseLine, PurchasePaper
from orderwright.values.forms import AddressForm


def purchase_paper(tx: Tx, number: str) -> PurchasePaper:
    """A purchase order to print. Refuses not_found."""
    return paper_of(tx, get_purchase(tx, number))


def paper_of(tx: Tx, purchase: PurchaseNow) -> PurchasePaper:
    """The paper of a purchase order that was read already; what was cancelled of it is left out."""
    head = tx.row(
        "SELECT s.name, site.name AS site_name, site.address, site.time_zone"
        " FROM purchase_order p JOIN supplier s ON s.code = p.supplier JOIN site ON site.code = p.site"
        " WHERE p.number = %(number)s",
        number=purchase.number,
    )  # fmt: skip
    if head is None:
        raise ValueError(f"{purchase.number} has no row")
    rows = tx.rows(
        "SELECT sku, title FROM product WHERE sku = ANY(%(skus)s::text[])",
        skus=array(line.sku for line in purchase.lines),
    )
    titles = {row.sku: row.title for row in rows}
    lines = [
        PurchaseLine(
            code=line.supplier_code or line.sku, sku=line.sku, title=titles[line.sku],
            quantity=line.quantity - line.cancelled, unit_cost=line.unit_cost, due_on=line.due_on,
        )
        for line in purchase.lines if line.quantity > line.cancelled
    ]  # fmt: skip
    address = address_lines(msgspec.json.decode(head.address, type=AddressForm))
    sent_at = purchase.sent_at
    return PurchasePaper(
        number=purchase.number, supplier=head.name, deliver_to=[head.site_name, *address], lines=lines,
        total=purchase.total, currency=purchase.currency, is_draft=sent_at is None,
        ordered_on=sent_at.astimezone(ZoneInfo(head.time_zone)).date() if sent_at else None,
    )  # fmt: skip
