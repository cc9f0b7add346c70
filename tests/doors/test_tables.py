"""Tables out and in at the command line: orders, products, stock."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from orderwright.business.catalog.forms import ProductPacking
from orderwright.business.catalog.reads import product_forms
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
    # Orders of other tests may wait for the same goods, and come first.
    state = shop.value("SELECT state FROM orders WHERE number = %(number)s", number=number)
    assert (lines[0]["channel"], lines[0]["reference"], lines[0]["state"], lines[0]["order_total"]) == (
        "web", "X-1", state, "22.50",
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


def write(name: str, *lines: str) -> str:
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


def product(shop: Shop, sku: str) -> Any:
    [row] = shop.rows("SELECT * FROM product WHERE sku = %(sku)s", sku=sku)
    return row


def lying(shop: Shop, sku: str) -> list[Any]:
    return shop.rows(
        "SELECT p.site, p.code, s.lot, s.quantity FROM stock s JOIN place p ON p.id = s.place_id"
        " WHERE s.sku = %(sku)s AND s.quantity > 0 ORDER BY p.site, p.code, s.lot",
        sku=sku,
    )


def test_products_come_in_with_their_columns_guessed_and_shown(say: Say, shop: Shop) -> None:
    file = write("p.csv", "Item code;Description;Retail price;Weight", "NEW-1;Lamp;12.50;900", "NEW-2;Bulb;1.2;")
    said = say("import", "products", file, "--currency", "GBP")
    assert said.code == 0, said.err
    assert 'the name "Retail price"' in said.out
    assert "2 rows: 2 new, 0 changed, 0 here already, 0 not taken." in said.out
    row = product(shop, "NEW-1")
    assert (row.title, row.price_minor, row.currency, row.weight_g) == ("Lamp", 1250, "GBP", 900)
    assert "2 here already" in say("import", "products", file, "--currency", "GBP").out
    assert product(shop, "NEW-1").version == row.version


def test_what_a_file_of_products_does_not_say_stays(say: Say, shop: Shop) -> None:
    shop.product("DESK", codes=[{"code": "4006381333931"}], weight_g=500, hs_code="940330")
    shop.product("SET", parts={"DESK": 2})
    file = write("p.csv", "sku,title,price,currency", "DESK,Table,99.00,GBP", "SET,Two tables,180,GBP")
    assert "2 changed" in say("import", "products", file).out
    row = product(shop, "DESK")
    assert (row.title, row.price_minor, row.weight_g, row.hs_code) == ("Table", 9900, 500, "940330")
    assert shop.rows("SELECT code FROM product_code WHERE sku = 'DESK'") == [("4006381333931",)]
    assert shop.rows("SELECT sku, quantity FROM kit_component WHERE kit_sku = 'SET'") == [("DESK", 2)]


def test_how_products_are_packed_comes_in_with_them_and_goes_out_again(say: Say, shop: Shop) -> None:
    file = write(
        "p.csv",
        "sku,title,price,currency,Length,Width,Height,Weight,Breakable,Upright,Keep apart,groups,Hazardous,Keep cold",
        'VASE,Vase,9,GBP,100,90,300,700,Yes,x,"food, toys",glass,,',
        "ICE,Ice,9,GBP,100,90,30,700,no,,,food,,cold",
        "GLUE,Glue,2,GBP,,,,,maybe,,,,UN1133,",
    )
    said = say("import", "products", file, "--errors", "mend.csv")
    assert "3 rows: 2 new, 0 changed, 0 here already, 1 not taken." in said.out
    assert 'fragile: is neither yes nor no (""maybe"")' in Path("mend.csv").read_text()
    mended = Path("mend.csv").read_text().replace(",maybe,", ",0,")
    assert "1 new" in say("import", "products", write("again.csv", mended)).out
    with shop.store.read() as tx:
        forms = product_forms(tx, ["VASE", "ICE", "GLUE"])
    packing = forms["VASE"].packing
    assert (packing.fragile, packing.this_side_up, packing.apart_from, packing.groups) == (
        True, True, ("food", "toys"), ("glass",),
    )  # fmt: skip
    assert (forms["ICE"].storage_class, forms["ICE"].packing.fragile, forms["GLUE"].hazard) == ("cold", False, "UN1133")
    say("export", "products", "out.csv")
    [row] = [each for each in read_csv("out.csv") if each["sku"] == "VASE"]
    assert (row["fragile"], row["apart_from"], row["own_packing"], row["bears_g"]) == ("yes", "food, toys", "no", "")
    assert "0 new, 0 changed" in say("import", "products", "out.csv").out


def test_sizes_and_colours_come_in_with_a_file_and_go_out_again(say: Say, shop: Shop) -> None:
    file = write(
        "p.csv", "sku,title,price,currency,family,options",
        'TEE-S,Tee,9,GBP,TEES,"size=S, colour=blue"', "TEE-M,Tee,9,GBP,TEES,size=M", "TEE-L,Tee,9,GBP,TEES,large",
    )  # fmt: skip
    said = say("import", "products", file, "--errors", "mend.csv")
    assert "3 rows: 2 new, 0 changed, 0 here already, 1 not taken." in said.out
    assert "options: is not written as size=M, colour=blue" in Path("mend.csv").read_text()
    with shop.store.read() as tx:
        assert product_forms(tx, ["TEE-S"])["TEE-S"].options == {"size": "S", "colour": "blue"}
    say("export", "products", "out.csv")
    [row] = [each for each in read_csv("out.csv") if each["sku"] == "TEE-S"]
    assert (row["family"], row["options"]) == ("TEES", "colour=blue, size=S")
    assert "0 new, 0 changed" in say("import", "products", "out.csv").out


def test_what_a_file_does_not_say_of_packing_stays(say: Say, shop: Shop) -> None:
    shop.product("VASE", packing=ProductPacking(fragile=True, groups=("glass",)))
    file = write("p.csv", "sku,title,price,currency,padding mm", "VASE,Vase,9,GBP,20")
    assert "1 changed" in say("import", "products", file).out
    with shop.store.read() as tx:
        packing = product_forms(tx, ["VASE"])["VASE"].packing
    assert (packing.fragile, packing.groups, packing.protection_mm) == (True, ("glass",), 20)


def test_lines_that_wait_for_a_name_are_looked_at_when_a_file_brings_it(say: Say, shop: Shop) -> None:
    def looks() -> int:
        return int(shop.value("SELECT count(*) FROM task WHERE name = 'resolve_products' AND state = 'open'"))

    shop.place({"SOON": 1}, door="channel", reference="X-SOON")
    assert looks() == 0
    file = write("p.csv", "sku,title,price,currency", "SOON,Soon,7.50,GBP")
    assert say("import", "products", file).code == 0
    assert looks() == 1


def test_rows_that_are_not_taken_are_mended_and_taken(say: Say, shop: Shop) -> None:
    file = write("p.csv", "sku,title,price,currency,weight", "OK-1,Fine,1.00,GBP,1", "BAD-1,Half,1.005,GBP,1",
                 "BAD-2,,1.00,GBP,x", "BAD-3,Far,1.00,GBP,99999999999")  # fmt: skip
    said = say("import", "products", file, "--errors", "mend.csv")
    assert (said.code, "1 new" in said.out, "3 not taken" in said.out) == (1, True, True)
    mend = Path("mend.csv").read_text(encoding="utf-8-sig")
    assert "row 4: title: is missing; weight_g: is not a whole number" in mend
    assert len(mend.splitlines()) == 4
    Path("mend.csv").write_text(mend.replace("1.005", "1.01").replace("BAD-2,,1.00,GBP,x", "BAD-2,Two,1.00,GBP,2"))
    said = say("import", "products", "mend.csv")
    assert (said.code, "2 new" in said.out, "1 not taken" in said.out) == (1, True, True)


def test_a_file_of_products_goes_out_and_comes_back_the_same(say: Say, shop: Shop) -> None:
    shop.product("ROUND", title="@home, sweet")
    for file in ("r.csv", "r.xlsx"):
        say("export", "products", file)
        said = say("import", "products", file, "--json")
        assert (said.code, json.loads(said.out)["same"]) == (0, json.loads(said.out)["rows"]), said.out


def test_stock_is_what_the_file_counted_and_again_changes_nothing(say: Say, shop: Shop) -> None:
    shop.product("BOOK")
    shop.product("CREAM", tracking="lot")
    file = write("s.csv", "SKU,Warehouse,Qty,Batch,Expiry,Cost", "BOOK,LEEDS,12,,,3.10",
                 "CREAM,LEEDS,5,L1,2030-01-31,", "BOOK,BRISTOL,0,,,")  # fmt: skip
    said = say("import", "stock", file)
    assert (said.code, "2 new, 0 changed, 1 here already" in said.out) == (0, True), said
    assert lying(shop, "BOOK") == [("LEEDS", "STOCK", "", 12)]
    assert lying(shop, "CREAM") == [("LEEDS", "STOCK", "L1", 5)]
    assert shop.value("SELECT cost_micro FROM availability WHERE sku = 'BOOK' AND site = 'LEEDS'") == 3_100_000
    assert str(shop.value("SELECT expires_on FROM lot WHERE sku = 'CREAM'")) == "2030-01-31"
    moves = shop.value("SELECT count(*) FROM stock_move")
    assert "0 new, 0 changed, 3 here already" in say("import", "stock", file).out
    assert shop.value("SELECT count(*) FROM stock_move") == moves
    less = write("s2.csv", "sku,on hand", "BOOK,9")
    assert "1 changed" in say("import", "stock", less, "--site", "LEEDS").out
    assert lying(shop, "BOOK") == [("LEEDS", "STOCK", "", 9)]


def test_stock_goes_out_and_comes_back_the_same(say: Say, shop: Shop) -> None:
    shop.product("VASE")
    shop.stock("GLASGOW", VASE=4)
    say("export", "stock", "s.xlsx")
    rows = [row for row in read_xlsx("s.xlsx") if row["place"] == "STOCK"]
    lines = [f"{row['sku']},{row['site']},{row['quantity']:.0f},{row['lot']}" for row in rows]
    said = say("import", "stock", write("s.csv", "sku,site,quantity,lot", *lines), "--json")
    assert (said.code, json.loads(said.out)["same"]) == (0, len(lines)), said.out


def test_stock_that_cannot_be_is_told_row_by_row(say: Say, shop: Shop) -> None:
    shop.product("PAIR", parts={"MUG": 2})
    file = write("s.csv", "sku,site,quantity,place", "NONE,LEEDS,1,", "MUG,NOWHERE,1,", "MUG,LEEDS,1,NO-BIN",
                 "PAIR,LEEDS,1,", "MUG,LEEDS,-1,", "MUG,LEEDS,1.5,")  # fmt: skip
    before = lying(shop, "MUG")
    said = say("import", "stock", file, "--errors", "mend.csv")
    assert (said.code, "6 not taken" in said.out, lying(shop, "MUG")) == (1, True, before)
    told = [line.rpartition(",")[2] for line in Path("mend.csv").read_text().splitlines()[1:]]
    for code, line in zip(("unknown_sku", "unknown_site", "unknown_place", "kit_not_stocked"), told, strict=False):
        assert code in line
    assert all("quantity: is not a whole number" in line for line in told[4:])


def test_a_dry_run_takes_nothing(say: Say, shop: Shop) -> None:
    file = write("p.csv", "sku,title,price,currency", "DRY,Dry,1.00,GBP", "DRY-2,,1.00,GBP")
    said = say("import", "products", file, "--dry-run")
    assert (said.code, "1 not taken" in said.out) == (1, True)
    assert shop.rows("SELECT 1 FROM product WHERE sku LIKE 'DRY%%'") == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--column", "colour=Red"], "import_column_unknown"),
        (["--column", "price=Nothing"], "import_columns_missing"),
        (["--column", "title="], "import_columns_missing"),
    ],
)  # fmt: skip
def test_columns_that_are_not_there_are_told(say: Say, words: list[str], code: str) -> None:
    said = say("import", "products", write("p.csv", "sku,title,price,currency", "A,B,1,GBP"), *words)
    assert (said.code, said.err.partition(":")[0]) == (1, code)
    assert say("import", "products", "nothing.csv").code == 2
