"""A clerk clears the exceptions desk by keyboard."""

from collections.abc import Callable

from orderwright.business.orders.form import CustomerForm
from tests.browser.chromium import PHONE, Looker
from tests.console.conftest import Console
from tests.console.test_exceptions import TYPO, held, open_kinds

Look = Callable[..., Looker]


def fill(console: Console) -> None:
    """Two that are probably one, a doubtful address, and an order somebody stopped."""
    console.shop.stock("LEEDS", MUG=30)
    ana = CustomerForm(email="ana@example.org", name="Ana")
    console.shop.place({"MUG": 2}, customer=ana)
    console.shop.place({"MUG": 2}, customer=ana)
    console.shop.place({"MUG": 1}, ship_to=TYPO)
    held(console)


def test_the_queue_is_walked_and_cleared_by_keys(console: Console, look: Look):
    looker = look(console.owner())
    fill(console)
    page = looker.go("/exceptions")
    looker.check()
    for left in (["address", "manual"], ["manual"], []):
        page.keyboard.press("j")
        page.keyboard.press("a")
        page.wait_for_selector("#box[open] form")
        looker.check()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.wait_for_selector("[data-toast]")
        assert open_kinds(console) == left
    assert "Nothing needs you" in page.inner_text("main")
    looker.check()


def test_a_key_works_on_the_row_one_is_at(console: Console, look: Look):
    looker = look(console.owner())
    fill(console)
    page = looker.go("/exceptions")
    for key in "jjk":
        page.keyboard.press(key)
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_selector("#box[open] form[action$='/suggested-address']")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/exceptions/*-*")
    assert page.inner_text("h1").startswith("Doubtful address")
    looker.check()
    page.keyboard.press("a")
    page.wait_for_selector("#box[open] form[action$='/suggested-address']")


def test_filters_show_their_part_of_the_queue_under_an_address(console: Console, look: Look):
    looker = look(console.owner(), viewport=PHONE, locale="es-ES", color_scheme="dark")
    fill(console)
    page = looker.go("/exceptions")
    page.select_option("#kind", "address")
    page.wait_for_selector(".desk > li:only-child")
    assert "kind=address" in page.url
    looker.check()
    page.click(".causes summary")
    looker.check()


def test_two_tabs_at_one_exception_and_the_way_back_settle_it_once(console: Console, look: Look):
    looker = look(console.owner())
    console.shop.stock("LEEDS", MUG=30)
    console.shop.place({"MUG": 1}, ship_to=TYPO)
    page = looker.go("/exceptions")
    other = looker.context.new_page()
    other.goto(page.url)
    for tab in (page, other):
        tab.click("[data-keys=a]")
        tab.wait_for_selector("#box[open] form")
    with page.expect_navigation():
        page.click("#box form button:not([data-close])")
    page.wait_for_selector("[data-toast]")
    with other.expect_navigation():
        other.click("#box form button:not([data-close])")
    assert "There is no better address for it" in other.inner_text("main")
    other.click("main a:has-text('Back')")
    assert "Nothing needs you" in other.inner_text("main")
    page.go_back()
    assert page.query_selector("#box[open]") is None
    page.go_forward()
    assert open_kinds(console) == []
    orders = console.shop.rows("SELECT postal_code, version FROM orders")
    assert orders == [("LS1 1AA", 2)], orders
    looker.check()
