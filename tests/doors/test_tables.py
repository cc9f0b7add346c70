"""Tables out and in at the command line: orders, products, stock."""

import csv
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from orderwright.database import cluster_upgrade
from orderwright.doors.cli import bench as bench_command
from tests.doors.conftest import Served
from tests.doors.test_commands import Say, say
from tests.shop import Shop

__all__ = ["say"]


@pytest.fixture
def shop(served: Served) -> Shop:
    return served.shop


def read_csv(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_xlsx(path: str) -> list[dict[str, Any]]:
    header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_orders_come_out_line_by_line(say: Say, shop: Shop) -> None:
    shop.stock("LEEDS", MUG=3, TEE=1)
    number = shop.place({"MUG": 2, "TEE": 1}, reference="X-1").number
    assert say("export", "orders", "orders.csv").code == 0
    lines = [row for row in read_csv("orders.csv") if row["order"] == number]
    assert [(row["line"], row["sku"], row["quantity"], row["unit_price"], row["line_amount"]) for row in lines] == [
        ("1", "MUG", "2", "7.50", "15.00"), ("2", "TEE", "1", "7.50", "7.50"),
    ]  # fmt: skip
    assert (lines[0]["channel"], lines[0]["reference"], lines[0]["state"], lines[0]["order_total"]) == (
        "web", "X-1", "allocated", "22.50",
    )  # fmt: skip
    assert "Buyer" not in Path("orders.csv").read_text()
    say("export", "orders", "orders.xlsx", "--days", "1")
    [first, _] = [row for row in read_xlsx("orders.xlsx") if row["order"] == number]
    assert (first["quantity"], first["unit_price"]) == (2.0, "7.50")


def test_what_a_spreadsheet_could_run_stays_a_text(say: Say, shop: Shop) -> None:
    shop.product("EVIL", title='=HYPERLINK("http://example.org")')
    say("export", "products", "p.csv")
    [row] = [each for each in read_csv("p.csv") if each["sku"] == "EVIL"]
    assert row["title"] == '\'=HYPERLINK("http://example.org")'
    say("export", "products", "p.xlsx")
    [cell] = [each["title"] for each in read_xlsx("p.xlsx") if each["sku"] == "EVIL"]
    assert cell == '=HYPERLINK("http://example.org")'  # a text cell: nothing to run


def test_more_rows_than_a_page_come_out_once_each(say: Say, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orderwright.business.reports.exports.ROWS_A_PAGE", 2)
    shop.stock("LEEDS", HAT=3)
    for units in ({"HAT": 1, "MUG": 1}, {"HAT": 1}):
        shop.place(units, reference=f"X-2-{len(units)}")
    for name, key in (
        ("orders", ("order", "line")),
        ("products", ("sku",)),
        ("stock", ("sku", "site", "place", "lot")),
    ):
        say("export", name, "t.csv")
        keys = [tuple(row[each] for each in key) for row in read_csv("t.csv")]
        assert len(keys) > 2
        assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("file", ["orders.pdf", "none/orders.csv", "orders"])
def test_a_file_that_cannot_be_written_is_wrong_usage(say: Say, file: str) -> None:
    said = say("export", "orders", file)
    assert (said.code, said.out) == (2, "")
    assert file.split("/")[0] in said.err


def test_bench_runs_the_suites_where_they_are(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    assert say("bench", "nothing").code == 2
    monkeypatch.setattr(bench_command, "sources", lambda: None)
    said = say("bench")
    assert (said.code, said.err) == (
        1, "The bench suites come with the sources of Orderwright and are not installed here.\n",
    )  # fmt: skip


def test_upgrade_moves_the_embedded_database_only(say: Say, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert say("upgrade").code == 2  # DATABASE_URL is set
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("ORDERWRIGHT_DATA", str(tmp_path / "none"))
    assert say("upgrade").code == 3
    monkeypatch.setattr(cluster_upgrade, "upgrade_cluster", lambda folder, tell: None)
    assert say("upgrade").out == "Nothing to do: the database is of this version already.\n"
