"""The holiday sale: an ordinary day, a busy one and the sale itself, on paper and with Orderwright."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from orderwright.business.reports.days.asking import days_told
from orderwright.business.truth.check import check_store
from orderwright.database.clock import set_clock
from orderwright.database.cluster import open_cluster
from orderwright.database.store import Database, Store
from orderwright.database.stores import create_store, drop_store
from orderwright.database.tx import Tx
from orderwright.doors.demo.draws import Draws
from orderwright.doors.demo.folder import claim_folder
from orderwright.doors.demo.story.days import DAYS, ORDERS_A_DAY, Day, orders_of
from orderwright.doors.demo.story.ours import ASSUMED, ZONE, Hall, deliver
from orderwright.doors.demo.story.paper import ASSUMED as ASSUMED_ON_PAPER
from orderwright.doors.demo.story.paper import OnPaper, on_paper
from orderwright.doors.demo.story.shop import open_story
from orderwright.doors.wiring import Wiring
from orderwright.doors.worker.loop import Worker

STORE = "sale"
OUTSIDE = ("practice_tracking", "practice_scan")
"""The practice carrier's own parcels arrive on time: the story's does not, so it brings them itself."""


class Ours(msgspec.Struct, frozen=True):
    """What the store's facts tell of a day. steps: minutes of people by step, idle capped. left: orders of the day
    that wait in the evening. cancelled: within the buffer, by customers, with no hand of ours.

    untouched: of a thousand orders shipped, those at which nobody sat at a desk. late: parcels brought after the day
    they were promised for.
    """

    orders: int
    shipped: int
    left: int
    cancelled: int
    sent_though_cancelled: int
    stopped_slips: int
    minutes: int
    minutes_each: float | None
    steps: dict[str, float]
    untouched_permille: int | None
    late: int


class Compared(msgspec.Struct, frozen=True):
    """One day, both ways."""

    times: int
    channels: dict[str, int]
    paper: OnPaper
    ours: Ours


class Sale(msgspec.Struct, frozen=True):
    """What `orderwright demo --story sale --json` prints."""

    days: list[Compared]
    assumed_on_paper: list[str]
    assumed_with_us: list[str]
    check: list[str]
    invariants: int
    seconds: float


def tell_sale(folder: Path, wiring: Wiring, seed: int) -> Sale:
    """Live through the sale in a store of its own beside the demo's. Raises NotOurs, DatabaseAway."""
    begun = time.perf_counter()
    claim_folder(folder)
    with open_cluster(folder / "postgres", may_initialise=True) as cluster:
        drop_store(cluster.dsn, STORE)
        create_store(cluster.dsn, STORE)
        database = Database(cluster.dsn, wiring.flows, size=4)
        try:
            told = live_through(database.store(STORE), wiring, Draws(seed))
        finally:
            database.close()
    return msgspec.structs.replace(told, seconds=round(time.perf_counter() - begun, 1))


def live_through(
    store: Store, wiring: Wiring, draws: Draws, a_day: int = ORDERS_A_DAY, of: Sequence[Day] = DAYS
) -> Sale:
    """The days in an empty store, two weeks ago, and what came of them."""
    monday = _monday(datetime.now(UTC).astimezone(ZONE).date())
    days = [monday + timedelta(days=n) for n in range(len(of))]
    open_story(store, datetime.combine(days[0], datetime.min.time(), ZONE))
    worker = Worker(store, [kind for kind in wiring.kinds if kind.name not in OUTSIDE], [])
    orders = [orders_of(day, draws, a_day) for day in of]
    stopped = []
    for day, on, mine in zip(of, days, orders, strict=True):
        stopped.append(Hall(store, day, on, mine, worker.run_until_idle).live().stopped)
    with store.begin() as tx:
        set_clock(tx, datetime.combine(monday + timedelta(days=12), datetime.min.time(), ZONE))
    for day, on in zip(of, days, strict=True):
        deliver(store, day, on)
    worker.run_until_idle()
    ours = _measured(store, of, days, stopped)
    with store.begin() as tx:
        set_clock(tx, None)
    checked = check_store(store, full=True)
    return Sale(
        [
            Compared(day.times, dict(Counter(each.channel for each in mine)), on_paper(day, mine, draws), found)
            for day, mine, found in zip(of, orders, ours, strict=True)
        ],
        list(ASSUMED_ON_PAPER), list(ASSUMED),
        [f"{each.name}: {each.violations}" for each in checked if not each.holds], len(checked), 0.0,
    )  # fmt: skip


def _monday(today: date) -> date:
    """The Monday of the week before last: all of the story is over by now."""
    return today - timedelta(days=today.weekday() + 14)


def _measured(store: Store, of: Sequence[Day], days: list[date], stopped: list[int]) -> list[Ours]:
    with store.read() as tx:
        figures: dict[tuple[date, str], dict[str, tuple[int, int]]] = {}
        for scope, day, figure, part, counted, judged, _pending in days_told(tx, days, str(ZONE)):
            if scope == "" and figure in ("touch_time", "zero_touch"):
                figures.setdefault((day, figure), {})[part] = (counted, judged)
        return [_day(tx, on, day.times, figures, many) for day, on, many in zip(of, days, stopped, strict=True)]


def _day(tx: Tx, day: date, times: int, figures: Any, stopped: int) -> Ours:
    row = tx.row(
        """
        SELECT count(*)::int AS orders,
               count(*) FILTER (WHERE o.state = 'cancelled')::int AS cancelled,
               count(*) FILTER (WHERE o.state <> 'cancelled' AND NOT EXISTS (
                   SELECT FROM parcel p WHERE p.order_id = o.id AND p.shipped_at < %(end)s))::int AS waiting,
               count(*) FILTER (WHERE o.state = 'cancelled' AND EXISTS (
                   SELECT FROM parcel p WHERE p.order_id = o.id AND p.shipped_at IS NOT NULL))::int AS too_late
        FROM orders o WHERE o.reference LIKE %(mine)s
        """,
        mine=f"SALE-{times}X-%", end=datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE),
    )  # fmt: skip
    sent = tx.row(
        "SELECT count(*)::int AS shipped, count(*) FILTER (WHERE"
        " (delivered_at AT TIME ZONE 'Europe/London')::date > deliver_by)::int AS late FROM parcel"
        " WHERE (shipped_at AT TIME ZONE 'Europe/London')::date = %(day)s",
        day=day,
    )
    steps = {part: round(seconds / 60, 1) for part, (seconds, _) in figures.get((day, "touch_time"), {}).items()}
    minutes = sum(steps.values())
    good, judged = figures.get((day, "zero_touch"), {}).get("", (0, 0))
    return Ours(
        row.orders, sent.shipped, row.waiting, row.cancelled, row.too_late, stopped, round(minutes),
        round(minutes / sent.shipped, 1) if sent.shipped else None, steps, 1000 * good // judged if judged else None,
        sent.late,
    )  # fmt: skip
