"""Moments and money as the visitor's country writes them, whoever looked at them before."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_datetime

from orderwright.doors.console.marks import person
from orderwright.doors.console.rendering import environment

AT = datetime(2020, 3, 4, 23, 30, 5, tzinfo=UTC)


def written(text: str, zone: str, locale: str, **names: object) -> str:
    return environment("en").from_string(text).render(zone=ZoneInfo(zone), locale=locale, **names)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("locale", ["en", "en_GB", "es"])
def test_one_moment_is_told_by_each_visitors_clock(zone: str, locale: str) -> None:
    local = AT.astimezone(ZoneInfo(zone))
    exact = format_datetime(local, "full", locale=locale)
    assert f'title="{exact}"' in written("{{ at | when }}", zone, locale, at=AT)
    assert f'title="{exact}"' in written("{{ at | clock }}", zone, locale, at=AT)


def test_what_is_remembered_for_one_is_not_told_to_another() -> None:
    assert [written("{{ at | clock }}", zone, "en_GB", at=AT)[-12:-7] for zone in ("UTC", "Asia/Tokyo")] == [
        "23:30", "08:30",
    ]  # fmt: skip
    told = [written("{{ at | when }}", zone, "es", at=AT).rpartition("<")[0][-10:] for zone in ("UTC", "Asia/Tokyo")]
    assert told == ["4 mar 2020", "5 mar 2020"]
    assert [written("{{ '1234.50' | cash(currency) }}", "UTC", "es", currency=each) for each in ("EUR", "GBP")] == [
        "1.234,50\xa0€", "1.234,50\xa0GBP",
    ]  # fmt: skip
    assert [written("{{ 12345 | number }}", "UTC", locale) for locale in ("en", "es")] == ["12,345", "12.345"]


def test_who_did_something_is_told_by_name_and_a_program_as_it_is_written() -> None:
    told = [person(str, each) for each in ("staff:Kim", "staff:staff: Kim", "key:ow_1", "clerk:desk")]
    assert told == ["Kim", "staff: Kim", "key:ow_1", "clerk:desk"]
