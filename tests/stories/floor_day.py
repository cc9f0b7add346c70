"""A site on a Friday in November, its people and its devices: what a day on the floor needs, and short ways to look."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.deeds.books import receive_stock
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.shipping.packing.cartons import put_cartons
from orderwright.business.shipping.packing.forms import CartonForm, PutCarton
from orderwright.business.shipping.printing.actions import acknowledge_prints, request_prints
from orderwright.business.shipping.printing.forms import AcknowledgePrint, RequestPrint
from orderwright.business.shipping.printing.reads import next_prints
from orderwright.business.shipping.ssccs import COMPANY_PREFIX
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.floor_forms import CartForm, FloorForm, PutFloor, ZoneForm
from orderwright.business.warehouse.floors import put_floors
from orderwright.business.warehouse.release_policy import (
    PutReleasePolicy,
    ReleasePolicyForm,
    TruckForm,
    put_release_policies,
)
from orderwright.business.warehouse.walk_forms import ClaimWork, Walk
from orderwright.settings import PutSettings, put_settings
from tests.floor import done, new_floor
from tests.sessions.scanner import ScannedFloor, Scanner

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BINS = {"MUG": "A-01-02", "TEE": "A-03-09", "HAT": "B-12-04", "CREAM": "A-02-05", "CAM": "A-04-01"}
UNITS = {"MUG": 12, "TEE": 5, "HAT": 6, "CREAM": 9, "CAM": 4}


class FloorDay(ScannedFloor):
    """LEEDS with two zones of ten aisles, a bench and a truck at four. `orders`: their numbers, by who placed them."""

    def open(self) -> None:
        """Nine o'clock: the floor is described, the gate has its rule, cartons and printer stand ready."""
        self.at(NINE)
        self.orders: dict[str, str] = {}
        self.devices: dict[str, Scanner] = {}
        self._furnish()
        rule = ReleasePolicyForm(orders_max=20, trucks=[TruckForm(leaves_at="16:00")])
        done(self.run(put_release_policies, PutReleasePolicy(site="LEEDS", form=rule, actor="lead")))
        done(self.run(put_settings, PutSettings(values={COMPANY_PREFIX.name: "9506000"}, actor="lead")))
        for code, side in (("SMALL", 200), ("LARGE", 400)):
            sizes = CartonForm(length_mm=side, width_mm=side, height_mm=side, cost_minor=side // 5, tare_g=side // 2)
            done(self.run(put_cartons, PutCarton(code=code, form=sizes, actor="lead")))

    def _furnish(self) -> None:
        sizes = {"length_mm": 100, "width_mm": 100, "height_mm": 100}
        self.product("CREAM", tracking="lot", weight_g=120, **sizes)
        self.product("CAM", tracking="serial", weight_g=700, **sizes)
        for sku, weight_g in (("MUG", 320), ("TEE", 210), ("HAT", 90)):
            self.product(sku, weight_g=weight_g, **sizes)
        places = [(code, "bin", code[0], int(code[2:4]), int(code[5:])) for code in (*BINS.values(), "A-05-05")]
        places += [("PACK-1", "packing", "", 0, 0), ("GATE-B", "packing", "", 0, 0)]
        done(self.run(put_places, *[
            PutPlace(site="LEEDS", code=code, form=PlaceForm(kind=kind, zone=zone, aisle=aisle, bay=bay), actor="lead")
            for code, kind, zone, aisle, bay in places
        ]))  # fmt: skip
        zones = [{"name": "A", "aisles": 10, "bays": 10},
                 {"name": "B", "aisles": 10, "bays": 10, "first_aisle": 11, "x_mm": 30_000}]  # fmt: skip
        floor = FloorForm(
            layout={"zone": zones}, carts=(CartForm(kind="CART", totes=4), CartForm(kind="HAND", totes=1)),
            zones=(ZoneForm(zone="B", hand_over="GATE-B"),),
        )  # fmt: skip
        done(self.run(put_floors, PutFloor(site="LEEDS", form=floor, actor="lead")))

    def fill(self) -> None:
        """What lies in the bins in the morning."""
        lot = {"CREAM": {"lot": "L7", "expires_on": date(2027, 6, 1)}}
        lines = [
            ReceiptLine(sku=sku, quantity=units, place=BINS[sku], **lot.get(sku, {}))  # type: ignore[arg-type]
            for sku, units in UNITS.items()
        ]
        done(self.run(receive_stock, Receipt(form=ReceiptForm(site="LEEDS", lines=lines), actor="lead")))

    def time_is(self, hours: int, minutes: int = 0) -> None:
        """The clock on the wall."""
        self.at(NINE.replace(hour=hours, minute=minutes))

    def ordered(self, who: str, **units: int) -> str:
        """An order, remembered by who placed it."""
        self.orders[who] = str(done([self.place(units)])[0].number)
        return self.orders[who]

    def begin(self, person: str, **asking: Any) -> Walk:
        """A picker asks for work and takes up the scanner."""
        [walk] = done(self.run(claim_work, ClaimWork(site="LEEDS", picker=person, actor=person, **asking)))
        self.devices[person] = self.scanner(person)
        return walk  # type: ignore[no-any-return]

    def follow(self, person: str, stops: int | None = None) -> list[str]:
        """A picker does what the scanner says, until nothing is left or `stops` totes were scanned; what it said.

        Quantities are keyed; lots are read off the goods, serials counted up.
        """
        device, said, filled = self.devices[person], list[str](), 0
        while device.now.expects not in ("done", "place") and filled != stops:
            now = device.now
            if now.expects == "item":
                quantity = None if now.sku == "CAM" else now.left
                answer = device.scan(now.sku, quantity=quantity)
            else:
                code = {"bin": now.where, "tote": f"T:{now.tote}", "lot": now.lot, "serial": f"CAM-{device.n}"}
                answer = device.scan(code[now.expects])
            assert answer.outcome == "taken", answer
            filled += now.expects == "tote"
            said.append(answer.instruction.say)
        return said

    def printed(self, kind: Any, subject: str) -> str:
        """A paper is asked for, taken from the bench's queue and told printed; its ZPL ("" for a PDF)."""
        job = done([self.one(request_prints, RequestPrint(printer="bench", kind=kind, subject=subject, actor="pam"))])[
            0
        ]
        with self.store.read() as tx:
            [mine] = [each for each in next_prints(tx, "bench", 50) if each.id == job.id]
        told = done([self.one(acknowledge_prints, AcknowledgePrint(job_id=job.id, printed=True, actor="pam"))])
        assert told[0].state == "printed"
        return str(mine.zpl or "")

    def on_tasks(self, who: str) -> list[tuple[str, int, str, str | None]]:
        """(sku, picked, tote, picker) of an order's pick tasks that count."""
        return [(t.sku, t.picked, t.tote, t.picker) for t in self.tasks(self.orders[who]) if t.state != "cancelled"]

    def where_units_are(self, who: str) -> dict[str, dict[str, int]]:
        """Units by stage, by product, of an order."""
        return dict(self.units(self.orders[who]))

    def now(self) -> datetime:
        with self.store.read() as tx:
            return tx.now

    def ago(self, **span: int) -> datetime:
        """A moment before now."""
        return self.now() - timedelta(**span)


@contextmanager
def new_day(dsn: str) -> Iterator[FloorDay]:
    """A day about to begin; when it is over, every invariant must hold."""
    with new_floor(dsn) as floor:
        day = FloorDay(floor)
        day.open()
        yield day
