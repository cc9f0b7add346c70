"""Books set right: what was counted, found, lost, damaged; and what orders hold of it."""

import pytest

from orderwright.business.stock.actions import (
    Move,
    Want,
    adjust,
    adjustment_shortfalls,
    commit_bins,
    give_back,
    move_units,
    take,
)
from orderwright.business.stock.forms import Adjusted, Adjustment, AdjustmentForm
from orderwright.business.stock.rules import Shortfall
from tests.shelves import CLERK, book, counted, lying, moved, place_id, put_product, stocked, told


def adjustment(reason, **changes):
    return AdjustmentForm(**{"site": "LEEDS", "sku": "MUG", "reason": reason, **changes})


def set_right(tx, reason, **changes):
    return book(tx, adjust, Adjustment, adjustment(reason, **changes))


def short(tx, *forms):
    return adjustment_shortfalls(tx, [Adjustment(form=form, actor=CLERK) for form in forms])


def hold(tx, quantity):
    assert take(tx, {("MUG", "LEEDS"): quantity}, {}) == set()


@pytest.mark.parametrize(
    ("reason", "change", "source", "target"),
    [
        ({"reason": "found", "quantity": 2}, 2, "FOUND", "STOCK"),
        ({"reason": "lost", "quantity": -2}, -2, "STOCK", "LOST"),
        ({"reason": "stolen", "quantity": -2}, -2, "STOCK", "LOST"),
        ({"reason": "damaged", "quantity": -2}, -2, "STOCK", "SCRAP"),
        ({"reason": "expired", "quantity": -2}, -2, "STOCK", "SCRAP"),
        ({"reason": "quarantined", "quantity": -2}, -2, "STOCK", "QUARANTINE"),
        ({"reason": "counted", "quantity": -2}, -2, "STOCK", "LOST"),
        ({"reason": "counted", "counted": 8}, -2, "STOCK", "LOST"),
        ({"reason": "counted", "counted": 13}, 3, "FOUND", "STOCK"),
    ],
)
def test_each_reason_says_where_units_come_from_and_go_to(tx, reason, change, source, target):
    stocked(tx, MUG=10)
    answer = set_right(tx, **reason)
    assert answer == Adjusted(answer.id, "LEEDS", "MUG", "STOCK", change, 10 + change)
    assert moved(tx)[1:] == [("MUG", source, target, abs(change), "adjust")]
    assert counted(tx, "MUG") == (10 + change, 0)


def test_a_count_that_agrees_is_answered_and_moves_nothing(tx):
    stocked(tx, MUG=10)
    assert set_right(tx, "counted", counted=10).change == 0
    assert len(moved(tx)) == 1


def test_quarantined_units_lie_there_and_are_not_on_hand(tx):
    stocked(tx, MUG=10)
    set_right(tx, "quarantined", quantity=-4)
    assert lying(tx, "MUG") == {("LEEDS", "STOCK"): 6, ("LEEDS", "QUARANTINE"): 4}
    assert counted(tx, "MUG") == (6, 0)
    set_right(tx, "damaged", quantity=-1, place="QUARANTINE")
    assert lying(tx, "MUG")["LEEDS", "QUARANTINE"] == 3
    assert counted(tx, "MUG") == (6, 0)


def test_more_than_lies_there_is_not_taken_away(tx):
    stocked(tx, MUG=10)
    refusal = set_right(tx, "lost", quantity=-11)
    assert refusal.code == "short_stock"
    assert refusal.facts == {"sku": "MUG", "place": "STOCK", "lot": "", "wanted": 11, "free": 10}
    assert counted(tx, "MUG") == (10, 0)


def test_one_reference_is_booked_once(tx):
    stocked(tx, MUG=10)
    first = set_right(tx, "lost", quantity=-1, reference="A-1")
    again = set_right(tx, "lost", quantity=-1, reference="A-1")
    assert (again.id, again.repeated) == (first.id, True)
    assert set_right(tx, "lost", quantity=-2, reference="A-1").code == "adjustment_differs"
    assert counted(tx, "MUG") == (9, 0)


@pytest.mark.parametrize(
    ("form", "findings"),
    [
        ({"reason": "found", "quantity": -1}, [("/quantity", "quantity")]),
        ({"reason": "damaged", "quantity": 1}, [("/quantity", "quantity")]),
        ({"reason": "counted", "quantity": 0}, [("/quantity", "quantity")]),
        ({"reason": "counted"}, [("/quantity", "quantity")]),
        ({"reason": "lost", "counted": 3}, [("/counted", "quantity")]),
        ({"reason": "counted", "counted": 3, "quantity": 1}, [("/counted", "quantity")]),
        ({"reason": "quarantined", "quantity": -1, "place": "QUARANTINE"}, [("/place", "place")]),
        ({"reason": "found", "quantity": 1, "lot": "\x1b", "place": "X"},
         [("/lot", "control_character"), ("/place", "unknown_place")]),
    ],
)  # fmt: skip
def test_an_adjustment_that_makes_no_sense_is_refused(tx, form, findings):
    stocked(tx, MUG=10)
    refusal = set_right(tx, **form)
    assert (refusal.code, told(refusal)) == ("malformed", findings)
    assert counted(tx, "MUG") == (10, 0)


def test_what_is_not_known_is_told_at_once(tx):
    stocked(tx, MUG=10)
    put_product(tx, "MUG", tracking="lot")
    put_product(tx, "KIT", parts={"MUG": 1})
    assert told(set_right(tx, "lost", quantity=-1)) == [("/lot", "lot_needed")]
    assert told(set_right(tx, "lost", quantity=-1, sku="KIT")) == [("/sku", "kit_not_stocked")]
    assert told(set_right(tx, "lost", quantity=-1, sku="NO", site="NO")) == [
        ("/sku", "unknown_sku"), ("/site", "unknown_site"),
    ]  # fmt: skip
    assert told(set_right(tx, "lost", quantity=-1, lot="A", place="PACKING")) == [("/place", "unknown_place")]


def test_found_units_of_an_unknown_lot_make_it_known(tx):
    stocked(tx, MILK=0)
    assert set_right(tx, "found", quantity=3, sku="MILK", lot="A").quantity == 3
    assert tx.rows("SELECT sku, lot, expires_on FROM lot") == [("MILK", "A", None)]


def test_orders_are_told_what_they_will_miss_before_the_books_are_set_right(tx):
    stocked(tx, MUG=10)
    hold(tx, 8)
    lost = adjustment("lost", quantity=-5)
    assert short(tx, lost) == [Shortfall("MUG", "LEEDS", 3, ())]
    assert set_right(tx, "lost", quantity=-5).facts == {"sku": "MUG", "site": "LEEDS", "wanted": 5, "free": 2}
    give_back(tx, {("MUG", "LEEDS"): 3})
    assert short(tx, lost) == []
    assert set_right(tx, "lost", quantity=-5).quantity == 5
    assert counted(tx, "MUG") == (5, 5)


def test_shortfalls_add_up_over_a_call_and_leave_out_what_will_not_be_booked(tx):
    stocked(tx, ("LEEDS", "YORK"), MUG=10)
    hold(tx, 8)
    set_right(tx, "lost", quantity=-1, reference="A-1")
    forms = [
        adjustment("lost", quantity=-1, reference="A-1"),
        adjustment("lost", quantity=-2),
        adjustment("found", quantity=1),
        adjustment("damaged", quantity=-1),
        adjustment("lost", quantity=-50),
        adjustment("lost", quantity=-9, site="YORK"),
    ]
    assert short(tx, *forms) == [Shortfall("MUG", "LEEDS", 1, ())]
    assert len(moved(tx)) == 3


def test_a_count_while_units_are_allocated_and_one_is_picked_keeps_every_promise_honest(tx):
    """Units of the bin are on a pick list, one is picked already, and then the bin is counted: two are there."""
    stocked(tx, MUG=5)
    hold(tx, 4)
    [pick] = commit_bins(tx, [Want("order", "MUG", "LEEDS", 4)])["order"]
    bin_, table = place_id(tx, "STOCK"), place_id(tx, "PACKING")
    assert (pick.place_id, pick.quantity) == (bin_, 4)
    move_units(tx, [Move("MUG", "", bin_, table, 1, "pick", "pick:1", 1, CLERK, uncommits=1)])
    count = adjustment("counted", counted=2)
    # On hand will be 2 in the bin and 1 picked, 4 are promised; 3 are still to be picked from the bin's 2.
    assert short(tx, count) == [Shortfall("MUG", "LEEDS", 1, ((bin_, "", 1),))]
    assert set_right(tx, "counted", counted=2).code == "short_stock"
    give_back(tx, {("MUG", "LEEDS"): 1})
    assert set_right(tx, "counted", counted=2).code == "short_stock"  # a pick list still wants the third
    assert counted(tx, "MUG") == (5, 3)


def test_what_lies_on_the_returns_bench_is_not_booked_away(tx):
    """Put-backs and returns say what becomes of it, and would not find it any more."""
    stocked(tx, MUG=3)
    set_right(tx, "lost", quantity=-1, place="STOCK")
    before = lying(tx, "MUG")
    refused = set_right(tx, "found", quantity=2, place="RETURNS")
    assert (refused.code, told(refused)) == ("unknown_place", [("/place", "unknown_place")])
    assert lying(tx, "MUG") == before
