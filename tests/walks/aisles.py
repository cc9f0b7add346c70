"""A floor with real aisles at LEEDS, and short ways to claim, walk and look at walks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.release import release_fulfilments
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.stock.receipts import receive
from orderwright.business.warehouse.floor_forms import CartForm, FloorForm, PutFloor, ZoneForm
from orderwright.business.warehouse.floors import put_floors
from orderwright.business.warehouse.forms import Release
from orderwright.business.warehouse.walk_forms import ClaimWork
from orderwright.business.warehouse.walk_reads import WalkShown, get_walk
from tests.floor import Floor, done, new_floor

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BINS = {"MUG": ("A", 1, 2), "TEE": ("A", 3, 9), "HAT": ("B", 12, 4)}
"""Where each product lies: zone, aisle, bay."""


class Aisles(Floor):
    """A floor of two zones, ten aisles of ten bays each; MUG and TEE lie in A, HAT in B."""

    def furnish(self) -> None:
        self.at(FRIDAY)
        done(self.run(put_places, *[
            PutPlace(site="LEEDS", code=f"{zone}-{aisle:02}-{bay:02}", actor="test",
                     form=PlaceForm(kind="bin", zone=zone, aisle=aisle, bay=bay))
            for zone, aisle, bay in BINS.values()
        ]))  # fmt: skip
        self.describe()

    def describe(self, **changes: Any) -> None:
        zones = [{"name": "A", "aisles": 10, "bays": 10},
                 {"name": "B", "aisles": 10, "bays": 10, "first_aisle": 11, "x_mm": 30_000}]  # fmt: skip
        told: dict[str, Any] = {
            "layout": {"zone": zones}, "carts": (CartForm(kind="CART", totes=4), CartForm(kind="HAND", totes=1)),
            "zones": (ZoneForm(zone="A", hand_over="GATE-A"), ZoneForm(zone="B", skill="ladder")), **changes,
        }  # fmt: skip
        done(self.run(put_floors, PutFloor(site="LEEDS", form=FloorForm(**told), actor="test")))

    def fill(self, **units: int) -> None:
        """Receive units into the bins of their products."""
        lines = []
        for sku, count in units.items():
            zone, aisle, bay = BINS[sku]
            lines.append(ReceiptLine(sku=sku, quantity=count, place=f"{zone}-{aisle:02}-{bay:02}"))
        done(self.run(receive, Receipt(form=ReceiptForm(site="LEEDS", lines=lines), actor="test")))

    def released(self, *orders: dict[str, int]) -> list[str]:
        """Numbers of released orders, the goods for which came first."""
        total: dict[str, int] = {}
        for units in orders:
            for sku, count in units.items():
                total[sku] = total.get(sku, 0) + count
        self.fill(**total)
        numbers = [str(each.number) for each in self.place_all([self.form(units) for units in orders])]
        done(self.run(release_fulfilments, *[
            Release(fulfilment_id=self.fulfilment(number), actor="test") for number in numbers
        ]))  # fmt: skip
        return numbers

    def claim(self, picker: str = "pia", **told: Any) -> Any:
        return self.one(claim_work, ClaimWork(site="LEEDS", picker=picker, actor=picker, **told))

    def walk(self, walk_id: str) -> WalkShown:
        with self.store.read() as tx:
            return get_walk(tx, walk_id)

    def stops(self, walk_id: str) -> list[tuple[str, str, int, str]]:
        """(order, sku, units, tote) of a walk, in the order of the way."""
        return [(each.order, each.sku, each.quantity, each.tote) for each in self.walk(walk_id).stops]

    def totes(self) -> list[tuple[str, str | None, str]]:
        """(code, number of its order, where it stands) of the totes in use."""
        rows = self.rows(
            "SELECT t.code, o.number, t.stands_at FROM tote t LEFT JOIN fulfilment f ON f.id = t.fulfilment_id"
            " LEFT JOIN orders o ON o.id = f.order_id ORDER BY t.code"
        )
        return [(row.code, row.number, row.stands_at) for row in rows]


@contextmanager
def new_aisles(dsn: str) -> Iterator[Aisles]:
    """A floor with aisles; when it closes, every invariant must hold."""
    with new_floor(dsn) as floor:
        aisles = Aisles(floor.store)
        aisles.carrier = floor.carrier
        aisles.furnish()
        yield aisles
