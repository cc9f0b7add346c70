"""What chance seldom brings about is surely done once in each world, with goods and people nobody else touches."""

from datetime import timedelta
from typing import Any

import msgspec

from orderwright.business.billing.ports import CheckoutRequest
from orderwright.business.catalog.actions import put_products
from orderwright.business.catalog.forms import ComponentForm, ProductForm, PutProduct
from orderwright.business.customers.actions import put_customers
from orderwright.business.customers.forms import CustomerCard, PutCustomer
from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.books import receive_stock
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.exchanging.ending import end_exchanges
from orderwright.business.deeds.not_offered import DropServiceTerms, drop_services
from orderwright.business.deeds.paying.checkouts import BeginCheckout, begin_checkouts
from orderwright.business.deeds.paying.links import MakePayLink, make_pay_links
from orderwright.business.deeds.pick import pick
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.picking.tote_units import split_task
from orderwright.business.deeds.picking.walks import end_walk
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.deeds.quoting import place_drafts
from orderwright.business.orders.commands import CancelOrder, LineUnits
from orderwright.business.orders.form import CustomerForm, PaymentForm
from orderwright.business.quotes.forms import DraftForm, DraftLine, PlaceDraft
from orderwright.business.returns.forms import AskedLine, AskReturn, EndExchange
from orderwright.business.returns.labels import WantReturnLabel, want_return_labels
from orderwright.business.routing.carriers import PutServiceTerms, ServiceForm, put_services
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.forms import Pick
from orderwright.business.warehouse.sessions.forms import CloseSession, ScanForm
from orderwright.business.warehouse.walk_forms import ClaimWork, EndWalk, SplitTask
from orderwright.doors.api.routes.papers import ParcelSheetQuery
from orderwright.doors.api.routes.returns import label_pdf
from orderwright.doors.worker.loop import Worker
from orderwright.settings import PutSettings, put_settings
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.random.carrying import HOME as ZONE
from tests.random.customers import look
from tests.random.desk import TYPO
from tests.random.scanning import close_sessions, open_session, send_scans
from tests.random.steps import step
from tests.random.walking import LAMP, Walk, walked
from tests.random.world import World

SMALL, LARGE = "SHOE-41", "SHOE-42"
PERISHABLE = "YOGHURT"
KIT = "LAMPS"


def _product(world: World, sku: str, **about: Any) -> None:
    form = ProductForm(**{"title": sku, "price": "7.50", "currency": "GBP", "weight_g": 300, **about})
    world.one(put_products, PutProduct(sku=sku, form=form, actor="random"))


@step(1)
def money_surely_is_wanted_instead_of_another_size(world: World) -> None:
    """After a size there is none of; then once more, and for a return that is for no other size."""
    for sku in (SMALL, LARGE):
        _product(world, sku, family="SHOE", options={"size": sku[-2:]})
    came = ReceiptForm(site="LEEDS", lines=[ReceiptLine(sku=LARGE, quantity=5)])
    world.one(receive_stock, Receipt(form=came, actor="random"))
    walk = walked(world, Walk.delivered, sku=SMALL)
    for wanted in (LAMP, LARGE, ""):
        asked = [AskedLine(position=1, quantity=1, exchange=wanted)]
        made = world.one(ask_returns, AskReturn(number=walk.number, lines=asked, actor="sue"))
        if not isinstance(made, Refusal):
            if made.exchange is not None:
                world.one(make_pay_links, MakePayLink(order=made.exchange.order, actor="sue"))
            world.run(end_exchanges, *[EndExchange(return_id=made.id, actor="sue")] * 2)


@step(1)
def a_label_surely_is_bought_for_a_return(world: World) -> None:
    walk = walked(world, Walk.asked_back)
    for is_offered in (False, True):
        world.one(put_settings, PutSettings(values={"returns.labels": is_offered}, actor="random"))
        world.one(want_return_labels, WantReturnLabel(return_id=walk.return_id, by_customer=True, actor="customer"))
    with world.carrier_that():
        world.work(Worker.run_until_idle)
    look(world, label_pdf, {"id": walk.return_id}, ParcelSheetQuery())


@step(1)
def a_customer_surely_pays_by_a_link_and_never_comes_back(world: World) -> None:
    """The worker asks the gateway."""
    walk = walked(world, Walk.placed, payment=PaymentForm(state="unpaid"))
    link = walk.does(make_pay_links, MakePayLink(order=walk.number, actor="random"))
    begun = walk.does(begin_checkouts, BeginCheckout(id=link.id, gateway="practice", actor="customer"))
    world.gateway.open_checkout(CheckoutRequest(*begun[:4], "/pay/x", world.now))
    world.gateway.pay(begun.key)
    world.pass_time(timedelta(minutes=1))
    world.work(Worker.run_until_idle)


@step(1)
def a_service_surely_comes_and_goes(world: World) -> None:
    form = ServiceForm(name="By boat", zones=[ZONE], is_active=False)
    world.one(put_services, PutServiceTerms(code="boat", form=form, actor="random"))
    world.run(drop_services, *[DropServiceTerms(code=code, actor="random") for code in ("boat", "boat", "standard")])


@step(1)
def two_customers_surely_want_one_address(world: World) -> None:
    card = CustomerCard(name="Twin", email=f"twin{world.rng.randint(1, 10**9)}@example.org")
    world.run(put_customers, *[PutCustomer(id=new_id(), card=card, actor="random") for _ in range(2)])


@step(1)
def part_of_a_kit_surely_cannot_be_cancelled(world: World) -> None:
    _product(world, KIT, components=[ComponentForm(sku=LAMP, quantity=2)])
    came = ReceiptForm(site="LEEDS", lines=[ReceiptLine(sku=LAMP, quantity=2)])
    world.one(receive_stock, Receipt(form=came, actor="random"))
    walk = Walk(world, quantity=1, sku=KIT)
    walk.number = walk.does(place_orders, PlaceOrder(walk.form, "random", "api")).number
    for sku in (LAMP, ""):
        lines = [LineUnits(position=1, quantity=1, sku=sku)]
        world.one(cancel_orders, CancelOrder(number=walk.number, reason="unwanted", lines=lines, actor="random"))


@step(1)
def an_order_surely_comes_again_and_differs(world: World) -> None:
    walk = walked(world, Walk.placed)
    for note in ("", "in blue"):
        form = msgspec.structs.replace(walk.form, gift_note=note)
        world.one(place_orders, PlaceOrder(form, "random", "api"))


@step(1)
def a_draft_surely_would_be_held(world: World) -> None:
    form = DraftForm(
        channel="web", lines=[DraftLine(sku=LAMP)], ship_to=TYPO, payment="on_account",
        customer=CustomerForm(email="typo@example.org"),
    )  # fmt: skip
    id_ = new_id()
    for is_meant in (False, True):
        world.one(place_drafts, PlaceDraft(id=id_, form=form, anyway=is_meant, actor="random"))


@step(1)
def a_date_surely_is_missing_and_misread(world: World) -> None:
    """Goods whose date is asked for: on paper, at the dock by scans, and at their bin."""
    _product(world, PERISHABLE, tracking="lot", asks_expiry=True)
    lot, day = f"Y{world.rng.randint(1, 10**9)}", (world.now + timedelta(days=60)).date()
    form = ReceiptForm(site="LEEDS", lines=[ReceiptLine(sku=PERISHABLE, quantity=1, lot=lot)])
    world.one(receive_stock, Receipt(form=form, actor="random"))
    session = open_session(world, "receive", "yan")
    for told in ({"code": PERISHABLE}, {"code": lot}, {"command": "done"}, {"code": "2027-02-30"}):
        session = send_scans(world, session, ScanForm(n=session.next_n, **told))
    world.one(close_sessions, CloseSession(session_id=session.id, actor="random"))
    walk = Walk(world, sku=PERISHABLE)
    walk.placed(lot=lot, expires_on=day)
    walk.released()
    for task in walk.tasks():
        for told_day in (day + timedelta(days=1), day):
            told_pick = Pick(task_id=task.id, quantity=task.quantity, expires_on=told_day, actor="walker")
            world.one(pick, told_pick)


@step(1)
def a_tote_surely_is_full(world: World) -> None:
    walk = walked(world, Walk.released, quantity=3)
    tote = f"F{world.rng.randint(1, 10**9)}"
    claimed = walk.does(claim_work, ClaimWork(site="LEEDS", picker="fil", totes=(tote,), actor="fil"))
    for task in world.rows(
        "SELECT id::text FROM pick_task WHERE batch_id = %(id)s::uuid AND state = 'open' ORDER BY walk, id",
        id=claimed.id,
    ):
        world.run(split_task, *[SplitTask(task_id=task.id, tote=f"{tote}-2", actor="fil")] * 2)
    world.one(end_walk, EndWalk(walk_id=claimed.id, reason="enough", actor="fil"))
