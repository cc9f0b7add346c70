"""The re-optimiser on batches of 500 orders whose optimum is proven, and on one with many sites."""

import json
import random
from dataclasses import replace
from itertools import pairwise

import pytest

from bench.routing_batch import main, myopic, read_instances, snapshot_of, verified_cost
from orderwright.business.routing.batch import engine as engines
from orderwright.business.routing.batch import search, solve
from orderwright.business.routing.batch.verify import cost_minor, faults
from orderwright.business.routing.reoptimise import (
    LineToRoute,
    OrderToRoute,
    Snapshot,
    WorkLimits,
    moves,
    reoptimise,
)

CHOSEN = ("ample-2", "normal-0", "tight-4")  # the widest gap of the LP, the hardest, the most scarce


@pytest.fixture(scope="module")
def instances():
    return {each["name"]: each for each in read_instances() if each["name"] in CHOSEN}


def test_three_batches_come_close_to_their_proven_optimum(instances):
    gaps_ppm = []
    for instance in instances.values():
        plan = reoptimise(snapshot_of(instance))
        cost = verified_cost(instance, plan.sites)
        assert cost == plan.cost_minor
        assert plan.bound_minor <= instance["opt"] <= cost
        assert plan.bound_minor >= instance["lp_bound"] - 1
        gaps_ppm.append(1_000_000 * (cost - instance["opt"]) // instance["opt"])
    assert len(gaps_ppm) == 3
    assert sum(gaps_ppm) / 3 <= 3_000
    assert max(gaps_ppm) <= 10_000


def test_the_same_seed_gives_the_same_plan(instances):
    snapshot = snapshot_of(instances["tight-4"])
    limits = WorkLimits(seed=7, moves_per_order=2)
    first, again = reoptimise(snapshot, limits), reoptimise(snapshot, limits)
    assert first == again
    assert first.moves_tried == again.moves_tried == 1000
    assert reoptimise(snapshot, replace(limits, seed=8)).sites != first.sites


def test_more_moves_never_make_it_dearer(instances):
    snapshot = snapshot_of(instances["normal-0"])
    costs = [reoptimise(snapshot, WorkLimits(moves_min=0, moves_per_order=n)).cost_minor for n in (0, 1, 3)]
    assert all(after < before for before, after in pairwise(costs))


def with_current(snapshot, sites):
    orders = [replace(each, current=tuple(now)) for each, now in zip(snapshot.orders, sites, strict=True)]
    return Snapshot(orders, snapshot.stock)


def test_a_good_incumbent_is_never_made_worse(instances):
    plain = snapshot_of(instances["tight-4"])
    good = reoptimise(plain)
    # Without the LP and without moves the search alone would end far above it.
    lazy = WorkLimits(moves_min=0, moves_per_order=0, lp_iterations=0)
    assert reoptimise(plain, lazy).cost_minor > good.cost_minor
    plan = reoptimise(with_current(plain, good.sites), lazy)
    assert plan.current_minor == good.cost_minor >= plan.cost_minor


def test_what_was_routed_order_by_order_gets_cheaper_by_moving_some_lines(instances):
    plain = snapshot_of(instances["normal-0"])
    snapshot = with_current(plain, myopic(plain))
    plan = reoptimise(snapshot, WorkLimits(moves_per_order=2))
    assert plan.current_minor == cost_minor(snapshot, snapshot.current)
    assert plan.cost_minor < plan.current_minor * 96 // 100
    assert 0 < len(moves(snapshot, plan)) < len(instances["normal-0"]["lines"]) // 2


def test_the_flags_hold_in_a_large_batch(instances):
    plain = snapshot_of(instances["tight-4"])
    rng = random.Random(1)
    orders = [replace(each, never_split=rng.random() < 0.3, ship_complete=rng.random() < 0.3) for each in plain.orders]
    snapshot = Snapshot(orders, plain.stock)
    plan = reoptimise(snapshot)
    assert faults(snapshot, plan.sites) == []
    assert plan.gap_ppm <= 10_000
    assert reoptimise(plain).cost_minor < plan.cost_minor


MANY_SITES_OPTIMUM = 689_446  # proven by HiGHS branch and bound


def many_sites() -> Snapshot:
    """150 orders, 12 sites, each sku in about half of them: more candidates than an order may look at."""
    rng = random.Random(3)
    sites = [f"S{i}" for i in range(12)]
    stock = {site: {f"SKU{k}": rng.randint(0, 2) for k in range(60) if rng.random() < 0.5} for site in sites}
    orders = []
    for number in range(150):
        far = {site: rng.randint(0, 100) for site in sites}
        skus = rng.sample(range(60), rng.choice([1, 1, 2, 3, 5]))
        lines = [
            LineToRoute(
                f"{k}", f"SKU{k}", rng.choice([1, 1, 1, 2]), {s: far[s] * rng.randint(1, 3) for s in sites}, 6000
            )
            for k in skus
        ]
        parcel = {site: 500 + 6 * far[site] for site in sites}
        orders.append(OrderToRoute(f"o{number}", parcel, lines, never_split=rng.random() < 0.1))
    return Snapshot(orders, stock)


@pytest.mark.parametrize("sites_max", [4, 6, 8])
def test_more_sites_than_an_order_looks_at_cost_little(sites_max):
    snapshot = many_sites()
    plan = reoptimise(snapshot, WorkLimits(sites_max=sites_max))
    assert faults(snapshot, plan.sites) == []
    assert plan.cost_minor == cost_minor(snapshot, plan.sites)
    assert plan.bound_minor <= MANY_SITES_OPTIMUM <= plan.cost_minor <= MANY_SITES_OPTIMUM * 101 // 100


def test_numba_changes_nothing_but_the_time(instances, monkeypatch):
    pytest.importorskip("numba")
    snapshot = snapshot_of(instances["tight-4"])
    compiled = reoptimise(snapshot)
    plain = engines.Engine(search.settle, search.improve, lambda values: values.tolist())
    monkeypatch.setattr(solve, "engine", lambda: plain)
    assert reoptimise(snapshot) == compiled


def test_the_benchmark_prints_the_baselines_beside_the_method(capsys):
    assert main(["--instances", "1", "--repeat", "1"]) == 0
    lines = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert [each["method"] for each in lines][-1] == "reoptimise"
    assert [(each["infeasible"], each["below_optimum"]) for each in lines] == [(0, 0)] * 3
    assert lines[0]["gap_mean_pct"] > lines[1]["gap_mean_pct"] > lines[2]["gap_mean_pct"]
