"""Written numbers and times, read strictly."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.business.imports.numbers import plain_number, whole_number
from orderwright.business.imports.times import is_zone, read_time

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "signs", "plain"),
    [
        ("12.50", ".", "", [], "12.50"),
        ("-6", ".", "", [], "-6"),
        ("1,234.50", ".", "", [], None),
        ("1,234.50", ".", ",", [], "1234.50"),
        ("1,23.50", ".", ",", [], None),
        ("1,2345", ".", ",", [], None),
        ("1.234,5 €", ",", ".", ["€"], "1234.5"),
        ("1.234,5 €", ",", ".", [], None),
        ("-£3.20", ".", "", ["£"], "-3.20"),
        ("£-3.20", ".", "", ["£"], "-3.20"),
        ("--3", ".", "", [], None),
        ("-£-3", ".", "", ["£"], None),
        ("1\u202f234,00", ",", " ", [], "1234.00"),
        ("1e3", ".", "", [], None),
        ("NaN", ".", "", [], None),
        ("12.", ".", "", [], None),
        (".5", ".", "", [], None),
        ("٣", ".", "", [], None),
        ("", ".", "", [], None),
    ],
)
def test_numbers_are_read_in_the_profiles_form_alone(
    text: str, decimal: str, thousands: str, signs: list[str], plain: str | None
) -> None:
    assert plain_number(decimal, thousands, signs)(text) == plain


@pytest.mark.parametrize(("plain", "units"), [("2", 2), ("2.00", 2), ("-3.0", -3), ("2.5", None), ("0.000", 0)])
def test_units_are_whole(plain: str, units: int | None) -> None:
    assert whole_number(plain) == units


@given(st.integers(-(10**9), 10**9), st.integers(0, 99))
def test_a_number_written_with_any_marks_reads_back(whole: int, cents: int) -> None:
    english = f"{whole:,}.{cents:02}"
    spanish = english.translate(str.maketrans(",.", ".,"))
    plain = f"{whole}.{cents:02}"
    assert plain_number(".", ",", [])(english) == plain_number(",", ".", [])(spanish) == plain


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2011-01-04 10:00:00", datetime(2011, 1, 4, 10, tzinfo=UTC)),
        ("2011-07-04T10:00", datetime(2011, 7, 4, 9, tzinfo=UTC)),
        ("2011-07-04T10:00:00+02:00", datetime(2011, 7, 4, 8, tzinfo=UTC)),
        ("2011-07-04T10:00:00Z", datetime(2011, 7, 4, 10, tzinfo=UTC)),
        ("2011-07-04", datetime(2011, 7, 3, 23, tzinfo=UTC)),
        ("4/7/2011 10:30", datetime(2011, 7, 4, 9, 30, tzinfo=UTC)),
        ("31/02/2011 10:30", None),
        ("2011-02-31", None),
        ("20110704", None),
        ("0001-01-01", None),
        ("tomorrow", None),
    ],
)
def test_times_are_the_wall_clock_of_the_profiles_zone(text: str, at: datetime | None) -> None:
    read = read_time(text, ["%d/%m/%Y %H:%M"], LONDON)
    assert (read and read.at) == at


def test_hours_in_which_clocks_change_are_noticed() -> None:
    twice = read_time("2011-10-30 01:30:00", [], LONDON)
    never = read_time("2011-03-27 01:30:00", [], LONDON)
    assert twice == (datetime(2011, 10, 30, 0, 30, tzinfo=UTC), True)
    assert never == (datetime(2011, 3, 27, 1, 30, tzinfo=UTC), True)
    assert read_time("2011-10-30 02:30:00", [], LONDON) == (datetime(2011, 10, 30, 2, 30, tzinfo=UTC), False)


def test_zones_are_known_by_name() -> None:
    assert [is_zone(name) for name in ("Europe/Madrid", "UTC", "Europe/Atlantis", "", "/etc/passwd")] == [
        True, True, False, False, False,
    ]  # fmt: skip
