"""People who get it wrong: each of these steps brings the shop to where a certain no is the only right answer."""

from datetime import timedelta
from typing import Literal

import msgspec

from orderwright.business.catalog.actions import put_places, put_sites
from orderwright.business.catalog.forms import PlaceForm, PutPlace, PutProduct, PutSite, SiteForm
from orderwright.business.deeds.books import (
    adjust_stock,
    receive_stock,
    send_transfers,
    take_in_transfers,
    transfer_stock,
    write_off_transfers,
)
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.edit import edit_orders
from orderwright.business.deeds.editing.forms import EditOrder
from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.inbox.forms import Message, RetryMessage
from orderwright.business.deeds.inbox.keeping import retry_messages, store_messages
from orderwright.business.deeds.pack import pack, unpack
from orderwright.business.deeds.pay import RecordPayment, record_payments
from orderwright.business.deeds.pick import pick, report_short
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.deeds.put_back import put_back
from orderwright.business.deeds.refund import RefundOrder, refund_orders
from orderwright.business.deeds.release import release_fulfilments
from orderwright.business.deeds.resolve import AssignException, ResolveException, assign_exceptions, resolve_exceptions
from orderwright.business.deeds.take_back import inspect_returns, receive_returns
from orderwright.business.deeds.unknown_products import put_products_and_look
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.orders.form import PaymentForm
from orderwright.business.returns.forms import InspectedLine, InspectReturn, ReceiveReturn
from orderwright.business.shipping.actions import void_labels, want_labels, weigh
from orderwright.business.shipping.forms import (
    HandOver,
    Pack,
    PackedLine,
    ParcelForm,
    Unpack,
    VoidLabel,
    WantLabel,
    Weigh,
)
from orderwright.business.shipping.outcomes import find_label_outcome, find_void_outcome
from orderwright.business.stock.forms import (
    Adjustment,
    AdjustmentForm,
    Arrival,
    ArrivalForm,
    CloseTransfer,
    CloseTransferForm,
    Dispatch,
    DispatchForm,
    DispatchLine,
    Receipt,
    ReceiptForm,
    ReceiptLine,
    Transfer,
    TransferForm,
    TransferLine,
)
from orderwright.business.warehouse.forms import Pick, PutBack, Release, ShortPick
from orderwright.database import tasks
from orderwright.database.task_list import RetryTask, retry_tasks
from orderwright.doors.worker.loop import Worker
from orderwright.values.forms import AddressForm
from tests.random.catalogue import KITS, LOTTED, PLAIN, product_form, wrong_products
from tests.random.selling import GLASGOW, flaws_of, sound_order, total_of
from tests.random.steps import step
from tests.random.walking import LAMP, Walk, walked
from tests.random.world import World
from tests.shop import HOME, SITES

_REASONS: tuple[Literal["lost", "damaged"], ...] = ("lost", "lost", "damaged")


@step(2)
def an_order_is_wrong_in_every_way(world: World) -> None:
    """Sound orders, each with one thing wrong, from an API that says so at once or a channel that cannot."""
    forms = []
    for i in range(len(flaws_of(world, sound_order(world)))):
        order = sound_order(world)
        forms.append(msgspec.structs.replace(order, **flaws_of(world, order)[i]))
    world.run(place_orders, *[PlaceOrder(form, "random", "api") for form in forms])
    world.run(place_orders, *[PlaceOrder(form, "random", "channel") for form in world.rng.sample(forms, 5)])


@step(1)
def nobody_wants_to_decide(world: World) -> None:
    """An order's price is off: it is looked at without a decision, then decided, then decided again."""
    order = sound_order(world)
    lines = [msgspec.structs.replace(order.lines[0], unit_price="99.00", discount="0"), *order.lines[1:]]
    total = total_of(lines, order.discounts, order.shipping, order.prices_include_tax)
    held = msgspec.structs.replace(order, lines=lines, total=total)
    placed = world.one(place_orders, PlaceOrder(held, "random", "channel"))
    rows = world.rows(
        "SELECT e.id::text FROM exception e JOIN orders o ON o.id = e.order_id"
        " WHERE o.number = %(number)s ORDER BY e.id",
        number=getattr(placed, "number", ""),
    )
    for release in (False, True, True):
        commands = [ResolveException(id=row.id, resolution="fine", release=release, actor="sue") for row in rows]
        world.run(resolve_exceptions, *commands)
    world.run(assign_exceptions, *[AssignException(id=row.id, owner="pia", actor="sue") for row in rows])


@step(1)
def an_order_comes_twice_at_once_and_differs(world: World) -> None:
    order = msgspec.structs.replace(sound_order(world), **flaws_of(world, sound_order(world))[world.rng.randrange(8)])
    other = msgspec.structs.replace(order, gift_note="in blue")
    world.run(place_orders, PlaceOrder(order, "random", "api"), PlaceOrder(other, "random", "api"))


@step(2)
def a_catalogue_full_of_mistakes(world: World) -> None:
    sku = world.pick(*PLAIN, *KITS)
    for wrong in wrong_products(world, sku):
        world.one(put_products_and_look, PutProduct(sku=sku, form=product_form(world, sku, **wrong), actor="random"))
    world.one(put_places, PutPlace(site="NOWHERE", code="A-1", form=PlaceForm(), actor="random"))


@step(2)
def a_clumsy_picker(world: World) -> None:
    walk = walked(world, Walk.released, quantity=3)
    fulfilment_id = walk.fulfilment_id
    task = walk.tasks()[0]
    world.one(pack, Pack(fulfilment_id=fulfilment_id, actor="walker"))
    for told in ({"sku": "TEE"}, {"lot": "L-OTHER"}, {"quantity": task.quantity + 1}, {"quantity": 1}):
        world.one(pick, Pick(**{"quantity": 1, "task_id": task.id, "actor": "walker", **told}))
    world.one(pack, Pack(fulfilment_id=fulfilment_id, actor="walker"))
    world.one(report_short, ShortPick(task_id=task.id, found=task.quantity, reason="missing", actor="walker"))
    lines = [PackedLine(reference="1", quantity=99)]
    world.one(pack, Pack(fulfilment_id=fulfilment_id, parcels=[ParcelForm(lines=lines)], actor="walker"))
    lines = [PackedLine(reference="77", quantity=1)]
    world.one(pack, Pack(fulfilment_id=fulfilment_id, parcels=[ParcelForm(lines=lines)], actor="walker"))
    world.one(pick, Pick(task_id=task.id, quantity=task.quantity, actor="walker"))
    world.one(report_short, ShortPick(task_id=task.id, found=0, reason="missing", actor="walker"))
    world.one(pack, Pack(fulfilment_id=fulfilment_id, parcels=[ParcelForm(weight_g=90_000)], actor="walker"))


@step(1)
def a_bin_is_emptier_than_thought(world: World) -> None:
    task = walked(world, Walk.released, quantity=3).tasks()[0]
    for found in (1, 1, 2):
        world.one(report_short, ShortPick(task_id=task.id, found=found, reason="missing", actor="walker"))


@step(1)
def a_buyer_moves_after_the_label_was_bought(world: World) -> None:
    """And the carrier does not take it back."""
    walk = walked(world, Walk.packed)
    with world.carrier_that():
        world.work(Worker.run_until_idle)
    address = world.pick(*(each for each in (HOME, GLASGOW) if each != walk.form.ship_to))
    moved = msgspec.structs.replace(walk.form, ship_to=address)
    world.one(edit_orders, EditOrder(number=walk.number, form=moved, actor="sue", door="api"))
    with world.carrier_that(refused=1000):
        world.work(Worker.run_until_idle)
    world.one(hand_over, HandOver(parcel_id=walk.parcel_id, actor="walker"))


@step(6)
def a_hasty_packer(world: World) -> None:
    """Hands over without a label, opens what has one, and wants back what has left."""
    walk = walked(world, Walk.packed)
    id_ = walk.parcel_id
    [row] = world.rows("SELECT expected_weight_g AS weight_g FROM parcel WHERE id::text = %(id)s", id=id_)
    world.one(weigh, Weigh(parcel_id=id_, weight_g=max(1, row.weight_g), actor="walker"))
    world.one(hand_over, HandOver(parcel_id=id_, actor="walker"))
    world.one(weigh, Weigh(parcel_id=id_, weight_g=90_000, actor="walker"))
    world.one(void_labels, VoidLabel(parcel_id=id_, actor="walker"))
    world.work(Worker.run_until_idle)
    world.one(unpack, Unpack(parcel_id=id_, actor="walker"))
    if world.chance(0.7):
        world.one(void_labels, VoidLabel(parcel_id=id_, actor="walker"))
        world.one(hand_over, HandOver(parcel_id=id_, actor="walker"))
        world.work(Worker.run_until_idle)
        world.one(unpack, Unpack(parcel_id=id_, actor="walker"))
    world.one(hand_over, HandOver(parcel_id=id_, actor="walker"))
    world.one(want_labels, WantLabel(parcel_id=id_, actor="walker"))
    world.one(unpack, Unpack(parcel_id=id_, actor="walker"))
    world.one(weigh, Weigh(parcel_id=id_, weight_g=600, actor="walker"))


@step(2)
def a_carrier_in_a_bad_mood(world: World) -> None:
    """It refuses everything for a while: labels, and to take them back."""
    id_ = walked(world, Walk.packed).parcel_id
    for refused, action, command in (
        (1000, want_labels, WantLabel(parcel_id=id_, actor="walker")),
        (0, want_labels, WantLabel(parcel_id=id_, actor="walker")),
        (1000, void_labels, VoidLabel(parcel_id=id_, actor="walker")),
    ):
        world.one(action, command)
        with world.carrier_that(refused=refused):
            world.work(Worker.run_until_idle)
        world.seen_by(find_label_outcome, id_)
        world.seen_by(find_void_outcome, id_)


@step(2)
def it_is_too_late(world: World) -> None:
    """To cancel, to hold, to return more than was shipped, to inspect what is not there."""
    walk = walked(world, Walk.asked_back, payment=PaymentForm(state="paid"))
    world.one(cancel_orders, CancelOrder(number=walk.number, reason="unwanted", actor="walker"))
    inspected = InspectReturn(return_id=walk.return_id, lines=[InspectedLine(line=1, restock=1)], actor="walker")
    world.one(inspect_returns, inspected)
    world.one(receive_returns, ReceiveReturn(return_id=walk.return_id, actor="walker"))
    world.one(inspect_returns, inspected)
    for amount in ("1.00", "2.00", "900.00"):
        reference = "G-1" if amount != "900.00" else "G-2"
        refund = RefundOrder(
            number=walk.number, amount=amount, reason="goodwill", reference=reference, actor="walker"
        )  # fmt: skip
        world.one(refund_orders, refund)


@step(2)
def a_lot_goes_off_in_its_bin(world: World) -> None:
    walk = Walk(world, sku=LOTTED)
    tomorrow = (world.now + timedelta(days=1)).date()
    walk.placed(lot=f"W{world.rng.randint(1, 10**6)}", expires_on=tomorrow)
    walk.released()
    picks = [Pick(task_id=task.id, quantity=task.quantity, actor="walker") for task in walk.tasks()]
    world.pass_time(timedelta(days=3))
    world.run(pick, *picks)


@step(2)
def a_site_has_had_enough(world: World) -> None:
    walk = walked(world, Walk.placed)
    for capacity in (0, 1_000):
        form = SiteForm(
            name="Leeds", address=AddressForm(country="GB", lines=["1 Dock St"]), latitude=53.8, longitude=-1.55,
            time_zone="Europe/London", cut_off="16:00", daily_capacity=capacity,
        )  # fmt: skip
        world.one(put_sites, PutSite(code="LEEDS", form=form, actor="random"))
        world.one(release_fulfilments, Release(fulfilment_id=walk.fulfilment_id, actor="random"))


@step(2)
def papers_are_sent_again_and_differ(world: World) -> None:
    site, reference = world.pick(*SITES), f"P-{world.rng.randint(1, 10**6)}"
    for units in (3, 3, 2):
        receipt = ReceiptForm(site=site, lines=[ReceiptLine(sku=LAMP, quantity=units)], reference=reference)
        world.one(receive_stock, Receipt(form=receipt, actor="random"))
    for units in (-1, -1, -2):
        counted = AdjustmentForm(
            site=site, sku=LAMP, place="STOCK", quantity=units, reason="lost", reference=reference
        )  # fmt: skip
        world.one(adjust_stock, Adjustment(form=counted, actor="random"))
    for units in (1, 2):
        line = TransferLine(sku=LAMP, from_place="STOCK", to_place="QUARANTINE", quantity=units)
        world.one(transfer_stock, Transfer(form=TransferForm(site=site, lines=[line], reference=reference), actor="r"))
        sent = DispatchLine(sku=LAMP, place="STOCK", quantity=units)
        to_site = world.pick(*(code for code in SITES if code != site))
        form = DispatchForm(site=site, to_site=to_site, lines=[sent], reference=reference)
        world.one(send_transfers, Dispatch(form=form, actor="random"))
        part = [DispatchLine(sku=LAMP, quantity=1)] if world.chance(0.5) else []
        arrival = ArrivalForm(site=to_site, from_site=site, transfer=reference, lines=part)
        world.one(take_in_transfers, Arrival(form=arrival, actor="random"))
    for sku, lot in ((world.pick(*KITS), ""), (LOTTED, ""), ("OLD", ""), ("NOPE", "")):
        wrong = ReceiptForm(site=site, lines=[ReceiptLine(sku=sku, quantity=1, lot=lot)])
        world.one(receive_stock, Receipt(form=wrong, actor="random"))


@step(1)
def a_truck_never_arrives(world: World) -> None:
    """What it carried is written off, for one reason and then for another."""
    reference = f"T-{world.rng.randint(1, 10**6)}"
    receipt = ReceiptForm(site="LEEDS", lines=[ReceiptLine(sku=LAMP, quantity=2)])
    world.one(receive_stock, Receipt(form=receipt, actor="random"))
    sent = [DispatchLine(sku=LAMP, place="STOCK", quantity=2)]
    form = DispatchForm(site="LEEDS", to_site="GLASGOW", lines=sent, reference=reference)
    world.one(send_transfers, Dispatch(form=form, actor="random"))
    if world.chance(0.5):
        part = ArrivalForm(
            site="GLASGOW", from_site="LEEDS", transfer=reference, lines=[DispatchLine(sku=LAMP, quantity=1)]
        )  # fmt: skip
        world.one(take_in_transfers, Arrival(form=part, actor="random"))
    for reason in _REASONS:
        gone = CloseTransferForm(site="GLASGOW", from_site="LEEDS", transfer=reference, reason=reason)
        world.one(write_off_transfers, CloseTransfer(form=gone, actor="random"))


@step(2)
def money_comes_for_what_is_over(world: World) -> None:
    """An authorisation is given up with its order; then the gateway tells of it, and of another order's payment."""
    reference = f"pi_{world.rng.randint(1, 10**9)}"
    payment = PaymentForm(state="authorised", gateway="practice", reference=reference, amount="15.00")
    walk = walked(world, Walk.placed, payment=payment)
    told = {"gateway": "practice", "reference": reference, "actor": "random", "amount": "15.00"}
    more = {**told, "reference": f"{reference}-more"}
    world.one(record_payments, RecordPayment(number=walk.number, state="authorised", **more))
    world.one(record_payments, RecordPayment(number=walk.number, state="paid", **{**told, "amount": "1.00"}))
    form = msgspec.structs.replace(walk.form, reference="another", channel="market")
    world.one(edit_orders, EditOrder(number=walk.number, form=form, actor="random", door="api"))
    world.one(cancel_orders, CancelOrder(number=walk.number, reason="unwanted", actor="random"))
    world.work(Worker.run_until_idle)
    world.one(record_payments, RecordPayment(number=walk.number, state="paid", **told))


@step(2)
def nobody_can_read_a_message(world: World) -> None:
    """It is parked, and read again in vain; one that was read is not read again."""
    order = msgspec.structs.replace(sound_order(world), channel="web")
    sound = msgspec.json.encode(order)
    for channel, id_, body in (("web", "X-1", b"{}"), ("web", order.reference, sound), ("nobody", "X-2", sound)):
        message = Message(channel=channel, topic="order.created", external_id=id_, body=body, actor="hook")
        world.one(store_messages, message)
    world.work(Worker.run_until_idle)
    for row in world.rows("SELECT id::text FROM inbox ORDER BY id DESC LIMIT 2"):
        world.one(retry_messages, RetryMessage(message_id=row.id, actor="sue"))


@step(1)
def a_carrier_is_away_for_days(world: World) -> None:
    """Until the tasks that call it are given up; then somebody has them tried again."""
    walked(world, Walk.packed)
    with world.carrier_that(unheard=1000):
        for _ in range(2 * tasks.ATTEMPTS_MAX):
            world.work(Worker.call)
            world.pass_time(timedelta(hours=2))
    for row in world.rows("SELECT id::text FROM task WHERE state = 'dead' ORDER BY id"):
        world.one(retry_tasks, RetryTask(id=row.id, actor="sue"))
        world.one(retry_tasks, RetryTask(id=row.id, actor="sue"))


@step(1)
def an_order_is_cancelled_in_the_tote(world: World) -> None:
    """What was picked lies on the bench, and goes back into a bin; more than that cannot."""
    walk = walked(world, Walk.picked)
    world.one(cancel_orders, CancelOrder(number=walk.number, reason="unwanted", actor="walker"))
    for quantity in (walk.quantity, 1_000):
        back = PutBack(site="LEEDS", sku=LAMP, lot="", quantity=quantity, place="STOCK", actor="walker")
        world.one(put_back, back)
