"""The walk, the day's room and a lot's last day: pure rules."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from orderwright.business.warehouse.rules import Day, Stop, has_room, is_past_date, walk

TODAY = date(2026, 11, 20)


def stop(zone: str, aisle: int, bay: int, level: int = 0) -> Stop:
    return Stop(zone, aisle, bay, level, f"{zone}-{aisle}-{bay}-{level}")


def test_the_walk_goes_up_one_aisle_and_down_the_next_one_visited() -> None:
    stops = [stop("A", 7, 1), stop("A", 1, 9), stop("A", 3, 2), stop("A", 3, 8), stop("A", 1, 4), stop("A", 7, 5)]
    assert [stops[i][1:3] for i in walk(stops)] == [(1, 4), (1, 9), (3, 8), (3, 2), (7, 1), (7, 5)]


def test_the_walk_finishes_a_zone_before_the_next_and_a_bay_from_the_floor_up() -> None:
    stops = [stop("B", 1, 1), stop("A", 2, 3, 2), stop("A", 2, 3, 1)]
    assert walk(stops) == [2, 1, 0]


@given(st.lists(st.builds(stop, st.sampled_from("AB"), st.integers(0, 5), st.integers(0, 9)), max_size=20))
def test_the_walk_visits_every_stop_once_and_enters_every_aisle_once(stops: list[Stop]) -> None:
    order = walk(stops)
    assert sorted(order) == list(range(len(stops)))
    aisles = [(stops[i].zone, stops[i].aisle) for i in order]
    entered = [aisle for n, aisle in enumerate(aisles) if n == 0 or aisles[n - 1] != aisle]
    assert len(entered) == len(set(aisles))


def test_a_day_takes_orders_and_units_up_to_its_limits() -> None:
    day = Day(TODAY, orders_max=3, units_max=10, orders=2, units=7)
    assert has_room(day, 3)
    assert not has_room(day, 4)
    assert not has_room(day._replace(orders=3), 1)


def test_an_order_larger_than_a_day_goes_out_on_an_empty_one() -> None:
    day = Day(TODAY, orders_max=3, units_max=10, orders=0, units=0)
    assert has_room(day, 500)
    assert not has_room(day._replace(orders=1, units=1), 500)


def test_a_lot_may_be_sent_on_its_last_day_and_not_after() -> None:
    assert not is_past_date(TODAY, TODAY)
    assert is_past_date(date(2026, 11, 19), TODAY)
    assert not is_past_date(None, TODAY)
