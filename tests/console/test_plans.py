"""No page reads a table through that grows with the orders a store ever had."""

from datetime import date

import pytest

from orderwright.business.reports.days.asking import SOURCES
from tests.browser.every_page import fill, paths
from tests.console.conftest import Console
from tests.plans import watched


def test_no_page_reads_through_what_grows(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = fill(console.shop)
    visit = console.visit(console.owner())
    rows = [f"/reports/rows?figure={name}&day={date.today()}" for source in SOURCES for name in source.figures]
    finding = [f"/orders?q={q}" for q in ("OW-000001", "buyer1@example.org", "Lovelace", "LS1+1AA", "MUG", "PX1")]
    filters = ["/orders?site=LEEDS&state=held", "/exceptions?kind=fraud&site=LEEDS", "/customers?q=Lovelace",
               "/orders/bulk?deed=hold&all=true&state=allocated"]  # fmt: skip
    behind = ["/today/order_accuracy", "/today/perfect_orders", "/today/time_per_order?all=true"]
    with watched(monkeypatch) as seen:
        for path in (*paths(parts).values(), *rows, *finding, *filters, *behind):
            visit.get(path)
    assert seen.read_through == []


def test_reading_through_is_seen(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    with watched(monkeypatch) as seen:
        console.shop.rows("SELECT max(total_minor) FROM orders")
        console.shop.rows("SELECT count(*) FROM fact WHERE type = 'order_placed'")
        console.shop.rows("SELECT id FROM orders WHERE number = 'OW-000001'")
    assert [told.split(":")[0] for told in seen.read_through] == ["orders", "fact"]
