"""The demo's customers get in touch, each once for what bothers them, and what they said is written down."""

from datetime import timedelta

import pytest

from orderwright.doors.demo import callers
from orderwright.doors.demo.callers import CAUSES, Callers
from orderwright.doors.demo.draws import WHOLE, Draws
from orderwright.doors.demo.people import NOBODY_ERRS, People
from orderwright.doors.demo.window import ZONE
from tests.shop import Shop


def contacts(shop: Shop) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in shop.rows(
        "SELECT o.reference, c.reason, c.channel FROM contact c JOIN orders o ON o.id = c.order_id"
        " WHERE c.asked_at > o.placed_at AND c.asked_at < c.recorded_at"
        " AND extract(hour FROM c.asked_at AT TIME ZONE 'Europe/London') BETWEEN 9 AND 18"
        " ORDER BY o.reference, c.reason"
    )]  # fmt: skip


def test_customers_call_about_orders_of_yesterday_and_those_that_wait_once_each(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, cause in CAUSES.items():
        monkeypatch.setitem(CAUSES, name, cause._replace(rate=WHOLE))
    with shop.begin() as tx:
        now = tx.now.astimezone(ZONE).replace(hour=6, minute=0) - timedelta(days=1)
    shop.stock("LEEDS", MUG=1)
    for reference, units, hours in (("new", 1, 2), ("yesterday", 1, 30), ("waits", 50, 80), ("long ago", 50, 200)):
        shop.place({"MUG": units}, reference=reference, placed_at=now - timedelta(hours=hours))
    heard = Callers(shop.store, People({}, NOBODY_ERRS, Draws(1)))
    for _ in range(2):
        heard.hear(now)
    told = contacts(shop)
    assert [each[:2] for each in told] == [
        ("waits", "where_is_it"), ("yesterday", "change_or_cancel"), ("yesterday", "question"),
        ("yesterday", "where_is_it"),
    ]  # fmt: skip
    assert {each[2] for each in told} <= set(callers.WAYS)
