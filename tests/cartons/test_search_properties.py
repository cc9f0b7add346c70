"""What holds for any order: planted packings, other orders of lines, other units, other engines."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderwright.business.warehouse.cartons.bounds import exclusion
from orderwright.business.warehouse.cartons.choose import choose_cartons
from orderwright.business.warehouse.cartons.model import PackingRules
from orderwright.business.warehouse.cartons.units import units_of
from orderwright.business.warehouse.cartons.verify import faults
from tests.cartons.boxes import FLOATING, FREE, carton, codes, item, plan_of

SIDES = st.integers(10, 160)
ORDERS = st.lists(st.tuples(SIDES, SIDES, SIDES), min_size=1, max_size=7)
CARTONS = [
    carton("C1", (160, 160, 160), 10),
    carton("C2", (240, 180, 160), 20),
    carton("C3", (320, 240, 200), 30),
    carton("C4", (500, 400, 400), 60),
]
quick = settings(max_examples=40, deadline=None, derandomize=True)


def goods_of(order, **more):
    return [item(f"P{at}", sizes, **more) for at, sizes in enumerate(order)]


def planted(seed, parts):
    """A carton cut into parts by straight cuts, each turned at random."""
    dice = random.Random(seed)
    pieces = [(300, 220, 180)]
    while len(pieces) < parts:
        pieces.sort(key=lambda piece: piece[0] * piece[1] * piece[2])
        largest = list(pieces.pop())
        axis = dice.randrange(3)
        at = dice.randint(largest[axis] // 4, largest[axis] * 3 // 4)
        for size in (at, largest[axis] - at):
            piece = list(largest)
            piece[axis] = size
            pieces.append(tuple(piece))
    return [tuple(dice.sample(piece, 3)) for piece in pieces]


@pytest.mark.parametrize("seed", range(40))
def test_a_carton_cut_into_four_is_filled_again(seed):
    plan = plan_of(goods_of(planted(seed, 4)), [carton("CUT", (300, 220, 180))], rules=FLOATING)
    assert (codes(plan), plan.cartons[0].fill_permille) == (["CUT"], 1000)


@pytest.mark.parametrize("parts", [3, 6, 9, 12])
def test_no_proof_excludes_a_carton_that_was_cut_into_the_goods(parts):
    for seed in range(30):
        units = units_of(goods_of(planted(seed, parts)), FLOATING)
        assert exclusion(units, carton("CUT", (300, 220, 180)), FLOATING) is None


@quick
@given(ORDERS, st.randoms(use_true_random=False))
def test_the_order_of_lines_and_cartons_changes_nothing(order, dice):
    goods, cartons = goods_of(order), list(CARTONS)
    before = choose_cartons(goods, cartons, FREE)
    dice.shuffle(goods)
    dice.shuffle(cartons)
    assert choose_cartons(goods, cartons, FREE) == before


@quick
@given(ORDERS)
def test_tenths_of_a_millimetre_would_give_the_same_cartons(order):
    fine = [carton(each.code, [10 * side for side in each.sizes], each.cost_minor) for each in CARTONS]
    tenfold = [[10 * side for side in sizes] for sizes in order]
    assert codes(plan_of(goods_of(tenfold), fine)) == codes(plan_of(goods_of(order), CARTONS))


@quick
@given(ORDERS, st.booleans(), st.booleans())
def test_every_plan_is_verified_and_not_below_its_bound(order, fragile, upright):
    goods = goods_of(order, fragile=fragile, this_side_up=upright, weight_g=250)
    rules = PackingRules()
    plan = plan_of(goods, CARTONS)
    assert faults(plan, goods, rules) == []
    volume = sum(length * width * height for length, width, height in order)
    assert sum(each.carton.inner_mm3 for each in plan.cartons) >= volume
    assert plan.lower_bound_minor <= plan.cost_minor


@quick
@given(ORDERS)
def test_a_rule_more_never_makes_a_proven_answer_cheaper(order):
    free = plan_of(goods_of(order), CARTONS, rules=FLOATING)
    held = plan_of(goods_of(order, fragile=True, this_side_up=True), CARTONS)
    assert held.cost_minor >= free.lower_bound_minor


def test_numba_gives_the_same_answer_for_the_same_starts():
    pytest.importorskip("numba", reason="the optional extra `fast` is not installed")
    for seed in range(12):
        goods = goods_of(planted(seed, 7), weight_g=200 + seed, fragile=seed % 3 == 0)
        rules = PackingRules(starts=60)
        plain = choose_cartons(goods, CARTONS, FREE, rules, compiled=False)
        assert choose_cartons(goods, CARTONS, FREE, rules) == plain
