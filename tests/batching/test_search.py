"""The parts of the search: each makes it better or leaves it, and the last chooses the best of all that was seen."""

import random
from itertools import combinations

import pytest

from orderwright.business.warehouse.batching.annealing import Heat, annealed
from orderwright.business.warehouse.batching.covering import covered
from orderwright.business.warehouse.batching.floor import Floor
from orderwright.business.warehouse.batching.loads import GUARD, Size, packed
from orderwright.business.warehouse.batching.neighbours import nearest
from orderwright.business.warehouse.batching.pool import Pool, members
from orderwright.business.warehouse.batching.savings import by_savings
from orderwright.business.warehouse.batching.search import searched
from orderwright.business.warehouse.batching.work import Effort
from tests.batching.sites import at, site

HEAT = Heat(0.05, 0.001)


def random_pool(seed: int, count: int, capacity: int = 3, trip_mm: int = 10_000) -> Pool:
    """Orders of one to three stops; a cart takes so many orders."""
    chance = random.Random(seed)
    floor = Floor(site())
    keys = [
        floor.key_of(at(chance.randint(1, 6), chance.randint(1, 10)) for _ in range(chance.randint(1, 3)))
        for _ in range(count)
    ]
    top = GUARD | packed(capacity, Size(0, 0))
    return Pool(keys, [packed(1, Size(0, 0))] * count, top, floor.length_mm, floor.width, trip_mm)


def is_whole(pool: Pool, batches: list[int]) -> bool:
    """Whether every order is in one batch, and no batch holds too much."""
    together = sorted(order for batch in batches for order in members(batch))
    return together == list(range(len(pool))) and all(pool.fits(pool.load(batch)) for batch in batches)


def everybody(count: int) -> list[list[int]]:
    return [[other for other in range(count) if other != one] for one in range(count)]


@pytest.mark.parametrize("seed", range(5))
def test_each_step_keeps_every_order_and_never_costs_more(seed):
    pool = random_pool(seed, 14)
    alone = [1 << order for order in range(14)]
    joined = by_savings(pool, everybody(14))
    better = annealed(pool, joined, 2_000, HEAT, seed)
    best = covered(pool, better, 300, 1)
    assert all(is_whole(pool, batches) for batches in (joined, better, best))
    assert pool.total(alone) >= pool.total(joined) >= pool.total(better) >= pool.total(best)


@pytest.mark.parametrize("seed", range(5))
def test_the_choice_among_all_possible_batches_is_the_cheapest_there_is(seed):
    pool = random_pool(seed, 9)
    for size in (1, 2, 3):
        for orders in combinations(range(9), size):
            pool.cost(sum(1 << order for order in orders))
    cheapest = {0: 0}
    for left in range(1, 1 << 9):
        low = left & -left
        cheapest[left] = min(
            cost + cheapest[left ^ batch] for batch, cost in pool.costs.items() if batch & low and batch & left == batch
        )
    chosen = covered(pool, [1 << order for order in range(9)], 10_000, 1_000)
    assert pool.total(chosen) == cheapest[(1 << 9) - 1]


def test_an_order_gets_a_cart_of_its_own_where_that_is_shorter():
    pool = random_pool(2, 2)
    steep = Pool(pool.keys, pool.loads, pool.top, lambda key: key.bit_count() ** 2, pool.width)
    assert sorted(annealed(steep, [0b11], 256, HEAT, 1)) == [0b01, 0b10]


def test_batches_whose_totes_do_not_hold_them_are_never_chosen():
    plain = random_pool(3, 8)
    length_mm = Floor(site()).length_mm
    apart = Pool(plain.keys, plain.loads, plain.top, length_mm, plain.width, 10_000, lambda batch: 0 not in batch)
    batches = searched(apart, Effort(moves=2_560))
    assert 1 in batches
    part = apart.part([3, 0, 5])
    assert part.cost(0b101) < 10**9 < part.cost(0b011)


def test_costs_are_worked_out_once():
    asked = []
    pool = Pool([0b1, 0b10], [0, 0], GUARD, lambda key: asked.append(key) or 7, 2, 5)
    assert [pool.cost(0b11), pool.cost(0b11), pool.cost(0)] == [12, 12, 0]
    assert asked == [0b11]


def test_orders_of_the_same_aisles_are_the_nearest():
    floor = Floor(site())
    left, right = [at(1, 3), at(2, 4)], [at(5, 3), at(6, 4)]
    keys = [floor.key_of(bins) for bins in (left, right, [at(1, 9), at(2, 9)], [at(6, 1), at(5, 2)])]
    assert nearest(keys, floor.width, 1) == [[2], [3], [0], [1]]
    assert [sorted(near) for near in nearest(keys, floor.width, 9)] == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]


def test_the_same_seed_gives_the_same_batches_and_another_may_not():
    batches = [1 << order for order in range(30)]
    again = [annealed(random_pool(4, 30), batches, 3_000, HEAT, seed) for seed in (1, 1, 2)]
    assert again[0] == again[1] != again[2]


def test_the_small_sets_of_a_large_plan_get_their_share_of_work():
    effort = Effort(moves=20_000, columns=300, moves_per_order=25, passes=3, group_orders=100)
    assert effort.for_part(40, 100) is effort
    small = effort.for_part(40, 2_000)
    assert (small.moves, small.columns) == (3_000, 0)
