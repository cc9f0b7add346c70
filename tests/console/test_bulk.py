"""Many orders chosen in the list and changed at once."""

import re
from urllib.parse import unquote

import pytest

from tests.console.conftest import Console
from tests.console.visiting import Seen, Visit


@pytest.fixture
def clerk(console: Console) -> Visit:
    console.owner()
    console.shop.stock("LEEDS", MUG=9)
    return console.visit(console.person("clerk", name="Clara Clerk"))


def placed(console: Console, count: int) -> list[str]:
    return [str(console.shop.place({"MUG": 1}).number) for _ in range(count)]


def choose(visit: Visit, deed: str, numbers: list[str]) -> Seen:
    """Tick rows in the list and press a button; the page that shows what will happen."""
    page = visit.get("/orders")
    assert all(f'name="order/{number}"' in page.text for number in numbers)
    fields = {**page.hidden("/orders/chosen"), **dict.fromkeys([f"order/{each}" for each in numbers], "on")}
    seen = visit.post("/orders/chosen", {**fields, "deed": deed})
    assert seen.status == 303
    return visit.get(str(seen.location))


def change(visit: Visit, deed: str, numbers: list[str], **fields: str) -> Seen:
    """Choose, and do it; the page that tells what became of each."""
    shown = choose(visit, deed, numbers)
    seen = visit.post("/orders/bulk", {**shown.hidden("/orders/bulk"), "kind": "manual", **fields})
    assert (seen.status, bool(re.fullmatch(r"/bulk/[0-9a-f-]+", str(seen.location)))) == (303, True)
    return visit.get(str(seen.location))


def undo(visit: Visit, page: Seen) -> Seen:
    [action] = re.findall(r'action="(/bulk/[^"]+/undo)"', page.text)
    return visit.get(str(visit.post(action, page.hidden(action)).location))


def test_chosen_orders_are_held_after_a_preview_and_let_go_again(console: Console, clerk: Visit):
    first, second = placed(console, 2)
    preview = choose(clerk, "hold", [first, second])
    assert "Hold 2 orders" in preview.words
    done = change(clerk, "hold", [first, second], kind="fraud")
    assert done.title == "2 orders were held"
    assert [console.shop.state(each) for each in (first, second)] == ["held", "held"]
    back = undo(clerk, done)
    assert back.title == "2 orders were released"
    assert [console.shop.state(each) for each in (first, second)] == ["allocated", "allocated"]
    assert 'action="/bulk/' in back.text  # and that can be undone in turn


def test_what_cannot_be_changed_says_why_before_and_after(console: Console, clerk: Visit):
    first, second = placed(console, 2)
    change(clerk, "hold", [first], kind="fraud")
    preview = choose(clerk, "release", [first, second])
    assert "It is not on hold" in preview.words
    assert "suspected fraud (1)" in preview.words
    done = change(clerk, "hold", [first, second], kind="fraud")
    assert done.title == "1 order was held"
    assert "1 order stayed as it was" in done.words
    assert "The order has this hold already." in done.words


def test_a_cancellation_says_that_it_cannot_be_undone(console: Console, clerk: Visit):
    [number] = placed(console, 1)
    assert "This cannot be undone." in choose(clerk, "cancel", [number]).words
    done = change(clerk, "cancel", [number], kind="mistake")
    assert (done.title, console.shop.state(number)) == ("1 order was cancelled", "cancelled")
    assert "/undo" not in done.text
    assert "None of these orders can be changed like that." in choose(clerk, "cancel", [number]).words


def test_pressing_twice_does_it_once(console: Console, clerk: Visit):
    [number] = placed(console, 1)
    shown = choose(clerk, "hold", [number])
    fields = {**shown.hidden("/orders/bulk"), "kind": "manual"}
    first, second = (clerk.post("/orders/bulk", fields) for _ in range(2))
    assert (first.status, first.location) == (second.status, second.location)
    assert console.shop.value("SELECT count(*) FROM bulk_run") == 1
    page = clerk.get(str(first.location))
    [action] = re.findall(r'action="(/bulk/[^"]+/undo)"', page.text)
    undone = page.hidden(action)
    assert len({clerk.post(action, undone).location for _ in range(2)}) == 1


def test_taking_back_in_two_tabs_takes_back_once(console: Console, clerk: Visit):
    page = change(clerk, "hold", placed(console, 1))
    [action] = re.findall(r'action="(/bulk/[^"]+/undo)"', page.text)
    tabs = [clerk.get(action.removesuffix("/undo")).hidden(action) for _ in range(2)]
    assert [clerk.post(action, fields).status for fields in tabs] == [303, 409]


def test_nothing_chosen_is_said(console: Console, clerk: Visit):
    placed(console, 1)
    seen = clerk.post("/orders/chosen", clerk.get("/orders").hidden("/orders/chosen"))
    assert seen.location == "/orders"
    assert "Choose orders first." in unquote(clerk.get("/orders").words)
    assert "No orders were chosen" in clerk.get("/orders/bulk").words


def test_a_bad_kind_is_answered_with_the_same_orders(console: Console, clerk: Visit):
    [number] = placed(console, 1)
    fields = {**choose(clerk, "hold", [number]).hidden("/orders/bulk"), "kind": "Not A Word"}
    seen = clerk.post("/orders/bulk", fields)
    assert (seen.status, number in seen.words) == (422, True)


def test_who_may_only_look_chooses_nothing(console: Console, clerk: Visit):
    placed(console, 1)
    analyst = console.visit(console.person("analyst", name="Ann"))
    assert "data-choose" not in analyst.get("/orders").text
    assert analyst.get("/orders/bulk").status == 403


def test_who_is_limited_changes_only_what_they_see(console: Console, clerk: Visit):
    console.shop.channel("market")
    [number] = placed(console, 1)
    limited = console.visit(console.person("clerk", name="Mark", channels=["market"]))
    assert number not in limited.get(f"/orders/bulk?deed=hold&orders={number}").words
    mine = str(console.shop.place({"MUG": 1}, channel="market").number)
    fields = limited.get(f"/orders/bulk?deed=hold&orders={mine}").hidden("/orders/bulk")
    assert limited.post("/orders/bulk", {**fields, "kind": "manual", "orders/1": number}).status == 403
    done = change(clerk, "hold", [number])
    [path] = re.findall(r'action="(/bulk/[^"]+)/undo"', done.text)
    assert limited.get(path).status == 403
