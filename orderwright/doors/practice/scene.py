"""Filling a store to practise in, through the actions any shop uses. Each part finds done what was done before."""

from collections.abc import Callable, Mapping, Sequence
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
from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.books import receive_stock
from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.pack import pack
from orderwright.business.deeds.pick import pick
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.picking.walks import end_walk
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import Placed, PlaceOrder
from orderwright.business.deeds.release import release_fulfilments
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.orders.form import CustomerForm, LineForm, NewOrder, PaymentForm
from orderwright.business.practice.forms import PREFIX, SITE
from orderwright.business.returns.forms import AskedLine, AskReturn
from orderwright.business.shipping.forms import HandOver, Pack, ParcelForm
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.forms import Pick, Release
from orderwright.business.warehouse.walk_forms import ClaimWork, EndWalk
from orderwright.database.rows import array
from orderwright.database.store import Store
from orderwright.doors.practice.goods import COURSE, OTHERS, THINGS, UNITS_EACH, WHY_HELD, Thing, Wish
from orderwright.doors.worker.attempts import in_tx
from orderwright.values.forms import AddressForm
from orderwright.values.refusal import Refusal

ACTOR, CHANNEL, TOTE = "practice", "web", "P1"
BAY_MM, AISLE_MM = 1_300, 3_200
SENT = ("RETURN", "A", "B", "C")
_THINGS: Mapping[str, Thing] = {each.sku: each for each in THINGS}


def fill(store: Store, do_tasks: Callable[[], object]) -> None:
    """Open the invented shop and bring its orders to where the course finds them.

    do_tasks: has the house's worker do what is due, so that parcels get their labels.
    """
    _open(store)
    placed = _place(store)
    _do(store, hold_orders, [HoldOrder(number=placed["REVIEW"].number, note=WHY_HELD, actor=ACTOR)])
    part = {word: placed[word].fulfilments[0].id for word in ("PICK", "PACK", *SENT)}
    _pick_into_tote(store, part["PACK"])
    sent = [part[word] for word in SENT]
    _let_out(store, sent)
    _pick(store, sent, "")
    packs = [Pack(fulfilment_id=each, parcels=[ParcelForm(own_packing=True)], actor=ACTOR) for each in sent]
    parcels = _do(store, pack, packs)
    _let_out(store, [part["PICK"]])
    do_tasks()
    _do(store, hand_over, [HandOver(parcel_id=parcel.id, actor=ACTOR) for each in parcels for parcel in each.parcels])
    asked = AskedLine(position=1, quantity=1, reason="unwanted")
    _do(store, ask_returns, [AskReturn(number=placed["RETURN"].number, lines=[asked], actor=ACTOR)])
    do_tasks()


def _open(store: Store) -> None:
    policy = ChannelPolicyForm(cancel_minutes=0)
    _do(store, put_channels, [PutChannel(
        code=CHANNEL, form=ChannelForm(name="Practice web shop", kind="api", currency="GBP", policy=policy), actor=ACTOR
    )])  # fmt: skip
    _do(store, put_products, [
        PutProduct(sku=each.sku, actor=ACTOR, form=ProductForm(
            title=each.title, price=_pounds(each.price_minor), currency="GBP", weight_g=each.weight_g,
            length_mm=each.size_mm, width_mm=each.size_mm, height_mm=each.size_mm,
        ))
        for each in THINGS
    ])  # fmt: skip
    address = AddressForm(
        country="GB", name="Practice hall", lines=["1 Invented Way"], city="Leeds", postal_code="LS1 1AA"
    )
    _do(store, put_sites, [PutSite(code=SITE, actor=ACTOR, form=SiteForm(
        name="Practice hall", address=address, latitude=53.8, longitude=-1.55, time_zone="Europe/London",
        cut_off="17:00", daily_capacity=1_000,
    ))])  # fmt: skip
    _do(store, put_places, [
        PutPlace(site=SITE, code=_bin(n), actor=ACTOR, form=PlaceForm(
            zone="A", aisle=1, bay=n + 1, x_mm=AISLE_MM, y_mm=(n + 1) * BAY_MM,
        ))
        for n in range(len(THINGS))
    ])  # fmt: skip
    lines = [ReceiptLine(sku=each.sku, quantity=UNITS_EACH, place=_bin(n)) for n, each in enumerate(THINGS)]
    _do(store, receive_stock, [
        Receipt(form=ReceiptForm(site=SITE, lines=lines, reference="opening"), actor=ACTOR)
    ])  # fmt: skip


def _place(store: Store) -> dict[str, Placed]:
    """Every order, by its word."""
    wishes = [*COURSE, *OTHERS]
    orders = [_order(each, PREFIX if each in COURSE else "SENT-") for each in wishes]
    placed: list[Placed] = _do(store, place_orders, [PlaceOrder(each, ACTOR, "api") for each in orders])
    return {each.word: answer for each, answer in zip(wishes, placed, strict=True)}


def _order(wish: Wish, prefix: str) -> NewOrder:
    buyer = wish.buyer
    lines = [
        LineForm(sku=sku, quantity=units, unit_price=_pounds(_THINGS[sku].price_minor * wish.times))
        for sku, units in wish.lines
    ]
    total = _pounds(sum(_THINGS[sku].price_minor * wish.times * units for sku, units in wish.lines))
    email = f"{buyer.name.lower().replace(' ', '.')}@example.org"
    return NewOrder(
        channel=CHANNEL, reference=f"{prefix}{wish.word}", currency="GBP", lines=lines, total=total,
        ship_to=AddressForm(
            country="GB", name=buyer.name, lines=[buyer.line], city=buyer.city, postal_code=buyer.postal_code
        ),
        customer=CustomerForm(email=email, name=buyer.name),
        payment=PaymentForm(state="authorised", reference=f"practice-{wish.word}"),
    )  # fmt: skip


def _let_out(store: Store, fulfilments: Sequence[str]) -> None:
    _do(store, release_fulfilments, [Release(fulfilment_id=each, actor=ACTOR) for each in fulfilments])


def _pick_into_tote(store: Store, fulfilment: str) -> None:
    """Walk for one order, alone on the floor, so that it lies in the tote the course speaks of."""
    _let_out(store, [fulfilment])
    (walk,) = _do(store, claim_work, [ClaimWork(site=SITE, picker=ACTOR, totes=(TOTE,), actor=ACTOR)])
    _pick(store, [fulfilment], TOTE)
    _do(store, end_walk, [EndWalk(walk_id=walk.id, actor=ACTOR)])


def _pick(store: Store, fulfilments: Sequence[str], tote: str) -> None:
    with store.read() as tx:
        tasks = tx.rows(
            "SELECT id::text, sku, quantity FROM pick_task WHERE fulfilment_id = ANY(%(ids)s::uuid[]) ORDER BY id",
            ids=array(fulfilments),
        )
    _do(store, pick, [
        Pick(task_id=each.id, quantity=each.quantity, sku=each.sku, tote=tote, actor=ACTOR) for each in tasks
    ])  # fmt: skip


def _bin(n: int) -> str:
    return f"A-01-{n + 1:02}"


def _pounds(minor: int) -> str:
    return str(Decimal(minor) / 100)


def _do(store: Store, action: Callable[..., list[Any]], commands: Sequence[Any]) -> list[Any]:
    results = in_tx(store, lambda tx: action(tx, commands))
    for result in results:
        if isinstance(result, Refusal):
            raise RuntimeError(f"the store to practise in cannot be filled: {result!r}")
    return results
