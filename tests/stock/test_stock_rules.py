"""The moving average, the choice of bins, and books over locked rows."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.business.stock.rules import Bin, Books, Place, Shortfall, Step, average_cost_micro, choose_bins
from orderwright.values.refusal import Refusal

TODAY = date(2026, 6, 15)
SHELF = Place(1, "LEEDS", "STOCK", "bin")
BENCH = Place(2, "LEEDS", "QUARANTINE", "quarantine")
SUPPLIER = Place(3, "LEEDS", "SUPPLIER", "supplier")
LOST = Place(4, "LEEDS", "LOST", "lost")


@pytest.mark.parametrize(
    ("cost", "on_hand", "unit_cost", "quantity", "average"),
    [
        (0, 0, 3_100_000, 100, 3_100_000),
        (3_000_000, 100, 4_000_000, 100, 3_500_000),
        (1, 1, 2, 1, 2),  # 1.5 goes to the even 2
        (2, 1, 3, 1, 2),  # 2.5 goes to the even 2
        (1, 2, 2, 1, 1),  # 1.33
        (1, 1, 2, 2, 2),  # 1.67
        (5_000_000, 10, 0, 10, 2_500_000),  # a gift halves it
    ],
)
def test_the_average_cost_is_weighted_and_rounded_half_to_even(cost, on_hand, unit_cost, quantity, average):
    assert average_cost_micro(cost, on_hand, unit_cost, quantity) == average


def bin_(place_id, free, expires_on=None, walk=(0, 0, 0), lot=""):
    return Bin(place_id, lot, free, expires_on, (*walk, f"B-{place_id}"))


def chosen(bins, quantity):
    return [(each.place_id, units) for each, units in choose_bins(bins, quantity, TODAY)]


def test_one_bin_that_holds_enough_is_taken_and_the_nearest_of_them():
    bins = [bin_(1, 3, walk=(1, 0, 0)), bin_(2, 9, walk=(3, 0, 0)), bin_(3, 5, walk=(2, 0, 0))]
    assert chosen(bins, 5) == [(3, 5)]
    assert chosen(bins, 2) == [(1, 2)]


def test_when_no_bin_holds_enough_the_fullest_goes_first():
    bins = [bin_(1, 3, walk=(1, 0, 0)), bin_(2, 4, walk=(9, 0, 0)), bin_(3, 3, walk=(2, 0, 0))]
    assert chosen(bins, 7) == [(2, 4), (1, 3)]
    assert chosen(bins, 99) == [(2, 4), (1, 3), (3, 3)]


def test_equal_bins_are_taken_by_aisle_bay_level_and_code():
    bins = [
        bin_(4, 2, walk=(1, 2, 1)),
        bin_(3, 2, walk=(1, 2, 0)),
        bin_(2, 2, walk=(2, 0, 0)),
        bin_(1, 2, walk=(1, 2, 1)),
    ]
    assert chosen(bins, 8) == [(3, 2), (1, 2), (4, 2), (2, 2)]


def test_what_expires_first_goes_first_and_nothing_past_its_date():
    bins = [
        bin_(1, 9, lot="none"), bin_(2, 2, date(2026, 7, 1), lot="b"), bin_(3, 2, TODAY, lot="a"),
        bin_(4, 5, date(2026, 6, 14), lot="old"),
    ]  # fmt: skip
    assert chosen(bins, 5) == [(3, 2), (2, 2), (1, 1)]


@given(st.lists(st.integers(0, 9), max_size=7), st.integers(1, 40))
def test_no_choice_of_fewer_bins_would_do(frees, quantity):
    bins = [bin_(i, free) for i, free in enumerate(frees)]
    picks = choose_bins(bins, quantity, TODAY)
    assert sum(units for _, units in picks) == min(quantity, sum(frees))
    assert all(0 < units <= each.free for each, units in picks)
    fewer = combinations(frees, max(len(picks) - 1, 0))
    assert all(sum(some) < min(quantity, sum(frees)) for some in fewer if some)


def test_books_take_all_steps_or_none():
    books = Books({("MUG", 1, ""): (5, 0)}, {("MUG", "LEEDS"): (5, 0)})
    refusal = books.post([Step("MUG", "", SHELF, BENCH, 3), Step("MUG", "", SHELF, LOST, 3)], is_freed=True)
    assert isinstance(refusal, Refusal)
    assert refusal.facts == {"sku": "MUG", "place": "STOCK", "lot": "", "wanted": 6, "free": 5}
    assert (books.quantity("MUG", SHELF, ""), books.quantity("MUG", BENCH, "")) == (5, 0)
    assert books.on_hand("MUG", "LEEDS") == 5


def test_books_say_what_orders_hold_of_units_that_will_not_be_there():
    books = Books({("MUG", 1, ""): (5, 2)}, {("MUG", "LEEDS"): (5, 4)})
    refusal = books.post([Step("MUG", "", SHELF, LOST, 2)], is_freed=True)
    assert refusal.facts == {"sku": "MUG", "site": "LEEDS", "wanted": 2, "free": 1}
    refusal = books.post([Step("MUG", "", SHELF, LOST, 4)], is_freed=True)
    assert refusal.facts == {"sku": "MUG", "place": "STOCK", "lot": "", "wanted": 4, "free": 3}
    assert books.post([Step("MUG", "", SHELF, LOST, 4)], is_freed=False) is None
    assert books.shortfalls() == [Shortfall("MUG", "LEEDS", 3, ((1, "", 1),))]


def test_books_from_the_supplier_need_nothing_there():
    books = Books({}, {})
    assert books.post([Step("MUG", "L1", SUPPLIER, SHELF, 7)], is_freed=True) is None
    assert (books.quantity("MUG", SHELF, "L1"), books.on_hand("MUG", "LEEDS")) == (7, 7)
    assert books.shortfalls() == []
