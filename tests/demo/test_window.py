"""Which part of the file a demo runs."""

from datetime import UTC, datetime

import pytest

from orderwright.doors.demo.window import choose_window

FIRST, LAST = datetime(2010, 12, 1, 8, 26, tzinfo=UTC), datetime(2011, 12, 9, 12, 50, tzinfo=UTC)


@pytest.mark.parametrize("now", [datetime(2026, 11, 22, 4, tzinfo=UTC), datetime(2026, 7, 3, 12, 50, tzinfo=UTC)])
def test_the_whole_year_leaves_no_order_to_come_and_ends_now(now: datetime) -> None:
    window = choose_window([FIRST, LAST], now, None)
    assert window.begin < FIRST
    assert window.end >= LAST
    assert window.shifted(window.end) == now
