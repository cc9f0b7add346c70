"""The site whose pictures stand in the pages: a walk over it, a carton to fill, a list and a label to print."""

from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, ProductPacking, PutPlace
from orderwright.business.deeds.packing.advice import PictureQuery, packing_picture
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.shipping.packing.cartons import put_cartons
from orderwright.business.shipping.packing.forms import CartonForm, PutCarton
from orderwright.business.shipping.papers import carton_label
from orderwright.business.shipping.ssccs import COMPANY_PREFIX
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.stock.receipts import receive
from orderwright.business.warehouse.floor_forms import CartForm, FloorForm, PutFloor
from orderwright.business.warehouse.floors import put_floors
from orderwright.business.warehouse.papers import walk_list_paper
from orderwright.business.warehouse.walk_forms import ClaimWork
from orderwright.business.warehouse.walk_pictures import draw_walk
from orderwright.papers.labels import labels_pdf
from orderwright.papers.lists import pick_list_pdf
from orderwright.settings import PutSettings, put_settings
from tests.floor import Floor, done

MORNING = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
WORK = "0199c0de-0000-7000-8000-000000000001"  # ids differ each time; the list's barcode holds one
GOODS = {  # title, zone, aisle, bay, sizes in mm, weight in g
    "CUP": ("Blue cup", "A", 1, 3, (110, 90, 100), 320),
    "POT": ("Teapot", "A", 1, 10, (240, 150, 160), 900),
    "TRAY": ("Oak tray", "A", 2, 8, (300, 200, 30), 650),
    "LAMP": ("Desk lamp", "A", 4, 2, (180, 180, 250), 1100),
    "BOOK": ("Cook book", "A", 5, 11, (240, 190, 30), 800),
    "SOAP": ("Soap, three bars", "A", 5, 12, (90, 60, 60), 310),
    "RUG": ("Small rug", "B", 7, 4, (400, 120, 120), 900),
    "BOWL": ("Salad bowl", "B", 8, 9, (260, 260, 120), 1200),
    "MAT": ("Door mat", "B", 9, 1, (400, 90, 90), 1100),
    "VASE": ("Glass vase", "B", 10, 7, (120, 120, 260), 700),
}
ORDERS = (
    {"CUP": 4, "POT": 1, "TRAY": 1, "VASE": 1},
    {"LAMP": 1, "BOOK": 2},
    {"RUG": 1, "SOAP": 3},
    {"BOWL": 1, "MAT": 1},
)


class Made(NamedTuple):
    """Pictures as SVG, papers as PDF."""

    walk: str
    carton: str
    pick_list: bytes
    carton_label: bytes


def play(floor: Floor) -> Made:
    """Orders are let out, a picker gets a walk, and the first order is packed; what is drawn and printed of it."""
    _furnish(floor)
    numbers = [str(done([floor.place(units)])[0].number) for units in ORDERS]
    for number in numbers:
        floor.release(number)
    asking = ClaimWork(site="LEEDS", picker="Ann", totes=("T-01", "T-02", "T-03", "T-04"), actor="ann")
    [walk] = done([floor.one(claim_work, asking)])
    with floor.store.read() as tx:
        drawn = draw_walk(tx, walk.id)
        paper = msgspec.structs.replace(walk_list_paper(tx, walk.id), work=WORK)
        filling = packing_picture(tx, floor.fulfilment(numbers[0]), PictureQuery())
    parcel = floor.packed(numbers[0])
    floor.buy_labels()
    with floor.store.read() as tx:
        label = carton_label(tx, parcel.id)
    return Made(drawn, filling, pick_list_pdf(paper).content, labels_pdf([label]).content)


def _furnish(floor: Floor) -> None:
    floor.at(MORNING)
    lines, places = [], []
    for sku, (title, zone, aisle, bay, sizes, weight_g) in GOODS.items():
        length, width, height = sizes
        packing = ProductPacking(fragile=sku == "VASE", this_side_up=sku == "POT")
        floor.product(
            sku, title=title, weight_g=weight_g, length_mm=length, width_mm=width, height_mm=height, packing=packing
        )
        place = f"{zone}-{aisle:02}-{bay:02}"
        form = PlaceForm(zone=zone, aisle=aisle, bay=bay)
        places.append(PutPlace(site="LEEDS", code=place, form=form, actor="lead"))
        lines.append(ReceiptLine(sku=sku, quantity=10, place=place))
    done(floor.run(put_places, *places))
    layout = {"zone": [
        {"name": "A", "aisles": 6, "bays": 12, "cross_after_bays": [6], "up": [2], "down": [3]},
        {"name": "B", "aisles": 4, "bays": 12, "first_aisle": 7, "x_mm": 18_000, "cross_after_bays": [6]},
    ]}  # fmt: skip
    described = FloorForm(layout=layout, carts=(CartForm(kind="CART", totes=4),))
    done(floor.run(put_floors, PutFloor(site="LEEDS", form=described, actor="lead")))
    for code, sizes in (("M", (300, 220, 200)), ("L", (400, 300, 300)), ("XL", (600, 400, 400))):
        length, width, height = sizes
        carton = CartonForm(length_mm=length, width_mm=width, height_mm=height, cost_minor=length // 5, tare_g=length)
        done(floor.run(put_cartons, PutCarton(code=code, form=carton, actor="lead")))
    done(floor.run(put_settings, PutSettings(values={COMPANY_PREFIX.name: "9506000"}, actor="lead")))
    done(floor.run(receive, Receipt(form=ReceiptForm(site="LEEDS", lines=lines), actor="lead")))
