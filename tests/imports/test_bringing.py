"""Files people bring: looked at before anything is taken, taken once, read otherwise, and mended."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orderwright.business.imports.forms import BeginLooking, BeginTaking, ImportAsked, ImportRow, LookAgain
from orderwright.business.imports.jobs import begin_looking, begin_taking, get_import_row, list_imports, look_again
from orderwright.business.imports.reads import error_file, get_import
from orderwright.business.imports.running import Run
from orderwright.database.writer import Writer
from orderwright.values.refusal import Refusal
from tests.imports.test_taking import HEADER
from tests.imports.test_taking import row as order_row
from tests.shop import Shop

GOODS = "sku,title,price,currency\nMUG,Mug,8.25,GBP\nTEE,Tee,7.50,GBP\nLAMP,Lamp,12.50,GBP\nBULB,,1.20,GBP\n"


class Desk:
    """Brings files and does with them what the pages do."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.shop, self._folder = shop, folder
        self.writer = Writer(shop.store)

    def bring(self, text: str, kind: str = "products", **asked: Any) -> str:
        path = self._folder / "brought"
        path.write_text(text, encoding="utf-8")
        digest = hashlib.sha256(path.read_bytes()).digest()
        begin = BeginLooking(
            kind=kind, file_name="f.csv", file_hash=digest, asked=ImportAsked(**asked), actor="staff:Mia"
        )
        (id_,) = self.writer.run(begin_looking, [begin])
        run = self.run(id_)
        run.keep(path)
        run.look()
        return id_

    def run(self, id_: str) -> Run:
        return Run(self.shop.store, self.writer, id_, "staff:Mia")

    def take(self, id_: str) -> ImportRow:
        (begun,) = self.writer.run(begin_taking, [BeginTaking(id=id_, actor="staff:Mia")])
        assert begun == id_, begun
        self.run(id_).take()
        return self.at(id_)

    def at(self, id_: str) -> ImportRow:
        with self.shop.store.read() as tx:
            return get_import_row(tx, id_)

    def mended(self, id_: str, old: str, new: str) -> str:
        with self.shop.store.read() as tx:
            return error_file(tx, id_).replace(old, new)


@pytest.fixture
def desk(shop: Shop, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(shop, tmp_path)
    yield desk
    desk.writer.stop()


def counts(row: ImportRow) -> tuple[int, ...]:
    return tuple(row.report[name] for name in ("rows", "new", "changed", "same", "wrong"))


def test_a_look_says_what_would_change_and_changes_nothing(desk: Desk):
    before = desk.shop.rows("SELECT sku, title, price_minor, version FROM product ORDER BY sku")
    row = desk.at(desk.bring(GOODS))
    assert (row.state, row.kind, row.made_by, counts(row)) == ("looked", "products", "staff:Mia", (4, 1, 1, 1, 1))
    assert [(each["what"], each["name"], each["changes"]) for each in row.report["first"][:3]] == [
        ("changed", "MUG", [["price", "7.50", "8.25"]]), ("same", "TEE", []),
        ("new", "LAMP", [["title", "", "Lamp"], ["price", "", "12.50"], ["currency", "", "GBP"]]),
    ]  # fmt: skip
    assert row.report["first"][3]["wrong"] == ["title: is missing"]
    assert desk.shop.rows("SELECT sku, title, price_minor, version FROM product ORDER BY sku") == before


def test_what_was_looked_at_is_taken_and_what_was_wrong_comes_back_mended(desk: Desk):
    first = desk.take(desk.bring(GOODS))
    assert (first.state, first.report["new"], first.report["changed"], first.report["not_taken"]) == ("done", 1, 1, 1)
    again = desk.take(desk.bring(desk.mended(first.id, "BULB,,", "BULB,Bulb,")))
    assert (again.report["new"], again.report["not_taken"]) == (1, 0)
    assert desk.shop.value("SELECT price_minor FROM product WHERE sku = 'MUG'") == 825


def test_a_file_is_taken_once(desk: Desk):
    id_ = desk.bring(GOODS)
    desk.take(id_)
    (no,) = desk.writer.run(begin_taking, [BeginTaking(id=id_, actor="t")])
    assert (no.code, no.facts["state"]) == ("import_step", "done")
    twice = desk.bring(GOODS)
    results = desk.writer.run(begin_taking, [BeginTaking(id=twice, actor="t"), BeginTaking(id=twice, actor="t")])
    assert [isinstance(each, Refusal) for each in results] == [False, True]


def test_a_look_finds_what_taking_would_refuse(desk: Desk):
    desk.shop.product("PEN", codes=[{"code": "4006381333931"}])
    row = desk.at(
        desk.bring("sku,title,price,currency,origin\n4006381333931,Ink,1,GBP,\nA,A,1,ZZZ,\nB,B,1,GBP,Spain\n")
    )
    assert counts(row) == (3, 0, 0, 0, 3)
    codes = [each["wrong"][0] for each in row.report["first"]]
    assert ["code_taken" in codes[0], "currency_unknown" in codes[1], codes[2].startswith("origin:")] == [True] * 3


def test_rows_that_contradict_each_other_are_told(desk: Desk):
    row = desk.at(desk.bring("sku,title,price,currency\nNEW,One,1,GBP\nNEW,One,1,GBP\nNEW,Two,1,GBP\n"))
    assert counts(row) == (3, 2, 0, 0, 1)
    assert row.report["first"][2]["wrong"] == ["row: says other things than row 2 about NEW"]
    done = desk.take(row.id)
    assert (done.report["new"], done.report["same"], done.report["not_taken"]) == (1, 1, 1)


def test_stock_is_looked_at_place_by_place(desk: Desk):
    desk.shop.stock("LEEDS", MUG=5, TEE=2)
    text = "sku,site,quantity,place\nMUG,LEEDS,7,\nTEE,LEEDS,2,\nHAT,LEEDS,4,\nMUG,NOWHERE,1,\nNONE,LEEDS,1,\n"
    row = desk.at(desk.bring(text, kind="stock"))
    assert counts(row) == (5, 1, 1, 1, 2)
    assert row.report["first"][0]["changes"] == [["quantity", "5", "7"]]
    assert desk.shop.free("MUG", "LEEDS") == 5
    assert desk.take(row.id).report["changed"] == 1
    assert desk.shop.free("MUG", "LEEDS") == 7


def test_orders_are_looked_at_as_orders(desk: Desk):
    here = desk.take(desk.bring(HEADER + order_row("1001", "MUG"), kind="orders"))
    assert here.report["orders"]["new"] == 1
    text = HEADER + order_row("1001", "MUG") + order_row("1002", "SOON") + order_row("1003", "MUG", "many")
    row = desk.at(desk.bring(text, kind="orders"))
    assert (counts(row), row.report["unknown"]) == ((3, 1, 0, 1, 1), 1)
    assert desk.shop.value("SELECT count(*)::int FROM orders") == 1
    text = HEADER.replace("\n", ",Currency\n") + order_row("1009", "MUG").replace("\n", ",GBP\n")
    nowhere = desk.at(desk.bring(text, kind="orders", channel="moon"))
    assert nowhere.report["first"][0]["wrong"] == ["channel: there is no channel 'moon'"]


def test_a_file_is_read_otherwise_when_asked(desk: Desk):
    id_ = desk.bring("Code,Was,Now,currency,title\nMUG,7.50,8.00,GBP,Mug\n")
    failed = desk.at(id_)
    assert (failed.state, failed.report["refusal"], failed.report["facts"]["fields"]) == (
        "failed", "import_columns_missing", ["sku", "price"],
    )  # fmt: skip
    asked = ImportAsked(columns={"sku": "Code", "price": "Now"})
    assert desk.writer.run(look_again, [LookAgain(id=id_, asked=asked, actor="t")]) == [id_]
    desk.run(id_).look()
    assert (desk.at(id_).state, counts(desk.at(id_))) == ("looked", (1, 0, 1, 0, 0))


def test_a_file_that_was_forgotten_is_not_taken(desk: Desk):
    id_ = desk.bring(GOODS)
    with desk.shop.begin() as tx:
        tx.write("DELETE FROM import_file")
    (no,) = desk.writer.run(begin_taking, [BeginTaking(id=id_, actor="t")])
    assert (no.code, no.facts["has_file"]) == ("import_step", False)
    (unknown,) = desk.writer.run(begin_taking, [BeginTaking(id="none", actor="t")])
    assert unknown.code == "not_found"


def test_half_a_file_is_never_looked_at(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("orderwright.business.imports.running.PIECE_BYTES", 40)
    id_ = desk.bring(GOODS)
    assert counts(desk.at(id_)) == (4, 1, 1, 1, 1)
    with desk.shop.begin() as tx:
        tx.write("DELETE FROM import_file WHERE piece = 2")
    desk.run(id_).look()
    assert (desk.at(id_).state, desk.at(id_).report["refusal"]) == ("failed", "import_step")


def test_imports_are_listed_newest_first_in_pages(desk: Desk):
    ids = [desk.bring(GOODS) for _ in range(3)]
    with desk.shop.store.read() as tx:
        first = list_imports(tx, limit=2)
        rest = list_imports(tx, limit=2, after=first.next)
        view = get_import(tx, ids[0])
    assert [each.id for each in (*first.items, *rest.items)] == ids[::-1]
    assert [error.row for error in view.errors] == [5]


def test_nothing_heard_of_for_a_while_was_interrupted(desk: Desk, written: Callable[..., Path]):
    id_ = desk.bring(GOODS)
    desk.writer.run(begin_taking, [BeginTaking(id=id_, actor="t")])
    with desk.shop.begin() as tx:
        tx.write("UPDATE import_job SET alive_at = alive_at - interval '2 minutes'")
    assert (desk.at(id_).state, desk.at(id_).was_reading) == ("interrupted", True)
    assert desk.take(id_).report["changed"] == 1
