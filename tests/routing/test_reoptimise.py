"""Re-optimising a batch, against brute force on tiny batches: the optimum, the flags, the incumbent."""

import random
import subprocess
import sys
from itertools import product

import pytest

from orderwright.business.routing.batch.snapshot import Sites
from orderwright.business.routing.batch.verify import cost_minor, faults
from orderwright.business.routing.reoptimise import (
    BatchPlan,
    LineToRoute,
    Move,
    OrderToRoute,
    Snapshot,
    WorkLimits,
    moves,
    reoptimise,
)

OPEN_MINOR = 6000


def line(key, sku, quantity=1, open_minor=OPEN_MINOR, **cost):
    return LineToRoute(key, sku, quantity, cost, open_minor)


def order(key, *lines, parcel, current=(), **flags):
    return OrderToRoute(key, parcel, lines, current=current, **flags)


def verified(snapshot, limits=None) -> BatchPlan:
    plan = reoptimise(snapshot, limits)
    assert faults(snapshot, plan.sites) == []
    assert plan.cost_minor == cost_minor(snapshot, plan.sites)
    assert plan.bound_minor <= plan.cost_minor
    assert plan.current_minor is None or plan.cost_minor <= plan.current_minor
    return plan


# Small batches worked out by hand.


def test_no_orders_cost_nothing():
    plan = verified(Snapshot([], {"LEEDS": {"MUG": 1}}))
    assert (plan.sites, plan.cost_minor, plan.bound_minor, plan.gap_ppm) == ((), 0, 0, 0)


def test_an_order_without_lines_costs_nothing():
    plan = verified(Snapshot([order("1", parcel={"LEEDS": 500})], {"LEEDS": {"MUG": 1}}))
    assert (plan.sites, plan.cost_minor) == (((),), 0)


def test_one_order_ships_from_the_cheapest_site():
    one = order("1", line("a", "MUG", LEEDS=90, YORK=10), parcel={"LEEDS": 500, "YORK": 560})
    plan = verified(Snapshot([one], {"LEEDS": {"MUG": 1}, "YORK": {"MUG": 1}}))
    assert (plan.sites, plan.cost_minor, plan.gap_ppm) == ((("YORK",),), 570, 0)


def test_one_site_serves_whoever_costs_more_to_leave():
    patient = order("1", line("a", "MUG", open_minor=4000, LEEDS=10), parcel={"LEEDS": 500})
    urgent = order("2", line("a", "MUG", open_minor=9000, LEEDS=10), parcel={"LEEDS": 500})
    plan = verified(Snapshot([patient, urgent], {"LEEDS": {"MUG": 1}}))
    assert (plan.sites, plan.cost_minor) == (((None,), ("LEEDS",)), 4510)


@pytest.mark.parametrize("stock", [{}, {"LEEDS": {}}, {"LEEDS": {"MUG": 0}}, {"LEEDS": {"TEE": 5}}])
def test_without_stock_all_stays_open(stock):
    one = order("1", line("a", "MUG", LEEDS=10), line("b", "UNHEARD-OF", LEEDS=10), parcel={"LEEDS": 500})
    plan = verified(Snapshot([one], stock))
    assert (plan.sites, plan.cost_minor, plan.lines_open, plan.gap_ppm) == (((None, None),), 12000, 2, 0)


def test_a_site_serves_only_what_it_has_a_cost_for():
    no_parcel = order("1", line("a", "MUG", LEEDS=1), parcel={"YORK": 500})
    no_line = order("2", line("a", "MUG", YORK=1), parcel={"LEEDS": 500})
    plan = verified(Snapshot([no_parcel, no_line], {"LEEDS": {"MUG": 9}, "YORK": {"MUG": 9}}))
    assert plan.sites == ((None,), (None,))


def test_a_line_dearer_than_leaving_it_open_stays_open():
    one = order("1", line("a", "MUG", open_minor=300, LEEDS=10), parcel={"LEEDS": 500})
    assert verified(Snapshot([one], {"LEEDS": {"MUG": 1}})).sites == ((None,),)


def test_the_first_order_gives_way_where_that_is_cheaper_for_both():
    # One by one, order 1 takes the last mug of Leeds and order 2 must split or wait.
    first = order("1", line("a", "MUG", LEEDS=10, YORK=20), parcel={"LEEDS": 500, "YORK": 500})
    second = order(
        "2", line("a", "MUG", LEEDS=10, YORK=10), line("b", "TEE", LEEDS=10), parcel={"LEEDS": 500, "YORK": 500}
    )
    plan = verified(Snapshot([first, second], {"LEEDS": {"MUG": 1, "TEE": 1}, "YORK": {"MUG": 1}}))
    assert (plan.sites, plan.cost_minor) == ((("YORK",), ("LEEDS", "LEEDS")), 1040)


def test_units_scattered_over_sites_are_brought_together_for_a_line_of_two():
    parcel = {"LEEDS": 500, "YORK": 500}
    ones = [order(str(i), line("a", "MUG", LEEDS=5, YORK=6 + i), parcel=parcel) for i in range(2)]
    pair = order("pair", line("a", "MUG", quantity=2, LEEDS=5, YORK=5), parcel=parcel)
    plan = verified(Snapshot([*ones, pair], {"LEEDS": {"MUG": 2}, "YORK": {"MUG": 2}}))
    assert (plan.lines_open, plan.cost_minor) == (0, 1515)


# The flags.


@pytest.fixture
def two_halves():
    """A mug in Leeds, a tee in York; splitting is far cheaper than leaving a line open."""

    def build(**flags):
        one = order(
            "1",
            line("a", "MUG", LEEDS=10, YORK=10),
            line("b", "TEE", LEEDS=10, YORK=20),
            parcel={"LEEDS": 500, "YORK": 500},
            **flags,
        )
        return Snapshot([one], {"LEEDS": {"MUG": 1}, "YORK": {"TEE": 1}})

    return build


def test_a_split_is_taken_where_it_pays(two_halves):
    assert verified(two_halves()).sites == (("LEEDS", "YORK"),)


def test_an_order_never_split_ships_part_from_one_site(two_halves):
    plan = verified(two_halves(never_split=True))
    assert (plan.sites, plan.cost_minor, plan.gap_ppm) == ((("LEEDS", None),), 6510, 0)


def test_an_order_that_ships_complete_may_split(two_halves):
    assert verified(two_halves(ship_complete=True)).sites == (("LEEDS", "YORK"),)


def test_with_both_flags_it_is_one_site_or_nothing(two_halves):
    plan = verified(two_halves(never_split=True, ship_complete=True))
    assert (plan.sites, plan.cost_minor, plan.gap_ppm) == (((None, None),), 12000, 0)


def test_an_order_that_cannot_ship_complete_holds_no_stock():
    complete = order(
        "1", line("a", "MUG", LEEDS=1), line("b", "TEE", LEEDS=1), parcel={"LEEDS": 500}, ship_complete=True
    )
    other = order("2", line("a", "MUG", LEEDS=9), parcel={"LEEDS": 500})
    plan = verified(Snapshot([complete, other], {"LEEDS": {"MUG": 1}}))
    assert plan.sites == ((None, None), ("LEEDS",))


def test_two_lines_of_one_sku_share_the_stock():
    one = order(
        "1", line("a", "MUG", LEEDS=10, YORK=90), line("b", "MUG", LEEDS=10, YORK=90), parcel={"LEEDS": 9, "YORK": 9}
    )
    plan = verified(Snapshot([one], {"LEEDS": {"MUG": 1}, "YORK": {"MUG": 1}}))
    assert (set(plan.sites[0]), plan.cost_minor) == ({"LEEDS", "YORK"}, 118)


# The incumbent.


def test_moves_list_only_what_changes():
    stays = order("1", line("a", "MUG", LEEDS=1), parcel={"LEEDS": 500}, current=("LEEDS",))
    turns = order("2", line("a", "TEE", LEEDS=1, YORK=900), parcel={"LEEDS": 500, "YORK": 500}, current=("YORK",))
    waits = order("3", line("a", "TEE", 2, YORK=1), parcel={"YORK": 500})
    snapshot = Snapshot([stays, turns, waits], {"LEEDS": {"MUG": 1, "TEE": 1}, "YORK": {"TEE": 2}})
    plan = verified(snapshot)
    assert moves(snapshot, plan) == [
        Move("2", "a", "TEE", 1, "YORK", "LEEDS"),
        Move("3", "a", "TEE", 2, None, "YORK"),
    ]
    assert plan.current_minor == 501 + 1400 + OPEN_MINOR


def test_an_incumbent_that_breaks_stock_is_no_plan():
    orders = [order(k, line("a", "MUG", LEEDS=1), parcel={"LEEDS": 500}, current=("LEEDS",)) for k in "12"]
    plan = verified(Snapshot(orders, {"LEEDS": {"MUG": 1}}))
    assert (plan.current_minor, plan.cost_minor) == (None, 501 + OPEN_MINOR)


def test_an_incumbent_over_more_sites_than_are_looked_at_is_still_a_ceiling():
    sites = [f"S{i}" for i in range(4)]
    one = order(
        "1",
        *[line(site, f"SKU-{site}", **{site: 1}) for site in sites],
        parcel=dict.fromkeys(sites, 100),
        current=tuple(sites),
    )
    snapshot = Snapshot([one], {site: {f"SKU-{site}": 1} for site in sites})
    plan = verified(snapshot, WorkLimits(sites_max=2))
    assert (plan.sites, plan.cost_minor, plan.gap_ppm) == ((tuple(sites),), 404, 0)


def test_importing_it_loads_neither_numpy_nor_scipy():
    names = "orderwright.business.routing.reoptimise"
    check = f"import sys, {names}; sys.exit(bool({{'numpy', 'scipy', 'numba'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check]).returncode == 0


# Figures without meaning.


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (order("1", line("a", "MUG", 0, LEEDS=1), parcel={"LEEDS": 1}), "order 1, line a has quantity 0"),
        (order("1", line("a", "MUG", LEEDS=1), parcel={"LEEDS": -1}), "order 1 has a parcel cost outside"),
        (order("1", line("a", "MUG", LEEDS=10**11), parcel={"LEEDS": 1}), "order 1, line a has a cost beyond"),
        (order("1", line("a", "MUG", open_minor=-1), parcel={}), "order 1, line a has an open cost outside"),
        (order("1", line("a", "MUG"), parcel={}, current=("A", "B")), "order 1 has 1 lines and 2 current sites"),
    ],
)
def test_a_wrong_snapshot_is_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        reoptimise(Snapshot([wrong], {"LEEDS": {"MUG": 1}}))


def test_negative_stock_and_limits_are_refused():
    with pytest.raises(ValueError, match="stock at LEEDS is outside"):
        reoptimise(Snapshot([], {"LEEDS": {"MUG": -1}}))
    with pytest.raises(ValueError, match="a work limit is negative"):
        reoptimise(Snapshot([], {}), WorkLimits(moves_min=-1))
    with pytest.raises(ValueError, match="sites_max is 9"):
        reoptimise(Snapshot([], {}), WorkLimits(sites_max=9))


def test_the_largest_costs_do_not_overflow():
    dear = [
        order(str(i), line("a", "MUG", 10**9, open_minor=10**10, LEEDS=10**9), parcel={"LEEDS": 10**9})
        for i in range(3)
    ]
    small = order("s", line("a", "MUG", 1, open_minor=10**10, LEEDS=1), parcel={"LEEDS": 1})
    plan = verified(Snapshot([*dear, small], {"LEEDS": {"MUG": 10**9}}))
    assert (plan.sites[3], plan.lines_open, plan.cost_minor) == (("LEEDS",), 3, 3 * 10**10 + 2)


# Brute force.


def any_batch(rng: random.Random) -> Snapshot:
    """Up to six orders over up to four sites, with every rule of the shop in it, current sites included."""
    sites = [f"S{i}" for i in range(rng.randint(1, 4))]
    skus = [f"SKU{i}" for i in range(rng.randint(1, 4))]
    stock = {site: {sku: rng.randint(0, 3) for sku in skus if rng.random() < 0.7} for site in sites}
    left = {(site, sku): units for site, row in stock.items() for sku, units in row.items()}
    orders = []
    for number in range(rng.randint(0, 6)):
        lines = [
            LineToRoute(
                f"l{i}",
                rng.choice([*skus, "UNHEARD-OF"]),
                rng.randint(1, 2),
                {site: rng.randint(-20, 900) for site in sites if rng.random() < 0.9},
                rng.choice([0, 500, 3000, 3000, 3000]),
            )
            for i in range(rng.randint(0, 3))
        ]
        parcel = {site: rng.randint(0, 900) for site in sites if rng.random() < 0.9}
        never_split, ship_complete = rng.random() < 0.25, rng.random() < 0.25
        current: list[str | None] = [None] * len(lines)
        if rng.random() < 0.5 and not never_split and not ship_complete:
            for i, each in enumerate(lines):
                there = [s for s in parcel if s in each.cost_minor and left.get((s, each.sku), 0) >= each.quantity]
                if there:
                    current[i] = rng.choice(there)
                    left[current[i], each.sku] -= each.quantity
        orders.append(OrderToRoute(f"o{number}", parcel, lines, never_split, ship_complete, tuple(current)))
    return Snapshot(orders, stock)


def optimum(snapshot: Snapshot) -> int:
    """The least cost over all assignments, each order's choices cheapest first, cut off by what is hopeless."""
    choices = [sorted(_allowed(each), key=lambda choice: choice[0]) for each in snapshot.orders]
    least_after = [sum(each[0][0] for each in choices[i:]) for i in range(len(choices) + 1)]
    best = sum(each.open_minor for order in snapshot.orders for each in order.lines) + 1

    def follow(at: int, cost: int, chosen: Sites) -> None:
        nonlocal best
        if at == len(choices):
            best = min(best, cost)
            return
        for added, sites in choices[at]:
            if cost + added + least_after[at + 1] >= best:
                return
            so_far = Snapshot(snapshot.orders[: at + 1], snapshot.stock)
            if not faults(so_far, (*chosen, sites)):
                follow(at + 1, cost + added, (*chosen, sites))

    follow(0, 0, ())
    return best


def _allowed(one: OrderToRoute) -> list[tuple[int, tuple[str | None, ...]]]:
    found = []
    for sites in product(*[[None, *(s for s in each.cost_minor if s in one.parcel_minor)] for each in one.lines]):
        used = set(sites) - {None}
        if (one.never_split and len(used) > 1) or (one.ship_complete and used and None in sites):
            continue
        lines = (each.cost_minor.get(s, each.open_minor) for each, s in zip(one.lines, sites, strict=True))
        found.append((sum(one.parcel_minor[s] for s in used) + sum(lines), sites))
    return found


@pytest.mark.parametrize("seed", range(150))
def test_tiny_batches_are_solved_to_the_optimum(seed):
    snapshot = any_batch(random.Random(seed))
    plan = verified(snapshot)
    best = optimum(snapshot)
    assert plan.current_minor is not None
    assert plan.bound_minor <= best == plan.cost_minor


@pytest.mark.parametrize("seed", range(20))
def test_without_a_solved_lp_the_answer_is_sound_and_the_bound_holds(seed):
    snapshot = any_batch(random.Random(seed))
    plan = verified(snapshot, WorkLimits(lp_iterations=0))
    assert plan.bound_minor <= optimum(snapshot) <= plan.cost_minor


@pytest.mark.parametrize("seed", range(20))
def test_with_fewer_sites_looked_at_the_bound_still_holds_for_all(seed):
    snapshot = any_batch(random.Random(seed))
    plan = verified(snapshot, WorkLimits(sites_max=2))
    assert plan.bound_minor <= optimum(snapshot) <= plan.cost_minor
