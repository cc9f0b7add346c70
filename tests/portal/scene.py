"""A shop whose orders stand where customers ask about them: untouched, shipped, delivered, partly back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from orderwright.business.deeds.invoice import issue_invoices
from orderwright.business.deeds.settle import settle_orders
from orderwright.business.orders.customer_links import get_link
from orderwright.business.orders.form import CustomerForm
from orderwright.database.tasks import Task
from orderwright.values.forms import AddressForm
from tests.floor import Floor

EMAIL, POSTCODE = "ada@example.org", "LS1 1AA"
EVIL = '<img src=x onerror="alert(1)">'


class Scene:
    """Ways to bring an order where it is looked at."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor

    def placed(self, units: dict[str, int] | None = None, **changes: Any) -> str:
        """An order, the first one Ada's; its number."""
        count = self.floor.value("SELECT count(*) FROM orders")  # each order is of somebody else: none is a duplicate
        email, name = (EMAIL, "Ada L.") if not count else (f"ada{count}@example.org", f"Ada {'L' * count}.")
        told = {"customer": CustomerForm(email=email, name=name), "ship_to": self.address(name), **changes}
        return str(self.floor.place(units or {"MUG": 2}, **told).number)

    def address(self, name: str) -> AddressForm:
        """Where Ada lives."""
        return AddressForm(name=name, lines=["1 High St"], city="Leeds", postal_code="ls11aa", country="GB")

    def delivered(self, units: dict[str, int] | None = None, days_ago: int = 1, **changes: Any) -> str:
        """An order that arrived."""
        number = self.placed(units, **changes)
        self.floor.shipped(number)
        at = datetime.now(UTC) - timedelta(days=days_ago)
        code = self.floor.value(
            "SELECT p.tracking_code FROM parcel p JOIN orders o ON o.id = p.order_id WHERE o.number = %(number)s",
            number=number,
        )
        for hours, milestone in ((30, "accepted"), (20, "in_transit"), (4, "out_for_delivery"), (0, "delivered")):
            self.floor.scan(code, milestone, at - timedelta(hours=hours))
        return number

    def settle(self) -> None:
        """Bring every order's money into balance, as the worker does."""
        with self.floor.begin() as tx:
            settle_orders(tx, [row.id for row in tx.rows("SELECT id::text FROM orders")])

    def invoice(self) -> None:
        """Invoice what left, as the worker does."""
        with self.floor.begin() as tx:
            parcels = tx.rows("SELECT id::text FROM parcel WHERE shipped_at IS NOT NULL")
            issue_invoices(tx, [Task("", "issue_invoice", row.id, 1, "running", {}) for row in parcels])

    def link(self, number: str) -> str:
        """The path of an order's link."""
        with self.floor.store.read() as tx:
            return get_link(tx, number).path
