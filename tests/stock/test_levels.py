"""What is on hand, allocated and available, per site and place, page by page."""

from datetime import date

import pytest

from orderwright.business.stock.actions import Want, commit_bins, put_safety_stock, receive, take, wait_more
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine, SafetyStock
from orderwright.business.stock.reads import Level, Lying, free_for, list_levels
from orderwright.values.refusal import Refusal
from tests.shelves import CLERK, book, place_id, put_product, put_site, stocked


def test_a_level_says_what_lies_where_and_what_is_promised(tx):
    put_site(tx, "LEEDS")
    put_product(tx, "MILK")
    lines = [
        ReceiptLine(sku="MILK", quantity=9, lot="A", expires_on=date(2030, 6, 1), unit_cost="2"),
        ReceiptLine(sku="MILK", quantity=3, place="QUARANTINE"),
    ]
    book(tx, receive, Receipt, ReceiptForm(site="LEEDS", lines=lines))
    take(tx, {("MILK", "LEEDS"): 4}, {})
    commit_bins(tx, [Want("o", "MILK", "LEEDS", 3)])
    wait_more(tx, {"MILK": 1})
    put_safety_stock(tx, [SafetyStock(sku="MILK", site="LEEDS", units=2, actor=CLERK)])
    places = [
        Lying("QUARANTINE", "quarantine", 3),
        Lying("STOCK", "bin", 9, committed=3, lot="A", expires_on=date(2030, 6, 1)),
    ]
    [level] = list_levels(tx).items
    assert level == Level("MILK", "LEEDS", 9, 4, 1, 2, available=2, cost_micro=2_000_000, places=places)
    assert place_id(tx, "STOCK") != place_id(tx, "QUARANTINE")


def test_nothing_is_available_when_more_is_claimed_than_there_is(tx):
    stocked(tx, MUG=1)
    wait_more(tx, {"MUG": 5})
    assert list_levels(tx).items[0].available == 0


def test_levels_come_page_by_page_and_by_product_or_site(tx):
    stocked(tx, ("LEEDS", "YORK"), A=1, B=1, C=1)
    put_product(tx, "KIT", parts={"A": 1})

    def keys(**asked):
        page = list_levels(tx, **asked)
        return [level.sku + level.site[0] for level in page.items], page.next

    shown, after = keys(limit=4)
    assert shown == ["AL", "AY", "BL", "BY"]
    assert keys(limit=4, after=after) == (["CL", "CY"], None)
    assert keys(sku="B") == (["BL", "BY"], None)
    shown, after = keys(site="YORK", limit=2)
    assert (shown, keys(site="YORK", after=after)) == (["AY", "BY"], (["CY"], None))
    assert keys(sku="C", site="LEEDS") == (["CL"], None)
    assert keys(sku="KIT") == ([], None)
    assert keys(sku="a\0") == ([], None)
    assert keys(limit=6) == (["AL", "AY", "BL", "BY", "CL", "CY"], None)


def test_a_mark_of_another_list_and_an_unknown_channel_are_refused(tx):
    with pytest.raises(Refusal, match="malformed"):
        list_levels(tx, after="nonsense")
    with pytest.raises(Refusal, match="unknown_channel"):
        free_for(tx, ["MUG"], "nowhere")
