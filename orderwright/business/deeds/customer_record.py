"""All there is to a customer: what is kept of them, what they ordered and sent back, what people changed."""

from collections.abc import Collection

import msgspec

from orderwright.business.customers.forms import CustomerKept
from orderwright.business.customers.price_reads import Agreement, Asker, agreements
from orderwright.business.customers.reads import get_customer
from orderwright.business.orders.contacts import ContactShown, list_contacts_of
from orderwright.business.orders.reads import OrderRow, list_orders_of
from orderwright.database.changes import ChangeKept, ChangeQuery, list_changes
from orderwright.database.tx import Tx
from orderwright.values.pages import Page

COUNTED_MAX = 1_000
"""Nobody's orders are counted further."""
CHANGES_SHOWN = CONTACTS_SHOWN = 10


class CustomerRecord(msgspec.Struct, frozen=True):
    """A customer. order_count, return_count: COUNTED_MAX at most. price_list: its name, '' where none counts today.

    contacts: the last ones that stand, about the orders counted.
    """

    customer: CustomerKept
    order_count: int
    return_count: int
    price_list: str
    orders: Page[OrderRow]
    contacts: list[ContactShown]
    changes: list[ChangeKept]


def get_customer_record(
    tx: Tx,
    id_: str,
    *,
    after: str | None = None,
    channels: Collection[str] | None = None,
    sites: Collection[str] | None = None,
) -> CustomerRecord:
    """A customer with a page of their orders. Refuses not_found. channels, sites: only orders that may be seen."""
    kept = get_customer(tx, id_)
    counted = tx.row(
        """
        WITH own AS (SELECT id FROM orders WHERE customer_id = %(id)s::uuid ORDER BY id DESC LIMIT %(most)s)
        SELECT (SELECT count(*) FROM own)::int AS orders,
               (SELECT count(*) FROM own JOIN return_request r ON r.order_id = own.id)::int AS returns
        """,
        id=kept.id, most=COUNTED_MAX,
    )  # fmt: skip
    agreed: Agreement | None
    [agreed] = agreements(tx, [Asker(kept.id, "")])
    return CustomerRecord(
        kept, counted.orders, counted.returns, agreed.name if agreed else "",
        list_orders_of(tx, kept.id, after=after, channels=channels, sites=sites),
        list_contacts_of(tx, kept.id, among=COUNTED_MAX, limit=CONTACTS_SHOWN, channels=channels, sites=sites),
        list_changes(tx, ChangeQuery(kind="customer", name=kept.id, limit=CHANGES_SHOWN)).items,
    )  # fmt: skip
