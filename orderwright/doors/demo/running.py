"""Running the demo: a folder of its own, a shop set up, its weeks lived through, a summary."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from orderwright.business.truth.check import check_store
from orderwright.database.clock import set_clock
from orderwright.database.cluster import open_cluster
from orderwright.database.store import Database, Store
from orderwright.database.stores import create_store, list_stores
from orderwright.doors.demo.deliveries import GoodsIn
from orderwright.doors.demo.draws import Draws
from orderwright.doors.demo.goods import goods_of
from orderwright.doors.demo.life import Life, hire
from orderwright.doors.demo.opening import open_shop
from orderwright.doors.demo.people import People, Rates
from orderwright.doors.demo.script import Script, write_script
from orderwright.doors.demo.supply import Buyers
from orderwright.doors.demo.telling import Progress, Summary, summarise
from orderwright.doors.demo.window import choose_window
from orderwright.doors.demo.year import Year, read_year
from orderwright.doors.wiring import Wiring

MARK = "orderwright-demo"
STORE = "main"
BUYING_LOOKS_BACK = timedelta(weeks=8)


class NotOurs(Exception):
    """The folder is there and was not made by the demo; `str()` of it is what people read."""


def claim_folder(folder: Path) -> None:
    """Make the demo's folder, or find the one it made before. Raises NotOurs."""
    mark = folder / MARK
    if folder.exists() and not mark.exists() and any(folder.iterdir()):
        raise NotOurs(f"{folder.resolve()} was not made by the demo; name another folder with --data")
    folder.mkdir(parents=True, exist_ok=True)
    mark.write_text("This folder belongs to `orderwright demo`; it may be deleted.\n")


@contextmanager
def demo_store(folder: Path, wiring: Wiring) -> Iterator[Store]:
    """The demo's store, made when it is not there, on a PostgreSQL in the demo's folder."""
    with open_cluster(folder / "postgres", may_initialise=True) as cluster:
        if STORE not in list_stores(cluster.dsn):
            create_store(cluster.dsn, STORE)
        database = Database(cluster.dsn, wiring.flows)
        try:
            yield database.store(STORE)
        finally:
            database.close()


def run_demo(folder: Path, wiring: Wiring, console: Console, *, days: int | None, seed: int) -> Summary:
    """Live through the weeks; `days` None is the whole year. One that was interrupted goes on where it stood.

    Raises NotOurs, DatabaseAway.
    """
    begun = time.perf_counter()
    claim_folder(folder)
    console.print("Reading a year of a real shop's invoices ...")
    year = read_year()
    with demo_store(folder, wiring) as store:
        ending = _ending(store, folder)
        script, goods_in, people = _prepare(store, year, ending, days, Draws(seed))
        hands = hire(store, wiring, people, script, goods_in)
        with Progress(console, store, script) as progress:
            Life(store, script, people, hands).run(progress.watch)
        console.print("Asking every invariant ...")
        checked = check_store(store, full=True)
        shown_days = (script.end - script.begin).days
        return summarise(
            store, script, checked, Rates(), days=shown_days, seconds=time.perf_counter() - begun,
            import_account=year.report.as_dict(),
        )  # fmt: skip


def _ending(store: Store, folder: Path) -> datetime:
    """The moment the demo ends at: when it was first started, so that an interrupted run ends at the same one."""
    mark = folder / "ends-at"
    if not mark.exists():
        mark.write_text(datetime.now(UTC).replace(second=0, microsecond=0).isoformat())
    return datetime.fromisoformat(mark.read_text())


def _prepare(
    store: Store, year: Year, ending: datetime, days: int | None, draws: Draws
) -> tuple[Script, GoodsIn, People]:
    times = [order.form.placed_at for order in year.orders if order.form.placed_at is not None]
    window = choose_window(times, ending, days)
    script = write_script(year, window, draws)
    goods = goods_of(script.known, window.begin, window.end, draws)
    ranked = sorted(goods.values(), key=lambda good: (-good.lines, good.sku))
    with store.read() as tx:
        is_open = tx.row("SELECT count(*) AS n FROM site").n > 0
    if not is_open:
        with store.begin() as tx:
            set_clock(tx, script.begin)
        open_shop(store, ranked)
    since = window.begin - BUYING_LOOKS_BACK
    known = [order for order in script.known if order.placed_at is not None and order.placed_at >= since]
    goods_in = GoodsIn(store, Buyers(known, ranked), ranked, window)
    return script, goods_in, People(goods, Rates(), draws)
