"""Carts: every order on exactly one, within its limits, the first due in front, and little walked."""

import random
from dataclasses import replace

import pytest

from orderwright.business.warehouse.batching.carts import plan_carts
from orderwright.business.warehouse.batching.search import Moves
from orderwright.business.warehouse.batching.trips import Picking
from orderwright.business.warehouse.batching.work import Cart, Effort
from orderwright.business.warehouse.walking.layout import Bin
from tests.batching.sites import CART, QUICK, ROOMY, faults, picking, random_works, site, stop, work


def minute_mm(asked: Picking, trips) -> int:
    """Metres walked and set-ups as metres: what carts are chosen by."""
    return sum(trip.length_mm + asked.trip_mm for trip in trips)


@pytest.mark.parametrize("seed", range(12))
def test_every_order_is_on_one_cart_and_no_cart_holds_too_much(seed):
    chance = random.Random(seed)
    cart = Cart(
        "any", chance.randint(1, 6), chance.randrange(3_000, 12_000), chance.randrange(6_000, 30_000),
        chance.randrange(6_000, 40_000), chance.randrange(10_000, 90_000), chance.choice((1, 1, 3)),
    )  # fmt: skip
    asked = picking(random_works(seed, chance.randrange(1, 50)), cart)
    assert faults(asked, plan_carts(asked)) == []


def test_a_large_plan_taken_neighbourhood_by_neighbourhood_is_within_its_limits_too():
    asked = picking(random_works(1, 150, windows=1), effort=Effort(moves_per_order=5, passes=2, group_orders=30))
    trips = plan_carts(asked)
    assert faults(asked, trips) == []
    savings = plan_carts(replace(asked, policy=replace(asked.policy, effort=Effort(passes=0, group_orders=30))))
    assert minute_mm(asked, trips) < minute_mm(asked, savings)


def all_partitions(items: list[int]):
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for partition in all_partitions(rest):
        yield [[first], *partition]
        for at in range(len(partition)):
            yield [*partition[:at], [first, *partition[at]], *partition[at + 1 :]]


@pytest.mark.parametrize("seed", range(6))
def test_few_orders_are_put_together_as_well_as_can_be(seed):
    works = random_works(100 + seed, 7, windows=1)
    asked = picking(works, tops_up=False)
    key = [asked.floor.key_of(stop.at for stop in each.stops) for each in works]
    fits = {}
    for partition in all_partitions(list(range(7))):
        for group in partition:
            if tuple(group) not in fits:
                alone = picking([works[at] for at in group], ROOMY)
                (trip,) = plan_carts(alone)
                fits[tuple(group)] = not faults(replace(alone, cart=CART), [trip]) or len(group) == 1

    def cost(group: list[int]) -> int:
        together = 0
        for at in group:
            together |= key[at]
        return asked.floor.length_mm(together) + asked.trip_mm

    best = min(
        sum(map(cost, partition))
        for partition in all_partitions(list(range(7)))
        if all(fits[tuple(group)] for group in partition)
    )
    assert minute_mm(asked, plan_carts(asked)) == best


def test_the_same_question_has_the_same_answer():
    asked = picking(random_works(5, 40))
    again = picking(random_works(5, 40))
    assert plan_carts(asked) == plan_carts(again)
    assert plan_carts(asked) == plan_carts(asked, bound=Moves(1e9))


def test_when_no_moves_are_left_there_still_is_a_plan():
    asked = picking(random_works(5, 40))
    trips = plan_carts(asked, bound=Moves(0))
    assert faults(asked, trips) == []
    assert minute_mm(asked, plan_carts(asked)) < minute_mm(asked, trips)


@pytest.mark.parametrize("seed", range(4))
def test_carts_leave_in_the_order_their_first_order_is_due(seed):
    asked = picking(random_works(seed, 40))
    windows = [min(asked.policy.window(asked.works[work].ship_by) for work in trip.works) for trip in plan_carts(asked)]
    assert windows == sorted(windows)
    assert len(set(windows)) == 3


def test_among_orders_due_at_once_the_cart_with_the_higher_priority_leaves_first():
    works = [work("late", stop(1, 1)), work("first", stop(6, 9), priority=5)]
    trips = plan_carts(picking(works, replace(CART, totes=1)))
    assert [trip.works for trip in trips] == [[1], [0]]


def test_a_full_cart_of_early_orders_takes_no_later_one():
    early = [work(f"early{n}", stop(1, n), due_h=1) for n in range(1, 5)]
    asked = picking([work("late", stop(1, 6), due_h=3), *early])
    assert [trip.works for trip in plan_carts(asked)] == [[1, 2, 3, 4], [0]]


def test_a_cart_at_most_half_full_takes_later_orders_along_when_the_policy_tops_up():
    works = [work("late", stop(1, 6), due_h=3), work("early", stop(1, 2), due_h=1)]
    assert [trip.works for trip in plan_carts(picking(works))] == [[0, 1]]
    assert [trip.works for trip in plan_carts(picking(works, tops_up=False))] == [[1], [0]]


def test_an_order_that_is_more_than_a_cart_goes_alone_and_says_so():
    works = [work("piano", stop(1, 1, weight_g=90_000)), work("cup", stop(1, 2)), work("plate", stop(1, 3))]
    trips = plan_carts(picking(works))
    assert [(trip.works, trip.is_over) for trip in trips] == [([0], True), ([1, 2], False)]


def test_units_without_sizes_count_as_the_policy_says():
    works = [work(f"f{n}", stop(1, n, weight_g=None, volume_cm3=None)) for n in (1, 2)]
    assert len(plan_carts(picking(works, unit_weight_g=15_000))) == 1
    assert len(plan_carts(picking(works, unit_weight_g=15_001))) == 2


def test_an_order_of_several_totes_leaves_fewer_for_others():
    works = [work("large", stop(1, 1, volume_cm3=41_000)), work("a", stop(1, 2)), work("b", stop(1, 3))]
    assert sorted(len(trip.works) for trip in plan_carts(picking(works))) == [1, 2]


def test_orders_share_a_tote_where_the_cart_lets_them_and_their_units_are_sorted():
    works = [work(f"f{n}", stop(1, n, units=2)) for n in range(1, 9)]
    (trip,) = plan_carts(picking(works, replace(CART, orders_per_tote=2)))
    assert (trip.works, trip.sorted_units) == (list(range(8)), 16)
    few = picking(works[:4], replace(CART, orders_per_tote=2))
    assert [trip.sorted_units for trip in plan_carts(few)] == [0]


def test_orders_without_stops_are_on_no_cart():
    assert plan_carts(picking([work("empty")])) == []
    assert plan_carts(picking([])) == []


def test_bins_the_layout_lacks_are_picked_and_not_walked_to():
    lost = work("lost", stop(1, 1)._replace(at=Bin("Z", 1, 1)))
    (trip,) = plan_carts(picking([lost]))
    assert (trip.units, trip.length_mm) == (1, 0)


@pytest.mark.parametrize("rows", [2, 3])
def test_carts_are_measured_on_the_floor_as_it_is_also_where_the_search_saw_one_block(rows):
    asked = picking(random_works(3, 20), layout=site(rows=rows), effort=QUICK)
    assert asked.floor.is_exact == (rows == 2)
    assert faults(asked, plan_carts(asked)) == []


def test_a_cart_that_takes_nothing_is_no_cart():
    with pytest.raises(ValueError, match="must be positive"):
        replace(CART, totes=0)
    with pytest.raises(ValueError, match="in all"):
        replace(CART, weight_g=0)


def test_moves_are_counted_down_over_searches_and_a_step_beyond_them_is_left_out():
    asked = picking(random_works(5, 40))
    bound = Moves(10_000)
    first = plan_carts(asked, bound=bound)
    assert bound.left == 2_320
    assert first == plan_carts(asked)
    again = plan_carts(asked, bound=bound)
    assert bound.left == 2_320
    assert again == plan_carts(asked, bound=Moves(0))
