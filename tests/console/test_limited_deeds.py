"""Who is limited to a channel or a site does nothing and gets no file elsewhere, whatever address they know."""

import re
from collections.abc import Mapping

import pytest

from orderwright.doors.console.page import Page, Route, Sketch
from orderwright.doors.console.registry import all_pages
from tests.browser.every_page import DESK, fill
from tests.console.conftest import Console
from tests.console.test_forged import kept
from tests.console.test_limits import ROLES
from tests.console.visiting import Visit

OPEN = ("/me", "/sign-out", "/practice", "/floor/device", "/views", "/first/", "/join/", "/products/", "/stock/")
"""What people do to themselves alone, and what has neither a site nor a channel."""
ELSEWHERE = {
    "drafts/{id}": "drafts/{draft}", "quotes/{number}": "quotes/{quote}", "{number}/return": "{left}/return",
    "returns/{id}": "returns/{return}", "sessions/{id}": "sessions/{session}", "parcels/{id}": "parcels/{parcel}",
}  # fmt: skip
"""What parts of addresses stand for beside those at the desk."""


def address(route: Route, parts: Mapping[str, str]) -> str:
    """A route's address, of what is there in the filled shop."""
    path = route.path
    for part, ours in {**ELSEWHERE, **DESK}.items():
        path = path.replace(part, ours)
    return re.sub(r"\{(\w+)[^}]*\}", lambda part: parts.get(part[1], part[1]), path)


@pytest.fixture
def parts(console: Console) -> Mapping[str, str]:
    """The filled shop's addresses."""
    console.owner()
    parts = fill(console.shop)
    console.shop.channel("quiet")
    console.shop.site("NOWHERE")
    return parts


@pytest.mark.parametrize("limits", [{"channels": ["quiet"], "sites": ["NOWHERE"]}], ids=str)
def test_a_partner_of_elsewhere_does_nothing_by_any_address(console: Console, parts: Mapping[str, str], limits):
    signed = console.person(*ROLES, **limits)
    visit = console.visit(signed)
    before, done = kept(console.shop), []
    for route in all_pages():
        if isinstance(route, (Page, Sketch)) or "{" not in route.path or route.path.startswith(OPEN):
            continue
        path = address(route, parts)
        seen = visit.post(path, {"csrf": signed.visitor.csrf, "reason": "mistake", "text": "x", "note": "x"})
        after = kept(console.shop)
        if after != before or seen.status not in (403, 404, 422):  # 422: its form is looked at first
            done.append((path, seen.status, seen.location, sorted(t for t in after if after[t] != before.get(t))))
            before = after
    assert not done, "\n".join(map(str, done))


@pytest.mark.parametrize("limits", [{"channels": ["quiet"]}], ids=str)
def test_a_partner_of_elsewhere_gets_no_file_by_any_address(console: Console, parts: Mapping[str, str], limits):
    visit: Visit = console.visit(console.person(*ROLES, **limits))
    files = [each for each in all_pages() if isinstance(each, Page) and not each.template and "{" in each.path]
    assert len(files) > 5
    got = {address(each, parts): visit.get(address(each, parts)).status for each in files}
    assert {path: status for path, status in got.items() if status not in (403, 404)} == {}
