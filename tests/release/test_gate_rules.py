"""The rules of the gate and of trucks, for whatever comes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.business.warehouse.gate import Due, Reason, Room, Waiting, is_late, why_not
from orderwright.business.warehouse.rules import Day
from orderwright.business.warehouse.trucks import Timetable, Truck
from orderwright.values.calendars import WEEKDAYS, SiteCalendar, is_working_day, site_day

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ZONES = ("A", "B", "C")

units_by_zone = st.dictionaries(st.sampled_from(ZONES), st.integers(1, 6), min_size=1)
works = st.builds(
    lambda zones, held, incomplete, minutes: Waiting(
        "", held, incomplete, None if minutes is None else NOON + timedelta(minutes=minutes), sum(zones.values()), zones
    ),
    units_by_zone, st.booleans(), st.booleans(), st.none() | st.integers(-2, 2),
)  # fmt: skip
free_works = works.map(lambda each: each._replace(is_held=False, is_incomplete=False, cancel_until=None))
rooms = st.builds(
    lambda orders, units, out_max, there, limits, lying: Room(
        Day(NOON.date(), orders, units, 0, 0), out_max, there, limits, lying
    ),
    st.integers(0, 20), st.integers(0, 60), st.none() | st.integers(0, 8), st.integers(0, 4),
    st.dictionaries(st.sampled_from(ZONES), st.integers(0, 9)),
    st.dictionaries(st.sampled_from(ZONES), st.integers(0, 5)),
)  # fmt: skip


def gone_through(waiting: list[Waiting], room: Room) -> list[Reason | None]:
    """What the gate says to one after the other; None: it went."""
    said = []
    for each in waiting:
        reason = why_not(each, room, NOON)
        said.append(reason)
        if reason is None:
            room.let_out(each.units, each.zones)
    return said


@given(st.lists(works, max_size=30), rooms)
def test_no_limit_is_ever_passed_but_by_one_that_is_larger_than_it_alone(waiting: list[Waiting], room: Room) -> None:
    before = room.copy()
    said = gone_through(waiting, room)
    went = [each for each, reason in zip(waiting, said, strict=True) if reason is None]
    assert room.day.orders == len(went) <= room.day.orders_max
    assert room.orders_max is None or not went or room.orders_out <= room.orders_max
    assert room.day.units <= max(room.day.units_max, *[each.units for each in went], 0)
    for zone, limit in room.zone_max.items():
        alone = max([each.zones.get(zone, 0) for each in went], default=0)
        assert room.zone_units.get(zone, 0) <= max(limit, alone, before.zone_units.get(zone, 0))
        assert limit or room.zone_units.get(zone, 0) == before.zone_units.get(zone, 0)


@given(st.lists(works, max_size=30), rooms)
def test_what_is_held_incomplete_or_can_be_cancelled_for_nothing_never_passes(
    waiting: list[Waiting], room: Room
) -> None:
    for each, reason in zip(waiting, gone_through(waiting, room), strict=True):
        stopped = each.is_held or each.is_incomplete or (each.cancel_until is not None and each.cancel_until > NOON)
        assert stopped == (reason in ("order_held", "order_incomplete", "cancel_open"))


@given(st.lists(free_works, max_size=12), st.lists(units_by_zone, min_size=1, max_size=3), rooms)
def test_among_equals_nobody_is_overtaken(others: list[Waiting], kinds: list[dict[str, int]], room: Room) -> None:
    equals = [Waiting(str(i), False, False, None, sum(zones.values()), zones) for i, zones in enumerate(kinds)]
    queue = [each for pair in zip(equals * 6, (others + equals * 18)[: 6 * len(equals)], strict=True) for each in pair]
    said = gone_through(queue, room)
    for kind in equals:
        mine = [reason is None for each, reason in zip(queue, said, strict=True) if each.zones == kind.zones]
        assert mine == sorted(mine, reverse=True)  # once one is kept, all behind it are


@given(st.lists(free_works, max_size=20), rooms)
def test_a_full_zone_keeps_only_what_needs_it_and_one_zone_without_room_is_enough(
    waiting: list[Waiting], room: Room
) -> None:
    for each in waiting:
        crowded = {zone for zone, units in each.zones.items() if room.crowded_zone({zone: units})}
        reason = why_not(each, room, NOON)
        assert (reason == "zone_full") <= bool(crowded)
        assert not crowded or reason is not None
        if reason is None:
            room.let_out(each.units, each.zones)


def test_the_turn_is_that_of_the_truck_then_of_the_promise_the_priority_and_the_id() -> None:
    hours = [NOON + timedelta(hours=n) for n in range(3)]
    turn = (
        Due(hours[0], hours[2], 0, "d"), Due(hours[1], hours[0], 0, "c"), Due(hours[1], hours[1], -9, "b"),
        Due(hours[1], hours[1], 0, "a"), Due(hours[1], hours[1], 0, "b"),
    )  # fmt: skip
    backwards = [*turn[::-1]]
    assert tuple(sorted(backwards)) == turn


@pytest.mark.parametrize(("minutes", "late"), [(60, False), (59, True)])
def test_work_is_late_once_its_truck_is_nearer_than_its_lead(minutes: int, late: bool) -> None:
    assert is_late(NOON + timedelta(minutes=minutes), 60, NOON) == late


LONDON = SiteCalendar(
    time_zone="Europe/London", holidays_country="GB", holidays_region="ENG", closed_dates=("2026-11-24",)
)
zones_of_the_world = st.sampled_from(["Europe/London", "Pacific/Auckland", "America/St_Johns", "UTC"])
trucks = st.lists(
    st.builds(
        Truck, st.just("dash"), st.sampled_from(["", "express", "bulk"]), st.sampled_from(WEEKDAYS),
        st.sampled_from(["00:30", "01:30", "02:30", "11:00", "15:00", "23:59"]),
    ),
    max_size=12,
)  # fmt: skip
moments = st.datetimes(datetime(2026, 3, 1), datetime(2026, 12, 1), timezones=st.just(UTC))


@given(trucks, zones_of_the_world, moments, st.lists(moments, min_size=2, max_size=6))
def test_a_truck_is_still_to_come_takes_the_service_and_never_turns_the_order_of_promises(
    found: list[Truck], zone: str, now: datetime, promises: list[datetime]
) -> None:
    calendar = SiteCalendar(time_zone=zone, working_days=WEEKDAYS[:6])
    table = Timetable(calendar, found, now)
    near = [now + (at - now) % timedelta(days=30) - timedelta(days=5) for at in promises]
    for service in ("express", "standard"):
        leaving = [table.truck_for(service, at) for at in sorted(near)]
        assert leaving == sorted(leaving, key=lambda each: (each is not None, each.at if each else now))
        for each in filter(None, leaving):
            day = site_day(calendar, each.at)
            assert each.at > now
            assert is_working_day(calendar, day)
            assert each.service in ("", service)
            assert WEEKDAYS[day.weekday()] in {truck.weekday for truck in found}


def truck(
    service: str, ship_by: str, now: str, *times: str, calendar: SiteCalendar = LONDON, **told: Any
) -> str | None:
    """When the truck leaves, by the wall; trucks every day at these times."""
    table = [Truck("dash", told.get("takes", ""), day, at) for day in told.get("days", WEEKDAYS) for at in times]
    moment, today = (datetime.fromisoformat(f"2026-{each}:00+00:00") for each in (ship_by, now))
    found = Timetable(calendar, table, today).truck_for(service, moment)
    return None if found is None else f"{found.at:%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("ship_by", "now", "leaves"),
    [
        ("11-20T16:00", "11-20T09:00", "11-20T15:00"),  # the last that keeps the promise
        ("11-20T16:00", "11-20T15:30", "11-20T18:00"),  # that one is missed: the next
        ("11-20T12:00", "11-20T09:00", "11-20T11:00"),
        ("11-20T10:00", "11-20T09:00", "11-20T11:00"),  # none leaves by then: the first of that day
        ("11-20T16:00", "11-20T18:00", "11-23T11:00"),  # Friday's are gone, and at the weekend none leaves
        ("11-24T16:00", "11-20T09:00", "11-23T18:00"),  # Tuesday is a closed date: the last before it
        ("11-23T16:00", "11-20T09:00", "11-23T15:00"),
        ("11-24T16:00", "11-24T09:00", "11-25T11:00"),  # it is the closed date: the first after it
        ("12-25T16:00", "12-21T09:00", "12-24T18:00"),  # Christmas is the site's calendar's
    ],
)
def test_a_parcel_goes_with_the_last_truck_that_keeps_its_promise(ship_by: str, now: str, leaves: str) -> None:
    assert truck("standard", ship_by, now, "11:00", "15:00", "18:00") == leaves


def test_a_truck_takes_its_own_service_and_one_without_a_service_takes_all() -> None:
    assert truck("standard", "11-20T16:00", "11-20T09:00", "15:00", takes="express") is None
    assert truck("express", "11-20T16:00", "11-20T09:00", "15:00", takes="express") == "11-20T15:00"
    assert truck("standard", "11-20T16:00", "11-20T09:00", "15:00", days=("sun",)) is None  # the site never works then


@pytest.mark.parametrize(
    ("ship_by", "now", "leaves"),
    [
        ("03-29T12:00", "03-29T00:00", "03-29T01:30"),  # 01:30 does not exist: as long after midnight as else
        ("10-25T12:00", "10-24T23:30", "10-25T00:30"),  # 01:30 comes twice: the first counts
        ("03-30T12:00", "03-29T12:00", "03-30T00:30"),
    ],
)
def test_a_truck_leaves_by_the_wall_when_the_clocks_change(ship_by: str, now: str, leaves: str) -> None:
    # Edge case 65.
    every_day = SiteCalendar(time_zone="Europe/London", working_days=WEEKDAYS)
    assert truck("standard", ship_by, now, "01:30", calendar=every_day) == leaves


def test_the_next_departures_are_told_in_order() -> None:
    table = Timetable(LONDON, [Truck("a", "", "fri", "15:00"), Truck("b", "express", "mon", "11:00")], NOON)
    assert [(each.at.date(), each.carrier) for each in table.next_ones(3)] == [
        (date(2026, 11, 20), "a"), (date(2026, 11, 23), "b"), (date(2026, 11, 27), "a"),
    ]  # fmt: skip
    assert Timetable(LONDON, [], NOON).next_ones(3) == []
