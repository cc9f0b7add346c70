"""An order's whole way, walked by people who do everything right; the steps in between are for others to disturb."""

from collections.abc import Callable
from typing import Any

import msgspec

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.books import receive_stock
from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.pack import pack
from orderwright.business.deeds.pick import pick
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.deeds.release import release_fulfilments
from orderwright.business.deeds.take_back import inspect_returns, receive_returns, settle_returns
from orderwright.business.deeds.track import record_tracking
from orderwright.business.orders.form import LineForm, PaymentForm, PolicyForm, ShippingForm
from orderwright.business.returns.forms import (
    AskedLine,
    AskReturn,
    InspectedLine,
    InspectReturn,
    ReceiveReturn,
    SettleReturn,
)
from orderwright.business.shipping.forms import HandOver, Pack, TrackingEvent
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.forms import Pick, Release
from orderwright.doors.worker.loop import Worker
from orderwright.values.refusal import Refusal
from tests.random.selling import sound_order, total_of
from tests.random.steps import Stopped, step
from tests.random.world import World

LAMP = "LAMP"
"""What orders that are walked are for: nobody else touches it."""


class Walk:
    """One order on its way. Each method does the next thing, or raises Stopped."""

    def __init__(self, world: World, quantity: int = 2, sku: str = LAMP, **changes: Any) -> None:
        self.world = world
        self.quantity = quantity
        lines = [LineForm(sku=sku, quantity=quantity, unit_price="7.50", reference="1")]
        told: dict[str, Any] = {
            "channel": "web", "lines": lines, "total": total_of(lines, [], ShippingForm(), False), "discounts": [],
            "shipping": ShippingForm(), "prices_include_tax": False, "service": "standard", "policy": PolicyForm(),
            "payment": PaymentForm(state="on_account"),
        }  # fmt: skip
        self.form = msgspec.structs.replace(sound_order(world), **told | changes)

    def does(self, action: Any, command: Any) -> Any:
        result = self.world.one(action, command)
        if isinstance(result, Refusal):
            raise Stopped
        return result

    def placed(self, **line: Any) -> None:
        """Goods for it arrive at a site that works as it should, and then it comes, and is planned at one site.

        As many arrive as whoever waits before it takes.
        """
        self.world.shop.site("LEEDS")  # or whoever made it too small would keep all that walk from their way
        sku = self.form.lines[0].sku
        [before] = self.world.rows(
            "SELECT coalesce(sum(greatest(waiting, 0)), 0)::int AS units FROM availability WHERE sku = %(sku)s", sku=sku
        )
        told = {"sku": sku, "quantity": self.quantity + before.units, **line}
        form = ReceiptForm(site="LEEDS", lines=[ReceiptLine(**told)])
        self.does(receive_stock, Receipt(form=form, actor="walker"))
        self.number: str = self.does(place_orders, PlaceOrder(self.form, "walker", "api")).number

    @property
    def fulfilment_id(self) -> str:
        rows = self.world.rows(
            "SELECT f.id::text FROM fulfilment f JOIN orders o ON o.id = f.order_id"
            " WHERE o.number = %(number)s AND f.state <> 'cancelled' ORDER BY f.id",
            number=self.number,
        )
        if not rows:
            raise Stopped
        return str(rows[-1].id)

    def released(self) -> None:
        self.does(release_fulfilments, Release(fulfilment_id=self.fulfilment_id, actor="walker"))

    def tasks(self) -> list[Any]:
        """Its open pick tasks: (id, quantity, lot)."""
        rows = self.world.rows(
            "SELECT id::text, quantity, lot FROM pick_task"
            " WHERE fulfilment_id = %(id)s::uuid AND state = 'open' ORDER BY id",
            id=self.fulfilment_id,
        )
        if not rows:
            raise Stopped
        return rows

    def picked(self) -> None:
        for task in self.tasks():
            self.does(pick, Pick(task_id=task.id, quantity=task.quantity, actor="walker"))

    def packed(self) -> None:
        packed = self.does(pack, Pack(fulfilment_id=self.fulfilment_id, parcels=[], actor="walker"))
        self.world.tokens.append(packed.parcels[0].tracking_token)
        self.parcel_id: str = packed.parcels[0].id

    def handed_over(self) -> None:
        self.world.work(Worker.run_until_idle)
        self.does(hand_over, HandOver(parcel_id=self.parcel_id, actor="walker"))

    def delivered(self) -> None:
        [row] = self.world.rows("SELECT tracking_code AS code FROM parcel WHERE id::text = %(id)s", id=self.parcel_id)
        event = TrackingEvent(
            carrier="practice", external_id=f"{row.code}:walked", tracking_code=row.code, milestone="delivered",
            occurred_at=self.world.now, actor="carrier",
        )  # fmt: skip
        self.does(record_tracking, event)

    def asked_back(self) -> None:
        lines = [AskedLine(position=1, quantity=self.quantity, reason="unwanted")]
        self.return_id: str = self.does(ask_returns, AskReturn(number=self.number, lines=lines, actor="walker")).id

    def received(self) -> None:
        self.does(receive_returns, ReceiveReturn(return_id=self.return_id, actor="walker"))

    def inspected(self) -> None:
        [row] = self.world.rows("SELECT line FROM return_line WHERE return_id::text = %(id)s", id=self.return_id)
        lines = [InspectedLine(line=row.line, restock=self.quantity)]
        self.does(inspect_returns, InspectReturn(return_id=self.return_id, lines=lines, actor="walker"))

    def settled(self) -> None:
        self.does(settle_returns, SettleReturn(return_id=self.return_id, actor="walker"))


WAY = (
    Walk.placed, Walk.released, Walk.picked, Walk.packed, Walk.handed_over, Walk.delivered, Walk.asked_back,
    Walk.received, Walk.inspected, Walk.settled,
)  # fmt: skip


def walked(world: World, upto: Callable[[Walk], None], quantity: int = 2, **changes: Any) -> Walk:
    """An order that came so far."""
    walk = Walk(world, quantity, **changes)
    for go in WAY[: WAY.index(upto) + 1]:
        go(walk)
    return walk


@step(8)
def an_order_goes_its_way(world: World) -> None:
    """All of it, or up to somewhere; what stands in its way stops it."""
    upto = world.pick(*WAY, *[Walk.settled] * len(WAY))
    walked(world, upto, payment=PaymentForm(state=world.pick("paid", "authorised", "on_account")))
