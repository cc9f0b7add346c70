"""The day's room and a lot's last day: pure rules."""

from datetime import date

from orderwright.business.warehouse.rules import Day, has_room, is_past_date

TODAY = date(2026, 11, 20)


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
