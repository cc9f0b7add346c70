"""Many orders chosen in the list and changed at once."""

import re
from html import unescape
from urllib.parse import unquote

import pytest

from orderwright.doors.console.pages import bulk, orders
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


def all_that_match(visit: Visit, deed: str, query: str) -> Seen:
    """Tick that all are meant which match the list, and press a button; the page that shows what will happen."""
    page = visit.get(f"/orders?{query}")
    assert 'name="all"' in page.text
    seen = visit.post("/orders/chosen", {**page.hidden("/orders/chosen"), "all": "true", "deed": deed})
    return visit.get(str(seen.location))


def test_all_that_match_are_held_and_what_comes_later_is_not_touched(
    console: Console, clerk: Visit, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(orders, "ROWS", 2)
    console.shop.channel("market")
    other = str(console.shop.place({"MUG": 1}, channel="market").number)
    mine = placed(console, 3)
    preview = all_that_match(clerk, "hold", "channel=web&view=all")
    assert "3 orders match now. (web) What is done" in preview.words
    assert all(number in preview.words for number in mine)
    [later] = placed(console, 1)
    seen = clerk.post("/orders/bulk", {**preview.hidden("/orders/bulk"), "kind": "fraud"})
    done = clerk.get(str(seen.location))
    assert done.title == "3 orders were held"
    assert [console.shop.state(each) for each in (*mine, other, later)] == ["held"] * 3 + ["allocated"] * 2
    assert undo(clerk, done).title == "3 orders were released"
    assert {console.shop.state(each) for each in (*mine, other, later)} == {"allocated"}


def test_all_that_match_are_those_of_the_last_page_too_and_each_that_stays_says_why(
    console: Console, clerk: Visit, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(orders, "ROWS", 2)
    first, second, third = placed(console, 3)
    change(clerk, "hold", [third], kind="fraud")
    [after] = re.findall(r'href="/orders[?]([^"]*after=[^"]*)"', clerk.get("/orders?view=all").text)
    preview = all_that_match(clerk, "release", unescape(after))
    assert "3 orders match now." in preview.words
    assert preview.words.count("It is not on hold") == 2
    assert set(preview.hidden("/orders/bulk").values()) >= {third}
    assert not set(preview.hidden("/orders/bulk").values()) & {first, second}


def test_more_than_are_changed_at_once_are_not_changed_in_part(
    console: Console, clerk: Visit, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(orders, "ROWS", 2)
    monkeypatch.setattr(bulk, "ORDERS_MAX", 3)
    numbers = placed(console, 4)
    preview = all_that_match(clerk, "cancel", "view=all")
    assert "So many are not changed at once." in preview.words
    assert 'action="/orders/bulk"' not in preview.text
    assert {console.shop.state(each) for each in numbers} == {"allocated"}
    change(clerk, "hold", numbers[-1:])
    assert "3 orders match now. (Ready)" in all_that_match(clerk, "cancel", "state=allocated").words


def test_a_list_on_one_page_has_no_more_to_choose_from(console: Console, clerk: Visit):
    placed(console, 2)
    assert 'name="all"' not in clerk.get("/orders").text


def test_all_that_match_are_all_of_what_somebody_may_see(
    console: Console, clerk: Visit, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(orders, "ROWS", 1)
    console.shop.channel("market")
    placed(console, 2)
    mine = [str(console.shop.place({"MUG": 1}, channel="market").number) for _ in range(2)]
    limited = console.visit(console.person("clerk", name="Mark", channels=["market"]))
    preview = all_that_match(limited, "hold", "view=all")
    assert "2 orders match now." in preview.words
    fields = {**preview.hidden("/orders/bulk"), "kind": "manual"}
    assert {text for name, text in fields.items() if name.startswith("orders/")} == set(mine)
    assert "2 orders were held" in limited.get(str(limited.post("/orders/bulk", fields).location)).words
    nothing = limited.get("/orders/bulk?deed=hold&all=true&channel=web")
    assert "No orders were chosen" in nothing.words


@pytest.mark.parametrize("told", ["state=nothing", "since=yesterday", "channel=" + "x" * 99])
def test_filters_nobody_can_read_choose_nothing(console: Console, clerk: Visit, told: str):
    placed(console, 1)
    fields = clerk.get("/orders").hidden("/orders/chosen")
    seen = clerk.post("/orders/chosen", {**fields, "filter": told, "all": "true", "deed": "cancel"})
    assert clerk.get(str(seen.location)).status == 422


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
