"""Lots past their date: not picked, and moved out of the bins once orders let go of them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from orderwright.business.stock.actions import (
    Want,
    commit_bins,
    expire_lots,
    expiry_shortfalls,
    give_back,
    receive,
    take,
    uncommit_bins,
)
from orderwright.business.stock.forms import Expired, ExpireLots, Pile, Receipt, ReceiptForm, ReceiptLine
from orderwright.business.stock.rules import Shortfall
from tests.shelves import CLERK, book, counted, lying, moved, place_id, put_product, put_site, told

JUNE_1 = date(2026, 6, 1)


@pytest.fixture
def shop(tx):
    """At LEEDS: 5 of lot A good through 1 June, 5 of lot B through July, 5 of a lot without a date."""
    tx.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    put_site(tx, "LEEDS")
    put_product(tx, "MILK", tracking="lot")
    lines = [
        ReceiptLine(sku="MILK", quantity=5, lot=lot, expires_on=day)
        for lot, day in (("A", JUNE_1), ("B", date(2026, 7, 1)), ("C", None))
    ]
    book(tx, receive, Receipt, ReceiptForm(site="LEEDS", lines=lines))
    return tx


def expire(tx, site="LEEDS", limit=1_000):
    [result] = expire_lots(tx, [ExpireLots(site=site, limit=limit, actor="worker")])
    return result


def short(tx):
    return expiry_shortfalls(tx, [ExpireLots(site="LEEDS", actor="worker")])


def picks(tx, quantity):
    chosen = commit_bins(tx, [Want("o", "MILK", "LEEDS", quantity)]).get("o", [])
    return [(pick.lot, pick.quantity) for pick in chosen]


def test_a_lot_is_good_through_its_date_on_the_sites_own_calendar(shop):
    shop.now = datetime(2026, 6, 1, 22, 59, tzinfo=UTC)  # 23:59 in Leeds
    assert expire(shop) == Expired("LEEDS", [], False)
    shop.now += timedelta(minutes=1)
    assert expire(shop) == Expired("LEEDS", [Pile("MILK", 5, "STOCK", "A")], False)
    assert lying(shop, "MILK") == {("LEEDS", "STOCK"): 10, ("LEEDS", "QUARANTINE"): 5}
    assert counted(shop, "MILK") == (10, 0)
    assert moved(shop)[-1] == ("MILK", "STOCK", "QUARANTINE", 5, "expire")
    assert expire(shop).lines == []


def test_a_lot_that_expires_between_allocation_and_pick_is_not_picked(shop):
    take(shop, {("MILK", "LEEDS"): 12}, {})
    shop.now += timedelta(days=1)
    assert picks(shop, 12) == [("B", 5), ("C", 5)]


def test_what_expires_first_is_picked_first(shop):
    take(shop, {("MILK", "LEEDS"): 8}, {})
    assert picks(shop, 8) == [("A", 5), ("B", 3)]


def test_orders_let_go_of_expired_units_before_these_leave_the_bins(shop):
    take(shop, {("MILK", "LEEDS"): 12}, {})
    assert picks(shop, 3) == [("A", 3)]
    shop.now += timedelta(days=1)
    stock = place_id(shop, "STOCK")
    assert short(shop) == [Shortfall("MILK", "LEEDS", 2, ((stock, "A", 3),))]
    assert expire(shop).code == "short_stock"
    give_back(shop, {("MILK", "LEEDS"): 2})
    uncommit_bins(shop, {("MILK", stock, "A"): 3})
    assert short(shop) == []
    assert expire(shop).lines == [Pile("MILK", 5, "STOCK", "A")]
    assert counted(shop, "MILK") == (10, 10)


def test_long_work_is_done_in_parts(shop):
    shop.now += timedelta(days=90)
    assert expire(shop, limit=1) == Expired("LEEDS", [Pile("MILK", 5, "STOCK", "A")], True)
    assert expire(shop, limit=1) == Expired("LEEDS", [Pile("MILK", 5, "STOCK", "B")], True)
    assert expire(shop, limit=1) == Expired("LEEDS", [], False)
    twice = expire_lots(shop, [ExpireLots(site="LEEDS", actor=CLERK)] * 2)
    assert [each.lines for each in twice] == [[], []]


def test_two_calls_for_one_site_in_one_go_move_each_pile_once(shop):
    shop.now += timedelta(days=90)
    first, second = expire_lots(shop, [ExpireLots(site="LEEDS", actor="worker")] * 2)
    assert ([pile.lot for pile in first.lines], second.lines) == (["A", "B"], [])
    assert counted(shop, "MILK") == (5, 0)


def test_an_unknown_site_is_refused(shop):
    assert told(expire(shop, site="NO")) == [("/site", "unknown_site")]
