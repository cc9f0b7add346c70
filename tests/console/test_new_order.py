"""An order written down on a page: found, priced and promised as it is written, placed once, kept, quoted."""

import re
from typing import Any

import pytest

from orderwright.business.orders.form import CustomerForm
from orderwright.doors.console import marks
from tests.console.conftest import Console
from tests.console.visiting import Seen, Visit

ADDRESS = {
    "ship_to/name": "Ada Lovelace", "ship_to/lines/0": "1 High St", "ship_to/city": "Leeds",
    "ship_to/postal_code": "LS1 1AA", "ship_to/country": "GB", "customer/email": "ada@example.org",
    "customer/name": "Ada Lovelace", "channel": "web", "service": "standard", "payment": "on_account",
}  # fmt: skip


@pytest.fixture
def clerk(console: Console) -> Visit:
    console.owner()
    console.shop.stock("LEEDS", MUG=9, TEE=1)
    return console.visit(console.person("clerk", name="Clara Clerk"))


def form_of(seen: Seen) -> tuple[str, dict[str, str]]:
    """The path of the draft that the page's form is about, and what the form hides."""
    (path,) = set(re.findall(r'id="desk"[^>]*action="(/drafts/[^"]*)/place"', seen.text))
    fields = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', seen.text.partition('id="desk"')[2].partition("</form>")[0]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            fields[name[1]] = value[1]
    return path, fields


def lines(*units: tuple[str, Any]) -> dict[str, Any]:
    return {
        f"lines/{i}/{name}": value for i, each in enumerate(units)
        for name, value in zip(("sku", "quantity", "unit_price"), each, strict=False)
    }  # fmt: skip


def test_what_is_written_is_priced_and_promised_and_nothing_is_changed(console: Console, clerk: Visit):
    path, hidden = form_of(clerk.get("/orders/new"))
    before = console.shop.counts()
    seen = clerk.post(f"{path}/look", {**hidden, **ADDRESS, **lines(("mug", 2), ("TEE", 3, "7,00"), ("NOPE", 1))})
    assert seen.status == 200
    assert "9 free" in seen.words
    assert "2 must wait for stock" in seen.words
    assert "£36.00" in seen.words
    assert "No product is known by this name" in seen.words
    assert 'value="7,00"' in seen.text
    assert console.shop.counts() == before


def test_an_order_is_placed_once_however_often_it_is_sent(console: Console, clerk: Visit):
    path, hidden = form_of(clerk.get("/orders/new"))
    fields = {**hidden, **ADDRESS, **lines(("MUG", 2)), "total": "15.00"}
    sent = [clerk.post(f"{path}/place", fields) for _ in range(2)]
    assert [each.status for each in sent] == [303, 303]
    assert sent[0].location == sent[1].location
    again = clerk.post(f"{path}/place", {**fields, "once": "another-rendering"})
    assert again.location == sent[0].location
    assert console.shop.value("SELECT count(*) FROM orders") == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (lines(("MUG", 0)), "A whole number, 1 or more"),
        (lines(("MUG", "many")), "A whole number, 1 or more"),
        (lines(("NOPE", 1)), "No product is known by this name"),
        (lines(("MUG", 1, "a lot")), "A price such as 12.50"),
        ({"lines/0/sku": ""}, "An order has at least one line"),
        ({"ship_to/lines/0": ""}, "The street is missing"),
        ({"ship_to/postal_code": "75001"}, "The postcode is not written as that country's are"),
        ({"ship_to/country": ""}, "Choose a country"),
        ({"customer/name": "a\x00b"}, "It holds characters no text has"),
        ({"shipping": "free"}, "A price such as 12.50"),
    ],
)
def test_a_bad_value_is_answered_at_its_field_and_nothing_typed_is_lost(console: Console, clerk: Visit, changes, says):
    path, hidden = form_of(clerk.get("/orders/new"))
    fields = {**hidden, **ADDRESS, **lines(("MUG", 2)), "customer_reference": "PO-77", **changes}
    seen = clerk.post(f"{path}/place", fields)
    assert seen.status == 422
    assert says in seen.words
    assert 'value="PO-77"' in seen.text
    assert 'role="alert"' in seen.text
    assert console.shop.value("SELECT count(*) FROM orders") == 0


def test_a_probable_duplicate_is_told_before_it_is_placed(console: Console, clerk: Visit):
    first = form_of(clerk.get("/orders/new"))
    clerk.post(f"{first[0]}/place", {**first[1], **ADDRESS, **lines(("MUG", 2))})
    path, hidden = form_of(clerk.get("/orders/new"))
    fields = {**hidden, **ADDRESS, **lines(("MUG", 2))}
    assert "The same buyer ordered the same before: OW-" in clerk.post(f"{path}/look", fields).words
    seen = clerk.post(f"{path}/place", fields)
    assert (seen.status, 'name="anyway"' in seen.text) == (422, True)
    placed = clerk.post(f"{path}/place", {**fields, "once": "x", "anyway": "true"})
    assert placed.status == 303
    assert console.shop.value("SELECT count(*) FROM hold WHERE kind = 'duplicate'") == 1


def test_a_buyer_is_found_and_their_last_order_repeated_without_script(console: Console, clerk: Visit):
    console.shop.place({"MUG": 2, "TEE": 1}, customer=CustomerForm(email="bea@example.org", name="Bea Buyer"))
    path, hidden = form_of(clerk.get("/orders/new"))
    found = clerk.post(f"{path}/look", {**hidden, "find": "bea"})
    (id_,) = re.findall(r'name="choose" value="([^"]*)"', found.text)
    chosen = clerk.post(f"{path}/look", {**hidden, "find": "bea", "choose": id_, **lines(("HAT", 1))})
    assert 'value="bea@example.org"' in chosen.text
    assert 'value="LS1 1AA"' in chosen.text
    assert 'value="HAT"' in chosen.text
    (number,) = re.findall(r'name="repeat" value="([^"]*)"', chosen.text)
    again = clerk.post(f"{path}/look", {**form_of(chosen)[1], "repeat": number})
    assert re.findall(r'name="lines/\d+/sku"[^>]*value="([^"]+)"', again.text) == ["MUG", "TEE"]


def test_a_draft_is_kept_resumed_and_thrown_away(console: Console, clerk: Visit):
    path, hidden = form_of(clerk.get("/orders/new"))
    kept = clerk.post(f"{path}/save", {**hidden, **ADDRESS, **lines(("MUG", 2))})
    assert (kept.status, kept.location) == (303, path)
    assert "Ada Lovelace" in clerk.get("/drafts").words
    one, other = form_of(clerk.get(path))[1], form_of(clerk.get(path))[1]
    assert clerk.post(f"{path}/save", {**one, **ADDRESS, **lines(("MUG", 3))}).status == 303
    stale = clerk.post(f"{path}/save", {**other, **ADDRESS, **lines(("MUG", 4))})
    assert stale.status == 412
    assert "Somebody else changed this meanwhile." in stale.words
    colleague = console.visit(console.person("clerk", name="Carl"))
    assert colleague.get(path).status == 404
    clerk.submit("/drafts", f"{path}/drop")
    assert "No drafts" in clerk.get("/drafts").words


def test_a_quote_is_made_printed_and_ordered(console: Console, clerk: Visit):
    path, hidden = form_of(clerk.get("/orders/new"))
    fields = {**hidden, **ADDRESS, **lines(("MUG", 2)), "total": "15.00"}
    assert clerk.post(f"{path}/quote", {**fields, "valid_until": "2001-01-01"}).status == 422
    made = clerk.post(f"{path}/quote", {**fields, "once": "y", "valid_until": str(console.shop.value(
        "SELECT (current_date + 5)::text"))})  # fmt: skip
    quote = str(made.location)
    assert re.fullmatch("/quotes/Q-[0-9]{6}", quote)
    assert "£15.00" in clerk.get(quote).words
    assert clerk.get("/quotes?state=open").words.count("Ada Lovelace") == 1
    placed = clerk.submit(quote, f"{quote}/order")
    assert (placed.status, str(placed.location)[:11]) == (303, "/orders/OW-")
    assert "Ordered" in clerk.get(quote).words
    assert 'value="7.50"' in clerk.get(f"/orders/new?quote={quote[8:]}").text


def test_who_may_only_read_sees_quotes_and_writes_nothing(console: Console, clerk: Visit):
    analyst = console.visit(console.person("analyst", name="Ann"))
    assert analyst.get("/quotes").status == 200
    assert analyst.get("/orders/new").status == 403
    path, hidden = form_of(clerk.get("/orders/new"))
    assert analyst.post(f"{path}/look", hidden).status == 403


def test_products_are_offered_as_they_are_typed(console: Console, clerk: Visit):
    part = clerk.get("/orders/new/products?q=mu&channel=web", hx_request="true", hx_target="options").text
    assert 'data-sku="MUG"' in part
    assert "9 free" in part
    assert "<html" not in part


def test_what_lies_between_the_goods_and_the_total_is_told(console: Console, clerk: Visit):
    path, hidden = form_of(clerk.get("/orders/new"))
    written = {**hidden, **ADDRESS, **lines(("MUG", 2)), "discount": "5", "shipping": "12,50"}
    words = clerk.post(f"{path}/look", written).words
    assert "Goods £15.00 Discount −£5.00 Shipping £12.50 Total £22.50" in words
    assert "Goods £15.00 Total £15.00" in clerk.post(f"{path}/look", {**written, "discount": "", "shipping": ""}).words


def test_countries_stand_in_the_order_of_their_names_in_every_language(clerk: Visit):
    seen = clerk.get("/orders/new")
    select = seen.text.partition('id="ship_to-country"')[2].partition("</select>")[0]
    codes = re.findall(r'<option value="([A-Z]{2})"', select)
    wanted = ["AX", "AL", "AT", "CI", "HR", "ES", "CH"]
    assert [each for each in codes if each in wanted] == wanted
    spoken: Any = {"locale": "es"}
    assert marks.by_country(spoken, codes)[:3] == ["AF", "AL", "DE"]
