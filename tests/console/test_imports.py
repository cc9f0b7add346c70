"""Files in and out: looked at before anything is changed, taken once, mended and brought again."""

import csv
import io
import re
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from orderwright.business.catalog.actions import put_channels
from orderwright.business.catalog.forms import ChannelForm, ChannelPolicyForm, PutChannel
from orderwright.doors.console import runs
from tests.console.conftest import Console
from tests.console.visiting import Seen, Visit

GOODS = b"sku,title,price,currency\nMUG,Mug,8.25,GBP\nLAMP,=1+1,12.50,GBP\nBULB,,1.20,GBP\n"


def bring(visit: Visit, content: bytes = GOODS, kind: str = "products", name: str = "goods.csv", **fields: Any) -> Seen:
    return visit.bring("/imports", "/imports", name, content, kind=kind, **fields)


def tally(seen: Seen) -> dict[str, str]:
    return dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", seen.text))


def columns_chosen(seen: Seen) -> dict[str, str]:
    each = re.findall(r'name="column/(\w+)">(.*?)</select>', seen.text, re.DOTALL)
    return {name: found[1] for name, options in each if (found := re.search("<option selected>([^<]+)<", options))}


@pytest.fixture
def manager(console: Console, monkeypatch: pytest.MonkeyPatch) -> Visit:
    monkeypatch.setattr(runs, "SOON_S", 30)  # however busy the machine is
    console.owner()
    return console.visit(console.person("manager", name="Mia"))


def test_products_are_looked_at_taken_mended_and_brought_again(console: Console, manager: Visit):
    here = bring(manager).location or ""
    looked = manager.get(here)
    assert tally(looked) == {"New": "1", "Changed": "1", "The same": "0", "Wrong": "1"}
    assert "Price: 7.50 → 8.25" in looked.words
    assert "Title: is missing" in looked.words
    assert console.shop.value("SELECT price_minor FROM product WHERE sku = 'MUG'") == 750
    assert manager.submit(here, f"{here}/take").location == here
    done = manager.get(here)
    assert tally(done) == {"New": "1", "Changed": "1", "The same": "0", "Rows not taken": "1"}
    assert console.shop.value("SELECT price_minor FROM product WHERE sku = 'MUG'") == 825
    mend = manager.get(f"{here}/errors")
    assert mend.header("content-disposition") == 'attachment; filename="to-mend.csv"'
    again = bring(manager, mend.text.replace("BULB,,", "BULB,Bulb,").encode()).location or ""
    manager.submit(again, f"{again}/take")
    assert tally(manager.get(again)) == {"New": "1", "Changed": "0", "The same": "0", "Rows not taken": "0"}
    assert manager.get("/imports").words.count("goods.csv") == 2


def test_taking_twice_takes_once_and_says_so(manager: Visit):
    here = bring(manager).location or ""
    fields = manager.get(here).hidden(f"{here}/take")
    assert manager.post(f"{here}/take", fields).status == 303
    second = manager.post(f"{here}/take", fields)
    assert (second.status, "was imported already" in second.words) == (409, True)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.4 nothing", "This is no table."),
        (b"PK\x03\x04 broken", "The file is damaged or protected."),
        (b"\n\n", "There are no column names."),
        (b"Name,Colour\nA,blue\n", "Columns that are needed were not found."),
    ],
)
def test_what_is_no_such_table_is_told_in_words(manager: Visit, content: bytes, says: str):
    here = bring(manager, content).location or ""
    assert says in manager.get(here).words


@pytest.mark.parametrize(
    ("content", "kind", "says"),
    [(b"", "products", "This file is empty."), (GOODS, "wishes", "Say what is in the file.")],
)
def test_a_form_that_is_not_whole_is_told_at_its_field(manager: Visit, content: bytes, kind: str, says: str):
    seen = bring(manager, content, kind)
    assert (seen.status, says in seen.words) == (422, True)


def test_a_file_that_is_too_large_is_turned_away(manager: Visit, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("orderwright.doors.console.pages.imports.STREAM_BYTES_MAX", 50)
    seen = bring(manager)
    assert (seen.status, "The file is too large." in seen.words) == (413, True)


def test_columns_are_said_by_hand(console: Console, manager: Visit):
    here = bring(manager, b"Code,Was,Now,title\nMUG,7.50,8.00,Mug\n", currency="gbp").location or ""
    assert "No column was found for: SKU, Price" in manager.get(here).words
    manager.submit(here, f"{here}/look", **{"column/sku": "Code", "column/price": "Now", "column/title": "title"})
    assert "Price: 7.50 → 8.00" in manager.get(here).words


def test_who_may_not_change_goods_brings_none(console: Console, manager: Visit):
    clerk = console.visit(console.person("clerk", name="Cleo"))
    assert bring(clerk).status == 403
    here = bring(manager).location or ""
    assert "Import it" not in clerk.get(here).words
    assert clerk.post(f"{here}/take", manager.get(here).hidden(f"{here}/take")).status == 403
    partner = console.visit(console.person("partner", name="Pat", channels=["web"]))
    assert partner.get("/imports").status == 403
    assert partner.get("/exports/products/csv").status == 403


def test_too_many_files_at_once_wait(manager: Visit, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(runs, "AT_ONCE", 0)
    assert bring(manager).status == 503


def test_tables_come_out_and_nothing_in_them_runs(console: Console, manager: Visit):
    console.shop.product("EVIL", title='=HYPERLINK("http://example.org")')
    seen = manager.get("/exports/products/csv")
    assert seen.header("content-disposition") == 'attachment; filename="products.csv"'
    rows = {row["sku"]: row for row in csv.DictReader(io.StringIO(seen.text.removeprefix("\ufeff")))}
    assert rows["EVIL"]["title"] == '\'=HYPERLINK("http://example.org")'
    assert manager.get("/exports/orders/csv?days=7").status == 200
    assert manager.get("/exports/wishes/csv").status == 404
    assert manager.get("/exports/stock/pdf").status == 404


def test_a_workbook_comes_out(console: Console, manager: Visit):
    content = manager.save("/exports/products/xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert sorted(row[0] for row in rows[1:]) == ["HAT", "MUG", "TEE"]


def test_all_that_is_wrong_with_a_row_is_told_at_once(manager: Visit):
    words = manager.get(bring(manager, b"sku,title,price,currency\nBULB,,x,GBP\n").location or "").words
    assert "Title: is missing" in words
    assert "Price: It cannot be read: not a decimal number such as 1234.50." in words


ORDERS = b"""order number,customer,address 1,city,postcode,country,sku,quantity,unit price,mood
1,Ada,1 High St,Leeds,LS1 1AA,GB,MUG,1,7.50,fine
"""


@pytest.mark.parametrize(("payment", "holds"), [("paid", 0), ("unpaid", 1)])
def test_orders_of_a_file_without_payment_are_paid_or_not_as_people_say(
    console: Console, manager: Visit, payment: str, holds: int
):
    console.shop.stock("LEEDS", MUG=3)
    here = bring(manager, ORDERS, "orders", channel="web").location or ""
    words = manager.get(here).words
    assert "Were these orders paid?" in words
    assert "Columns that are not used: mood" in words
    manager.submit(here, f"{here}/take", payment=payment)
    assert "Every row was taken." in manager.get(here).words
    assert console.shop.value("SELECT count(*) FROM exception WHERE kind = 'payment'") == holds
    assert "Ada" in manager.get("/orders").words


def test_of_orders_that_say_how_they_were_paid_nothing_is_asked(manager: Visit):
    said = ORDERS.replace(b",mood", b",payment status").replace(b",fine", b",paid")
    here = bring(manager, said, "orders", channel="web").location or ""
    assert "Were these orders paid?" not in manager.get(here).words


def test_the_currency_of_all_channels_is_offered_and_none_where_they_differ(console: Console, manager: Visit):
    assert re.search(r'name="currency"[^>]*value="GBP"', manager.get("/imports").text)
    euros = ChannelForm(name="Tienda", kind="api", currency="EUR", policy=ChannelPolicyForm(), buffers=[])
    console.shop.run(put_channels, PutChannel(code="tienda", form=euros, actor="test"))
    assert re.search(r'name="currency"[^>]*value=""', manager.get("/imports").text)


def test_the_currency_a_file_lacks_is_said_where_it_was_read_without(console: Console, manager: Visit):
    here = bring(manager, b"sku;title;price\nSILLA;Silla;12,50\n", currency="").location or ""
    looked = manager.get(here)
    assert "Currency: This field is required." in looked.words
    assert "Which column is what, and what the file does not say" in looked.words
    manager.submit(here, f"{here}/look", currency="eur")
    manager.submit(here, f"{here}/take")
    assert console.shop.value("SELECT price_minor || currency FROM product WHERE sku = 'SILLA'") == "1250EUR"


def test_columns_that_were_found_stay_chosen_where_another_was_not(console: Console, manager: Visit):
    here = bring(manager, b"Codigo,Existencias\nMUG,4\n", kind="stock").location or ""
    looked = manager.get(here)
    assert "No column was found for: Site" in looked.words
    assert columns_chosen(looked) == {"sku": "Codigo", "quantity": "Existencias"}


def test_the_state_beside_the_name_of_a_file_follows_what_is_told_below(manager: Visit):
    here = bring(manager).location or ""
    part = manager.get(here, hx_request="true", hx_target="progress").text
    assert re.search(r'<span id="state" hx-swap-oob="true">\s*<span class="badge[^"]*">Ready to import</span>', part)
    whole = manager.get(here).text
    assert (whole.count('id="state"'), "hx-swap-oob" in whole) == (1, False)


def test_the_channel_of_orders_without_a_currency_is_said_where_they_were_read_without(
    console: Console, manager: Visit
):
    euros = ChannelForm(name="Tienda", kind="api", currency="EUR", policy=ChannelPolicyForm(), buffers=[])
    console.shop.run(put_channels, PutChannel(code="tienda", form=euros, actor="test"))
    content = (
        b"Order Number,Order Date,Name,Address,City,Zip,Country,SKU,Quantity,Unit Price\n"
        b"W-1,2026-11-20,Ana,1 Calle,Madrid,28001,ES,MUG,1,7.50\n"
    )
    here = bring(manager, content, kind="orders").location or ""
    looked = manager.get(here)
    assert "No column was found for: Currency" in looked.words
    assert 'id="currency"' not in looked.text  # it would not be heard
    said = {f"column/{name}": column for name, column in columns_chosen(looked).items()}
    manager.submit(here, f"{here}/look", **said, channel="tienda")
    assert tally(manager.get(here))["New"] == "1"
