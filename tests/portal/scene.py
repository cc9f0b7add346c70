"""A shop whose orders stand where customers ask about them: untouched, shipped, delivered, partly back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from orderwright.business.orders.customer_links import get_link
from orderwright.business.orders.form import CustomerForm
from orderwright.values.forms import AddressForm
from tests.floor import Floor

EMAIL, POSTCODE = "ada@example.org", "LS1 1AA"
EVIL = '<img src=x onerror="alert(1)">'


class Scene:
    """Ways to bring an order where it is looked at."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor

    def placed(self, units: dict[str, int] | None = None, **changes: Any) -> str:
        """An order of Ada's; its number."""
        told = {"customer": CustomerForm(email=EMAIL, name="Ada L."), "ship_to": self.address("Ada L."), **changes}
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

    def link(self, number: str) -> str:
        """The path of an order's link."""
        with self.floor.store.read() as tx:
            return get_link(tx, number).path
