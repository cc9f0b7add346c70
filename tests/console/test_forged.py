"""What no page of ours sent changes nothing: tried at every address of staff and customers that takes a form."""

import re
from collections.abc import Iterator, Mapping, Sequence

import pytest

from orderwright.doors.console import registry as staff
from orderwright.doors.console.page import Page, Route
from orderwright.doors.portal import registry as customers
from orderwright.values.ids import new_id
from tests.console.conftest import Console
from tests.console.visiting import Seen, Visit
from tests.floor import Floor
from tests.portal.scene import Scene
from tests.shop import Shop

FOREIGN: Sequence[Mapping[str, str]] = (
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-site"},
    {"sec_fetch_site": "none"},
    {"sec_fetch_site": "", "origin": ""},
)
"""What browsers say when another site sends a form, and what comes from no browser."""
TOLD = "This did not come from a page of ours"
BUSY = ("staff_session", "revision")
"""Tables that note that somebody was here."""


def unsafe(routes: Sequence[Route]) -> list[Route]:
    """The routes that take a form."""
    return [each for each in routes if not isinstance(each, Page)]


def somewhere(path: str, number: str) -> str:
    """An address of a route, of a real order where it is about one."""
    return re.sub(r"\{(\w+)[^}]*\}", lambda part: number if part[1] == "number" else new_id(), path)


def kept(shop: Shop) -> dict[str, str]:
    """All the shop holds, each table as one number."""
    tables = shop.rows(
        "SELECT c.relname AS name FROM pg_class c"
        " WHERE c.relkind = 'r' AND c.relnamespace = current_schema::regnamespace"
    )
    return {
        each.name: shop.value(f"SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {each.name} t")
        for each in tables
        if each.name not in BUSY
    }


def forged(visit: Visit, path: str, tokens: Mapping[str, str], right: str) -> Iterator[tuple[object, Seen]]:
    """The same form from elsewhere with the right token, and from here with each wrong one."""
    for headers in FOREIGN:
        yield headers, visit.post(path, {"csrf": right}, **headers)
    for what, token in tokens.items():
        yield what, visit.post(path, {"csrf": token} if token else {})
        yield f"{what}, as a header", visit.post(path, {}, x_csrf_token=token, hx_request="true")


def test_no_form_of_staff_is_taken_from_elsewhere_or_without_its_own_token(console: Console):
    owner, other = console.owner(), console.person("owner", name="Otto")
    visit = console.visit(owner)
    number = console.shop.place({"MUG": 1}).number
    tokens = {"none": "", "another session's": other.visitor.csrf, "made up": "0" * 64}
    before, taken = kept(console.shop), []
    assert len(before) > 20
    for route in unsafe(staff.all_pages()):
        path = somewhere(route.path, number)
        taken += [
            (path, how, seen.status)
            for how, seen in forged(visit, path, tokens, owner.visitor.csrf)
            if seen.status != 403 or TOLD not in seen.words
        ]
    assert taken == []
    assert kept(console.shop) == before
    assert visit.get("/me").status == 200


@pytest.fixture
def customer(console: Console) -> tuple[Visit, str]:
    """Who followed the link of an order, and its number."""
    scene = Scene(Floor(console.shop.store))
    console.shop.stock("LEEDS", MUG=9)
    number, other = scene.placed(), scene.placed()
    visit = Visit(console.port)
    visit.get(scene.link(number))
    stranger = Visit(console.port)
    stranger.get(scene.link(other))
    visit.cookies["other"] = stranger.get("/track").hidden("/track/leave")["csrf"]
    return visit, number


def test_no_form_of_customers_is_taken_from_elsewhere_or_without_its_own_token(
    console: Console, customer: tuple[Visit, str]
):
    visit, number = customer
    own, other = visit.get("/track").hidden("/track/leave")["csrf"], visit.cookies.pop("other")
    before, taken = kept(console.shop), []
    for route in unsafe(customers.all_pages()):
        tokens = {} if route.scope is None else {"none": "", "another order's": other}
        for how, seen in forged(visit, somewhere(route.path, number), tokens, own):
            if seen.status not in (403, 303) or (seen.status == 303 and seen.location != "/track/prove"):
                taken.append((route.path, how, seen.status, seen.location))
    assert taken == []
    assert kept(console.shop) == before
