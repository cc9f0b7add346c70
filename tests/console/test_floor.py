"""Work with a scanner, by forms alone, as a browser without script sends them."""

import json

import pytest

from orderwright.business.shipping.packing.cartons import put_cartons
from orderwright.business.shipping.packing.forms import CartonForm, PutCarton
from tests.console.conftest import Console
from tests.console.floor_scene import Scene, opened, scene
from tests.console.visiting import Seen, Visit
from tests.floor import done


@pytest.fixture
def picker(console: Console) -> Visit:
    console.owner()
    return console.visit(console.person("picker", name="Ann"))


@pytest.fixture
def work(console: Console) -> Scene:
    return scene(console.shop)


def began(picker: Visit, totes: str = "T:T-1") -> str:
    path = "/floor/begin/pick"
    seen = picker.post(path, {**picker.get(f"{path}?site=LEEDS").hidden(path), "totes": totes})
    assert seen.status == 303, seen.words
    return str(seen.location)


def scanned(picker: Visit, path: str, code: str = "", **fields: str) -> Seen:
    told = {f"scans/0/{name}": text for name, text in {"code": code, **fields}.items()}
    csrf = picker.get(path).text.partition('name="csrf" value="')[2].partition('"')[0]
    n = picker.get(path).text.partition('data-next="')[2].partition('"')[0]
    sent = picker.post(path, {"csrf": csrf, "scans/0/n": n, **told})
    assert sent.status == 303, sent.words
    return picker.get(str(sent.location))


def test_a_picker_begins_at_the_floor_and_a_walk_is_picked_by_forms_alone(picker: Visit, work: Scene):
    assert picker.get("/").location == "/floor"
    words = picker.get("/floor?site=LEEDS").words
    assert "Pick" in words
    assert "Count" in words
    path = began(picker)
    assert "Go to F-1 and scan it." in picker.get(path).words
    assert "Scan MUG" in scanned(picker, path, "F-1").words
    assert "1 left to take" in scanned(picker, path, "MUG").words
    assert "Put 2 into tote T-1" in scanned(picker, path, "MUG").words
    seen = scanned(picker, path, "T:T-1")
    assert "Go to F-2" in seen.words
    assert 'data-tone="ok"' in seen.text
    assert work.picked() == [("MUG", 2), ("TEE", 0)]
    assert path in picker.get("/floor").text


def test_a_tote_scanned_twice_goes_on_the_cart_once(picker: Visit, work: Scene):
    began(picker, "T-1\nT:T-1\nT-2\nT-1\n")
    assert work.shop.value("SELECT count(*) FROM tote WHERE batch_id IS NOT NULL") == 2


@pytest.mark.parametrize("code", [":T-1", "L:LEEDS/F-1", "T:"])
def test_what_is_no_whole_code_of_a_tote_goes_on_no_cart(picker: Visit, work: Scene, code: str):
    path = "/floor/begin/pick"
    seen = picker.post(path, {**picker.get(f"{path}?site=LEEDS").hidden(path), "totes": f"T-2\n{code}"})
    assert (seen.status, "The code's check digit or form is wrong." in seen.words) == (422, True), seen.words


def test_a_wrong_scan_says_why_and_changes_nothing(picker: Visit, work: Scene):
    path = began(picker)
    scanned(picker, path, "F-1")
    seen = scanned(picker, path, "TEE")
    assert 'data-tone="wrong"' in seen.text
    assert "Another product is asked for." in seen.words
    assert "Wanted: MUG" in seen.words
    assert "Scanned: TEE" in seen.words
    assert work.picked() == [("MUG", 0), ("TEE", 0)]


def test_undo_short_and_done_are_buttons(picker: Visit, work: Scene):
    path = began(picker)
    scanned(picker, path, "F-1")
    scanned(picker, path, "MUG")
    assert "The last scan is taken back." in scanned(picker, path, command="back").words
    assert "1 of MUG go elsewhere or wait" in _short(picker, path)
    scanned(picker, path, "F-2")
    scanned(picker, path, "TEE")
    assert "All is picked" in scanned(picker, path, "T-1").words
    assert "This walk is over." in scanned(picker, path, command="done").words


def _short(picker: Visit, path: str) -> str:
    scanned(picker, path, command="short", quantity="1", reason="missing")
    scanned(picker, path, "MUG")
    return scanned(picker, path, "T-1").words


def test_a_form_sent_twice_is_one_scan(picker: Visit, work: Scene):
    path = began(picker)
    page = picker.get(path)
    fields = {**_hidden(page), "scans/0/code": "F-1"}
    first, second = picker.post(path, fields), picker.post(path, fields)
    assert (first.location, second.location) == (f"{path}?since=1", f"{path}?since=1")
    assert picker.get(path).text.count('name="scans/0/n" value="2"') > 0


def test_another_scan_under_the_same_number_is_told_and_not_taken(picker: Visit, work: Scene):
    path = began(picker)
    fields = _hidden(picker.get(path))
    picker.post(path, {**fields, "scans/0/code": "F-1"})
    seen = picker.get(str(picker.post(path, {**fields, "scans/0/code": "MUG"}).location))
    assert "Somebody else scans in this work, too." in seen.words
    assert "Scan MUG" in seen.words


def test_many_scans_at_once_are_taken_in_order_with_their_answers(picker: Visit, work: Scene):
    path = began(picker)
    codes = ["F-1", "MUG", "HAT", "MUG", "T-1"]
    told = {f"scans/{i}/{name}": text for i, code in enumerate(codes) for name, text in (("n", i + 1), ("code", code))}
    seen = picker.get(str(picker.post(path, {"csrf": _hidden(picker.get(path))["csrf"], **told}).location))
    assert "Scanned: HAT" in seen.words
    assert "Go to F-2" in seen.words
    assert work.picked() == [("MUG", 2), ("TEE", 0)]


def test_the_floor_speaks_the_pickers_language(console: Console, work: Scene):
    console.owner()
    picker = console.visit(console.person("picker", name="Ana"), language="es")
    path = began(picker)
    assert "Vaya a F-1 y escanéelo." in picker.get(path).words
    scanned(picker, path, "F-1")
    assert "Aquí se pide otro producto." in scanned(picker, path, "HAT").words


def test_what_cannot_begin_is_refused_at_the_form(picker: Visit, work: Scene):
    path = "/floor/begin/pack"
    fields = {**picker.get(f"{path}?site=LEEDS").hidden(path), "subject": "T-77"}
    seen = picker.post(path, fields)
    assert seen.status >= 400
    assert 'role="alert"' in seen.text
    assert 'value="T-77"' in seen.text
    assert "Nothing with work here is called that. Scan it again." in seen.words


def test_work_of_other_sites_is_neither_shown_nor_begun(console: Console, work: Scene):
    console.owner()
    picker = console.visit(console.person("picker", name="Pat", sites=["GLASGOW"]))
    path = "/floor/begin/count"
    fields = picker.get(f"{path}?site=GLASGOW").hidden(path)
    assert picker.post(path, {**fields, "site": "LEEDS"}).status == 403
    assert "LEEDS" not in picker.get("/floor").words
    session = work.session("zoe")
    assert picker.get(f"/floor/sessions/{session.id}").status == 403


def test_closing_work_leads_back_to_the_floor(picker: Visit, work: Scene):
    path = began(picker)
    seen = picker.submit(path, f"{path}/close")
    assert seen.location == "/floor?site=LEEDS"
    assert "data-closed" in picker.get(path).text
    assert path not in picker.get("/floor").text


def test_the_way_of_a_walk_is_a_picture_that_opens_at_the_next_stop(picker: Visit, work: Scene):
    path = began(picker)
    seen = picker.get(f"{path}/map").text
    assert "data:image/svg+xml;base64," in seen
    assert 0 < float(seen.partition('data-middle="')[2].partition('"')[0]) < 1


def test_who_types_an_empty_tote_is_told_how(picker: Visit, work: Scene):
    path = began(picker)
    assert "an empty tote" in scanned(picker, path, command="full").words
    assert "T: stands before its code" in scanned(picker, path, "T-7").words
    assert "T-7" in scanned(picker, path, "T:T-7").words


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("receive", "Scan what came."),
        ("put_away", "Nothing is to be put away."),
        ("return", "Scan the return's number, its parcel or its order."),
        ("put_back", "Nothing is to be put back."),
        ("count", "Nothing is to be counted by you just now."),
        ("damage", "Scan the bin in which something is broken."),
    ],
)
def test_other_work_begins_without_a_subject(picker: Visit, work: Scene, kind: str, says: str):
    path = f"/floor/begin/{kind}"
    began = picker.post(path, picker.get(f"{path}?site=LEEDS").hidden(path))
    assert says in picker.get(str(began.location)).words


def test_what_is_broken_is_told_by_buttons(picker: Visit, work: Scene):
    begin = "/floor/begin/damage"
    path = str(picker.post(begin, picker.get(f"{begin}?site=LEEDS").hidden(begin)).location)
    scanned(picker, path, "F-2")
    seen = scanned(picker, path, "TEE")
    assert 'value="contaminated"' in seen.text
    assert "1 of TEE are out of sale" in scanned(picker, path, "contaminated").words


def test_a_packer_sees_how_to_fill_the_carton(console: Console):
    sized = {"length_mm": 80, "width_mm": 80, "height_mm": 90, "weight_g": 300}
    console.shop.product("MUG", **sized)
    console.shop.product("TEE", **sized)
    form = CartonForm(length_mm=300, width_mm=200, height_mm=200, tare_g=100)
    done(console.shop.run(put_cartons, PutCarton(code="S", form=form, actor="test")))
    scene(console.shop)
    console.owner()
    packer = console.visit(console.person("packer", name="Pam"))
    path = began(packer)
    for code in ("F-1", "MUG", "MUG", "T-1", "F-2", "TEE", "T-1"):
        scanned(packer, path, code)
    begin = "/floor/begin/pack"
    fields = {**packer.get(f"{begin}?site=LEEDS").hidden(begin), "subject": "T:T-1"}
    path = str(packer.post(begin, fields).location)
    assert "into carton S: scan each unit" in packer.get(path).words
    assert f'href="{path}/map"' in packer.get(path).text
    seen = packer.get(f"{path}/map")
    assert seen.title == "How to fill it"
    assert "data:image/svg+xml;base64," in seen.text
    assert "2 to go" in scanned(packer, path, "MUG").words


def _hidden(page: Seen) -> dict[str, str]:
    names = ("csrf", "scans/0/n")
    return {name: page.text.partition(f'name="{name}" value="')[2].partition('"')[0] for name in names}


def test_what_waits_is_begun_by_a_touch(console: Console, work: Scene):
    console.owner()
    packer = console.visit(console.person("packer", name="Pam"))
    begin = "/floor/begin/pack?site=LEEDS"
    assert "What waits" not in packer.get(begin).words
    path = began(packer)
    for code in ("F-1", "MUG", "MUG", "T-1", "F-2", "TEE", "T-1"):
        scanned(packer, path, code)
    seen = packer.get(begin)
    assert f"What waits {work.number} 3 units" in seen.words
    elsewhere = console.visit(console.person("packer", name="Pat", sites=["GLASGOW"]))
    assert "What waits" not in elsewhere.get(begin).words
    subject = seen.text.partition('name="subject" value="')[2].partition('"')[0]
    path = str(packer.post("/floor/begin/pack", {**seen.hidden("/floor/begin/pack"), "subject": subject}).location)
    assert f"Pack order {work.number}" in packer.get(path).words


def test_the_service_worker_is_of_the_floor_and_keeps_nothing_personal(picker: Visit):
    seen = picker.get("/floor/worker.js")
    assert seen.header("content-type") == "text/javascript; charset=utf-8"
    assert seen.header("service-worker-allowed") == "/floor"
    assert seen.header("cache-control") == "no-cache"
    files = json.loads(seen.text.partition("FILES = ")[2].partition(", SHELL")[0])
    assert {picker.get(each).status for each in files} == {200}
    assert all(each.startswith("/static/") for each in files)
    away = picker.get("/floor/away")
    assert away.status == 200
    assert "Ann" not in away.text
    assert "csrf" not in away.text


def test_a_bulky_or_odd_code_is_refused_in_words(picker: Visit, work: Scene):
    path = began(picker)
    scanned(picker, path, "F-1")
    for code in (
        "4006381333931",
        "\u241d\u241d",
        "https://example.org/x",
        "X:done/AAAAAAAAAAAAAAAA",
        "<b>MUG</b>",
        "T:T-99",
    ):
        seen = scanned(picker, path, code)
        assert 'data-tone="wrong"' in seen.text, code
        assert "<b>MUG</b>" not in seen.text.replace("<b>MUG</b> Mug", "")
    assert "Scan MUG" in seen.words
    assert work.picked() == [("MUG", 0), ("TEE", 0)]


def test_the_expiry_date_is_asked_for_with_a_field_for_dates(console: Console):
    owner = console.visit(console.owner())
    new = owner.get("/products/new").hidden("/products/new")
    told = {"sku": "CREAM", "title": "Cream", "price": "2.00", "currency": "GBP", "asks_expiry": "true"}
    refused = owner.post("/products/new", {**new, **told})
    assert "A date belongs to a lot: track this product by lot." in refused.words
    assert owner.post("/products/new", {**new, **told, "tracking": "lot"}).status == 303
    path = f"/floor/sessions/{opened(console.shop, 'receive', 'Ann').id}"
    scanned(owner, path, "CREAM")
    seen = scanned(owner, path, "L1")
    assert "Scan or type the date" in seen.words
    assert 'name="scans/0/code" type="date"' in seen.text
    assert "This is no date" in scanned(owner, path, "31/03/2027").words
    assert 'type="date"' not in scanned(owner, path, "2027-03-31").text.partition('id="deeds"')[2]
