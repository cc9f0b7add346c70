"""Ten days of a tiny shop, made by hand in the form of the real one's file, lived through in a few seconds."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from orderwright.app import wiring
from orderwright.business.imports.sheets import sheet_of
from orderwright.business.reports.figures import Figure, Span, figures
from orderwright.database.clock import set_clock
from orderwright.database.store import Database, Store
from orderwright.doors.demo.draws import Draws
from orderwright.doors.demo.people import NOBODY_ERRS, Rates
from orderwright.doors.demo.running import Cast, cast_of, live_through
from orderwright.doors.demo.steps import Step
from orderwright.doors.demo.window import Window
from orderwright.doors.demo.year import Year, read_orders

HEADER = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
SKUS = [f"{20_000 + n}{letter}" for n in range(6) for letter in ("", "B")]
LIGHT = "30000"
"""So light that one more or less of it in a heavy parcel moves no scale."""
MONDAY = datetime(2011, 3, 7)
"""The first day of orders: an ordinary week, with no clock change and no holiday about."""
WINDOW = Window(datetime(2011, 3, 6, 18, tzinfo=UTC), datetime(2011, 3, 17, 19, tzinfo=UTC), 780)


def row(invoice: str, sku: str, quantity: int, at: datetime, customer: object = "", price: str = "") -> list[str]:
    price = price or ("0.05" if sku == LIGHT else f"{1 + SKUS.index(sku) % 4}.50")
    country = "Unspecified" if customer == 19_999 else "Germany" if customer == 12_007 else "United Kingdom"
    return [invoice, sku, f"Thing {sku}", str(quantity), f"{at:%Y-%m-%d %H:%M:00}", price, str(customer), country]


def rows(orders: int = 60) -> Iterator[list[str]]:
    """Eight weeks of steady history, three days of orders, and what was credited of them."""
    for week in range(8, 0, -1):
        at = MONDAY - timedelta(weeks=week) + timedelta(hours=12)
        yield from (row(str(500_000 + week), sku, 60, at, 12_000) for sku in (*SKUS, LIGHT))
    for n in range(orders):
        at = MONDAY + timedelta(days=n * 3 // orders, hours=9, minutes=7 * (n % (orders // 3)))
        mine = [SKUS[(n + step) % len(SKUS)] for step in (0, 3, 5)[: 1 + n % 3]]
        customer = "" if n == 4 else 12_000 + n % 20
        yield from (row(str(510_000 + n), sku, 1 + n % 2, at, customer) for sku in mine)
        if n % 4 == 0:
            yield row(str(510_000 + n), SKUS[n % 5], 22, at, customer)
            yield row(str(510_000 + n), LIGHT, 6, at, customer)
    yield row("520000", SKUS[0], 1, MONDAY + timedelta(hours=10), 12_001, price="9.99")  # held for its price
    yield row("520001", SKUS[0], 1, MONDAY + timedelta(hours=10, minutes=3), 19_999)  # held: to no country
    yield row("520002", SKUS[1], 2, MONDAY + timedelta(hours=10, minutes=5), 12_050)
    yield row("C520003", SKUS[1], -2, MONDAY + timedelta(hours=10, minutes=9), 12_050)  # cancelled at once
    yield row("C520004", SKUS[2], -1, MONDAY + timedelta(days=7, hours=10), 12_002)  # sent back


def tiny_year(orders: int = 60) -> Year:
    return read_orders(sheet_of(HEADER, list(rows(orders))), "online_retail")


def tiny_cast(rates: Rates = NOBODY_ERRS, seed: int = 1) -> Cast:
    return cast_of(tiny_year(), WINDOW, rates, Draws(seed))


class Watching:
    """Nobody looks at the progress; `at` is told each stop."""

    def __init__(self, at: Any = None) -> None:
        self._at = at

    def __enter__(self) -> "Watching":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def watch(self, step: Step, taken: int) -> None:
        if self._at is not None:
            self._at(step)


def live(store: Store, cast: Cast, at: Any = None) -> None:
    """The whole life, with the house as it is put together for everybody."""
    house = wiring()
    store.flows = house.flows
    live_through(store, house, cast, lambda: Watching(at))  # type: ignore[arg-type,return-value]


def judged(store: Store, cast: Cast) -> dict[str, Figure]:
    """The figures a month later, when nothing is too young to be judged."""
    with store.begin() as tx:
        set_clock(tx, cast.script.end + timedelta(days=30))
    with store.read() as tx:
        found = figures(tx, Span(cast.script.begin, cast.script.end))
    return {each.name: each for each in found}


@contextmanager
def opened(dsn: str, name: str) -> Iterator[Store]:
    database = Database(dsn, {})
    try:
        yield database.store(name)
    finally:
        database.close()


if __name__ == "__main__":  # a demo of its own, to be killed
    with opened(sys.argv[1], sys.argv[2]) as its_store:
        live(its_store, tiny_cast(), at=lambda step: print(step.at.isoformat(), flush=True))
