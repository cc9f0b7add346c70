"""The sale with Orderwright: the same orders in a store, the same two people, what they did measured from its facts.

How long an act takes is stated: a walk what the house plans for it and some seconds for each unit, packing and looking
at an order as below. Everything else follows. The clock moves from act to act.
"""

import heapq
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.hold import release_holds
from orderwright.business.deeds.pack import pack
from orderwright.business.deeds.pick import pick
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.picking.walks import end_walk
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.release import release_due
from orderwright.business.deeds.track import record_tracking
from orderwright.business.orders.commands import CancelOrder, ReleaseHold
from orderwright.business.shipping.forms import HandOver, Pack, ParcelForm, TrackingEvent
from orderwright.business.warehouse.forms import Pick, ReleaseDue
from orderwright.business.warehouse.walk_forms import ClaimWork, EndWalk
from orderwright.database.clock import set_clock
from orderwright.database.store import Store
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.draws import WHOLE, Draws
from orderwright.doors.demo.sites import CART_TOTES
from orderwright.doors.demo.story.days import SKUS, Day, Placed
from orderwright.doors.demo.story.shop import SITE, do, handed_in, sku_of
from orderwright.values.refusal import Refusal

ZONE = ZoneInfo("Europe/London")
PICKER, PACKER = "picker:ana", "packer:ben"
UNIT_S = 6
PACK_S, PACK_UNIT_S = 45, 6
LOOK_S = 180
"""Looking at a stopped order."""
LOAD_S = 4
"""Loading a parcel."""
SLOW_DAYS = 3
SLIPS = 3_500
"""Wrong products taken, of WHOLE lines: as often as on paper; here each is held under the scanner."""
OFFICE_S, POLL_S = 600, 300
PACKED_AT_ONCE = 4
TRUCK_S = 17 * 3_600 + 1_800
ASSUMED = (
    "A walk takes as long as the house plans it, and 6 s for each unit; packing an order 45 s and 6 s for each unit;"
    " looking at a stopped order 3 minutes; loading a parcel 4 s.",
    "People take a wrong product for 3.5 % of lines, as they would on paper. Here every line is scanned, which a shop"
    " that scans less cannot say of itself.",
)


class Lived(NamedTuple):
    """What a day in the store was like that its facts do not tell. stopped: slips the scanner refused."""

    stopped: int


class Hall:
    """Two people and a house, one day long. What is to be done they read from the store."""

    def __init__(self, store: Store, day: Day, on: date, orders: Sequence[Placed], work: Callable[[], object]) -> None:
        self._store, self._day, self._on, self._orders, self._work = store, day, on, orders, work
        self._draws = Draws(day.times)
        self._events: list[tuple[int, int, Callable[[int], None]]] = []
        self._turns = count()
        self._walk: Any = None
        self._taken = self._cancelled = self._stopped = 0
        self._cancels = sorted((each.cancelled_s, each.reference) for each in orders if each.cancelled_s is not None)

    def live(self) -> Lived:
        """From the first order to the evening."""
        self._soon(self._day.begins_s, self._office)
        self._soon(self._day.picker_begins_s, self._begin_walk)
        self._soon(self._day.begins_s, self._look_for_parcels)
        while self._events:
            at, _, act = heapq.heappop(self._events)
            if at > self._day.ends_s:
                break
            with self._store.begin() as tx:
                set_clock(tx, self._moment(at))
            act(at)
        return Lived(self._stopped)

    def _moment(self, at_s: int) -> datetime:
        return datetime.combine(self._on, time(), ZONE) + timedelta(seconds=at_s)

    def _soon(self, at_s: int, act: Callable[[int], None]) -> None:
        heapq.heappush(self._events, (at_s, next(self._turns), act))

    def _office(self, at: int) -> None:
        """What no hand touches: orders come in, customers cancel, work is let out, labels are bought."""
        until = self._taken
        while until < len(self._orders) and self._orders[until].at_s <= at:
            until += 1
        new = self._orders[self._taken : until]
        do(self._store, place_orders, [handed_in(each, self._moment(each.at_s)) for each in new])
        self._taken = until
        due = [reference for cancelled_s, reference in self._cancels[self._cancelled :] if cancelled_s <= at]
        self._cancelled += len(due)
        with self._store.read() as tx:
            rows = tx.rows("SELECT number FROM orders WHERE reference = ANY(%(names)s::text[])", names=due)
        in_parts(
            self._store, cancel_orders,
            [CancelOrder(number=row.number, reason="customer_changed_mind", actor="customer") for row in rows], 100,
        )  # fmt: skip
        in_parts(self._store, release_due, [ReleaseDue(site=SITE, actor="worker")], 1)
        self._work()
        self._soon(at + OFFICE_S, self._office)

    def _begin_walk(self, at: int) -> None:
        totes = tuple(f"T{n + 1:02}" for n in range(CART_TOTES * 40))
        with self._store.read() as tx:
            used = {row.code for row in tx.rows("SELECT code FROM tote")}
        free = [code for code in totes if code not in used][:CART_TOTES]
        (walk,) = in_parts(
            self._store, claim_work, [ClaimWork(site=SITE, picker=PICKER, totes=tuple(free), actor=PICKER)], 1
        )
        if isinstance(walk, Refusal):
            self._soon(at + POLL_S, self._begin_walk)
            return
        self._walk = walk
        self._soon(at + walk.predicted_s + UNIT_S * walk.units, lambda end: self._end_walk(at, end))

    def _end_walk(self, begun: int, at: int) -> None:
        with self._store.read() as tx:
            stops = tx.rows(
                "SELECT id::text, sku, quantity, tote FROM pick_task WHERE batch_id = %(id)s::uuid AND state = 'open'"
                " ORDER BY walk",
                id=self._walk.id,
            )
        picks = []
        for n, stop in enumerate(stops):
            moment = self._moment(begun + (at - begun) * (n + 1) // len(stops))
            right = Pick(task_id=stop.id, quantity=stop.quantity, sku=stop.sku, tote=stop.tote, actor=PICKER,
                         occurred_at=moment)  # fmt: skip
            if self._draws.number("slip", self._walk.number, n) % WHOLE < SLIPS:
                other = next(sku_of(each) for each in range(SKUS) if sku_of(each) != stop.sku)
                picks.append(Pick(task_id=stop.id, quantity=stop.quantity, sku=other, tote=stop.tote, actor=PICKER))
            picks.append(right)
        results = in_parts(self._store, pick, picks, len(picks) or 1)
        self._stopped += sum(isinstance(each, Refusal) and each.code == "wrong_item" for each in results)
        do(self._store, end_walk, [EndWalk(walk_id=self._walk.id, reason="cancelled meanwhile", actor=PICKER)])
        self._begin_walk(at)

    def _look_for_parcels(self, at: int) -> None:
        """The packer: a stopped order first, else what lies picked, else a moment's rest; the truck at its time."""
        with self._store.read() as tx:
            held = tx.row(
                "SELECT o.number, h.kind FROM hold h JOIN orders o ON o.id = h.order_id WHERE h.released_at IS NULL"
                " AND o.state <> 'cancelled' ORDER BY h.placed_at, o.number LIMIT 1"
            )
            labelled = tx.rows("SELECT id::text FROM parcel WHERE state = 'labelled' ORDER BY packed_at, id")
            picked = tx.rows(
                "SELECT f.id::text, (SELECT sum(a.picked) FROM allocation a WHERE a.fulfilment_id = f.id)::int AS units"
                " FROM fulfilment f JOIN orders o ON o.id = f.order_id AND NOT o.is_held WHERE f.state = 'picked'"
                " ORDER BY f.ship_by, f.id LIMIT %(most)s",
                most=PACKED_AT_ONCE,
            )
        if at >= TRUCK_S and labelled:
            loads = [HandOver(parcel_id=row.id, actor=PACKER) for row in labelled]
            self._soon(at + LOAD_S * len(loads), lambda end: self._done(end, hand_over, loads))
        elif held is not None:
            command = ReleaseHold(number=held.number, kind=held.kind, actor=PACKER, reason="asked the customer")
            self._soon(at + LOOK_S, lambda end: self._done(end, release_holds, [command]))
        elif picked:
            packs = [Pack(fulfilment_id=row.id, parcels=[ParcelForm(own_packing=True)], actor=PACKER) for row in picked]
            takes = sum(PACK_S + PACK_UNIT_S * row.units for row in picked)
            self._soon(at + takes, lambda end: self._done(end, pack, packs))
        else:
            self._soon(at + POLL_S, self._look_for_parcels)

    def _done(self, at: int, action: Callable[..., list[Any]], commands: Sequence[Any]) -> None:
        in_parts(self._store, action, commands, len(commands))
        self._look_for_parcels(at)


def deliver(store: Store, day: Day, on: date) -> None:
    """The carrier brings what left on a day: on the day it was promised for, the slow part of it three days later."""
    draws = Draws(day.times)
    with store.read() as tx:
        rows = tx.rows(
            "SELECT p.tracking_code AS code, p.carrier, p.deliver_by FROM parcel p JOIN orders o ON o.id = p.order_id"
            " WHERE p.state = 'shipped' AND p.shipped_at BETWEEN %(begin)s AND %(end)s ORDER BY o.reference, p.number",
            begin=datetime.combine(on, time(), ZONE), end=datetime.combine(on, time(23, 59), ZONE),
        )  # fmt: skip
    scans = []
    for row in rows:
        is_slow = draws.between(1, 100, "slow", row.code) <= day.slow_percent
        brought_on = row.deliver_by + timedelta(days=SLOW_DAYS if is_slow else 0)
        scans.append(TrackingEvent(
            carrier=row.carrier, external_id=f"{row.code}:delivered", tracking_code=row.code, milestone="delivered",
            occurred_at=datetime.combine(brought_on, time(12), ZONE), actor=row.carrier,
        ))  # fmt: skip
    do(store, record_tracking, scans)
