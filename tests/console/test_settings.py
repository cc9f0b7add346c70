"""What the shop is made of, kept by forms: products, stock, sites, channels, keys, settings."""

import re
from base64 import b64decode
from typing import Any

import pytest

from tests.console.conftest import Console
from tests.console.visiting import Seen, Visit


@pytest.fixture
def owner(console: Console) -> Visit:
    return console.visit(console.owner())


def filled(seen: Seen) -> dict[str, str]:
    """Every field of the page's form as it stands there, as a browser would send it."""
    form = seen.text[seen.text.rindex('<form method="post"') :]
    form = form[: form.index("</form>")]
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if told.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        if "name" in told:
            fields[told["name"]] = _plain(told.get("value", ""))
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r"<option([^>]*) selected>([^<]*)", inner) or re.search(r"<option([^>]*)>([^<]*)", inner)
        if chosen:
            value = re.search(r'value="([^"]*)"', chosen[1])
            fields[name] = _plain(value[1] if value else chosen[2])
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        fields[name] = _plain(inner)
    return fields


def _plain(text: str) -> str:
    for mark, plain in (("&#34;", '"'), ("&quot;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(mark, plain)
    return text


def test_a_product_is_saved_as_it_stands_and_nothing_changes_but_what_was_written(console: Console, owner: Visit):
    console.shop.product("VASE", codes=[{"code": "4006381333931"}], parts={"MUG": 2}, hs_code="691110")
    before = console.shop.rows("SELECT * FROM product WHERE sku = 'VASE'")[0]
    seen = owner.post("/products/VASE", {**filled(owner.get("/products/VASE")), "title": "A vase", "price": "9.10"})
    assert seen.location == "/products/VASE", seen.words
    after = console.shop.rows("SELECT * FROM product WHERE sku = 'VASE'")[0]
    changed = {name for name in after._fields if getattr(after, name) != getattr(before, name)}
    assert (after.title, after.price_minor, changed) == (
        "A vase", 910, {"title", "price_minor", "version", "changed_at"} - ({"changed_at"} - changed),
    )  # fmt: skip
    assert console.shop.rows("SELECT code FROM product_code WHERE sku = 'VASE'") == [("4006381333931",)]
    assert console.shop.rows("SELECT sku, quantity FROM kit_component WHERE kit_sku = 'VASE'") == [("MUG", 2)]


def test_a_product_is_told_apart_in_its_family(owner: Visit) -> None:
    fields = filled(owner.get("/products/MUG"))
    seen = owner.post("/products/MUG", {**fields, "family": "MUGS", "options": "blue"})
    assert (seen.status, "Write it as in: size=M, colour=blue." in seen.words) == (422, True)
    seen = owner.post("/products/MUG", {**fields, "family": "MUGS", "options": "size=L, colour=blue"})
    assert seen.location == "/products/MUG", seen.words
    again = filled(owner.get("/products/MUG"))
    assert (again["family"], again["options"]) == ("MUGS", "colour=blue, size=L")


def test_two_people_change_a_product_and_the_second_is_told(console: Console, owner: Visit):
    first, second = filled(owner.get("/products/MUG")), filled(owner.get("/products/MUG"))
    assert owner.post("/products/MUG", {**first, "price": "8.00"}).status == 303
    seen = owner.post("/products/MUG", {**second, "title": "Mugs"})
    assert (seen.status, "Somebody else changed this meanwhile." in seen.words) == (412, True)
    assert console.shop.value("SELECT price_minor || title FROM product WHERE sku = 'MUG'") == "800Mug"


def test_what_is_wrong_with_a_product_stands_at_its_fields(owner: Visit):
    fields = filled(owner.get("/products/MUG"))
    wrong = {"price": "1.005", "weight_g": "heavy", "origin": "Spain", "codes/0/code": "123", "title": ""}
    seen = owner.post("/products/MUG", {**fields, **wrong})
    assert seen.status == 422
    for name in ("weight_g", "title"):
        assert f'id="{name}-wrong"' in seen.text, name
    seen = owner.post("/products/MUG", {**fields, "price": "1.005", "codes/0/code": "123"})
    assert ('id="price-wrong"' in seen.text, 'id="codes-0-code-wrong"' in seen.text) == (True, True)


def test_a_product_is_added_once_and_never_over_another(console: Console, owner: Visit):
    fields = {**filled(owner.get("/products/new")), "sku": "A/B 1", "title": "Lamp", "price": "12.50"}
    assert owner.post("/products/new", fields).location == "/products/A%2FB%201"
    assert owner.post("/products/new", fields).location == "/products/A%2FB%201"
    assert owner.get("/products/A%2FB%201").title == "Lamp"
    again = owner.post("/products/new", {**filled(owner.get("/products/new")), **_named(fields)})
    assert (again.status, "There is a product with this SKU already." in again.words) == (412, True)
    nameless = owner.post("/products/new", {**filled(owner.get("/products/new")), "title": "X", "price": "1"})
    assert (nameless.status, 'id="sku-wrong"' in nameless.text) == (422, True)
    assert "Lamp" in owner.get("/products?q=lam").words
    assert "No product fits" in owner.get("/products?q=nothing").words


def _named(fields: dict[str, str]) -> dict[str, str]:
    return {name: fields[name] for name in ("sku", "title", "price")}


def test_books_are_set_right_for_a_reason(console: Console, owner: Visit):
    console.shop.stock("LEEDS", MUG=5)
    fields = {**filled(owner.get("/stock/MUG")), "site": "LEEDS", "units": "3", "reason": "damaged"}
    assert owner.post("/stock/MUG", fields).location == "/stock/MUG"
    assert console.shop.free("MUG", "LEEDS") == 2
    counted = {**filled(owner.get("/stock/MUG")), "site": "LEEDS", "units": "7", "reason": "counted"}
    owner.post("/stock/MUG", counted)
    owner.post("/stock/MUG", counted)
    assert console.shop.free("MUG", "LEEDS") == 7
    wrong = owner.post("/stock/MUG", {**filled(owner.get("/stock/MUG")), "units": "many", "place": "NOWHERE"})
    assert wrong.status == 422
    assert "LEEDS" in owner.get("/stock?sku=MUG&site=LEEDS").words


def test_a_site_keeps_what_nobody_touched(console: Console, owner: Visit):
    before = console.shop.rows("SELECT * FROM site WHERE code = 'LEEDS'")[0]
    fields = {
        **filled(owner.get("/settings/sites/LEEDS")),
        "cut_off": "15:30",
        "closed_dates": "2026-12-24\n2026-12-31",
    }
    assert owner.post("/settings/sites/LEEDS", fields).status == 303
    after = console.shop.rows("SELECT * FROM site WHERE code = 'LEEDS'")[0]
    assert (after.cut_off, [str(day) for day in after.closed_dates]) == ("15:30", ["2026-12-24", "2026-12-31"])
    same = ("name", "address", "latitude", "longitude", "daily_capacity", "working_days", "is_active")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    wrong = owner.post("/settings/sites/LEEDS", {**filled(owner.get("/settings/sites/LEEDS")), "time_zone": "Moon"})
    assert (wrong.status, 'id="time_zone-wrong"' in wrong.text) == (422, True)


def test_who_says_nothing_of_units_a_day_sets_no_limit_and_reads_none(console: Console, owner: Visit):
    here = "/settings/sites/LEEDS"
    for told, kept in (("250", 250), ("", 1_000_000_000)):
        assert owner.post(here, {**filled(owner.get(here)), "daily_units": told}).status == 303
        assert console.shop.value("SELECT daily_units FROM site WHERE code = 'LEEDS'") == kept
        assert filled(owner.get(here))["daily_units"] == told


def test_places_of_no_aisle_are_told_as_what_they_are(console: Console, owner: Visit):
    here = "/settings/sites/LEEDS/layout"
    fields = {**filled(owner.get(here)), "layout/zone/0/name": "A", "layout/zone/0/aisles": "4",
              "layout/zone/0/bays": "10"}  # fmt: skip
    assert owner.post(here, fields).status == 303
    words = owner.get(here).words
    assert "pickers go there last" in words
    assert "bay 0 in aisle 0" not in words


def test_a_plan_is_drawn_in_the_language_of_the_page(console: Console):
    owner = console.visit(console.owner(), language="es")
    here = "/settings/sites/LEEDS/layout"
    fields = {**filled(owner.get(here)), "layout/zone/0/name": "A", "layout/zone/0/aisles": "4",
              "layout/zone/0/bays": "10"}  # fmt: skip
    for seen in (owner.post(f"{here}/drawn", fields), owner.get(here)):
        plan = b64decode(seen.text.partition("data:image/svg+xml;base64,")[2].partition('"')[0]).decode()
        assert "Start" not in plan
        assert "Inicio" in plan


def test_a_new_site_lies_where_its_postcode_is(console: Console, owner: Visit):
    here = "/settings/sites/new"
    fields = {**filled(owner.get(here)), "code": "OPORTO", "name": "Oporto", "address/lines/0": "Rua 1",
              "address/city": "Porto", "address/country": "pt", "time_zone": "Europe/Lisbon"}  # fmt: skip
    unknown = owner.post(here, fields)
    assert (unknown.status, 'id="latitude-wrong"' in unknown.text) == (422, True)
    fields = {**filled(owner.get(here)), **fields, "address/postal_code": "4000-001"}
    assert owner.post(here, fields).status == 303
    [at] = console.shop.rows("SELECT latitude, longitude FROM site WHERE code = 'OPORTO'")
    assert (round(at.latitude, 1), round(at.longitude, 1)) == (41.1, -8.6)


def test_a_layout_is_drawn_as_it_is_written_and_then_saved(console: Console, owner: Visit):
    here = "/settings/sites/LEEDS/layout"
    fields = {**filled(owner.get(here)), "layout/zone/0/name": "A", "layout/zone/0/aisles": "4",
              "layout/zone/0/bays": "10", "layout/zone/0/up": "2, 4"}  # fmt: skip
    drawn = owner.post(f"{here}/drawn", fields, hx_request="true", hx_target="drawn")
    assert (drawn.status, "data:image/svg+xml" in drawn.text, "<h1" in drawn.text) == (200, True, False)
    wrong = owner.post(f"{here}/drawn", {**fields, "layout/zone/0/up": "9"})
    assert "This zone has no aisle 9." in wrong.words
    assert owner.post(here, {**fields, "layout/zone/0/up": "9"}).status == 422
    assert owner.post(here, fields).location == here
    assert filled(owner.get(here))["layout/zone/0/up"] == "2, 4"
    stale = owner.post(here, {**fields, "once": "another"})
    assert stale.status == 412


def test_single_aisles_are_rows_that_are_added_changed_and_taken_out(console: Console, owner: Visit):
    here, row = "/settings/sites/LEEDS/layout", "layout/aisle"
    fields = {**filled(owner.get(here)), "layout/zone/0/name": "A", "layout/zone/0/aisles": "2",
              "layout/zone/0/bays": "10", f"{row}/0/zone": "A", f"{row}/0/number": "3",
              f"{row}/0/x_mm": "6000",
              f"{row}/0/from_mm": "0", f"{row}/0/to_mm": "12000", f"{row}/0/way": "up",
              f"{row}/0/bays_mm": "1: 1500, 2: 2700",
              "layout/start/x_mm": "0", "layout/start/y_mm": "-2000"}  # fmt: skip
    more = owner.post(f"{here}/drawn", fields)
    assert f'name="{row}/1/number"' in more.text
    assert owner.post(here, {**fields, f"{row}/0/x_mm": "wide"}).status == 422
    assert owner.post(here, fields).location == here
    kept = console.shop.value("SELECT document::jsonb->'layout' FROM floor_plan")
    assert kept["aisle"] == [{"zone": "A", "number": 3, "x_mm": 6000, "from_mm": 0, "to_mm": 12000, "way": "up",
                              "bays_mm": {"1": 1500, "2": 2700}}]  # fmt: skip
    assert kept["start"] == {"x_mm": 0, "y_mm": -2000}
    again = filled(owner.get(here))
    assert (again[f"{row}/0/bays_mm"], again[f"{row}/0/way"]) == ("1: 1500, 2: 2700", "up")
    assert owner.post(here, {**again, f"{row}/0/gone": "true"}).location == here
    assert set(console.shop.value("SELECT document::jsonb->'layout' FROM floor_plan")) == {"zone", "start"}


def test_a_channel_keeps_units_back_and_what_nobody_touched(console: Console, owner: Visit):
    console.shop.channel("shop", cancel_minutes=30, split="never")
    fields = filled(owner.get("/settings/channels/shop"))
    owner.post("/settings/channels/shop", {**fields, "buffers/0/withheld": "5", "buffers/0/sku": "MUG"})
    [row] = console.shop.rows("SELECT sku, site, withheld FROM channel_buffer WHERE channel = 'shop'")
    assert tuple(row) == ("MUG", "", 5)
    assert (
        console.shop.value("SELECT policy FROM channel WHERE code = 'shop'") == '{"split":"never","cancel_minutes":30}'
    )
    wrong = owner.post("/settings/channels/shop", {**filled(owner.get("/settings/channels/shop")), "currency": "ZZZ"})
    assert (wrong.status, 'id="currency-wrong"' in wrong.text) == (422, True)


def test_a_key_is_shown_once(console: Console, owner: Visit):
    fields = {**owner.get("/settings/keys").hidden("/settings/keys"), "name": "shop", "allow/orders:write": "true"}
    first = owner.post("/settings/keys", fields)
    assert (first.status, len(re.findall(r"ow_[0-9a-f]{12}_[0-9a-f]{64}", first.text))) == (200, 1)
    again = owner.post("/settings/keys", fields)
    assert re.findall(r"ow_[0-9a-f]{12}_[0-9a-f]{64}", again.text) == []
    assert "It was shown before" in again.words
    [prefix] = console.shop.rows("SELECT prefix FROM api_key")
    page = owner.get("/settings/keys")
    assert (
        owner.post(f"/settings/keys/{prefix[0]}/revoke", page.hidden(f"/settings/keys/{prefix[0]}/revoke")).status
        == 303
    )
    assert "Revoked" in owner.get("/settings/keys").words
    none = owner.post("/settings/keys", {**owner.get("/settings/keys").hidden("/settings/keys"), "name": "x"})
    assert none.status == 422


def test_settings_change_one_by_one_and_say_who_changed_them(console: Console, owner: Visit):
    here = "/settings/store"
    stale = filled(owner.get(here))
    fields = filled(owner.get(here))
    assert owner.post(here, fields).status == 303
    assert console.shop.rows("SELECT 1 FROM setting") == []
    owner.post(here, {**fields, "set/staff.tries_max": "7", "set/packing.checks_bind": "true"})
    rows = console.shop.rows("SELECT name, value FROM setting ORDER BY name")
    assert [tuple(row) for row in rows] == [("packing.checks_bind", True), ("staff.tries_max", 7)]
    assert "Changed by Olivia Owner" in owner.get(here).words
    assert owner.post(here, {**stale, "set/staff.tries_max": "9"}).status == 412
    assert owner.post(here, {**stale, "set/counts.days_a": "40"}).status == 303
    assert console.shop.value("SELECT value FROM setting WHERE name = 'staff.tries_max'") == 7
    wrong = owner.post(here, {**filled(owner.get(here)), "set/staff.tries_max": "1"})
    assert (wrong.status, 'id="set-staff.tries_max-wrong"' in wrong.text) == (422, True)


def test_who_gets_the_reports_is_written_one_on_each_line(console: Console, owner: Visit):
    here, field = "/settings/store", "set/reports.weekly_to"
    fields = filled(owner.get(here))
    assert (fields[field], fields["set/orders.rush_services"]) == ("", "express")
    assert owner.post(here, {**fields, field: " ann@example.org\r\n\r\nbob@example.org \r\n"}).status == 303
    assert console.shop.value("SELECT value FROM setting") == ["ann@example.org", "bob@example.org"]
    fields = filled(owner.get(here))
    assert fields[field] == "ann@example.org\nbob@example.org"
    # A browser ends the lines of what is written otherwise than those of what it was given.
    assert owner.post(here, {**fields, field: fields[field].replace("\n", "\r\n")}).status == 303
    assert console.shop.value("SELECT count(*) FROM house_change WHERE kind = 'setting'") == 1
    wrong = owner.post(here, {**fields, field: "nobody"})
    assert (wrong.status, "These are no e-mail addresses: nobody" in wrong.words) == (422, True)
    owner.post(here, {**fields, field: "", "set/orders.rush_services": ""})
    # Nobody is who gets them as it comes, so that the store says nothing of it any more.
    assert [tuple(row) for row in console.shop.rows("SELECT name, value FROM setting")] == [
        ("orders.rush_services", [])
    ]


@pytest.mark.parametrize(
    ("path", "role", "status"),
    [
        ("/settings", "manager", 200), ("/settings/store", "manager", 403), ("/settings/keys", "manager", 403),
        ("/settings/sites", "picker", 200), ("/settings/carriers", "clerk", 200), ("/products", "sales", 200),
        ("/products/new", "sales", 403), ("/stock", "accounts", 403), ("/settings/sites/new", "manager", 403),
    ],
)  # fmt: skip
def test_pages_are_for_those_whose_work_it_is(console: Console, owner: Visit, path: str, role: str, status: int):
    assert console.visit(console.person(role, name="Sam")).get(path).status == status


def test_who_has_one_site_sees_no_other(console: Console, owner: Visit):
    console.shop.stock("LEEDS", MUG=5)
    console.shop.stock("BRISTOL", MUG=9)
    person: Any = console.person("receiver", name="Ria", sites=["LEEDS"])
    visit = console.visit(person)
    assert "BRISTOL" not in visit.get("/stock").words
    assert "BRISTOL" not in visit.get("/stock/MUG").words
    assert visit.get("/settings/sites/BRISTOL").status == 403
    fields = {**filled(visit.get("/stock/MUG")), "site": "BRISTOL", "units": "1"}
    assert visit.post("/stock/MUG", fields).status == 403


def test_the_history_tells_who_changed_what_and_how_it_was(console: Console, owner: Visit):
    fields = filled(owner.get("/settings/sites/LEEDS"))
    assert owner.post("/settings/sites/LEEDS", {**fields, "cut_off": "14:30", "name": "<b>Leeds</b>"}).status == 303
    seen = owner.get("/settings/history?kind=site&name=LEEDS")
    row = seen.text[seen.text.index('<ul class="kept changes"') :]
    row = row[: row.index("</li>")]
    assert "<del>16:00</del>" in row
    assert "<ins>14:30</ins>" in row
    assert "Olivia Owner" in row
    assert ("&lt;b&gt;Leeds&lt;/b&gt;" in row, "<b>Leeds" in row) == (True, False)
    assert "No change fits" in owner.get("/settings/history?kind=site&name=NOPE").words
    assert "/settings/history?kind=site&amp;name=LEEDS" in owner.get("/settings/sites/LEEDS").text


def test_the_history_goes_on_page_by_page_and_is_the_owners(console: Console, owner: Visit):
    for i in range(31):
        console.shop.channel(f"c{i:02}")
    first = owner.get("/settings/history?kind=channel")
    following = re.findall(r'href="(/settings/history\?kind=channel&amp;after=[^"]+)"', first.text)
    second = owner.get(following[0].replace("&amp;", "&"))
    assert "c30" in first.words
    assert "c00" not in first.words
    assert "c00" in second.words
    assert "c30" not in second.words
    assert console.visit(console.person("clerk")).get("/settings/history").status == 403


def test_settings_and_what_is_wrong_with_a_form_are_told_in_spanish(console: Console):
    owner = console.visit(console.owner(), language="es")
    assert "Horas en las que se puede aceptar una invitación." in owner.get("/settings/store").words
    fields = filled(owner.get("/settings/sites/LEEDS"))
    wrong = owner.post("/settings/sites/LEEDS", {**fields, "address/country": "QQ", "time_zone": "Mars"})
    assert "No es un código de país ISO 3166-1." in wrong.words
    assert "La base de datos tz no tiene esa zona." in wrong.words


def test_what_is_wrong_with_an_entry_of_a_list_stands_at_its_field(owner: Visit):
    here = "/settings/sites/LEEDS"
    seen = owner.post(here, {**filled(owner.get(here)), "closed_dates": "2026-12-24\n24/12/2026"})
    assert seen.status == 422
    assert re.search(r'<small class="wrong" id="closed_dates-wrong">It is no date such as 2026-12-31', seen.text)
    assert "closed_dates/1" not in seen.words
