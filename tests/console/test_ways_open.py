"""Nobody is offered a way to a page that would turn them away: whatever their roles and limits are."""

import re
from html import unescape
from typing import Any

import pytest

from orderwright.business.staff.rules import ROLE_SCOPES
from tests.browser.every_page import fill
from tests.console.conftest import Console

ROOMS = (
    "/", "/orders", "/customers", "/settings", "/settings/price-lists", "/settings/price-lists/TRADE", "/reports",
    "/stock", "/products", "/exceptions", "/floor", "/me", "/settings/sites", "/settings/channels",
)  # fmt: skip
PEOPLE = [
    *((role, {}) for role in sorted(set(ROLE_SCOPES) - {"owner", "partner"})),
    *((role, {"sites": ["LEEDS"]}) for role in ("manager", "clerk")),
    *((role, {"channels": ["web"]}) for role in ("support", "partner")),
]


def ways_on(page: str) -> set[str]:
    """The addresses of our own a page leads to, without what is asked of them."""
    found = {unescape(each) for each in re.findall(r'<a[^>]*href="(/[^"#]*)"', page)}
    return {each for each in found if not each.startswith(("/static", "/reports/file"))}


@pytest.mark.parametrize(("role", "limits"), PEOPLE)
def test_every_way_a_page_shows_is_open_to_who_sees_it(console: Console, role: str, limits: dict[str, Any]):
    console.owner()
    fill(console.shop)
    visit = console.visit(console.person(role, **limits))
    pages = {room: seen.text for room in ROOMS if (seen := visit.get(room)).status == 200}
    shown = {way: room for room, page in pages.items() for way in ways_on(page)}
    assert pages
    assert {room: way for way, room in shown.items() if visit.get(way).status == 403} == {}


ALL = [
    "/",
    "/orders",
    "/orders/new",
    "/customers",
    "/exceptions",
    "/floor",
    "/stock",
    "/reports",
    "/staff",
    "/settings",
]


@pytest.mark.parametrize(
    ("role", "limits", "sections"),
    [
        ("manager", {}, ALL),
        ("analyst", {}, ["/", "/orders", "/customers", "/exceptions", "/floor", "/stock", "/reports", "/settings"]),
        (
            "analyst",
            {"sites": ["LEEDS"]},
            ["/orders", "/customers", "/exceptions", "/floor", "/stock", "/reports", "/settings"],
        ),
        ("picker", {}, ["/floor", "/stock", "/settings"]),
    ],
)
def test_the_navigation_holds_the_sections_of_who_looks(console: Console, role: str, limits: Any, sections: list[str]):
    owner = console.owner()
    assert ways_in_the_navigation(console.visit(owner).get("/").text) == ALL
    visit = console.visit(console.person(role, **limits))
    assert ways_in_the_navigation(visit.get("/floor").text) == sections


def ways_in_the_navigation(page: str) -> list[str]:
    """The sections, in the order they stand."""
    navigation = page[page.index("<nav") : page.index("</nav>")]
    return re.findall(r'<a[^>]*href="(/[^"#]*)"', navigation)
