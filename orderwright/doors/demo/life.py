"""The life of the shop: the clock is moved from stop to stop, and everybody does what is theirs to do.

At some stops several hands work side by side, on what they saw when it began: the office (stock and orders), the crew
of the floors, in a process of its own where it can be, and the house's worker for what concerns the outside. Half an
hour before a truck comes all that is planned for its site is let out, hurried through, and gets its labels. Then the
clock moves on. Nothing here remembers anything: what is to be done is read from the store, so whoever is killed starts
again where the clock stands.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.database.clock import find_simulated, set_clock
from orderwright.database.store import Store
from orderwright.doors.demo.callers import Callers
from orderwright.doors.demo.cartons import replenish_cartons
from orderwright.doors.demo.counters import Counters
from orderwright.doors.demo.deliveries import GoodsIn
from orderwright.doors.demo.desk import Desk
from orderwright.doors.demo.doing import in_parts, side_by_side
from orderwright.doors.demo.floor import Floor
from orderwright.doors.demo.people import People
from orderwright.doors.demo.returns import ReturnsDesk
from orderwright.doors.demo.road import look_for_houses
from orderwright.doors.demo.script import Script
from orderwright.doors.demo.steps import PACE, Step, steps_between
from orderwright.doors.wiring import Wiring
from orderwright.doors.worker.kinds import Schedule
from orderwright.doors.worker.loop import Worker

OUTSIDE = (
    "buy_label", "void_label", "call_payment", "issue_invoice", "settle_order", "practice_tracking", "practice_scan",
    "refresh_usual", "learn_quality",
)  # fmt: skip
"""Tasks that touch no stock and decide nothing at once, so that they may go on beside the office's."""
CALLS_AT_ONCE = 200
RELEASES = "release_sites"
HALF_A_DAY, TWO_DAYS = timedelta(hours=12), timedelta(days=2)
LEARNT = ("count_turnover", "refresh_usual", "learn_quality")
"""What is learnt of weeks of picks and orders."""
ORDERS_A_TIME = 120

Watch = Callable[[Step, int], None]


class Hands(NamedTuple):
    """Everybody who works in the demo's shop."""

    office: Worker
    outside: Worker
    crew: Floor
    desk: Desk
    returns: ReturnsDesk
    callers: Callers
    goods_in: GoodsIn
    counters: Counters


def hire(store: Store, wiring: Wiring, people: People, script: Script, goods_in: GoodsIn, crew: Floor) -> Hands:
    """The demo's people, and the house's own worker as two."""
    outside = [kind for kind in wiring.kinds if kind.name in OUTSIDE]
    inside = [kind for kind in wiring.kinds if kind.name not in OUTSIDE]
    timetable = [_seldom(schedule) for schedule in wiring.timetable]
    return Hands(
        Worker(store, inside, timetable),
        Worker(store, outside, [], calls_at_once=CALLS_AT_ONCE),
        crew,
        Desk(store, people),
        ReturnsDesk(store, people, script.credits),
        Callers(store, people),
        goods_in,
        Counters(store, people, script.begin),
    )


def _seldom(schedule: Schedule) -> Schedule:
    """Work is let out when the clock stops. What only tidies up runs twice a day, and what is learnt of weeks every
    other day, since the clock runs fast here.
    """
    if schedule.at is not None:
        return schedule
    least = PACE if schedule.name == RELEASES else TWO_DAYS if schedule.name in LEARNT else HALF_A_DAY
    return schedule._replace(every=max(schedule.every, least))


class Life:
    """Runs the script to its end."""

    def __init__(self, store: Store, script: Script, people: People, hands: Hands) -> None:
        self._store, self._script, self._people, self._hands = store, script, people, hands
        self._times = [_placed_at(command) for command in script.arrivals]
        self._taken_until = 0

    def run(self, watch: Watch) -> None:
        """From where the store's clock stands to the end, where it stays."""
        with self._store.begin() as tx:
            stands_at = find_simulated(tx)
            if stands_at is None:
                raise RuntimeError("the store's clock goes by itself: it has lived through this")
        if stands_at == self._script.begin:
            self._hands.goods_in.open(stands_at)
        for step in steps_between(self._script.begin, self._script.end):
            # The stop it was interrupted at is done again: what was done then is found done.
            if step.at >= stands_at:
                self._stop(step)
                watch(step, self._taken_until)
            self._taken_until = bisect_right(self._times, step.at)

    def _stop(self, step: Step) -> None:
        with self._store.begin() as tx:
            set_clock(tx, step.at)
        crew = self._hands.crew
        if step.is_wave:
            # None sees what the others do: orders are taken, and carts are filled with what was released before.
            side_by_side(lambda: crew.look(step), lambda: self._take_orders(step), self._outside)
            self._hands.office.tend()
            side_by_side(lambda: self._office(step), lambda: crew.work(step), self._outside)
        else:
            crew.look(step)
            # Before a truck, labels are bought while the last parcels are packed, and then those of these.
            outside = [self._outside] if step.rushed else []
            side_by_side(lambda: self._office(step), lambda: crew.work(step), *outside)
        if step.rushed:
            self._outside()
        if step.is_wave:
            look_for_houses(self._store, self._people, step.at)

    def _office(self, step: Step) -> None:
        """Stock and orders, one thing after the other, so that every run decides alike."""
        hands = self._hands
        if step.is_morning:
            # What came from suppliers lies on one bench, what customers sent back on another.
            side_by_side(lambda: hands.goods_in.receive(step.at), lambda: hands.returns.work(step.at))
            hands.goods_in.put_away()
            if not step.is_wave:
                hands.counters.count(step.at)
        if step.is_buying:
            hands.goods_in.buy(step.at)
        while hands.office.work():
            pass
        self._take_orders(step)
        hands.returns.apply_credits(step.at)
        hands.desk.work(step.at)
        if step.is_morning:
            hands.callers.hear(step.at)
            replenish_cartons(self._store, step.at)

    def _take_orders(self, step: Step) -> None:
        """Place what came since the clock stood still before."""
        until = bisect_right(self._times, step.at)
        arriving: Sequence[PlaceOrder] = self._script.arrivals[self._taken_until : until]
        in_parts(self._store, place_orders, arriving, ORDERS_A_TIME, is_alone=True)
        self._taken_until = until

    def _outside(self) -> None:
        """Labels, money, papers and scans, as far as they are due."""
        while self._hands.outside.work() or self._hands.outside.call():
            pass


def _placed_at(command: PlaceOrder) -> datetime:
    placed_at = command.order.placed_at
    if placed_at is None:
        raise ValueError(f"order {command.order.reference} has no time")
    return placed_at
