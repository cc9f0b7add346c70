"""Files of orders taken into a store: nothing twice, nothing dropped, what is refused comes back to be mended."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from orderwright.business.imports.errors_file import error_lines
from orderwright.business.imports.fitting import fit_profile
from orderwright.business.imports.forms import RowError
from orderwright.business.imports.guessing import guess_profile
from orderwright.business.imports.outcome import ImportOutcome
from orderwright.business.imports.profile import Profile, read_profile
from orderwright.business.imports.reads import error_file, get_import
from orderwright.business.imports.sheets import open_sheet
from orderwright.business.imports.taking import OrderImport, Watch, source_of
from orderwright.database.writer import Writer
from orderwright.values.refusal import Refusal
from tests.floor import Floor, new_floor
from tests.shop import Shop

HEADER = "Order,Date,Email,SKU,Qty,Price,Ship Name,Ship Address,Ship City,Ship Postcode,Ship Country,Payment Status\n"
CREDITS = """
channel = "web"
currency = "GBP"
[credits]
prefixes = ["C"]
"""


def row(order: str, sku: str, quantity: object = 1, price: str = "7.50", at: str = "2026-03-02 10:00") -> str:
    return f"{order},{at},buyer@example.org,{sku},{quantity},{price},A. Buyer,1 High St,Leeds,LS1 1AA,GB,paid\n"


@pytest.fixture
def writer(shop: Shop) -> Iterator[Writer]:
    writer = Writer(shop.store)
    yield writer
    writer.stop()


def take(
    shop: Shop, writer: Writer, path: Path, profile: Profile | None = None, watch: Watch | None = None, **more: Any
) -> ImportOutcome:
    """Take a file in as the command does."""
    known = profile or Profile()
    sheet = open_sheet(path, known.form)
    with shop.store.read() as tx:
        fitted = fit_profile(tx, known)
    guessed = guess_profile(sheet, fitted.profile, {})
    outcome = OrderImport(writer, sheet, guessed.profile, "test", watch).take(source_of(path, ""), **more)
    assert outcome.adds_up
    return outcome


def came_of(outcome: ImportOutcome) -> tuple[int, int, int]:
    """Orders taken, here already, refused."""
    return outcome.orders.new, outcome.orders.repeated, outcome.orders.refused


def test_a_file_nobody_described_becomes_orders(shop: Shop, writer: Writer, written: Callable[..., Path]) -> None:
    shop.stock("LEEDS", MUG=10)
    text = HEADER + row("1001", "MUG", 2) + row("1001", "TEE") + row("1002", "NEW-1") + "\n"
    outcome = take(shop, writer, written(text))
    assert came_of(outcome) == (2, 0, 0)
    assert (outcome.orders.waiting, dict(outcome.orders.holds)) == (1, {"product": 1})
    assert shop.rows("SELECT reference, channel, state, total_minor FROM orders ORDER BY reference") == [
        ("1001", "web", "partially_allocated", 2250), ("1002", "web", "held", 750),
    ]  # fmt: skip
    with shop.store.read() as tx:
        view = get_import(tx, outcome.id or "")
    assert (view.state, view.rows_read, view.errors) == ("done", 4, [])
    assert (view.report["adds_up"], view.report["orders"]["new"]) == (True, 2)


def test_the_same_file_again_takes_nothing(shop: Shop, writer: Writer, written: Callable[..., Path]) -> None:
    path = written(HEADER + row("1001", "MUG") + row("1002", "TEE"))
    take(shop, writer, path)
    before = shop.counts()
    assert came_of(take(shop, writer, path)) == (0, 2, 0)
    assert shop.counts() == before


def test_overlapping_files_count_nothing_twice(shop: Shop, writer: Writer, written: Callable[..., Path]) -> None:
    rows = [row(str(1000 + n), "MUG") for n in range(6)]
    assert came_of(take(shop, writer, written(HEADER + "".join(rows[:4]), name="a.csv"))) == (4, 0, 0)
    assert came_of(take(shop, writer, written(HEADER + "".join(rows[2:]), name="b.csv"))) == (2, 2, 0)
    assert shop.value("SELECT sum(ordered)::int FROM demand") == 6


def test_an_interrupted_import_goes_on_by_running_it_again(
    shop: Shop, writer: Writer, written: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orderwright.business.imports.taking.ORDERS_A_CHUNK", 2)
    path = written(HEADER + "".join(row(str(1000 + n), "MUG") for n in range(7)))
    ids: list[str] = []

    def stop(rows: int, orders: Any) -> None:
        if orders.new >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(shop, writer, path, watch=Watch(step=stop, began=ids.append))
    with shop.store.read() as tx:
        assert get_import(tx, ids[0]).state == "failed"
    taken = shop.value("SELECT count(*)::int FROM orders")
    assert 4 <= taken < 7
    assert came_of(take(shop, writer, path)) == (7 - taken, taken, 0)
    assert shop.value("SELECT sum(ordered)::int FROM demand") == 7


def test_one_bad_row_of_ten_thousand_comes_back_and_is_taken_once_mended(
    shop: Shop, writer: Writer, written: Callable[..., Path]
) -> None:
    lines = [row(str(order), "MUG", line + 1) for order in range(200) for line in range(50)]
    lines[7_777] = row("155", "MUG", "a few")
    errors: list[RowError] = []
    outcome = take(shop, writer, written(HEADER + "".join(lines)), watch=Watch(row=errors.append))
    assert (came_of(outcome), outcome.rows_not_taken) == ((199, 0, 0), 50)
    assert [each.row for each in errors if "belongs to" not in each.findings[0]] == [7_779]
    with shop.store.read() as tx:
        file = error_file(tx, outcome.id or "")
    assert file == "".join(error_lines(HEADER.strip().split(","), errors))
    assert "row 7779: quantity: " in file
    again = take(shop, writer, written(file.replace("a few", "3"), name="mended.csv"))
    assert (came_of(again), again.rows_not_taken) == ((1, 0, 0), 0)
    assert shop.value("SELECT sum(quantity)::int FROM order_line") == 200 * 51 * 25 - 28 + 3


def test_an_order_that_differs_is_refused_into_the_error_file(
    shop: Shop, writer: Writer, written: Callable[..., Path]
) -> None:
    take(shop, writer, written(HEADER + row("1001", "MUG", 2)))
    errors: list[RowError] = []
    path = written(HEADER + row("1001", "MUG", 3) + row("1002", "MUG"), name="later.csv")
    outcome = take(shop, writer, path, watch=Watch(row=errors.append))
    assert (came_of(outcome), dict(outcome.orders.refusals)) == ((1, 0, 1), {"order_differs": 1})
    (error,) = errors
    assert (error.row, error.cells[3:5]) == (2, ["MUG", "3"])
    assert error.findings[0].startswith("order_differs: ")
    assert "/lines/0" in error.findings[0]


def test_a_workbook_is_taken_like_a_text_file(shop: Shop, writer: Writer, tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for at, line in enumerate([HEADER, row("1001", "MUG", 2), row("1001", "TEE")]):
        sheet.write_row(at, 0, line.strip().split(","))
    book.close()
    assert came_of(take(shop, writer, path)) == (1, 0, 0)
    assert shop.value("SELECT total_minor FROM orders") == 2250


def test_what_an_import_does_not_know_is_not_found(shop: Shop) -> None:
    with shop.store.read() as tx, pytest.raises(Refusal) as no:
        get_import(tx, "no-id")
    assert no.value.code == "not_found"


@pytest.fixture
def floor(postgres: str) -> Iterator[Floor]:
    with new_floor(postgres) as floor:
        yield floor


def test_credit_notes_cancel_what_is_here_and_ask_back_what_left(floor: Floor, written: Callable[..., Path]) -> None:
    floor.stock("LEEDS", MUG=10, TEE=10)
    writer = Writer(floor.store)
    sold = row("1001", "MUG", 4) + row("1002", "TEE", 2, at="2026-03-03 10:00")
    credited = row("C1", "MUG", -3, at="2026-03-04 10:00") + row("C2", "TEE", -1, at="2026-03-04 11:00")
    lost = row("C3", "HAT", -1, at="2026-03-04 12:00")
    profile = read_profile(CREDITS)
    outcome = take(floor, writer, written(HEADER + sold + credited + lost), profile)
    assert outcome.credits is None
    floor.shipped(floor.value("SELECT number FROM orders WHERE reference = '1002'"))
    path = written(HEADER + sold + credited + lost)
    outcome = take(floor, writer, path, profile, with_credits=True)
    done = outcome.credits
    assert done is not None
    assert (done.applied, done.units_cancelled, done.units_asked_back) == (2, 3, 1)
    assert (done.unmatched, done.units_unmatched) == (1, 1)
    assert floor.rows("SELECT state, asked::int, reason FROM return_request JOIN return_line ON id = return_id") == [
        ("asked", 1, "unknown")
    ]
    again = take(floor, writer, path, profile, with_credits=True).credits
    assert again is not None
    assert (again.applied, again.repeated) == (0, 2)
    assert floor.value("SELECT sum(cancelled)::int FROM demand") == 3
    writer.stop()


def test_a_credit_beyond_what_an_order_has_changes_nothing(floor: Floor, written: Callable[..., Path]) -> None:
    floor.stock("LEEDS", MUG=10)
    writer = Writer(floor.store)
    profile = read_profile(CREDITS)
    sold = row("1001", "MUG", 4)
    take(floor, writer, written(HEADER + sold), profile)
    number = floor.value("SELECT number FROM orders")
    floor.packed(number)  # neither here nor gone: it can be cancelled no more and not come back yet
    path = written(HEADER + sold + row("C1", "MUG", -1, at="2026-03-04 10:00"))
    outcome = take(floor, writer, path, profile, with_credits=True)
    assert outcome.credits is not None
    assert dict(outcome.credits.refusals) == {"order_step": 1}
    assert floor.units(number) == [("MUG", {"packed": 4})]
    assert json.loads(json.dumps(outcome.as_dict()))["credits"]["applied"] == 0
    writer.stop()
