"""A clerk takes an order by phone, by keyboard alone."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from orderwright.business.orders.form import CustomerForm
from tests.browser.chromium import PHONE, Looker
from tests.console.conftest import Console

Look = Callable[..., Looker]
WANTED = (
    ("mug", 2), ("TEE", 1), ("hat", 3), ("P-01", 1), ("p-02", 4), ("P-03", 1), ("5901234123457", 2), ("P-05", 1),
    ("teapot", 1), ("P-07", 12),
)  # fmt: skip
"""As a caller says it: by SKU in either case, by barcode, by a word of the title."""


class Keys:
    """Somebody's hands on a keyboard: every press is counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=15)
        self.presses += len(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1


def fill(console: Console) -> None:
    """Ten products on stock, and somebody who bought before."""
    shop = console.shop
    for i in range(1, 8):
        shop.product(f"P-{i:02}", codes=[{"code": "5901234123457"}] if i == 4 else [], title=f"Plate {i}")
    shop.product("POT-9", "24.90", title="Stoneware teapot")
    skus = ("MUG", "TEE", "HAT", "POT-9", *(f"P-{i:02}" for i in range(1, 8)))
    shop.stock("LEEDS", **dict.fromkeys(skus, 50))
    shop.place({"MUG": 1}, customer=CustomerForm(email="grace@example.org", name="Grace Hopper", phone="0113 2430000"))


def checked(looker: Looker) -> None:
    """Looked at from its top: what the bar covers while a page is scrolled is no fault of the page."""
    looker.page.evaluate("scrollTo(0, 0)")
    looker.check()


def lines_of(console: Console) -> list[tuple[str, int]]:
    rows: list[Any] = console.shop.rows(
        "SELECT l.sku, l.quantity FROM order_line l JOIN orders o ON o.id = l.order_id"
        " WHERE o.reference LIKE 'TEL-%' ORDER BY o.id, l.position"
    )
    return [(row.sku, row.quantity) for row in rows]


def test_ten_lines_are_taken_by_keyboard_alone_in_well_under_a_minute(console: Console, look: Look):
    looker = look(console.owner())
    fill(console)
    page = looker.go("/orders")
    keys, started = Keys(page), time.monotonic()
    keys.press("n")
    expect(page.locator("#find")).to_be_focused()
    keys.type("hopper")
    keys.press("Enter")
    expect(page.locator("#customer-email")).to_have_value("grace@example.org")
    for i, (name, units) in enumerate(WANTED):
        expect(page.locator(f"#lines-{i}-sku")).to_be_focused()
        keys.type(name)
        if name == "teapot":  # by a word of its title: it is offered, and taken
            page.wait_for_selector(f"#options-{i} li")
        keys.press("Enter")
        if units != 1:
            keys.type(str(units))
        keys.press("Enter")
    expect(page.locator("#told .total")).to_have_text("£227.40")
    checked(looker)
    keys.press("Enter")
    expect(page.locator("[data-place]").first).to_be_focused()
    keys.press("Enter")
    page.wait_for_url("**/orders/OW-*")
    assert lines_of(console) == [
        ("MUG", 2), ("TEE", 1), ("HAT", 3), ("P-01", 1), ("P-02", 4), ("P-03", 1), ("P-04", 2), ("P-05", 1),
        ("POT-9", 1), ("P-07", 12),
    ]  # fmt: skip
    # Ten products and their units are most of it: a person types three to five keys a second.
    assert keys.presses <= 95
    assert time.monotonic() - started < 60
    page.go_back()
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(200)
    assert len(lines_of(console)) == 10


def test_a_refused_order_keeps_what_was_typed_and_two_tabs_make_one_order(console: Console, look: Look):
    looker = look(console.owner(), viewport=PHONE, locale="es-ES", color_scheme="dark")
    fill(console)
    page = looker.go("/orders/new")
    page.fill("#find", "grace@")
    page.click("#found button")
    expect(page.locator("#lines-0-sku")).to_be_focused()
    page.keyboard.type("NOPE")
    page.keyboard.press("Enter")
    page.keyboard.type("0")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-refused]")
    expect(page.locator("#lines-0-quantity")).to_be_focused()
    assert page.input_value("#lines-0-sku") == "NOPE"
    checked(looker)
    page.fill("#lines-0-sku", "MUG")
    page.fill("#lines-0-quantity", "7")
    expect(page.locator("#line-0-told")).to_contain_text("49 libres")
    page.click("[formaction$='/save']")
    page.wait_for_selector("[data-toast]")
    other = looker.context.new_page()
    other.goto(page.url)
    for each in (page, other):
        each.dblclick(".main-deed button")
        each.wait_for_url("**/orders/OW-*")
    assert page.url == other.url
    assert lines_of(console) == [("MUG", 7)]


def test_who_leaves_what_is_half_written_is_asked_first_and_who_kept_it_is_not(console: Console, look: Look):
    looker = look(console.owner())
    fill(console)
    page = looker.go("/orders/new")
    asked: list[str] = []
    looker.page.remove_listener("dialog", looker._alerted)

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator("#lines-0-sku").press_sequentially("MUG")
    page.keyboard.press("Enter")
    expect(page.locator("#line-0-told")).to_contain_text("free")
    page.click("a[href='/customers']:visible", no_wait_after=True)
    page.wait_for_timeout(300)
    assert (asked, page.input_value("#lines-0-sku")) == (["beforeunload"], "MUG")
    page.fill("#lines-0-quantity", "0")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-refused]")
    page.click("a[href='/customers']:visible", no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"] * 2
    page.fill("#lines-0-quantity", "2")
    expect(page.locator("#line-0-told")).to_contain_text("free")
    page.click("[formaction$='/save']")
    page.wait_for_selector("[data-toast]")
    page.click("a[href='/customers']:visible")
    page.wait_for_url("**/customers")
    assert asked == ["beforeunload"] * 2
