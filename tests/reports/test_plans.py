"""Telling days, and looking for those that changed, reads no table through that grows."""

from datetime import timedelta

import pytest

from orderwright.business.reports.days.changes import changed_days
from orderwright.business.reports.days.telling import look_for_changes, tell_stale, zone_of
from orderwright.business.reports.today.hours import keep_hours
from tests.plans import watched
from tests.shop import Shop


def test_telling_reads_through_nothing_that_grows(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.stock("LEEDS", MUG=5)
    shop.place({"MUG": 1})
    with shop.begin() as tx:
        look_for_changes(tx, zone_of(tx))  # the first time, all there ever was
    with watched(monkeypatch) as seen, shop.begin() as tx:
        changed_days(tx, tx.now - timedelta(minutes=15), zone_of(tx))
        tell_stale(tx, zone_of(tx))
        keep_hours(tx)
    assert seen.read_through == []
