"""Several cartons where one will not do: against every split by hand, and larger orders against their bound."""

import random
from functools import cache
from itertools import product

import pytest

from orderwright.business.warehouse.cartons.model import PackingRules, Rate
from orderwright.business.warehouse.cartons.prices import price_by_steps
from tests.cartons.boxes import carton, codes, finding_of, item, plan_of, skus, verdicts

S = carton("S", (100, 100, 100), 30)
M = carton("M", (200, 100, 100), 50)
L = carton("L", (200, 200, 100), 110)
RATE = Rate(price_by_steps([(1000, 400), (3000, 450), (10_000, 800)]), 5000)


def test_what_fits_no_single_carton_is_split_at_the_least_cost():
    """Five cubes: two M and one S cost 130, L and S 140."""
    plan = plan_of([item(quantity=5)], [S, M, L])
    assert sorted(codes(plan)) == ["M", "M", "S"]
    assert (plan.cost_minor, plan.lower_bound_minor) == (130, 130)
    assert verdicts(plan.one_carton) == {"S": "too_little_room", "M": "too_little_room", "L": "too_little_room"}


def test_one_carton_is_taken_where_it_does_even_if_two_were_cheaper():
    plan = plan_of([item(quantity=4)], [S, M, L])
    assert (codes(plan), plan.cost_minor) == (["L"], 110)


def test_a_weight_limit_splits_too():
    plan = plan_of([item(weight_g=600, quantity=3)], [carton("BOX", (300, 100, 100), 50, weight_max_g=1300)])
    assert sorted(len(each.placements) for each in plan.cartons) == [1, 2]


def test_a_part_no_way_was_found_for_gets_another_carton():
    """By volume four sticks of 110 x 40 x 40 fit the cube; two lie in each layer, and the layers do not cross."""
    stick = item("STICK", (110, 70, 70), quantity=4)
    cube = carton("CUBE", (139, 139, 139), 10)
    plan = plan_of([stick], [cube])
    assert [len(each.placements) for each in plan.cartons] == [1, 1, 1, 1]


def test_each_of_several_cartons_says_why_it_was_chosen():
    plan = plan_of([item(quantity=5)], [S, M, L])
    told = {each.carton.code: verdicts(each.considered) for each in plan.cartons}
    assert told == {
        "S": {"S": "chosen", "M": "dearer", "L": "dearer"},
        "M": {"S": "too_little_room", "M": "chosen", "L": "dearer"},
    }


@cache
def least_minor(counts, heavy):
    """By hand: cubes of 100 mm in S, M, L hold 1, 2, 4; a carton with a heavy one holds nothing else."""
    light, weighty = counts
    if not light and not weighty:
        return 0
    options = []
    if weighty:
        options.append(heavy + least_minor((light, weighty - 1), heavy))
    for holds, cost in ((1, 30), (2, 50), (4, 110)):
        if light:
            options.append(cost + least_minor((max(0, light - holds), weighty), heavy))
    return min(options)


@pytest.mark.parametrize(("light", "weighty"), list(product([0, 1, 5, 7, 9], [1, 2])))
def test_small_orders_are_split_as_well_as_by_hand(light, weighty):
    goods = [item("CUBE", quantity=light), item("CELL", hazard="9", quantity=weighty)]
    rated = carton("R", (100, 100, 100), 70, hazard_rated=True)
    plan = plan_of(goods, [S, M, L, rated])
    # One M would do for up to two, and one L for up to four, where nothing dangerous is.
    assert plan.cost_minor == least_minor((light, weighty), 70)


def shop_order(seed, units):
    dice = random.Random(seed)
    return [
        item(
            f"P{at}",
            (dice.randint(20, 200), dice.randint(20, 150), dice.randint(10, 100)),
            weight_g=dice.randint(20, 1500),
            fragile=dice.random() < 0.2,
            this_side_up=dice.random() < 0.2,
            storage=dice.choice(["", "", "cold"]),
        )
        for at in range(units)
    ]


SHOP_CARTONS = [
    carton("B1", (200, 150, 100), 30, tare_g=80, weight_max_g=5000),
    carton("B2", (300, 220, 160), 60, tare_g=150, weight_max_g=9000, insulated=True),
    carton("B3", (400, 300, 200), 90, tare_g=250, weight_max_g=9000),
]


@pytest.mark.parametrize("units", [9, 14, 30, 60])
def test_an_order_of_any_size_is_packed_whole_and_keeps_cold_apart(units):
    """The answer passes its own verification inside; here are the figures around it."""
    goods = shop_order(units, units)
    plan = plan_of(goods, SHOP_CARTONS, RATE)
    assert sorted(sku for each in plan.cartons for sku in skus(each)) == sorted(each.sku for each in goods)
    assert plan.lower_bound_minor <= plan.cost_minor <= 4 * plan.lower_bound_minor
    cold = {each.sku for each in goods if each.storage}
    for each in plan.cartons:
        assert set(skus(each)) <= cold or not set(skus(each)) & cold


def test_a_carton_is_not_filled_beyond_what_the_carrier_takes():
    """Each carton would hold all forty; the carrier takes 10 kg, so four of 2 kg each and the carton."""
    box = carton("BOX", (400, 400, 400), tare_g=500)
    goods = [item(f"P{at}", weight_g=2000) for at in range(40)]
    plan = plan_of(goods, [box], Rate(price_by_steps([(10_000, 500)])))
    assert [len(each.placements) for each in plan.cartons] == [4] * 10
    assert {each.gross_g for each in plan.cartons} == {8500}


def test_filling_one_after_another_comes_close_to_every_split():
    excess = []
    for seed in range(6):
        goods = shop_order(seed, 8)
        exact = plan_of(goods, SHOP_CARTONS, RATE)
        greedy = plan_of(goods, SHOP_CARTONS, RATE, rules=PackingRules(splits_max=1))
        assert exact.cost_minor <= greedy.cost_minor
        excess.append(greedy.cost_minor / exact.cost_minor - 1)
    assert sum(excess) / len(excess) < 0.1


def test_one_product_in_the_way_does_not_hide_the_others():
    goods = [item(quantity=3), item("SKI", (1700, 100, 50))]
    assert finding_of(goods, [S, M]).skus == ("SKI",)
