"""Which way to pick: all candidates by one evaluator, the cheapest by the policy, and late orders before money."""

from dataclasses import replace
from datetime import timedelta

import pytest

from orderwright.business.warehouse.batching.choosing import choose_strategy
from orderwright.business.warehouse.batching.work import Cart, PickPolicy
from orderwright.business.warehouse.walking.walks import WorkPace
from tests.batching.sites import CART, NOON, QUICK, ROOMY, faults, picking, random_works, site, stop, work

PACE = WorkPace()


def policy(**changes: object) -> PickPolicy:
    return PickPolicy(effort=QUICK, **changes)


def test_many_small_orders_go_on_carts_and_every_candidate_is_told():
    works = random_works(1, 30, windows=1)
    choice = choose_strategy(works, site(), [CART], 2, PACE, policy())
    assert choice.strategy == "batch"
    assert [told.strategy for told in choice.candidates] == sorted(
        (told.strategy for told in choice.candidates),
        key=lambda name: next(told.seconds for told in choice.candidates if told.strategy == name),
    )
    assert {told.strategy for told in choice.candidates} == {"single", "batch", "zone", "wave"}
    assert choice.figures == choice.candidates[0]
    assert len({(told.orders, told.units) for told in choice.candidates}) == 1
    assert faults(picking(works), choice.trips) == []


def test_one_order_is_picked_alone():
    choice = choose_strategy([work("one", stop(1, 1))], site(), [CART], 1, PACE, policy())
    assert choice.strategy == "single"


def test_the_same_bin_for_everybody_is_a_wave():
    works = [work(f"f{n}", stop(4, 5)) for n in range(40)]
    choice = choose_strategy(works, site(), [CART], 1, PACE, policy(sort_s=2))
    assert choice.strategy == "wave"


def test_who_aims_at_being_done_soon_may_choose_another_way_than_who_aims_at_few_minutes():
    # One cart for both is less work; two people walking at once are done sooner.
    works = [work("a", stop(1, 9)), work("b", stop(6, 9))]
    thrift = choose_strategy(works, site(), [CART], 2, PACE, policy(allowed=("single", "batch")))
    haste = choose_strategy(works, site(), [CART], 2, PACE, policy(allowed=("single", "batch"), aim="makespan"))
    assert (thrift.strategy, haste.strategy) == ("batch", "single")
    assert thrift.figures.seconds < haste.figures.seconds
    assert thrift.figures.makespan_s > haste.figures.makespan_s


def test_an_order_in_time_counts_more_than_minutes():
    works = [work("a", stop(1, 9), due_h=155 / 3_600), work("b", stop(6, 9), due_h=155 / 3_600)]
    # Alone they take 119 and 149 seconds, together 164; they leave after 155.
    begins = NOON
    late = choose_strategy(works, site(), [CART], 2, PACE, policy(allowed=("single", "batch")), begins_at=begins)
    assert late.strategy == "single"
    assert [told.late_orders for told in late.candidates] == [0, 2]
    early = choose_strategy(
        works, site(), [CART], 2, PACE, policy(allowed=("single", "batch")), begins_at=begins - timedelta(hours=1)
    )
    assert early.strategy == "batch"


def test_of_several_kinds_of_carts_the_one_that_saves_most_is_taken():
    works = random_works(2, 20, windows=1)
    choice = choose_strategy(works, site(), [CART, ROOMY], 1, PACE, policy(allowed=("batch",)))
    assert choice.cart == ROOMY
    assert [told.cart for told in choice.candidates] == ["roomy", "four totes"]


def test_zones_are_no_candidate_where_there_is_but_one():
    choice = choose_strategy([work("one", stop(1, 1))], site(), [CART], 1, PACE, policy())
    assert "zone" not in [told.strategy for told in choice.candidates]


def test_what_the_layout_lacks_is_counted():
    lost = stop(1, 1)._replace(at=stop(1, 1).at._replace(zone="Z"))
    choice = choose_strategy([work("one", lost, stop(1, 2))], site(), [CART], 1, PACE, policy())
    assert choice.figures.unplaced_stops == 1


def test_nothing_to_pick_takes_no_time():
    choice = choose_strategy([], site(), [CART], 1, PACE, policy())
    assert (choice.trips, choice.figures.seconds, choice.figures.picks_per_hour) == ([], 0, 0)


@pytest.mark.parametrize(
    ("carts", "pickers", "allowed"), [([], 1, ("batch",)), ([CART], 0, ("batch",)), ([CART], 1, ())]
)
def test_without_carts_pickers_or_a_way_there_is_nothing_to_choose(carts: list[Cart], pickers, allowed):
    with pytest.raises(ValueError, match="choose_strategy"):
        choose_strategy([], site(), carts, pickers, PACE, replace(policy(), allowed=allowed))
