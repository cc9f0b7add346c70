"""A clerk's work with orders, by keyboard and mouse."""

from collections.abc import Callable

import pytest

from orderwright.doors.console.pages import orders
from tests.browser.chromium import Looker
from tests.browser.every_page import fill
from tests.console.conftest import Console

Look = Callable[..., Looker]


def test_an_order_is_found_as_typed_and_opened_by_keys(console: Console, look: Look):
    looker = look(console.owner())
    parts = fill(console.shop)
    page = looker.go("/orders")
    page.keyboard.press("f")
    page.keyboard.type("barbara", delay=5)
    page.wait_for_selector("#results tbody tr:nth-child(3):last-child")
    assert "q=barbara" in page.url
    looker.check()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/OW-*")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url(f"{console.address}/orders")
    page.keyboard.press("?")
    assert "Find an order" in page.inner_text("#keys")
    looker.check()
    assert parts


def test_a_preview_opens_as_a_dialog_and_double_clicks_do_it_once(console: Console, look: Look):
    looker = look(console.owner())
    parts = fill(console.shop)
    page = looker.go(f"/orders/{parts['split']}")
    page.click(".head a[href$='/cancel']")
    page.wait_for_selector("#box[open] form")
    looker.check()
    page.keyboard.press("Escape")
    page.click(".head a[href$='/hold']")
    page.wait_for_selector("#box[open] form")
    page.dblclick("#box button")
    page.wait_for_selector("[data-toast]")
    assert page.inner_text("h1").endswith("On hold")
    page.go_back()
    page.go_forward()
    looker.check()
    assert len(console.shop.rows("SELECT 1 FROM hold WHERE kind = 'manual'")) == 1


def test_browsers_keep_nothing_of_what_they_showed(console: Console, look: Look):
    looker = look(console.owner())
    fill(console.shop)
    page = looker.go("/orders")
    page.fill("#q", "barbara")
    page.wait_for_url("**q=barbara**")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_orders_are_chosen_by_keys_held_together_and_let_go_again(console: Console, look: Look):
    looker = look(console.owner())
    console.shop.stock("LEEDS", MUG=5)
    numbers = [str(console.shop.place({"MUG": 1}).number) for _ in range(4)]
    page = looker.go("/orders")
    for key in "jxjjX":
        page.keyboard.press(key)
    assert page.inner_text(".many-bar p") == "3 orders chosen"
    looker.check()
    page.click(".many-bar button[value='hold']")
    page.wait_for_url("**/orders/bulk?*")
    page.click("form[action='/orders/bulk'] button")
    page.wait_for_url("**/bulk/*-*")
    assert [console.shop.state(number) for number in numbers] == ["allocated", "held", "held", "held"]
    page.click("form[action$='/undo'] button")
    page.wait_for_selector("h1:has-text('released')")
    assert {console.shop.state(number) for number in numbers} == {"allocated"}
    looker.check()


def test_all_orders_that_match_are_chosen_by_one_tick(console: Console, look: Look, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(orders, "ROWS", 2)
    looker = look(console.owner())
    console.shop.stock("LEEDS", MUG=5)
    numbers = [str(console.shop.place({"MUG": 1}).number) for _ in range(3)]
    page = looker.go("/orders?view=all")
    assert not page.is_visible(".many-bar")
    page.check("input[name=all]")
    assert page.inner_text(".many-bar p:visible").startswith("All that match are chosen")
    looker.check()
    page.click(".many-bar button[value='hold']")
    page.wait_for_url("**/orders/bulk?*")
    looker.check()
    page.click("form[action='/orders/bulk'] button")
    page.wait_for_url("**/bulk/*-*")
    assert {console.shop.state(number) for number in numbers} == {"held"}
