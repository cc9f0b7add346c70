"""Walks over any floor: against every order of their stops, against published optima, and by hand."""

from itertools import islice, pairwise
from random import Random

import pytest

from bench.pick_routes import is_walk, layout_of_instance, read_instances
from orderwright.business.warehouse.walking.baselines import BASELINES, largest_gap, return_walk, s_shape, s_shape_mm
from orderwright.business.warehouse.walking.layout import Aisle, Bin, CrossAisle, Layout, Point, Spot
from orderwright.business.warehouse.walking.paths import Paths
from orderwright.business.warehouse.walking.search import exact_order, good_order, tour_mm
from orderwright.business.warehouse.walking.walks import Walk, WorkPace, lengths_for, walk_of
from tests.walking.floors import odd, regular, spots


def table(layout: Layout, stops: list[Spot]) -> list[list[int]]:
    """Distances of the start, distinct stops and the end."""
    paths = Paths(layout)
    places = [layout.door(layout.start), *dict.fromkeys(stops), layout.door(layout.end)]
    return [[paths.distance_mm(one, other) for other in places] for one in places]


def holds(layout: Layout, stops: list[Spot], walk: Walk) -> None:
    """A walk is what it says: from end to end, as long as its corners, with all its stops."""
    assert sorted(walk.order) == list(range(len(stops)))
    assert sum(abs(a.x_mm - b.x_mm) + abs(a.y_mm - b.y_mm) for a, b in pairwise(walk.corners)) == walk.length_mm
    assert (walk.corners[0], walk.corners[-1]) == (layout.start, layout.end)
    spots_passed = [stops[index] for index in walk.order if index not in walk.unplaced]
    passed_at = [first_passed(walk, layout.point(spot)) for spot in spots_passed]
    assert passed_at == sorted(passed_at)


def first_passed(walk: Walk, point: Point) -> int:
    """How far into the walk it first comes by a point."""
    walked = 0
    for one, to in pairwise([walk.corners[0], *walk.corners]):
        to_point = abs(one.x_mm - point.x_mm) + abs(one.y_mm - point.y_mm)
        leg = abs(one.x_mm - to.x_mm) + abs(one.y_mm - to.y_mm)
        if to_point + abs(to.x_mm - point.x_mm) + abs(to.y_mm - point.y_mm) == leg:
            return walked + to_point
        walked += leg
    raise AssertionError(f"the walk never comes by {point}")


def walks_the_right_way(layout: Layout, walk: Walk) -> bool:
    """Whether a walk goes up no aisle that is walked down only, nor the other way."""
    ways = {aisle.x_mm: aisle.way for aisle in layout.aisles}
    along = [(ways[one.x_mm], one.y_mm < to.y_mm) for one, to in pairwise(walk.corners) if one.x_mm == to.x_mm in ways]
    return all(way != ("down" if is_up else "up") for way, is_up in along)


@pytest.mark.parametrize("is_partial", [False, True])
@pytest.mark.parametrize("is_one_way", [False, True])
def test_a_walk_over_an_odd_floor_is_the_shortest_of_all_orders(is_one_way, is_partial):
    proven = 0
    for seed in range(120):
        dice = Random(seed)
        layout = odd(dice, is_one_way=is_one_way, is_partial=is_partial)
        stops = spots(dice, layout, 6)
        walk = walk_of(layout, stops)
        placed = [stop for index, stop in enumerate(stops) if index not in walk.unplaced]
        if placed:
            distances = table(layout, placed)
            holds(layout, stops, walk)
            # Dead ends of one-way aisles, which a description may not have, are walked both ways.
            assert is_partial or walks_the_right_way(layout, walk)
            assert walk.length_mm - layout.doors_mm == tour_mm(exact_order(distances), distances)
            proven += walk.is_shortest
    assert proven > 40


@pytest.mark.parametrize("blocks", [1, 2])
def test_published_optima_are_met(blocks):
    for instance in islice(read_instances(), 0, None, 97):
        layout, bins = layout_of_instance(instance, blocks)
        walk = walk_of(layout, bins)
        assert walk.length_mm == 1000 * instance["opt" if blocks == 1 else "opt_two_block"]
        assert is_walk(layout, bins, walk.corners, walk.length_mm)
        rules = [rule(layout, bins) for rule in BASELINES.values()]
        assert all(is_walk(layout, bins, each.corners, each.length_mm) for each in rules)
        assert min(each.length_mm for each in rules) >= walk.length_mm


def test_bins_come_in_the_order_they_are_passed_and_equal_ones_in_the_order_they_came():
    bins = [Bin("A", 2, 6), Bin("A", 1, 6), Bin("A", 1, 2), Bin("A", 2, 3), Bin("A", 1, 6)]
    walk = walk_of(regular(aisles=2), bins)
    assert walk.length_mm == 2 * 7000 + 2 * 3000
    assert walk.order in ([2, 1, 4, 0, 3], [3, 0, 1, 4, 2])


def test_a_bin_the_layout_lacks_comes_last_and_adds_nothing():
    walk = walk_of(regular(), [Bin("B", 1, 1), Bin("A", 1, 2)])
    assert (walk.order, walk.unplaced, walk.length_mm) == ([1, 0], [0], 4000)


def test_a_walk_without_stops_goes_nowhere():
    assert walk_of(regular(), []) == Walk([], 0, [], [], True)


def test_the_end_of_a_walk_may_lie_elsewhere():
    layout = regular(end=Point(9000, 7000))
    walk = walk_of(layout, [Spot(0, 3000), Spot(3, 3000)])
    assert walk.length_mm == 9000 + 7000 + 2 * 3000
    assert walk.corners[-1] == Point(9000, 7000)


def test_one_way_aisles_are_walked_their_way_only():
    layout = regular(aisles=2, way="both")
    up, down = (a.__class__(**{**vars(a), "way": way}) for a, way in zip(layout.aisles, ("down", "up"), strict=True))
    ring = Layout((up, down), layout.cross_aisles, layout.start, layout.end)
    walk = walk_of(ring, [Spot(0, 1000)])
    assert walk.is_shortest
    assert walk.length_mm == 2 * 7000 + 2 * 3000  # up the second aisle to come down the first
    assert walk.corners[1] == Point(3000, 0)


def test_a_stop_behind_a_one_way_trap_is_unplaced():
    assert walk_of(regular(way="up"), [Spot(1, 2000)]).unplaced == [0]


@pytest.mark.parametrize("rows", [2, 3, 4])
def test_lengths_asked_often_are_those_of_walks(rows):
    layout = regular(rows=rows, end=Point(3000, 0) if rows == 2 else None)
    lengths = lengths_for(layout)
    for seed in range(20):
        dice = Random(seed)
        stops = [Spot(dice.randrange(4), dice.randint(1, 6) * 1000) for _ in range(5)]
        assert lengths.length_mm(lengths.key_of(stops)) == walk_of(layout, stops).length_mm


def test_many_cross_aisles_are_searched_and_a_search_finds_what_the_sweep_proves():
    layout = regular(aisles=8, bays=30, rows=7)
    dice = Random(7)
    stops = [Spot(dice.randrange(8), dice.randint(1, 30) * 1000) for _ in range(14)]
    walk = walk_of(layout, stops)
    assert not walk.is_shortest
    holds(layout, stops, walk)
    plain = regular(aisles=8, bays=30, rows=3)
    distances = table(plain, stops)
    assert tour_mm(good_order(distances, 30), distances) == walk_of(plain, stops).length_mm


def test_the_rules_of_thumb_by_hand():
    layout = regular(aisles=3)
    stops = [Spot(0, 2000), Spot(1, 2000), Spot(1, 6000), Spot(2, 3000)]
    assert return_walk(layout, stops).length_mm == 2 * (2000 + 6000 + 3000) + 2 * 6000
    assert s_shape(layout, stops).length_mm == 2 * 7000 + 2 * 2000 + 2 * 6000  # from the right, back out of the first
    assert largest_gap(layout, stops).length_mm == 2 * 7000 + 2 * (2000 + 1000) + 2 * 6000
    assert s_shape(layout, stops).order == [3, 2, 1, 0]
    assert s_shape_mm(layout, stops) == s_shape(layout, stops).length_mm


def test_the_length_of_an_s_shape_is_that_of_its_walk_on_odd_floors_too():
    dice = Random(3)
    for _ in range(60):
        layout = odd(dice, is_one_way=False, is_partial=dice.random() < 0.5)
        stops = spots(dice, layout, 12)
        assert s_shape_mm(layout, stops) == s_shape(layout, stops).length_mm


def test_a_stop_whose_numbers_are_those_of_the_start_is_walked_to():
    """Aisle 0 at its front end and the point x = 0, y = 0 are equal as numbers, and yet two places."""
    aisle = Aisle("A", 1, 5000, 0, 8000, bays={1: 0, 2: 8000})
    crosses = (CrossAisle(0, 0, 5000), CrossAisle(8000, 0, 5000))
    layout = Layout((aisle,), crosses, Point(0, 0), Point(0, 0))
    walk = s_shape(layout, [Spot(0, 0)])
    assert (walk.order, walk.length_mm) == ([0], walk_of(layout, [Spot(0, 0)]).length_mm)
    assert walk.length_mm == 2 * 5000
    assert Paths(layout).distance_mm(Point(0, 0), Spot(0, 0)) == 5000


def test_minutes_follow_from_the_walk_the_stops_and_the_units():
    assert WorkPace().seconds(0, 0, 0) == 0
    assert WorkPace().seconds(118_001, 12, 20) == 90 + 119 + 8 * 12 + 3 * 20
    assert WorkPace(walk_mm_s=500, setup_s=0, stop_s=0, unit_s=0).seconds(1000, 1, 1) == 2
