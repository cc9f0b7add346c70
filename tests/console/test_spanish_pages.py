"""Whoever reads Spanish finds no English on any page, of staff or of customers, but what people wrote there."""

import re
from collections.abc import Iterable, Mapping

import pytest
from msgspec.structs import replace

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.edit import edit_orders
from orderwright.business.deeds.editing.forms import EditOrder
from orderwright.business.deeds.hold import hold_orders, release_holds
from orderwright.business.orders.commands import CancelOrder, HoldOrder, ReleaseHold
from orderwright.business.orders.desk import form_of
from orderwright.business.staff.forms import Invite, SetPin
from orderwright.business.staff.own import set_pins
from orderwright.business.staff.passwords import hashed
from orderwright.business.staff.people import invite
from orderwright.business.staff.rules import ROLE_SCOPES
from orderwright.doors.console.page import Page
from orderwright.doors.console.pages.history import KINDS
from orderwright.doors.console.registry import all_pages
from orderwright.doors.portal.registry import all_pages as customers_pages
from tests.browser import every_page
from tests.console.conftest import Console
from tests.console.english_left import Judge, texts_of
from tests.console.visiting import Seen, Visit
from tests.portal import looks
from tests.portal.conftest import Counter, counter  # noqa: F401
from tests.shop import Shop

NAMES = (
    "Leeds", "LEEDS", "Bristol", "BRISTOL", "Glasgow", "GLASGOW", "Europe/London", "1 High St", "Flat 4", "1 Dock St",
    "Olivia Owner", "A. Buyer", "Corner Shop", "TRADE", "TEE", "Tee", "APRON-S", "Apron S", "blue, S",
    "Practice carrier", "practice", "Stoneware jug with a lid, two litres, midnight blue",
)  # fmt: skip
"""Sites, streets, people, lists, products and carriers: whoever made them called them so."""
TEXTS = (
    "Late",  # a view that somebody keeps
    "STOCK",  # the bin every site starts with, as it stands on its sign
    "S",  # a carton, a size
    "standard", "express", "example",  # services and a way to read files, by the codes programs know them by
    "home", "near", "neighbour", "far", "world",  # zones of a service: whoever keeps the price list calls them so
    "admin",  # a scope, as programs know it
    "Islas Heard y McDonald",  # has a word in common with English, as Spanish has it
    "title", "price", "currency",  # the columns of a file that was brought
    "First", "Call", "and when", "Write down what they said.", "Called.",
    "Since Monday! <img src=x onerror=\"alert(1)\">",
    "the buyer <img src=x onerror=\"alert(1)\">",
    "Wants it after the 5th. <img src=x onerror=\"alert(1)\"> @Olivia Owner, please call.",  # notes and steps
)  # fmt: skip
"""Whole texts that somebody wrote, or called something."""
OTHERWISE = {"nothing": 404, "spent": 404, "address": 303}
"""Pages that are there to say that there is nothing, or that ask for something else first."""
FILES = ("label.pdf", "photos/{id}")
"""What customers save, and read nothing on."""


@pytest.fixture
def judge() -> Judge:
    return Judge(NAMES, TEXTS)


def english_on(judge: Judge, pages: Iterable[tuple[str, Seen]]) -> list[str]:
    """What is left in English on pages, each text told once with the first page it stands on."""
    found: dict[str, str] = {}
    for path, seen in pages:
        for left in judge.left_on(seen.text):
            found.setdefault(f"{left.where}: {left.text} ({left.why})", path)
    return [f"{path}: {told}" for told, path in found.items()]


def more(shop: Shop, parts: Mapping[str, str]) -> list[str]:
    """Paths of what the pages alone do not show: every order's story, whatever was settled, changes of every kind."""
    shop.channel("fair", cancel_minutes=60)
    placed = shop.place({"MUG": 1}, channel="fair").number
    with shop.begin() as tx:
        form = form_of(tx, placed)
    shop.run(edit_orders, EditOrder(number=placed, form=replace(form, gift_note="8"), actor="customer"))
    shop.product("HAT", title="8", tracking="lot", codes=[{"code": "8", "kind": "alias"}])
    released, cancelled = (shop.place({"HAT": each}).number for each in (1, 2))
    holds = [HoldOrder(number=each, kind="fraud", actor="key:8") for each in (released, cancelled)]
    shop.run(hold_orders, *holds)
    shop.run(release_holds, ReleaseHold(number=released, kind="fraud", actor="key:8"))
    shop.run(cancel_orders, CancelOrder(number=cancelled, reason="customer_changed_mind", actor="customer"))
    numbers = [row.number for row in shop.rows("SELECT number FROM orders ORDER BY number")]
    settled = shop.rows("SELECT id::text FROM exception WHERE closed_at IS NOT NULL")
    assert len(settled) > 2
    return [
        f"/orders/{placed}/cancel", f"/orders/{parts['doubtful']}/release/address",
        *(f"/orders/{number}" for number in numbers), *(f"/exceptions/{row.id}" for row in settled),
        *(f"/settings/history?kind={kind}" for kind in KINDS),
    ]  # fmt: skip


def test_no_page_of_staff_has_english_left_on_it(console: Console, judge: Judge):
    visit = console.visit(console.owner(), language="es")
    parts = every_page.fill(console.shop)
    paths = every_page.paths(parts)
    paths |= {path: path for path in more(console.shop, parts)}
    seen = {name: visit.get(path) for name, path in paths.items()}
    assert {name: each.status for name, each in seen.items() if each.status != OTHERWISE.get(name, 200)} == {}
    left = english_on(judge, seen.items())
    assert not left, "\n".join(left)


def test_no_page_before_signing_in_has_english_left_on_it(console: Console, judge: Judge):
    first, stranger = console.first_link(), console.visit(language="es")
    seen = {"/first/{token}": stranger.get(first)}
    owner = console.owner()
    with console.shop.begin() as tx:
        (linked,) = invite(
            tx, [Invite(email="kim@example.org", name="Kim", roles=("clerk",), by=ROLE_SCOPES["owner"], actor="test")]
        )
    seen |= {path: stranger.get(path) for path in ("/sign-in", "/sign-in/code", "/floor/away")}
    seen["/join/{token}"] = stranger.get(f"/join/{linked.token}")
    console.shop.run(set_pins, SetPin(id=owner.visitor.account_id, pin=hashed("4711"), actor="test"))
    shared = console.visit(owner, language="es")
    shared.submit("/floor/device", "/floor/device", name="8", site="LEEDS")
    seen["/floor/who"] = shared.get("/floor/who")
    open_to_all = {each.path for each in all_pages() if isinstance(each, Page) and each.scope is None and each.template}
    assert seen.keys() == open_to_all
    assert {path: each.status for path, each in seen.items() if each.status != 200} == {}
    left = english_on(judge, seen.items())
    assert not left, "\n".join(left)


def test_no_page_of_customers_has_english_left_on_it(counter: Counter, judge: Judge):  # noqa: F811
    told = looks.paths(looks.fill(counter.floor))
    shown = [each.path for each in customers_pages() if isinstance(each, Page) and not each.path.endswith(FILES)]
    asked = [path.partition("?")[0] for _link, path in told.values()]
    assert [
        path for path in shown if not any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), each) for each in asked)
    ] == []
    visits: dict[str, Visit] = {}
    seen = {}
    for name, (link, path) in told.items():
        if link not in visits:
            visits[link] = counter.visit(language="es")
            visits[link].get(link or "/track/find")
        seen[name] = visits[link].get(path)
    assert {name: each.status for name, each in seen.items() if each.status != OTHERWISE.get(name, 200)} == {}
    left = english_on(judge, seen.items())
    assert not left, "\n".join(left)


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Waiting for stock</p>",
        "<td>on_account</td>",
        "<ins>pick</ins>",
        '<button aria-label="Take back"></button>',
        '<input type="submit" value="Save">',
        '<input placeholder="Name or code">',
        '<img alt="Photo of the parcel">',
        '<p data-sending="Being sent">Se envía</p>',
        "<option>daily</option>",
        "<summary>Gone to the zoo with an otter</summary>",
        "<p>El pedido espera: the customer was called</p>",
        "<h1>Pedido</h1><script>1</script><p>Order</p>",
    ],
)
def test_what_is_planted_in_english_is_found(judge: Judge, planted: str):
    [left] = judge.left_on(f"<html><body><h1>Pedidos</h1>{planted}<p>Espera existencias</p></body></html>")
    assert left.text in planted


def test_a_text_planted_in_a_page_as_it_is_served_is_found(console: Console, judge: Judge):
    seen = console.visit(console.owner(), language="es").get("/orders")
    assert judge.left_on(seen.text) == []
    spoilt = seen._replace(text=seen.text.replace("</h1>", "</h1><p>There are no orders yet.</p>"))
    assert [line.partition(" (")[0] for line in english_on(judge, [("/orders", spoilt)])] == [
        "/orders: p: There are no orders yet."
    ]


@pytest.mark.parametrize(
    "told",
    ["<p>Olivia Owner</p>", "<p>LEEDS · Espera existencias</p>", "<script>the end of it</script>", "<p>12,50 GBP</p>",
     "<textarea>The buyer is not at home</textarea>", '<input type="text" value="The buyer is not at home">',
     "<span>counts.large_pick_units</span>", "<p>a no me has</p>"],
)  # fmt: skip
def test_spanish_and_what_people_wrote_is_not(judge: Judge, told: str):
    assert judge.left_on(told) == []


def test_a_name_is_no_excuse_for_the_text_around_it(judge: Judge):
    assert judge.left_on("<p>Olivia Owner changed the address</p>") != []


def test_texts_are_taken_with_what_they_stand_in():
    page = '<html><head><title>A</title></head><body><p title="B">C <b>D\n E</b></p><style>F</style></body></html>'
    assert texts_of(page) == [("title", "A"), ("p title", "B"), ("p", "C"), ("b", "D E")]
