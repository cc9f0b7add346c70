"""What chance seldom brings about is surely done once in each world, with goods and people nobody else touches."""

from datetime import timedelta
from typing import Any

import msgspec

from orderwright.business.billing.ports import CheckoutRequest
from orderwright.business.catalog.actions import put_products
from orderwright.business.catalog.forms import ComponentForm, ProductForm, PutProduct
from orderwright.business.customers.actions import put_customers
from orderwright.business.customers.forms import (
    CustomerCard,
    JoinCustomer,
    PriceForm,
    PriceListForm,
    PutCustomer,
    PutPrice,
    PutPriceList,
)
from orderwright.business.customers.price_lists import put_price_lists, put_prices
from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.books import adjust_stock, receive_stock
from orderwright.business.deeds.bulk import ChangeMany, UndoMany, change_many, undo_many
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.carrier_currency import put_rate_cards
from orderwright.business.deeds.exchanging.ending import end_exchanges
from orderwright.business.deeds.hold import hold_orders
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
from orderwright.business.deeds.refund import RefundOrder, refund_orders
from orderwright.business.deeds.release import release_fulfilments
from orderwright.business.deeds.same_customer import join_same_customers
from orderwright.business.orders.commands import CancelOrder, HoldOrder, LineUnits
from orderwright.business.orders.contacts import (
    ContactForm,
    RecordContact,
    WithdrawContact,
    record_contacts,
    withdraw_contacts,
)
from orderwright.business.orders.form import CustomerForm, PaymentForm, PolicyForm
from orderwright.business.orders.procedures import WriteProcedure, write_procedures
from orderwright.business.quotes.forms import DraftForm, DraftLine, PlaceDraft
from orderwright.business.returns.forms import AskedLine, AskReturn, EndExchange
from orderwright.business.returns.labels import WantReturnLabel, want_return_labels
from orderwright.business.routing.card import PriceAgain, PutRateCard, RateCardForm, ServicePrices
from orderwright.business.routing.carriers import PutServiceTerms, ServiceForm, list_services, put_services
from orderwright.business.stock.forms import Adjustment, AdjustmentForm, Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.forms import Pick, Release
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
from tests.random.files import HEADER, WITH_CREDITS, a_row, take
from tests.random.scanning import close_sessions, open_session, send_scans
from tests.random.steps import step
from tests.random.walking import LAMP, Walk, walked
from tests.random.world import World

SMALL, LARGE = "SHOE-41", "SHOE-42"
PERISHABLE = "YOGHURT"
KIT = "LAMPS"
PAIRED = "BOOKEND"
HEAP = "PEBBLE"
"""Nobody else waits behind an order of far too many of these."""


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
    one, other = ids = [new_id(), new_id()]
    same = CustomerCard(name="Two of one")
    world.run(put_customers, *[PutCustomer(id=id_, card=same, actor="random") for id_ in ids])
    world.one(join_same_customers, JoinCustomer(id=one, into=other, actor="random"))


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
def a_payment_surely_comes_twice_and_is_sent_back(world: World) -> None:
    """For another order, of far more than anybody orders; and an amount that is none is sent back."""
    _product(world, HEAP)
    paid = PaymentForm(state="paid", reference=f"TWICE-{new_id()}")
    for quantity in (1, 90_000):
        walk = Walk(world, quantity=quantity, sku=HEAP, payment=paid)
        walk.number = walk.does(place_orders, PlaceOrder(walk.form, "random", "api")).number
        world.one(
            refund_orders, RefundOrder(number=walk.number, amount="0", reason="late", reference="S-0", actor="random")
        )


@step(1)
def some_of_an_order_that_ships_complete_surely_is_lost(world: World) -> None:
    _product(world, PAIRED)
    walk = walked(world, Walk.placed, sku=PAIRED, quantity=2, policy=PolicyForm(ship_complete=True))
    id_ = walk.fulfilment_id
    counted = AdjustmentForm(site="LEEDS", sku=PAIRED, place="STOCK", quantity=-1, reason="lost")
    world.one(adjust_stock, Adjustment(form=counted, actor="walker"))
    world.one(release_fulfilments, Release(fulfilment_id=id_, actor="walker"))
    hold = HoldOrder(number=walk.number, actor="walker", kind="fraud")
    world.run(hold_orders, hold, hold)
    world.one(release_fulfilments, Release(fulfilment_id=id_, actor="walker"))
    world.one(cancel_orders, CancelOrder(number=walk.number, reason="unwanted", actor="walker"))
    world.one(release_fulfilments, Release(fulfilment_id=id_, actor="walker"))


@step(1)
def orders_surely_are_held_and_let_go_again(world: World) -> None:
    walk = walked(world, Walk.placed)
    held = ChangeMany(deed="hold", orders=[walk.number], kind="manual", actor="sue")
    undo = UndoMany(id=walk.does(change_many, held).id, actor="sue")
    for _ in range(2):
        world.one(undo_many, undo)


@step(1)
def a_file_surely_comes_a_price_and_a_procedure(world: World) -> None:
    take(world, (HEADER + a_row(world, f"S-{world.rng.randint(1, 10**9)}", LAMP, 1)).encode(), profile=WITH_CREDITS)
    form = PriceListForm(name="Trade", currency="GBP")
    world.one(put_price_lists, PutPriceList(code="SURELY", form=form, actor="random"))
    price = PutPrice(price_list="SURELY", sku=LAMP, form=PriceForm(price="6"), actor="random")
    world.one(put_prices, price)
    world.one(write_procedures, WriteProcedure(kind="manual", stage="any", text="1. Ask.", actor="sue"))


@step(1)
def a_question_surely_is_written_down_and_prices_are_said_anew(world: World) -> None:
    walk = walked(world, Walk.placed)
    form = ContactForm(channel="phone", reason="where_is_it")
    asked = walk.does(record_contacts, RecordContact(number=walk.number, form=form, actor="sue"))
    walk.does(withdraw_contacts, WithdrawContact(number=walk.number, id=asked.id, actor="sue"))
    with world.store.read() as tx:
        again = [ServicePrices(each.code, [PriceAgain("9") for _ in each.zones]) for each in list_services(tx)]
    card = RateCardForm(currency="GBP", late_day="1", services=again)
    world.one(put_rate_cards, PutRateCard(form=card, actor="random"))


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
