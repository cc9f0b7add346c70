"""Customers' pages in a browser: accessible, as wide as a phone, within their policy; and each main job once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import DESK, PHONE, Looker
from tests.portal.conftest import Counter, counter
from tests.portal.looks import dress, fill, paths, png
from tests.portal.scene import POSTCODE

__all__ = ["counter"]
DARK = {"color_scheme": "dark", "locale": "es-ES", "is_mobile": True, "has_touch": True}


@pytest.fixture
def looker(browser: Browser, counter: Counter) -> Iterator[Looker]:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce", timezone_id="Europe/London", **DARK)  # type: ignore[arg-type]
    yield Looker(context, counter.address)
    context.close()


def test_every_page_of_customers_is_accessible_fits_and_keeps_its_policy(counter: Counter, looker: Looker):
    for link, path in paths(fill(counter.floor)).values():
        looker.come(link, path, POSTCODE)
        looker.check()


def test_a_customer_cancels_once_however_often_they_press_and_goes_back_to_what_is_true(
    browser: Browser, counter: Counter
):
    dress(counter.floor)
    number = counter.scene.placed()
    context = browser.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    looker = Looker(context, counter.address)
    page = looker.go(counter.scene.link(number))
    assert page.url == f"{counter.address}/track"
    page.click("a[href='/track/cancel']")
    assert "£15.00" in page.inner_text("main")
    looker.check()
    page.dblclick("form.large button")
    page.wait_for_selector("[data-toast]")
    assert page.inner_text("h1") == "Cancelled"
    looker.check()
    page.go_back()
    assert "It is cancelled already." in page.inner_text("main")
    assert len(counter.floor.rows("SELECT 1 FROM fact WHERE type = 'order_cancelled'")) == 1
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    context.close()


def test_a_customer_sends_something_back_with_a_photo_from_a_phone(counter: Counter, looker: Looker):
    number = counter.scene.delivered({"MUG": 2})
    page = looker.go(counter.scene.link(number))
    page.click("a[href='/returns']")
    page.select_option("#units-1", "1")
    page.select_option("#reason", "damaged")
    page.click("form.large button")
    page.wait_for_url("**/returns/check**")
    assert "7,50" in page.inner_text("h1")
    page.set_input_files("#photo-0", {"name": "mug.png", "mimeType": "image/png", "buffer": png()})
    page.click("form.large button")
    page.wait_for_url("**/returns/R-*")
    assert page.locator(".pictures img").evaluate("image => image.complete || image.decode()") is not False
    assert page.locator(".code svg").is_visible()
    looker.check()
