"""A picker asks for work: the most urgent order, and with it those that lengthen the walk least."""

import pytest

from orderwright.business.warehouse.batching.claiming import LOOKED_AT, fill_cart
from orderwright.business.warehouse.batching.trips import Part, picks_of, trip_of
from tests.batching.sites import CART, faults, picking, random_works, stop, work


def test_the_cart_begins_with_the_most_urgent_work_and_takes_its_neighbours():
    works = [
        work("far", stop(6, 10)),
        work("urgent", stop(3, 2), due_h=3.9),
        work("near", stop(3, 3)),
        work("middling", stop(2, 2)),
        work("on the way", stop(3, 1)),
        work("far too", stop(6, 9)),
    ]
    assert fill_cart(picking(works, window_minutes=240)) == [1, 4, 2, 3]


def test_a_picker_may_begin_with_a_work_of_their_own_choice():
    works = [work("urgent", stop(1, 1), due_h=1), work("chosen", stop(6, 9)), work("beside", stop(6, 8))]
    assert fill_cart(picking(works), first=1)[0] == 1


def test_work_due_in_an_earlier_window_comes_before_what_lies_nearer():
    works = [work("near", stop(1, 2), due_h=9), work("first", stop(1, 1), due_h=1), work("due", stop(6, 9), due_h=1)]
    assert fill_cart(picking(works)) == [1, 2, 0]


def test_what_does_not_fit_is_left_for_the_next_cart():
    works = [work("a", stop(1, 1)), work("heavy", stop(1, 2, weight_g=29_950)), work("b", stop(1, 3))]
    assert fill_cart(picking(works), first=0) == [0, 2]


def test_orders_that_share_totes_are_on_the_cart_only_as_long_as_the_totes_hold_them():
    cart = CART.__class__("two", 2, 10_000, 1_000, 10**6, 10**6, orders_per_tote=3)
    works = [work(f"f{n}", stop(1, n, volume_cm3=600)) for n in range(1, 5)]
    assert fill_cart(picking(works, cart)) == [0, 1]


def test_a_first_work_larger_than_the_cart_goes_alone():
    works = [work("piano", stop(1, 1, weight_g=90_000), due_h=1), work("cup", stop(1, 2))]
    assert fill_cart(picking(works)) == [0]


@pytest.mark.parametrize("works", [[], [work("empty")]])
def test_where_there_is_nothing_to_pick_the_cart_stays_empty(works):
    assert fill_cart(picking(works)) == []
    assert fill_cart(picking(works), first=0) == []


@pytest.mark.parametrize("seed", range(8))
def test_a_cart_filled_on_the_spot_is_within_its_limits_and_full(seed):
    asked = picking(random_works(seed, 40, windows=1))
    chosen = fill_cart(asked)
    left = [index for index in range(40) if index not in chosen]

    def is_wrong(works: list[int]) -> bool:
        alone = picking([asked.works[index] for index in works])
        parts = [Part(at, tuple(range(len(each.stops)))) for at, each in enumerate(alone.works)]
        return faults(alone, [trip_of(alone, picks_of(alone.works, parts))]) != []

    assert not is_wrong(chosen)
    assert len(set(chosen)) == len(chosen)
    assert all(is_wrong([*chosen, other]) for other in left)


def test_the_walks_measured_do_not_grow_with_the_number_of_candidates():
    asked = picking(random_works(1, 400, windows=1))
    measured = []
    length_mm = asked.floor.length_mm
    asked.floor.length_mm = lambda key: measured.append(key) or length_mm(key)
    chosen = fill_cart(asked)
    # What fits is asked for with every order that joins, and once more where it turned out not to fit.
    assert len(measured) <= LOOKED_AT * len(chosen)
