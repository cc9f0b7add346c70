"""What the demo tells: stages as they move, and a summary that fits a terminal and adds up."""

import io
from datetime import timedelta

import msgspec
import pytest
from rich.console import Console

from orderwright.business.truth.check import check_store
from orderwright.database.store import Store
from orderwright.doors.demo.people import NOBODY_ERRS
from orderwright.doors.demo.progress import Progress, stages_of
from orderwright.doors.demo.running import Cast
from orderwright.doors.demo.steps import Step, steps_between
from orderwright.doors.demo.summary import Summary, look_back, summarise
from orderwright.doors.demo.telling import tell
from tests.demo.tiny import HEADER, rows, tiny_year

Lived = tuple[Store, Cast]


@pytest.fixture(scope="module")
def summary(flawless: Lived) -> Summary:
    store, cast = flawless
    found = look_back(store, cast.script, cast.people)
    return summarise(cast.script, NOBODY_ERRS, found, tiny_year().report, check_store(store, full=True), 12.3)


def told(summary: Summary) -> str:
    page = io.StringIO()
    tell(Console(file=page, width=80), summary)
    return page.getvalue()


def test_the_summary_fits_a_terminal_and_names_what_is_invented(summary: Summary) -> None:
    text = told(summary)
    assert max(map(len, text.splitlines())) <= 80
    words = " ".join(text.split())
    assert f"All {summary.invariants} invariants hold." in words
    assert "Orders in 63 held 1, delivered 60, returned 1, cancelled 1" in words
    assert "Held 2 stopped for a person to look at; 1 still are." in words
    assert "Oversold units 0 promised beyond what lay there." in words
    assert f"on pallets {summary.cartons.without}" in words
    assert f"{summary.bought.due} due: {summary.bought.on_time} came on time, 0 late" in words
    assert "0 units found, 0 lost" in words
    assert all(" ".join(line.split()) in words for line in (*summary.invented, *summary.mistakes))


def test_the_import_report_adds_up_to_every_row_of_the_file(summary: Summary) -> None:
    everything = list(rows())
    quantity = HEADER.index("Quantity")
    assert (summary.import_account["rows"], summary.import_account["adds_up"]) == (len(everything), True)
    assert sum(bucket["rows"] for bucket in summary.import_account["buckets"]) == len(everything)
    assert sum(bucket["units"] for bucket in summary.import_account["buckets"]) == sum(
        int(row[quantity]) for row in everything
    )
    assert "Every row is accounted for." in summary.import_report
    orders = summary.script["orders_before"] + summary.script["orders_run"] + summary.script["orders_to_come"]
    assert orders == summary.orders_in_file


def test_each_figure_comes_with_its_definition(summary: Summary) -> None:
    assert all(figure.says for figure in summary.figures)
    assert msgspec.json.decode(msgspec.json.encode(summary), type=Summary) == summary


def test_what_does_not_hold_is_told(summary: Summary) -> None:
    text = told(msgspec.structs.replace(summary, check=["stock_is_where_it_went: 2"]))
    assert "1 invariants do not hold: stock_is_where_it_went: 2" in text


def test_stages_are_told_a_day_a_line_where_nothing_can_be_written_over(flawless: Lived) -> None:
    store, cast = flawless
    page = io.StringIO()
    begin = cast.script.begin
    with Progress(Console(file=page, width=80), store, cast.script) as progress:
        for step in steps_between(begin, begin + timedelta(days=2)):
            progress.watch(step, 7)
    assert [line.split(": ")[1] for line in page.getvalue().splitlines()] == [
        "held 1, delivered 60, returned 1, cancelled 1"
    ] * 2


def test_a_terminal_shows_every_stage_in_80_columns(flawless: Lived) -> None:
    store, cast = flawless
    page = io.StringIO()
    console = Console(file=page, width=80, force_terminal=True, color_system=None)
    with Progress(console, store, cast.script) as progress:
        progress.watch(Step(cast.script.end, False, False, False, (), ()), 63)
    assert "held waiting planned picking packed on the way delivered returned cancelled" in page.getvalue()
    assert "orders taken: 63 of 63" in page.getvalue()


def test_every_state_of_an_order_is_one_stage() -> None:
    assert stages_of({"partially_shipped": 2, "shipped": 3, "waiting": 1})["on the way"] == 5
