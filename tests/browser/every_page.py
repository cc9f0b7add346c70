"""Every page of the console that somebody signed in can open, on a shop in which something happened."""

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec.structs import replace

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.paying.links import MakePayLink, make_pay_links
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.deeds.quoting import make_quotes
from orderwright.business.deeds.take_back import inspect_returns, receive_returns
from orderwright.business.orders.commands import CancelOrder, HoldOrder, LineUnits
from orderwright.business.orders.form import CustomerForm, PaymentForm
from orderwright.business.quotes.actions import save_drafts
from orderwright.business.quotes.forms import DraftForm, DraftLine, MakeQuote, SaveDraft
from orderwright.business.reports.days.telling import tell_all
from orderwright.business.reports.today.hours import keep_hours
from orderwright.business.returns.forms import AskedLine, AskReturn, InspectedLine, InspectReturn, ReceiveReturn
from orderwright.business.returns.photos import AddReturnPhoto, add_return_photos
from orderwright.doors.console.page import Page
from orderwright.doors.console.registry import all_pages
from orderwright.links.carriers.practice import PracticeCarrier
from orderwright.values.forms import AddressForm
from orderwright.values.ids import new_id
from tests.console.desk_scene import desk
from tests.console.floor_scene import opened, scanned, scene, sized
from tests.console.settings_scene import SETTINGS, settings_parts
from tests.floor import Floor
from tests.portal.looks import png
from tests.shop import Shop

PEOPLE = (
    "Ada Lovelace", "Grace Hopper", "Alan M. Turing", "Mary Somerville", "Edsger W. Dijkstra", "Barbara Liskov",
    "José Ángel Rodríguez de la Fuente y Montenegro", "Katherine Johnson",
)  # fmt: skip
EVIL = '<img src=x onerror="alert(1)">'
ORDERS = 24
DESK = {"{number}/suggested-address": "{doubtful}/suggested-address",
        "bulk/{id}": "bulk/{bulk}", "{list}/{id}": "{list}/{view}", "procedures/{kind}": "procedures/{cause}",
        "dials/{kind}": "dials/{dial}", "decisions/{id}": "decisions/{decision}"}  # fmt: skip
"""What parts of addresses stand for at the desk."""


def fill(shop: Shop) -> Mapping[str, str]:
    """Orders in several states; the parts of addresses that vary, by name."""
    shop.channel("amazon-uk")
    shop.stock("LEEDS", MUG=30, TEE=9)
    shop.stock("BRISTOL", MUG=2, HAT=4)
    shop.stock("GLASGOW", TEE=4)
    numbers = []
    for i in range(ORDERS):
        name = PEOPLE[i % len(PEOPLE)] if i != 1 else EVIL
        units = {"MUG": 1 + i % 3, **({"TEE": 1} if i % 2 else {}), **({"HAT": 2} if i % 4 == 3 else {})}
        address = AddressForm(
            name=name, lines=["1 High St", "Flat 4"], city="Leeds", postal_code="LS1 1AA", country="GB"
        )
        numbers.append(
            shop.place(
                units, channel="web" if i % 3 else "amazon-uk", ship_to=address, gift_note=EVIL,
                customer=CustomerForm(email=f"buyer{i % 8}@example.org", name=name, phone="+44 113 496 0000"),
            ).number
        )  # fmt: skip
    split, held = numbers[3], numbers[5]
    shop.run(cancel_orders, CancelOrder(number=numbers[2], reason="other", actor="staff:Olivia"))
    shop.run(cancel_orders, CancelOrder(number=split, reason="other", actor="test", lines=[LineUnits(1, 1)]))
    shop.run(hold_orders, HoldOrder(number=held, kind="fraud", note=EVIL, actor="staff:Olivia"))
    [exception] = shop.rows("SELECT id::text FROM exception WHERE order_id = %(id)s::uuid", id=shop.order_id(held))
    sized(shop)
    scene(shop).picked_into_tote("Ann")
    packing = opened(shop, "pack", "Olivia Owner", "T-1")
    scanned(shop, packing, "MUG", "MUG", "TEE", "S", "=1000g")
    [parcel] = shop.rows("SELECT id::text FROM parcel")
    session = scene(shop).session("Olivia Owner").id
    with shop.begin() as tx:
        tell_all(tx)
        keep_hours(tx)
    return {
        "number": held,
        "kind": "fraud",
        "split": split,
        "id": exception.id,
        "session": session,
        "packing": packing.id,
        "returning": opened(shop, "return", "Olivia Owner").id,
        "parcel": parcel.id,
        "work": "pick",
        "figure": "touch_time",
        "of": "return_rate",
        **returned(shop),
        **to_be_paid(shop),
        **written_down(shop),
        **desk(shop, held),
        **settings_parts(shop),
    }


def returned(shop: Shop) -> dict[str, str]:
    """An order that left, and of it a return that waits to be exchanged for another size, with a photo."""
    for size in ("S", "M", "L"):
        shop.product(f"APRON-{size}", title=f"Apron {size}", family="APRON", options={"size": size, "colour": "blue"})
    shop.stock("LEEDS", **{"APRON-S": 9, "APRON-M": 2})
    floor = Floor(shop.store)
    floor.carrier = PracticeCarrier()
    left = shop.form({"APRON-S": 3})
    [placed] = shop.run(place_orders, PlaceOrder(replace(left, reference="APRONS"), "test"))
    floor.shipped(placed.number)
    lines = [AskedLine(1, 1, "defective", exchange="APRON-M")]
    [back] = shop.run(ask_returns, AskReturn(number=placed.number, lines=lines, actor="customer"))
    shop.run(add_return_photos, AddReturnPhoto(return_id=back.id, content=png(300, 200), actor="customer"))
    for act, command in (
        (receive_returns, ReceiveReturn(return_id=back.id, actor="test")),
        (inspect_returns, InspectReturn(return_id=back.id, lines=[InspectedLine(1, 1)], actor="test")),
    ):
        shop.run(act, command)
    return {"left": placed.number, "return": back.id}


def to_be_paid(shop: Shop) -> dict[str, str]:
    """An order whose customer was sent a link to pay."""
    unpaid = shop.place({"MUG": 1}, payment=PaymentForm(state="unpaid")).number
    shop.run(make_pay_links, MakePayLink(order=unpaid, actor="staff:Olivia Owner"))
    return {"unpaid": unpaid}


def written_down(shop: Shop) -> dict[str, str]:
    """A draft of the owner's, and a quote."""
    form = DraftForm(
        channel="web", lines=[DraftLine(sku="MUG", quantity=40), DraftLine(sku="NOPE"), DraftLine(sku="HAT")],
        customer=CustomerForm(email="buyer3@example.org", name=EVIL),
        ship_to=AddressForm(name=EVIL, lines=["1 High St"], city="Leeds", postal_code="75001", country="GB"),
    )  # fmt: skip
    sound = replace(form, lines=form.lines[:1])
    draft, quote = new_id(), new_id()
    shop.run(save_drafts, SaveDraft(id=draft, form=form, actor="staff:Olivia Owner"))
    until = date.today() + timedelta(days=9)
    [made] = shop.run(make_quotes, MakeQuote(id=quote, form=sound, valid_until=until, actor="staff:Olivia Owner"))
    return {"draft": draft, "quote": made.number}


def paths(parts: Mapping[str, str]) -> dict[str, str]:
    """A path to every page that needs somebody signed in, by a name that files can have."""
    found = {}
    for each in all_pages():
        if isinstance(each, Page) and each.scope is not None and each.template:
            path = each.path.replace("drafts/{id}", "drafts/{draft}").replace("quotes/{number}", "quotes/{quote}")
            path = path.replace("{number}/return", "{left}/return").replace("returns/{id}", "returns/{return}")
            path = path.replace("sessions/{id}", "sessions/{session}").replace("parcels/{id}", "parcels/{parcel}")
            for was, now in {**DESK, **SETTINGS}.items():
                path = path.replace(was, now)
            path = path.format(**parts)
            path += f"?orders={parts['number']},OW-000001" if path == "/orders/bulk" else ""
            path += "?query=state%3Dheld" if path == "/views/orders/new" else ""
            path += "?site=LEEDS" if path.startswith(("/floor/begin", "/floor/hand-over")) else ""
            path += f"?figure=orders_in&day={date.today()}" if path == "/reports/rows" else ""
            found[each.path.strip("/").replace("/", "-").replace("{", "").replace("}", "") or "start"] = path
    return {**found, "order-split": f"/orders/{parts['split']}",
            "order-returned": f"/orders/{parts['left']}", "order-to-pay": f"/orders/{parts['unpaid']}",
            "orders-new-buyer": f"/orders/new?buyer={parts['customer']}", "product-family": "/products/APRON-M",
            "nothing": "/nothing-here", "empty": "/orders?q=zzz",
            "reports-day": f"/reports?rhythm=daily&day={date.today()}",
            "floor-site": "/floor?site=BRISTOL", "floor-packed": f"/floor/sessions/{parts['packing']}",
            "floor-returns": f"/floor/sessions/{parts['returning']}",
            "floor-begin-pack": "/floor/begin/pack?site=LEEDS"}  # fmt: skip
