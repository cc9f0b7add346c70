"""Customers and price lists on their pages: found, written down, changed, and what a new order takes from them."""

import pytest

from orderwright.business.orders.form import CustomerForm
from orderwright.values.forms import AddressForm
from tests.console.conftest import Console
from tests.console.test_new_order import ADDRESS, form_of, lines
from tests.console.test_settings import filled
from tests.console.visiting import Visit

CARD = {
    "name": "Corner Shop", "email": "corner@example.org", "phone": "+441134960000", "pays_within_days": "30",
    "addresses/0/lines/0": "1 High St", "addresses/0/city": "Leeds", "addresses/0/postal_code": "LS1 1AA",
}  # fmt: skip


@pytest.fixture
def owner(console: Console) -> Visit:
    console.shop.stock("LEEDS", MUG=9)
    return console.visit(console.owner())


def trade(owner: Visit) -> None:
    page = "/settings/price-lists/new"
    told = {**filled(owner.get(page)), "code": "TRADE", "name": "Trade prices", "currency": "gbp"}
    assert owner.post(page, told).location == "/settings/price-lists/TRADE"
    here = "/settings/price-lists/TRADE"
    assert owner.submit(here, f"{here}/prices", sku="MUG", price="6.125").location == here


def test_a_customer_is_added_once_shown_and_changed_where_it_is_wrong_the_field_says_so(console: Console, owner: Visit):
    trade(owner)
    fields = {**filled(owner.get("/customers/new")), **CARD, "price_list": "TRADE"}
    wrong = owner.post("/customers/new", {**fields, "email": "corner", "pays_within_days": "soon", "once": "another"})
    assert (wrong.status, 'id="pays_within_days-wrong"' in wrong.text) == (422, True)
    path = owner.post("/customers/new", fields).location
    assert (path, owner.post("/customers/new", fields).location) == (f"/customers/{fields['id']}", path)
    assert path
    seen = owner.get(path)
    assert seen.title == "Corner Shop"
    for told in ("Trade prices", "Within 30 days of the invoice", "LS1 1AA Leeds", "United Kingdom", "0 orders"):
        assert told in seen.words, told
    first, second = filled(owner.get(f"{path}/edit")), filled(owner.get(f"{path}/edit"))
    assert owner.post(f"{path}/edit", {**first, "pays_within_days": ""}).location == path
    assert "In advance" in owner.get(path).words
    assert owner.post(f"{path}/edit", {**second, "name": "Other"}).status == 412
    assert "Corner Shop" in owner.get("/customers?q=corner").words
    assert "Nobody fits" in owner.get("/customers?q=nobody").words


def test_a_new_order_takes_prices_and_terms_of_the_customer_who_was_found(console: Console, owner: Visit):
    trade(owner)
    fields = {**filled(owner.get("/customers/new")), **CARD, "price_list": "TRADE"}
    assert owner.post("/customers/new", fields).status == 303
    path, hidden = form_of(owner.get("/orders/new"))
    seen = owner.post(f"{path}/look", {**hidden, **lines(("MUG", 2)), "channel": "web", "choose": fields["id"]})
    for told in ("Prices of Trade prices", "Pays within 30 days", "their price £6.12", "£12.25"):
        assert told in seen.words, told
    assert 'value="1 High St"' in seen.text
    sent = {**ADDRESS, **lines(("MUG", 2)), "customer/email": CARD["email"], "buyer": fields["id"], "total": "12.25"}
    placed = owner.post(f"{path}/place", {**hidden, **sent})
    assert placed.status == 303, placed.words
    assert "£12.25" in owner.get(f"/customers/{fields['id']}").words


def test_a_price_is_refused_at_its_field_and_a_list_is_changed_with_its_version(owner: Visit):
    trade(owner)
    here = "/settings/price-lists/TRADE"
    wrong = owner.submit(here, f"{here}/prices", sku="NOPE", price="1")
    assert (wrong.status, 'id="sku-wrong"' in wrong.text) == (422, True)
    assert owner.submit(here, f"{here}/prices", sku="MUG", price="cheap").status == 422
    fields = filled(owner.get(here))
    bad = owner.post(here, {**fields, "valid_from": "2026-12-02", "valid_until": "2026-12-01"})
    assert (bad.status, 'id="valid_until-wrong"' in bad.text) == (422, True)
    assert owner.post(here, {**fields, "valid_until": "2020-01-01"}).location == here
    assert "Not valid today" in owner.get(here).words
    assert "6.125 GBP" in owner.get(f"{here}?q=mu").words


def test_who_sees_one_channel_sees_its_customers_alone(console: Console, owner: Visit):
    console.shop.channel("amazon")
    console.shop.place({"MUG": 1}, channel="amazon")
    [mine] = console.shop.rows("SELECT id::text FROM customer")
    assert owner.post("/customers/new", {**filled(owner.get("/customers/new")), **CARD}).status == 303
    [other] = console.shop.rows("SELECT id::text FROM customer WHERE name = 'Corner Shop'")
    limited = console.visit(console.person("support", name="Lee Limited", channels=["amazon"]))
    assert "Say whom you look for" in limited.get("/customers").words
    assert "Nobody fits" in limited.get("/customers?q=corner").words
    assert limited.get(f"/customers/{other.id}").status == 403
    assert limited.get(f"/customers/{mine.id}").status == 200


def test_a_person_is_erased_by_who_may_once_their_name_is_typed(console: Console, owner: Visit):
    path = owner.post("/customers/new", {**filled(owner.get("/customers/new")), **CARD}).location
    assert path
    assert f"{path}/erase" in owner.get(path).text
    page = owner.get(f"{path}/erase")
    assert all(told in page.words for told in ("What goes", "What stays", "Type Corner Shop to confirm"))
    wrong = owner.submit(f"{path}/erase", f"{path}/erase", name="Corner")
    assert (wrong.status, 'id="name-wrong"' in wrong.text) == (422, True)
    assert owner.submit(f"{path}/erase", f"{path}/erase", name="corner shop ").location == path
    seen = owner.get(path)
    assert "Erased" in seen.words
    assert not any(told in seen.words for told in ("How to reach them", "Prices and payment", "Addresses"))
    assert not any(told in seen.text for told in ("Corner Shop", "corner@example.org", "1134960000", f"{path}/erase"))
    assert owner.get("/customers?q=corner").words.count("Corner Shop") == 0


def test_what_is_under_way_is_told_instead_of_erasing(console: Console, owner: Visit):
    number = console.shop.place({"MUG": 1}).number
    id_ = console.shop.value("SELECT customer_id::text FROM orders WHERE number = %(number)s", number=number)
    page = owner.get(f"/customers/{id_}/erase")
    assert number in page.words
    assert "goods are under way" in page.words
    assert "Erase for ever" not in page.words


def test_a_guest_is_kept_as_a_customer_from_the_page_of_the_order(console: Console, owner: Visit):
    number = console.shop.place({"MUG": 1}, customer=CustomerForm(name="Gus Guest", phone="+441134960123")).number
    here = f"/orders/{number}"
    assert "Keep as a customer" in owner.get(here).words
    reader = console.visit(console.person("packer", name="Rita Reads"))
    assert "Keep as a customer" not in reader.get(here).words
    spanish = console.visit(console.person("support", name="Eva"), language="es")
    assert "Guardar como cliente" in spanish.get(here).words
    path = owner.submit(here, f"{here}/customer").location
    assert path == f"/customers/{console.shop.value('SELECT id::text FROM customer')}"
    page = owner.get(path)
    assert page.title == "Gus Guest"
    for told in ("1 order", number, "+441134960123", "They are kept as a customer.", "Orders"):
        assert told in page.words, told
    seen = owner.get(here)
    assert "Keep as a customer" not in seen.words
    assert f'href="{path}"' in seen.text


def test_a_guest_of_whom_the_order_says_nothing_is_not_kept_and_the_page_says_why(console: Console, owner: Visit):
    nowhere = AddressForm(country="GB")
    told = {"customer": CustomerForm(), "ship_to": nowhere, "gift_note": "Hello", "door": "channel"}
    here = f"/orders/{console.shop.place({'MUG': 1}, **told).number}"
    assert "was erased" not in owner.get(here).words
    seen = owner.submit(here, f"{here}/customer")
    assert (seen.status, console.shop.value("SELECT count(*) FROM customer")) == (422, 0)
    # There is no field for it to stand at.
    assert "The order says nothing of who bought it: say which customer." in seen.words


def test_who_sees_another_channel_keeps_no_guest_of_this_one(console: Console, owner: Visit):
    console.shop.channel("amazon")
    number = console.shop.place({"MUG": 1}, customer=CustomerForm(name="Gus Guest")).number
    signed = console.person("support", name="Lee Limited", channels=["amazon"])
    seen = console.visit(signed).post(f"/orders/{number}/customer", {"csrf": signed.visitor.csrf})
    assert (seen.status, console.shop.value("SELECT count(*) FROM customer")) == (403, 0)
