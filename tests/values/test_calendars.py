"""Cut-offs and working days are read on the clock and calendar of the site."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.values.calendars import (
    SiteCalendar,
    add_working_days,
    deliver_by,
    is_working_day,
    next_working_day,
    ship_by,
    site_day,
)

LEEDS = SiteCalendar(time_zone="Europe/London", cut_off="16:00", holidays_country="GB", holidays_region="ENG")
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def night(time_zone, cut_off="02:30"):
    return SiteCalendar(time_zone=time_zone, cut_off=cut_off, working_days=EVERY_DAY)


@pytest.mark.parametrize(
    ("at", "leaves_at"),
    [
        (utc(2026, 11, 20, 9, 30), utc(2026, 11, 20, 16)),  # a Friday morning
        (utc(2026, 11, 20, 15, 59, 59), utc(2026, 11, 20, 16)),
        (utc(2026, 11, 20, 16), utc(2026, 11, 23, 16)),  # at the cut-off is too late
        (utc(2026, 11, 21, 9), utc(2026, 11, 23, 16)),  # Saturday
        (utc(2026, 12, 24, 17), utc(2026, 12, 29, 16)),  # Christmas, and Boxing Day's substitute on Monday
        (utc(2026, 7, 1, 14), utc(2026, 7, 1, 15)),  # summer time
    ],
)
def test_an_order_leaves_by_the_next_cut_off_of_a_working_day(at, leaves_at):
    assert ship_by(LEEDS, at) == leaves_at
    assert ship_by(LEEDS, at).utcoffset() == timedelta(0)


def test_the_moment_may_come_in_any_time_zone_but_not_without_one():
    at = datetime(2026, 11, 20, 20, 30, tzinfo=timezone(timedelta(hours=11)))
    assert ship_by(LEEDS, at) == utc(2026, 11, 20, 16)
    with pytest.raises(ValueError, match="time zone"):
        ship_by(LEEDS, datetime(2026, 11, 20, 9, 30))


def test_a_cut_off_that_the_clocks_skip_comes_as_long_after_midnight_as_ever():
    # New York, 8 March 2026: 02:00 becomes 03:00, there is no 02:30.
    skipped = utc(2026, 3, 8, 7, 30)
    assert ship_by(night("America/New_York"), skipped - timedelta(seconds=1)) == skipped
    assert ship_by(night("America/New_York"), skipped) == utc(2026, 3, 9, 6, 30)
    assert ship_by(night("America/New_York"), utc(2026, 3, 7, 8)) == skipped


def test_a_cut_off_that_comes_twice_counts_the_first_time():
    # New York, 1 November 2026: 01:30 comes at 05:30 and again at 06:30 UTC.
    calendar = night("America/New_York", "01:30")
    assert ship_by(calendar, utc(2026, 11, 1, 5, 29)) == utc(2026, 11, 1, 5, 30)
    assert ship_by(calendar, utc(2026, 11, 1, 5, 30)) == utc(2026, 11, 2, 6, 30)
    assert ship_by(calendar, utc(2026, 11, 1, 6, 29)) == utc(2026, 11, 2, 6, 30)


def test_a_site_far_east_and_a_customer_far_west_agree_on_the_sites_day():
    auckland = SiteCalendar(time_zone="Pacific/Auckland", cut_off="16:00")
    at = datetime(2026, 1, 4, 18, tzinfo=timezone(timedelta(hours=-8)))  # Sunday evening in Los Angeles
    assert site_day(auckland, at) == date(2026, 1, 5)  # is Monday afternoon at UTC+13
    leaves_at = ship_by(auckland, at)
    assert leaves_at == utc(2026, 1, 5, 3)
    assert site_day(auckland, leaves_at) == date(2026, 1, 5)
    assert deliver_by(leaves_at, 2, auckland, "US") == date(2026, 1, 7)


def test_a_holiday_at_one_site_only_closes_that_site():
    dublin = SiteCalendar(time_zone="Europe/Dublin", cut_off="16:00", holidays_country="IE")
    at = utc(2026, 3, 17, 9)  # Saint Patrick's Day
    assert ship_by(dublin, at) == utc(2026, 3, 18, 16)
    assert ship_by(LEEDS, at) == utc(2026, 3, 17, 16)


def test_closed_and_open_dates_win_over_the_week_and_the_holidays():
    calendar = SiteCalendar(
        time_zone="Europe/London",
        holidays_country="GB",
        closed_dates=("2026-11-20",),
        open_dates=("2026-11-21", "2026-12-25"),
    )
    assert not is_working_day(calendar, date(2026, 11, 20))
    assert is_working_day(calendar, date(2026, 11, 21))
    assert is_working_day(calendar, date(2026, 12, 25))


def test_countries_and_regions_without_a_known_calendar_keep_no_holidays_of_their_own():
    new_year = date(2026, 1, 1)
    assert is_working_day(SiteCalendar(time_zone="UTC", holidays_country="ZZ"), new_year)
    assert not is_working_day(SiteCalendar(time_zone="UTC", holidays_country="GB", holidays_region="XX"), new_year)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2028, 2, 28), 1, date(2028, 2, 29)),  # a leap day is a day
        (date(2028, 2, 29), 1, date(2028, 3, 1)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # out of week 53
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 12, 23), 3, date(2026, 12, 30)),
    ],
)
def test_working_days_are_added_over_leap_days_and_year_ends(day, count, expected):
    assert add_working_days(LEEDS, day, count) == expected


def test_working_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(LEEDS, date(2026, 1, 1), -1)


def test_a_site_that_never_opens_is_told_and_not_searched_for_ever():
    with pytest.raises(ValueError, match="no working day"):
        next_working_day(SiteCalendar(time_zone="UTC", working_days=()), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("leaves_at", "transit_days", "country", "arrives"),
    [
        (utc(2026, 11, 20, 16), 1, "GB", date(2026, 11, 23)),  # Friday to Monday
        (utc(2026, 11, 20, 16), 0, "GB", date(2026, 11, 20)),
        (utc(2026, 11, 21, 16), 0, "GB", date(2026, 11, 23)),
        (utc(2026, 12, 23, 16), 2, "DE", date(2026, 12, 28)),  # over both days of Christmas
        (utc(2026, 11, 25, 16), 1, "US", date(2026, 11, 27)),  # over Thanksgiving
        (utc(2026, 11, 19, 16), 1, "EG", date(2026, 11, 22)),  # Friday and Saturday are the weekend
        (utc(2026, 11, 20, 16), 2, "ZZ", date(2026, 11, 24)),
    ],
)
def test_a_parcel_arrives_on_a_delivery_day_of_its_destination(leaves_at, transit_days, country, arrives):
    assert deliver_by(leaves_at, transit_days, LEEDS, country) == arrives


@given(MOMENTS, st.sampled_from(["Europe/London", "Pacific/Apia", "America/Los_Angeles", "Australia/Lord_Howe"]))
def test_a_cut_off_is_always_ahead_and_the_next_one_follows_it(at, time_zone):
    calendar = night(time_zone)
    leaves_at = ship_by(calendar, at)
    assert at < leaves_at <= at + timedelta(hours=25)
    assert is_working_day(calendar, site_day(calendar, leaves_at))
    assert ship_by(calendar, leaves_at) > leaves_at
    assert ship_by(calendar, leaves_at - timedelta(microseconds=1)) == leaves_at


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 10), st.integers(0, 10))
def test_adding_working_days_in_two_steps_is_adding_them_in_one(day, first, second):
    start = add_working_days(LEEDS, day, 0)
    assert add_working_days(LEEDS, add_working_days(LEEDS, start, first), second) == add_working_days(
        LEEDS, start, first + second
    )
