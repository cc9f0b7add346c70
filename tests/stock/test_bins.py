"""Bins are chosen at release and kept for the order until picked; moves keep the counters true."""

import pytest

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.stock.actions import Move, Pick, Want, commit_bins, move_units, receive, take, uncommit_bins
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.values.refusal import Refusal
from tests.shelves import CLERK, book, counted, lying, moved, place_id, put_product, stocked


@pytest.fixture
def shop(tx):
    """MUG: 3 in A-1, 6 in A-2, 2 in B-1, 4 in quarantine, all at LEEDS; 9 in YORK's STOCK."""
    stocked(tx, ("LEEDS", "YORK"), MUG=0)
    for code, aisle, bay in (("A-1", 1, 1), ("A-2", 1, 2), ("B-1", 2, 1)):
        put_places(tx, [PutPlace(site="LEEDS", code=code, form=PlaceForm(aisle=aisle, bay=bay), actor=CLERK)])
    lines = [
        ReceiptLine(sku="MUG", quantity=quantity, place=place)
        for place, quantity in (("A-1", 3), ("A-2", 6), ("B-1", 2), ("QUARANTINE", 4))
    ]
    book(tx, receive, Receipt, ReceiptForm(site="LEEDS", lines=lines))
    book(tx, receive, Receipt, ReceiptForm(site="YORK", lines=[ReceiptLine(sku="MUG", quantity=9)]))
    return tx


def committed(tx):
    rows = tx.rows("SELECT code, committed FROM stock s JOIN place p ON p.id = s.place_id WHERE committed > 0")
    return dict(map(tuple, rows))


def picks(tx, *quantities):
    chosen = commit_bins(tx, [Want(str(i), "MUG", "LEEDS", quantity) for i, quantity in enumerate(quantities)])
    codes = {place_id(tx, code): code for code in ("A-1", "A-2", "B-1")}
    return [[(codes[pick.place_id], pick.quantity) for pick in chosen.get(str(i), [])] for i in range(len(quantities))]


def move(source, target, quantity, tx, line=1, kind="pick", **more):
    return Move("MUG", "", place_id(tx, source), place_id(tx, target), quantity, kind, f"{kind}:1", line, CLERK, **more)


def test_wants_are_served_in_their_order_from_what_the_former_left(shop):
    assert picks(shop, 3, 5, 3, 1) == [[("A-1", 3)], [("A-2", 5)], [("B-1", 2), ("A-2", 1)], []]
    assert committed(shop) == {"A-1": 3, "A-2": 6, "B-1": 2}


def test_what_is_kept_for_one_order_is_not_chosen_for_the_next(shop):
    assert picks(shop, 4) == [[("A-2", 4)]]
    assert picks(shop, 4) == [[("A-1", 3), ("A-2", 1)]]
    uncommit_bins(shop, {("MUG", place_id(shop, "A-2"), ""): 5})
    assert committed(shop) == {"A-1": 3}
    assert picks(shop, 6) == [[("A-2", 6)]]


def test_a_sites_bins_serve_that_site_alone(shop):
    chosen = commit_bins(shop, [Want("x", "MUG", "YORK", 20), Want("y", "NONE", "YORK", 1)])
    assert chosen == {"x": [Pick(place_id(shop, "STOCK", "YORK"), "", 9)]}


def test_a_pick_takes_units_off_the_list_and_they_stay_on_hand(shop):
    picks(shop, 5)
    move_units(shop, [move("A-2", "PACKING", 4, shop, uncommits=4)])
    assert committed(shop) == {"A-2": 1}
    assert lying(shop, "MUG")["LEEDS", "PACKING"] == 4
    assert counted(shop, "MUG") == (11, 0)


def test_units_that_leave_the_house_are_no_longer_on_hand(shop):
    move_units(shop, [move("A-2", "PACKING", 4, shop), move("PACKING", "CUSTOMER", 3, shop, kind="ship")])
    assert counted(shop, "MUG") == (8, 0)
    assert lying(shop, "MUG")["LEEDS", "PACKING"] == 1
    assert [each[1:] for each in moved(shop)[-2:]] == [
        ("A-2", "PACKING", 4, "pick"),
        ("PACKING", "CUSTOMER", 3, "ship"),
    ]


def test_moves_from_one_place_are_summed(shop):
    both = [move("A-1", "PACKING", 2, shop, line=1), move("A-1", "B-1", 2, shop, line=2)]
    with pytest.raises(Refusal) as refused:
        move_units(shop, both)
    assert (refused.value.code, refused.value.facts["free"]) == ("short_stock", 3)
    assert counted(shop, "MUG") == (11, 0)
    assert len(moved(shop)) == 5


def test_units_on_a_pick_list_are_moved_by_their_pick_alone(shop):
    picks(shop, 3)
    with pytest.raises(Refusal, match="short_stock"):
        move_units(shop, [move("A-1", "A-2", 1, shop)])
    with pytest.raises(Refusal, match="short_stock"):
        move_units(shop, [move("A-2", "A-1", 1, shop, uncommits=1)])  # none of A-2's is on a list
    move_units(shop, [move("A-1", "PACKING", 3, shop, uncommits=3)])
    assert committed(shop) == {}


def test_promised_units_do_not_leave_by_any_move(shop):
    take(shop, {("MUG", "LEEDS"): 10}, {})
    with pytest.raises(Refusal) as refused:
        move_units(shop, [move("A-2", "SCRAP", 2, shop, kind="scrap")])
    assert refused.value.facts == {"sku": "MUG", "site": "LEEDS", "wanted": 2, "free": 1}


def test_moves_keep_their_line_cost_and_time(shop):
    late = shop.now.replace(year=shop.now.year - 1)
    put_product(shop, "TEE")
    units = Move(
        "TEE", "L", place_id(shop, "SUPPLIER"), place_id(shop, "A-1"), 2, "receive", "receipt:9", 7, CLERK,
        unit_cost_micro=5, occurred_at=late,
    )  # fmt: skip
    move_units(shop, [units])
    row = shop.row("SELECT lot, cause, cause_line, unit_cost_micro, occurred_at FROM stock_move WHERE sku = 'TEE'")
    assert row == ("L", "receipt:9", 7, 5, late)
