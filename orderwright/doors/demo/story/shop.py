"""The story's shop: one hall, two dozen goods, three channels; and its orders as any channel hands them in."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from orderwright.business.catalog.actions import put_channels, put_places, put_products, put_sites
from orderwright.business.catalog.forms import (
    ChannelForm,
    ChannelPolicyForm,
    PlaceForm,
    ProductForm,
    PutChannel,
    PutPlace,
    PutProduct,
    PutSite,
    SiteForm,
)
from orderwright.business.deeds.books import receive_stock
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.orders.form import CustomerForm, LineForm, NewOrder, PaymentForm
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.floor_forms import CartForm, FloorForm, PutFloor
from orderwright.business.warehouse.floors import put_floors
from orderwright.database.clock import set_clock
from orderwright.database.invented import Mark, mark_invented
from orderwright.database.store import Store
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.sites import AISLE_MM, BAY_MM, CART_TOTES
from orderwright.doors.demo.story.days import BUFFER, CHANNELS, SKUS, Placed
from orderwright.values.forms import AddressForm
from orderwright.values.refusal import Refusal

ACTOR, SITE = "demo", "HALL"
UNITS_EACH = 500
BAYS = 12
DEAR = 3


def open_story(store: Store, now: datetime) -> None:
    """Set the shop up at a moment. Raises RuntimeError where anything of it is refused."""
    with store.begin() as tx:
        set_clock(tx, now)
        mark_invented(tx, Mark("demo"))
    policy = ChannelPolicyForm(cancel_minutes=int(BUFFER / timedelta(minutes=1)), price_tolerance_permille=500)
    do(store, put_channels, [
        PutChannel(code=code, form=ChannelForm(name=code, kind="api", currency="GBP", policy=policy), actor=ACTOR)
        for code, _ in CHANNELS
    ])  # fmt: skip
    do(store, put_products, [
        PutProduct(sku=sku_of(n), actor=ACTOR, form=ProductForm(
            title=f"Gift {n + 1}", price=_price(n), currency="GBP", weight_g=200 + 40 * n, length_mm=120, width_mm=90,
            height_mm=60,
        ))
        for n in range(SKUS)
    ])  # fmt: skip
    address = AddressForm(country="GB", name="Hall", lines=["1 Sale Street"], city="Leeds", postal_code="LS1 1AA")
    do(store, put_sites, [PutSite(code=SITE, actor=ACTOR, form=SiteForm(
        name="Hall", address=address, latitude=53.8, longitude=-1.55, time_zone="Europe/London", cut_off="17:30",
        daily_capacity=2_000,
    ))])  # fmt: skip
    do(store, put_places, [
        PutPlace(site=SITE, code=_bin(n), actor=ACTOR, form=PlaceForm(
            zone="A", aisle=n // BAYS + 1, bay=n % BAYS + 1, x_mm=(n // BAYS + 1) * AISLE_MM,
            y_mm=(n % BAYS + 1) * BAY_MM,
        ))
        for n in range(SKUS)
    ])  # fmt: skip
    floor = FloorForm(carts=(CartForm(kind="CART", totes=CART_TOTES),), strategies=("single", "batch"))
    do(store, put_floors, [PutFloor(site=SITE, form=floor, actor=ACTOR)])
    lines = [ReceiptLine(sku=sku_of(n), quantity=UNITS_EACH, place=_bin(n)) for n in range(SKUS)]
    do(store, receive_stock, [Receipt(form=ReceiptForm(site=SITE, lines=lines, reference="opening"), actor=ACTOR)])


def handed_in(order: Placed, at: datetime) -> PlaceOrder:
    """An order as its channel hands it in."""
    times = DEAR if order.is_dear else 1
    lines = [
        LineForm(sku=sku_of(n), quantity=units, unit_price=str(Decimal(_price(n)) * times)) for n, units in order.lines
    ]
    total = sum(Decimal(line.unit_price) * line.quantity for line in lines)
    number = order.reference.rpartition("-")[2]
    name = f"Buyer {order.reference}"
    form = NewOrder(
        channel=order.channel, reference=order.reference, currency="GBP", lines=lines, total=str(total), placed_at=at,
        ship_to=AddressForm(
            country="GB", name=name, lines=[f"{number} Example Street"], city="Leeds", postal_code="LS1 4AP"
        ),
        customer=CustomerForm(email=f"{order.reference.lower()}@example.org", name=name),
        payment=PaymentForm(state="authorised", reference=order.reference),
    )  # fmt: skip
    return PlaceOrder(form, order.channel, "api")


def sku_of(n: int) -> str:
    """The product of a number."""
    return f"GIFT-{n + 1:02}"


def do(store: Store, action: Callable[..., list[Any]], commands: Sequence[Any]) -> list[Any]:
    """Do deeds that cannot be refused here. Raises RuntimeError where one is."""
    results = in_parts(store, action, commands, len(commands) or 1)
    for result in results:
        if isinstance(result, Refusal):
            raise RuntimeError(f"the story stops: {result!r}")
    return results


def _price(n: int) -> str:
    return f"{4 + n}.50"


def _bin(n: int) -> str:
    return f"A-{n // BAYS + 1:02}-{n % BAYS + 1:02}"
