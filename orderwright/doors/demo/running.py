"""Running the demo: a folder of its own, a shop set up, its weeks lived through, a summary."""

import gc
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from orderwright.business.truth.check import check_store
from orderwright.database.clock import find_simulated, set_clock
from orderwright.database.cluster import Cluster, open_cluster
from orderwright.database.schedules import make_due
from orderwright.database.store import Database, Store
from orderwright.database.stores import create_store, drop_store
from orderwright.doors.demo.deliveries import GoodsIn
from orderwright.doors.demo.draws import Draws
from orderwright.doors.demo.elsewhere import crew_elsewhere
from orderwright.doors.demo.floor import Crew, Floor
from orderwright.doors.demo.folder import Run, claim_folder, new_run, remember
from orderwright.doors.demo.goods import Good, goods_of
from orderwright.doors.demo.left import leave_work
from orderwright.doors.demo.life import Life, hire
from orderwright.doors.demo.opening import open_shop
from orderwright.doors.demo.people import People, Rates
from orderwright.doors.demo.progress import Progress
from orderwright.doors.demo.script import Script, write_script
from orderwright.doors.demo.summary import Summary, look_back, summarise
from orderwright.doors.demo.suppliers import open_suppliers
from orderwright.doors.demo.supply import WEEK, WEEKS, Buyers
from orderwright.doors.demo.window import Window, choose_window
from orderwright.doors.demo.year import Year, read_year
from orderwright.doors.wiring import Wiring
from orderwright.doors.worker.loop import Worker

STORE = "main"
RATES = Rates()
GARBAGE_A_TIME = 100_000
"""So many new objects before garbage is looked for: all but none of what the demo makes lies in circles."""


class Cast(NamedTuple):
    """Everything the demo knows before its first minute. goods: those asked for most first."""

    script: Script
    goods: list[Good]
    people: People
    buyers: Buyers


def run_demo(folder: Path, wiring: Wiring, console: Console, *, days: int | None, seed: int) -> Summary:
    """Live through the weeks; `days` None is the whole year. One that was interrupted goes on where it stood.

    One that ended a while ago, or was of other days or another seed, is made anew. Raises NotOurs, DatabaseAway.
    """
    begun = time.perf_counter()
    gc.set_threshold(GARBAGE_A_TIME)
    before = claim_folder(folder)
    console.print("Reading a year of a real shop's invoices ...")
    with ExitStack() as opened:
        with ThreadPoolExecutor(1) as thread:
            reading = thread.submit(read_year)
            # PostgreSQL is made and started, and the store in it, while the file is read.
            cluster = opened.enter_context(open_cluster(folder / "postgres", may_initialise=True))
            run = _run(cluster, folder, before, days, seed, console)
        year = reading.result()
        cast = cast_of(year, choose_window(times_of(year), run.ends_at, days), RATES, Draws(seed))
        report = year.report
        del year, reading  # most of it is history by now
        gc.freeze()  # the whole year lies in memory, and is no garbage to be looked through
        with (
            crew_elsewhere(lambda: _store(cluster, wiring), cast.people) as crew,
            _store(cluster, wiring) as store,
            ThreadPoolExecutor(1) as thread,
        ):
            live_through(store, wiring, cast, lambda: Progress(console, store, cast.script), crew=crew)
            left = leave_work(store, cast.goods, Worker(store, wiring.kinds, []).run_until_idle)
            console.print("Asking every invariant (orderwright check) ...")
            checking = thread.submit(check_store, store, full=True)
            found = look_back(store, cast.script, cast.people)
            checked = checking.result()
            seconds = time.perf_counter() - begun
            return summarise(cast.script, RATES, found, report, checked, seconds, left)


def _run(cluster: Cluster, folder: Path, before: Run | None, days: int | None, seed: int, console: Console) -> Run:
    """What to run: what was begun before, or a new one in a store emptied for it."""
    if before is not None and before.is_wanted(days, seed):
        console.print("Going on with the demo that was begun in this folder.")
        run = before
    else:
        if before is not None:
            console.print("This folder holds another demo, or one that ended a while ago: it is made anew.")
        drop_store(cluster.dsn, STORE)
        run = new_run(days, seed)
        remember(folder, run)
    create_store(cluster.dsn, STORE)
    return run


@contextmanager
def _store(cluster: Cluster, wiring: Wiring) -> Iterator[Store]:
    database = Database(cluster.dsn, wiring.flows, keeps_plans=True)
    try:
        yield database.store(STORE)
    finally:
        database.close()


def times_of(year: Year) -> list[datetime]:
    """When the year's orders were placed, in order."""
    return [order.form.placed_at for order in year.orders if order.form.placed_at is not None]


def cast_of(year: Year, window: Window, rates: Rates, draws: Draws) -> Cast:
    """Script, goods and people for a window of the year."""
    script = write_script(year, window, draws)
    goods = goods_of(script.known, window.begin, window.end, draws)
    ranked = sorted(goods.values(), key=lambda good: (-good.lines, good.sku))
    since = window.begin - WEEKS * WEEK - timedelta(days=1)
    known = [order for order in script.known if order.placed_at is not None and order.placed_at >= since]
    return Cast(script, ranked, People(goods, rates, draws), Buyers(known, ranked))


def live_through(
    store: Store,
    wiring: Wiring,
    cast: Cast,
    watching: Callable[[], AbstractContextManager[Progress]],
    crew: Floor | None = None,
) -> None:
    """Set the shop up where it is not, and live until the end; from then on its clock goes with the real time.

    crew: who works on the floors, if not somebody of this process.
    """
    script = cast.script
    with store.begin() as tx:
        stands_at = find_simulated(tx)
        is_lived = stands_at is None and tx.row("SELECT 1 FROM orders LIMIT 1") is not None
        if stands_at is None and not is_lived:
            set_clock(tx, script.begin)
    if is_lived:
        return
    if stands_at is None or stands_at <= script.begin:
        open_shop(store, cast.goods, script.begin)
        open_suppliers(store, cast.goods, cast.people)
        store.look_over()
    goods_in = GoodsIn(store, cast.buyers, cast.goods, script.window, cast.people)
    hands = hire(store, wiring, cast.people, script, goods_in, crew or Crew(store, cast.people))
    with watching() as progress:
        Life(store, script, cast.people, hands).run(progress.watch)
    with store.begin() as tx:
        set_clock(tx, None)
    with store.begin() as tx:
        # Whoever serves the shop from here on tells its days at once: its pages are looked at in a minute.
        make_due(tx, [each.name for each in wiring.timetable if each.at is None])
