"""A floor with cartons: short ways to fill the bench and to pack."""

from typing import Any

from orderwright.business.catalog.forms import ProductPacking
from orderwright.business.deeds.packing.advice import PackingAdvice, packing_advice
from orderwright.business.shipping.packing.cartons import list_carton_stock, put_cartons, stock_cartons
from orderwright.business.shipping.packing.forms import CartonForm, InsertForm, PutCarton, PutInsert, StockCartons
from orderwright.business.shipping.packing.inserts import put_inserts
from orderwright.settings import PutSettings, put_settings
from tests.floor import Floor, done
from tests.sessions.scanner import ScannedFloor


class Bench(ScannedFloor):
    """A floor where MUG is a cube of 100 mm, and cartons S (200 mm) and L (400 mm) are known."""

    def __init__(self, floor: Floor) -> None:
        super().__init__(floor)
        self.measured("MUG")
        self.carton("S", (200, 200, 200), cost_minor=40, tare_g=100)
        self.carton("L", (400, 400, 400), cost_minor=120, tare_g=400)

    def measured(self, sku: str, sizes: tuple[int, int, int] = (100, 100, 100), **changes: Any) -> None:
        """A product with sizes; `packing` as keywords of ProductPacking."""
        packing = ProductPacking(**changes.pop("packing", {}))
        length, width, height = sizes
        self.product(sku, length_mm=length, width_mm=width, height_mm=height, packing=packing, **changes)

    def carton(self, code: str, sizes: tuple[int, int, int], **more: Any) -> None:
        length, width, height = sizes
        form = CartonForm(length_mm=length, width_mm=width, height_mm=height, **more)
        done(self.run(put_cartons, PutCarton(code=code, form=form, actor="test")))

    def cartons_arrive(self, carton: str, quantity: int, **more: Any) -> Any:
        command = StockCartons(**{"carton": carton, "site": "LEEDS", "kind": "receive", "quantity": quantity,
                                  "actor": "test", **more})  # fmt: skip
        return self.one(stock_cartons, command)

    def left(self) -> dict[str, int]:
        """Cartons by kind."""
        with self.store.read() as tx:
            return {each.carton: each.quantity for each in list_carton_stock(tx, "LEEDS")}

    def insert(self, code: str, **told: Any) -> None:
        done(self.run(put_inserts, PutInsert(code=code, form=InsertForm(**told), actor="test")))

    def settle(self, **values: Any) -> None:
        told = {f"packing.{name}": value for name, value in values.items()}
        done(self.run(put_settings, PutSettings(values=told, actor="test")))

    def picked(self, **units: int) -> str:
        """An order, picked."""
        self.stock("LEEDS", **units)
        number = str(self.place(units).number)
        self.pick_all(number)
        return number

    def advice(self, number: str) -> PackingAdvice:
        with self.store.read() as tx:
            return packing_advice(tx, self.fulfilment(number))
