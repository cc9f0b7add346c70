"""The rows behind a figure of a day: page by page, those that count most first, each once; or all."""

from datetime import date
from typing import Any

import pytest

from orderwright.business.deeds.pick import pick
from orderwright.business.reports.days import asking, rows
from orderwright.business.reports.days.rows import FIGURES_WITH_ROWS, FigureRow, all_rows_of, rows_of
from orderwright.business.reports.days.telling import zone_of
from orderwright.business.warehouse.forms import Pick
from orderwright.values.pages import mark
from orderwright.values.refusal import Refusal
from tests.shop import Shop
from tests.stories.test_order_to_cash import Floor, floor  # noqa: F401 - a fixture

FIGURES = sorted(FIGURES_WITH_ROWS)
SCOPES = ("", "site:LEEDS", "channel:web")


def pages(shop: Shop, figure: str, scope: str = "") -> list[tuple[list[FigureRow], int]]:
    """Today's rows page by page, and of each page how many there are in all."""
    found: list[tuple[list[FigureRow], int]] = []
    after = None
    with shop.store.read() as tx:
        zone = zone_of(tx)
        while not found or after is not None:
            page = rows_of(tx, figure, asking.today(tx.now, zone), scope, zone, after=after)
            found.append((page.rows, page.of_all))
            after = page.next
    return found


def in_all(shop: Shop, figure: str, scope: str = "") -> list[FigureRow]:
    with shop.store.read() as tx:
        zone = zone_of(tx)
        return list(all_rows_of(tx, figure, asking.today(tx.now, zone), scope, zone))


@pytest.fixture
def worked(shop: Shop, floor: Floor) -> Shop:  # noqa: F811
    """A day of orders that are much alike: most were picked one unit at a time, at the same moments."""
    shop.stock("LEEDS", MUG=20)
    for quantity in (1, 3, 1, 1, 2, 1):
        shop.place({"MUG": quantity})
    floor.pass_time(minutes=6)
    for nth, task in enumerate(floor.tasks()):
        floor.pass_time(minutes=nth % 3)
        shop.run(pick, Pick(task_id=task.id, quantity=task.quantity, actor="pia"))
    floor.pack_all()
    floor.hand_over_all()
    with shop.begin() as tx:
        tx.write("INSERT INTO worker (person) SELECT 'w' || n FROM generate_series(1, 3) AS n")
        tx.write(
            "INSERT INTO work_clock (id, person, site, task, started_at, ended_at)"
            " SELECT gen_random_uuid(), 'w' || n, 'LEEDS', 'pick', %(now)s, %(now)s + interval '9 seconds'"
            " FROM generate_series(1, 3) AS n",
            now=tx.now,
        )
    return shop


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("most", [1, 2, 3])
def test_pages_show_every_row_once_however_many_count_the_same(
    worked: Shop, monkeypatch: pytest.MonkeyPatch, most: int, scope: str
) -> None:
    whole = {figure: pages(worked, figure, scope) for figure in FIGURES}
    assert {len(found) for found in whole.values()} == {1}
    picked = [(units, 0) for units in (3, 2, 1, 1, 1, 1)]
    hours = [] if scope == "channel:web" else [(0, 9)] * 3
    assert [(row.counted, row.judged) for row in whole["picks_per_hour"][0][0]] == hours + picked
    monkeypatch.setattr(rows, "ROWS_A_PAGE", most)
    monkeypatch.setattr(rows, "ROWS_A_PIECE", most)
    for figure, [(expected, count)] in whole.items():
        found = pages(worked, figure, scope)
        assert [row for page, _ in found for row in page] == expected
        assert {len(page) for page, _ in found[:-1]} <= {most}
        assert {of_all for _, of_all in found} == {count} == {len(expected)}
        assert in_all(worked, figure, scope) == expected


def test_the_longest_touches_come_first_and_equal_ones_as_they_were_done(worked: Shop) -> None:
    [(touched, count)] = pages(worked, "touch_time")
    assert [row.counted for row in touched] == sorted((row.counted for row in touched), reverse=True)
    assert count == len(touched) == len([row for row in touched if row.number]) > 2


def test_a_mark_that_is_none_is_refused(shop: Shop) -> None:
    place: list[Any] = [True, 0, -1, "", "", "", "", "", 0, 1]
    for wrong in ([], place[:-1], [*place[:1], 2**70, *place[2:]], [*place[:3], "\0", *place[4:]]):
        with shop.store.read() as tx, pytest.raises(Refusal) as refused:
            rows_of(tx, "orders_in", date(2020, 1, 1), "", "UTC", after=mark(*wrong))
        assert refused.value.code == "malformed"
    with shop.store.read() as tx:
        assert rows_of(tx, "touch_time", date(2020, 1, 1), "", "UTC", after=mark(*place)).rows == []


def test_a_day_without_work_has_no_rows(shop: Shop) -> None:
    with shop.store.read() as tx:
        for figure in FIGURES:
            assert rows_of(tx, figure, date(2020, 1, 1), "", "UTC") == ([], 0, None)
            assert list(all_rows_of(tx, figure, date(2020, 1, 1), "", "UTC")) == []
