"""Single, batch, zone and wave: the same orders, each unit once, and what each way costs."""

from dataclasses import replace

import pytest

from orderwright.business.warehouse.batching.figures import figures, finished, trip_seconds
from orderwright.business.warehouse.batching.first_come import first_come_trips
from orderwright.business.warehouse.batching.strategies import trips_by
from orderwright.business.warehouse.batching.work import STRATEGIES, PickPolicy, Trip
from orderwright.business.warehouse.walking.layout import Point
from orderwright.business.warehouse.walking.walks import WorkPace, walk_of
from tests.batching.sites import CART, NOON, ROOMY, faults, picking, random_works, stop, work


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("seed", range(5))
def test_every_unit_is_picked_once_whatever_the_strategy(strategy, seed):
    asked = picking(random_works(seed, 30), wave_orders=12)
    assert faults(asked, trips_by(strategy, asked), in_bulk=strategy == "wave") == []


def test_the_verifier_sees_what_is_wrong_with_a_plan():
    asked = picking(random_works(1, 20))
    good = trips_by("batch", asked)
    assert faults(asked, good[1:]) != []
    assert faults(asked, [*good, good[0]]) != []
    assert faults(asked, [replace(good[0], length_mm=good[0].length_mm + 1), *good[1:]]) != []
    assert faults(replace(asked, cart=replace(CART, totes=1)), good) != []
    assert faults(replace(asked, cart=replace(CART, weight_g=100)), good) != []


def test_single_picking_walks_for_each_order_alone_the_most_urgent_first():
    works = [work("late", stop(6, 10), due_h=5), work("early", stop(1, 2), stop(1, 4), due_h=1)]
    asked = picking(works)
    trips = trips_by("single", asked)
    assert [trip.works for trip in trips] == [[1], [0]]
    assert [trip.length_mm for trip in trips] == [8_000, 50_000]


def test_zone_picking_walks_from_each_zones_own_hand_over_point():
    both = work("both", stop(1, 2), stop(6, 3))
    asked = picking([both], hand_over_points={"A": Point(0, 0), "B": Point(15_000, 0)})
    trips = trips_by("zone", asked)
    assert [(trip.zone, trip.length_mm, trip.hand_overs) for trip in trips] == [("A", 4_000, 1), ("B", 6_000, 1)]


def test_a_zone_without_a_hand_over_point_hands_over_in_front_of_its_middle():
    trips = trips_by("zone", picking([work("one", stop(5, 2))]))
    assert [(trip.zone, trip.length_mm) for trip in trips] == [("B", 4_000)]


@pytest.mark.parametrize(("pickers", "seed"), [(1, 1), (2, 2), (3, 3), (5, 4)])
def test_zones_are_done_no_sooner_than_their_longest_trip_and_their_share_of_all_work(pickers, seed):
    asked = picking(random_works(seed, 30))
    trips = trips_by("zone", asked)
    told = figures("zone", "", trips, asked.works, pickers, asked.pace, asked.policy)
    seconds = [trip_seconds(trip, asked.pace, asked.policy) for trip in trips]
    assert told.bound_s == max(max(seconds), -(-sum(seconds) // pickers))
    assert told.bound_s <= told.makespan_s <= sum(seconds)
    assert told.seconds == sum(seconds)
    if pickers == 2:
        by_zone = {zone: sum(s for s, t in zip(seconds, trips, strict=True) if t.zone == zone) for zone in "AB"}
        assert told.makespan_s == max(by_zone.values())


def test_a_wave_visits_a_bin_once_for_all_its_orders_and_every_unit_is_sorted():
    works = [work(f"f{n}", stop(2, 3, units=2), stop(3, n)) for n in range(1, 5)]
    (trip,) = trips_by("wave", picking(works, ROOMY))
    assert len(trip.bins) == 5
    assert (trip.units, trip.sorted_units) == (12, 12)


def test_a_wave_takes_no_more_orders_than_the_sorting_wall_holds():
    works = [work(f"f{n}", stop(2, 3)) for n in range(5)]
    trips = trips_by("wave", picking(works, ROOMY, wave_orders=2))
    assert [trip.works for trip in trips] == [[0, 1], [2, 3], [4]]


def test_a_bin_wanted_for_more_than_a_cart_takes_is_visited_more_often():
    works = [work("many", stop(2, 3, units=10, weight_g=50_000, volume_cm3=10))]
    trips = trips_by("wave", picking(works, CART))
    assert sorted(trip.units for trip in trips) == [4, 6]


def test_a_unit_that_no_cart_takes_goes_alone_and_says_so():
    works = [work("piano", stop(2, 3, weight_g=90_000)), work("cup", stop(2, 4))]
    assert sorted((trip.works, trip.is_over) for trip in trips_by("wave", picking(works))) == [
        ([0], True),
        ([1], False),
    ]


def test_first_come_fills_carts_in_order_of_arrival_and_walks_in_an_s():
    works = [work(f"f{n}", stop(n % 2 * 5 + 1, n)) for n in range(1, 7)]
    asked = picking(works)
    assert [trip.works for trip in first_come_trips(asked)] == [[0, 1, 2, 3], [4, 5]]
    assert sum(trip.length_mm for trip in first_come_trips(asked, None)) == sum(
        walk_of(asked.floor.layout, trip.bins).length_mm for trip in first_come_trips(asked)
    )
    assert faults(asked, first_come_trips(asked, None)) == []


def trip(seconds: int, zone: str = "", pick: int = 0) -> Trip:
    """A trip of that many seconds at a pace of one metre a second and nothing else."""
    return Trip(((pick, 0, 1),), (), seconds * 1_000, NOON, zone)


@pytest.mark.parametrize(
    ("seconds", "zones", "pickers", "expected"),
    [
        ([5, 3, 2], ["", "", ""], 1, [5, 8, 10]),
        ([5, 3, 2], ["", "", ""], 2, [5, 3, 5]),
        ([5, 3, 2], ["A", "B", "A"], 2, [5, 3, 7]),  # each stays in a zone
        ([5, 3, 2], ["A", "B", "A"], 1, [5, 8, 10]),  # too few: one walks everywhere
        ([5, 3, 2], ["A", "B", "A"], 3, [5, 3, 2]),  # the third where most work is
        ([], [], 3, []),
    ],
)
def test_trips_are_done_in_their_order_by_whoever_is_free(seconds, zones, pickers, expected):
    trips = [trip(each, zone) for each, zone in zip(seconds, zones, strict=True)]
    assert finished(trips, seconds, pickers) == expected


def test_nobody_picks_nothing():
    with pytest.raises(ValueError, match="nobody"):
        finished([], [], 0)


def test_a_trips_time_is_set_up_walk_stops_units_sorting_and_handing_over():
    pace = WorkPace(walk_mm_s=500, setup_s=60, stop_s=10, unit_s=2)
    policy = PickPolicy(sort_s=4, hand_over_s=15)
    works = [work("a", stop(1, 1, units=3), stop(2, 2))]
    (walked,) = trips_by("single", picking(works))
    assert walked.length_mm == 12_000
    assert trip_seconds(walked, pace, policy) == 60 + 24 + 20 + 8
    assert trip_seconds(replace(walked, sorted_units=4, hand_overs=1), pace, policy) == 112 + 16 + 15


def test_figures_of_a_plan_by_hand():
    works = [work("a", stop(1, 1, units=3)), work("b", stop(1, 2), due_h=0.01), work("c", stop(1, 3, weight_g=None))]
    asked = picking(works)
    told = figures("single", "cart", trips_by("single", asked), works, 2, asked.pace, asked.policy, begins_at=NOON)
    # 90 s to set out, 8 a stop, 3 a unit; 2, 4 and 6 m there and back. The most urgent, b, goes first.
    assert (told.trips, told.orders, told.stops, told.units) == (3, 3, 3, 5)
    assert (told.walk_mm, told.metres) == (12_000, 12)
    assert told.seconds == 109 + 105 + 107
    assert (told.minutes, told.picks_per_hour) == (6, 56)
    assert told.makespan_s == 105 + 107
    assert told.bound_s == 161
    assert (told.late_orders, told.unsized_orders, told.over_orders) == (1, 1, 0)
