"""What is bought, comes in and is put away; what runs low and is asked for."""

from datetime import timedelta
from typing import Any

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.deeds.receiving.bench import list_bench
from orderwright.business.deeds.receiving.cross_dock import cross_dock
from orderwright.business.deeds.receiving.stow import stow
from orderwright.business.deeds.receiving.take_in import take_in
from orderwright.business.deeds.supply.low import order_requests, put_levels
from orderwright.business.purchasing.delivery_forms import Delivery, DeliveryForm, DeliveryLineForm
from orderwright.business.purchasing.forms import (
    AnsweredLine,
    AnswerForm,
    ChangeForm,
    ChangePurchase,
    ConfirmPurchase,
    DraftPurchase,
    EndForm,
    EndPurchase,
    LevelForm,
    OrderRequests,
    OrderRequestsForm,
    PurchaseForm,
    PurchaseLineForm,
    PutLevel,
    PutSupplier,
    SendPurchase,
    SupplierForm,
    SupplierProductForm,
)
from orderwright.business.purchasing.ordering import (
    cancel_purchases,
    change_purchases,
    close_purchases,
    confirm_purchases,
    draft_purchases,
    send_purchases,
)
from orderwright.business.purchasing.suppliers import put_suppliers
from orderwright.business.warehouse.putaway.forms import CrossDock, CrossDockForm, PutAwayForm, StowUnits
from orderwright.values.refusal import Refusal
from tests.random.catalogue import CONTROL, LOTTED, PLAIN, a_site, a_sku
from tests.random.steps import step
from tests.random.world import World


@step(2)
def put_a_supplier(world: World) -> None:
    products = [
        SupplierProductForm(sku=sku, unit_cost=world.pick("3.10", "0.000001", "2"), pack_size=world.pick(1, 6))
        for sku in (*PLAIN, LOTTED)
    ]
    changes: dict[str, Any] = world.pick(
        {}, {}, {}, {"is_active": False}, {"email": ""}, {"email": "no@refused.invalid"}, {"email": "nonsense"},
        {"currency": "ZZZ"}, {"name": CONTROL}, {"products": [SupplierProductForm(sku="NOPE", unit_cost="-1")] * 2},
    )  # fmt: skip
    told = {"name": "Maker", "currency": "GBP", "email": "orders@maker.example", "products": products}
    form = SupplierForm(**told | changes)
    world.one(put_suppliers, PutSupplier(code=world.pick("MAKER", "MAKER", "OTHER"), form=form, actor="random"))


def _lines(world: World) -> list[PurchaseLineForm]:
    today = world.now.date()
    return [
        PurchaseLineForm(
            sku=a_sku(world), quantity=world.rng.randint(1, 12), unit_cost=world.pick(None, None, "1.25", "-1"),
            due_on=world.pick(None, today - timedelta(days=1), today + timedelta(days=world.rng.randint(1, 20))),
        )
        for _ in range(world.pick(1, 1, 2))
    ]  # fmt: skip


def _number(world: World) -> str:
    row = world.some("SELECT number FROM purchase_order ORDER BY number")
    return "PO-NONE" if row is None or world.chance(0.05) else str(row.number)


@step(8)
def something_is_bought(world: World) -> None:
    supplier = world.pick("MAKER", "MAKER", "MAKER", "OTHER", "NOBODY")
    form = PurchaseForm(supplier=supplier, site=a_site(world), lines=_lines(world))
    world.one(draft_purchases, DraftPurchase(form=form, actor="random"))
    if world.chance(0.8):
        number = _number(world)
        world.run(send_purchases, *[SendPurchase(number=number, actor="random")] * world.pick(1, 1, 2))


@step(5)
def a_purchase_order_changes(world: World) -> None:
    number = _number(world)
    world.one(change_purchases, ChangePurchase(number=number, form=ChangeForm(lines=_lines(world)), actor="random"))
    row = world.some("SELECT sku, quantity FROM purchase_line ORDER BY purchase_id, position")
    lines = []
    if row is not None and world.chance(0.6):
        lines = [AnsweredLine(sku=row.sku, quantity=world.rng.randint(0, row.quantity + 1))]
    due_on = world.now.date() + timedelta(days=world.rng.randint(-2, 20))
    answer = AnswerForm(due_on=world.pick(None, due_on), lines=lines)
    for each in (number, _number(world)):
        world.one(confirm_purchases, ConfirmPurchase(number=each, form=answer, actor="random"))


@step(2)
def a_purchase_order_ends(world: World) -> None:
    for action in (cancel_purchases, close_purchases):
        command = EndPurchase(number=_number(world), form=EndForm(reason="too_late"), actor="random")
        world.run(action, *[command] * world.pick(1, 1, 2))


@step(3)
def a_purchase_order_is_followed_to_its_end(world: World) -> None:
    """Drawn up, sent, answered wrongly, received in part and closed; another is cancelled."""
    products = [SupplierProductForm(sku="HAT", unit_cost="1")]
    form = SupplierForm(name="Hatter", currency="GBP", email="hats@maker.example", products=products)
    world.one(put_suppliers, PutSupplier(code="HATTER", form=form, actor="random"))
    asked = PurchaseForm(supplier="HATTER", site="LEEDS", lines=[PurchaseLineForm(sku="HAT", quantity=9)])
    drawn = world.one(draft_purchases, DraftPurchase(form=asked, actor="random"))
    if isinstance(drawn, Refusal):  # the product may be a kit by now, the site closed
        return
    other = ChangeForm(lines=[PurchaseLineForm(sku="HAT", quantity=8)])
    world.one(change_purchases, ChangePurchase(number=drawn.number, form=other, actor="random"))
    world.one(send_purchases, SendPurchase(number=drawn.number, actor="random"))
    for units in (10, 8, 7):
        answer = AnswerForm(lines=[AnsweredLine(sku="HAT", quantity=units)])
        world.one(confirm_purchases, ConfirmPurchase(number=drawn.number, form=answer, actor="random"))
    end = EndPurchase(number=drawn.number, form=EndForm(), actor="random")
    line = DeliveryLineForm(sku="HAT", accepted=3, rejected=1, reason="damaged")
    for lines in ([line], [line], [line, line]):
        told = DeliveryForm(site="LEEDS", purchase=drawn.number, lines=lines, reference=f"H-{drawn.number}")
        world.one(take_in, Delivery(form=told, actor="random"))
    for units in (3, 900):
        wait = CrossDockForm(site="LEEDS", sku="HAT", quantity=units)
        world.one(cross_dock, CrossDock(form=wait, actor="random"))
    world.run(close_purchases, end, end)
    second = world.one(draft_purchases, DraftPurchase(form=asked, actor="random"))
    if not isinstance(second, Refusal):
        gone = EndPurchase(number=second.number, form=EndForm(), actor="random")
        world.run(cancel_purchases, gone, gone)


@step(10)
def a_delivery_comes(world: World) -> None:
    row = world.some(
        "SELECT p.number, p.site, l.sku, l.quantity FROM purchase_order p JOIN purchase_line l ON l.purchase_id = p.id"
        " WHERE p.ended_at IS NULL ORDER BY p.number, l.position"
    )
    is_blind = row is None or world.chance(0.2)
    lines = [_arriving(world, a_sku(world) if is_blind or world.chance(0.1) else row.sku)]
    form = DeliveryForm(
        site=a_site(world) if is_blind or world.chance(0.05) else row.site, lines=lines,
        purchase="" if is_blind else row.number, reference=world.pick("", "", f"L-{world.rng.randint(1, 5)}"),
    )  # fmt: skip
    world.run(take_in, *[Delivery(form=form, actor="random")] * world.pick(1, 1, 1, 2))


def _arriving(world: World, sku: str) -> DeliveryLineForm:
    rejected = world.pick(0, 0, 0, 2)
    lot = world.pick("L1", "L2", "") if sku == LOTTED else ""
    days = world.pick(None, -1, 30)
    return DeliveryLineForm(
        sku=sku, accepted=world.rng.randint(0, 9), rejected=rejected,
        reason=world.pick("damaged", "other") if rejected else world.pick("", "", "", "expired"), lot=lot,
        expires_on=None if days is None or not lot else world.now.date() + timedelta(days=days),
        confirm_over=world.chance(0.3), unit_cost=world.pick(None, None, "2.00", "dear"),
    )  # fmt: skip


@step(2)
def named_units_come(world: World) -> None:
    serials = [f"N{world.rng.randint(1, 40)}" for _ in range(world.pick(1, 2))]
    line = DeliveryLineForm(sku="CAM", accepted=2, serials=serials)
    form = DeliveryForm(site=world.pick("LEEDS", "BRISTOL"), lines=[line])
    world.one(take_in, Delivery(form=form, actor="random"))


def _pile(world: World) -> Any:
    return world.some(
        "SELECT site, sku, lot, quantity - placed AS units FROM put_away WHERE state = 'open'"
        " ORDER BY site, sku, lot, units"
    )


@step(8)
def goods_are_put_away(world: World) -> None:
    row = _pile(world)
    if row is None:
        return
    asked = world.seen_by(list_bench, row.site)
    place = world.pick("STOCK", "STOCK", "A-1", "A-2", "QUARANTINE", "NOWHERE")
    if asked and asked[0].places and world.chance(0.3):
        place = asked[0].places[0].place
    form = PutAwayForm(
        site=row.site, sku=row.sku, lot=row.lot, quantity=world.rng.randint(1, row.units + 1), place=place,
        reason=world.pick("", "", "no room elsewhere"),
    )  # fmt: skip
    world.run(stow, *[StowUnits(form=form, actor="random")] * world.pick(1, 1, 2))


@step(2)
def a_bin_does_not_take_them(world: World) -> None:
    cold = PlaceForm(storage_class="cold")
    world.one(put_places, PutPlace(site="LEEDS", code="COLD-1", form=cold, actor="random"))
    line = DeliveryLineForm(sku="MUG", accepted=1)
    world.one(take_in, Delivery(form=DeliveryForm(site="LEEDS", lines=[line]), actor="random"))
    wrong = PutAwayForm(site="LEEDS", sku="MUG", quantity=1, place="COLD-1")
    world.one(stow, StowUnits(form=wrong, actor="random"))


@step(6)
def goods_go_straight_to_who_waits(world: World) -> None:
    row = _pile(world)
    if row is None:
        return
    units = world.rng.randint(1, row.units + 1)
    form = CrossDockForm(site=row.site, sku=row.sku, lot=row.lot, quantity=units)
    world.one(cross_dock, CrossDock(form=form, actor="random"))


@step(3)
def levels_are_set(world: World) -> None:
    form = world.pick(
        LevelForm(reorder_point=3, target=9), LevelForm(), LevelForm(reorder_point=3, target=2), LevelForm(target=4)
    )
    world.one(put_levels, PutLevel(sku=a_sku(world), site=a_site(world), form=form, actor="random"))


@step(3)
def what_is_asked_for_is_ordered(world: World) -> None:
    form = OrderRequestsForm(site=world.pick("", a_site(world)), supplier=world.pick("", "MAKER"))
    world.one(order_requests, OrderRequests(form=form, actor="random"))
