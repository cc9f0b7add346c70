"""Views of lists: kept, opened first, put in order, shared."""

import re

import pytest

from tests.console.conftest import Console
from tests.console.visiting import Visit


@pytest.fixture
def clerk(console: Console) -> Visit:
    console.owner()
    console.shop.stock("LEEDS", MUG=1)
    console.shop.place({"MUG": 1})
    console.shop.place({"MUG": 1})
    return console.visit(console.person("clerk", name="Clara Clerk"))


def keep(visit: Visit, name: str, query: str = "state=waiting", list_: str = "orders", **fields: str) -> str:
    """Keep what a list shows; where one is led."""
    shown = visit.get(f"/views/{list_}/new?query={query.replace('=', '%3D')}")
    path = f"/views/{list_}/new"
    seen = visit.post(path, {**shown.hidden(f"{path}"), "name": name, **fields})
    assert seen.status == 303
    return str(seen.location)


def test_what_the_list_shows_is_kept_under_a_name_and_opened_again(console: Console, clerk: Visit):
    page = clerk.get("/orders?state=waiting&q=&view=all")
    assert "/views/orders/new?query=state%3Dwaiting" in page.text
    where = keep(clerk, "Short")
    assert re.fullmatch(r"/orders\?view=[0-9a-f-]+&state=waiting", where)
    page = clerk.get(where)
    assert re.search(r'aria-current="page">Short', page.text)
    assert "OW-000002" in page.words
    assert "OW-000001" not in page.words


def test_a_list_opens_with_the_view_chosen_for_that(console: Console, clerk: Visit):
    where = keep(clerk, "Short", is_first="true")
    assert clerk.get("/orders").location == where
    assert clerk.get("/orders?view=all").status == 200
    assert clerk.get("/orders?q=OW-0").status == 200
    mine = keep(clerk, "Mine", "mine=true", "exceptions", is_first="true")
    assert clerk.get("/exceptions").location == mine


def test_a_view_is_the_persons_own_unless_a_manager_shares_it(console: Console, clerk: Visit):
    keep(clerk, "Short")
    lead = console.visit(console.person("manager", name="Mae"))
    assert "Short" not in lead.get("/orders").words
    keep(lead, "Peak", is_shared="true")
    page = clerk.get("/views/orders")
    assert "Everybody's" in page.words
    [path] = list(re.findall(r'href="(/views/orders/[0-9a-f-]+)"><strong>Peak', page.text))
    assert "Take it away" not in clerk.get(path).words
    assert clerk.submit(path, path, is_first="true").status == 303
    assert clerk.get("/orders").status == 303
    fields = {**clerk.get("/views/orders/new").hidden("/views/orders/new"), "name": "Mine", "is_shared": "true"}
    assert clerk.post("/views/orders/new", fields).status == 403


def test_views_are_moved_renamed_replaced_and_taken_away(console: Console, clerk: Visit):
    for name in ("One", "Two"):
        keep(clerk, name)
    ids = {
        name: id_
        for id_, name in re.findall(r'/views/orders/([0-9a-f-]+)"><strong>(\w+)', clerk.get("/views/orders").text)
    }
    path = f"/views/orders/{ids['Two']}"
    page = clerk.get(path)
    clerk.post(path, {**page.hidden(path), "name": "Third", "place": "1"})
    assert re.findall(r'/views/orders/[0-9a-f-]+"><strong>(\w+)', clerk.get("/views/orders").text) == ["Third", "One"]
    replacing = clerk.get(f"/views/orders/new?query=state%3Dheld&of={ids['One']}")
    assert "Keep it as “One”" in replacing.words
    path = f"/views/orders/{ids['One']}/replace"
    assert "state=held" in str(clerk.post(path, replacing.hidden(path)).location)
    path = f"/views/orders/{ids['One']}"
    assert clerk.submit(path, f"{path}/drop").status == 303
    assert clerk.get(path).status == 404


def test_a_name_that_is_taken_is_said_and_what_was_written_stays(console: Console, clerk: Visit):
    keep(clerk, "Short")
    shown = clerk.get("/views/orders/new?query=state%3Dheld").hidden("/views/orders/new")
    seen = clerk.post("/views/orders/new", {**shown, "name": "short"})
    assert (seen.status, 'value="short"' in seen.text, 'value="state=held"' in seen.text) == (409, True, True)
    assert clerk.post("/views/orders/new", {**shown, "name": "x" * 41, "once": "other"}).status == 422


def test_a_view_of_filters_nobody_can_read_does_not_close_the_list(console: Console, clerk: Visit):
    keep(clerk, "Odd", "colour=red", is_first="true")
    assert clerk.get("/orders").status == 200


def test_there_are_views_of_two_lists(clerk: Visit):
    assert "No views yet" in clerk.get("/views/exceptions").words
    assert clerk.get("/views/parcels").status == 404
