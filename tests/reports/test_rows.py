"""The rows behind a figure of a day: of many, those that count most."""

from datetime import date

import pytest

from orderwright.business.deeds.pick import pick
from orderwright.business.reports.days import asking
from orderwright.business.reports.days.telling import zone_of
from orderwright.business.warehouse.forms import Pick
from tests.shop import Shop
from tests.stories.test_order_to_cash import Floor, floor  # noqa: F401 - a fixture

FIGURES = sorted(name for source in asking.SOURCES for name in source.figures)


def rows(shop: Shop, figure: str, scope: str = "") -> list[tuple[str, int, int]]:
    """Part, counted and judged of today's rows."""
    with shop.store.read() as tx:
        zone = zone_of(tx)
        found = asking.rows_of(tx, figure, asking.today(tx.now, zone), scope, zone)
    return [(row.part, row.counted, row.judged) for row in found]


def test_of_many_rows_those_that_count_most_are_shown(
    shop: Shop,
    floor: Floor,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop.stock("LEEDS", MUG=9)
    for quantity in (1, 3, 2):
        shop.place({"MUG": quantity})
    floor.pass_time(minutes=6)
    for minutes, task in enumerate(floor.tasks()):
        floor.pass_time(minutes=minutes)
        shop.run(pick, Pick(task_id=task.id, quantity=task.quantity, actor="pia"))
    floor.pack_all()
    floor.hand_over_all()
    whole = {figure: rows(shop, figure) for figure in FIGURES}
    assert whole["picks_per_hour"] == rows(shop, "picks_per_hour", "site:LEEDS") == [("", 3, 0), ("", 2, 0), ("", 1, 0)]
    assert whole["touch_time"] == rows(shop, "touch_time", "channel:web") == [("pick", 120, 0), ("pick", 60, 0)]
    monkeypatch.setattr(asking, "ROWS_MAX", 1)
    assert {figure: [row[1:] for row in rows(shop, figure)] for figure in FIGURES} == {
        figure: [row[1:] for row in found[:1]] for figure, found in whole.items()
    }


def test_a_day_without_work_has_no_rows(shop: Shop) -> None:
    with shop.store.read() as tx:
        assert {figure: asking.rows_of(tx, figure, date(2020, 1, 1), "", "UTC") for figure in FIGURES} == {
            figure: [] for figure in FIGURES
        }
