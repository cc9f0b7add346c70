"""Practising in a real browser: begun with one click, marked while it lasts, left with one click."""

from collections.abc import Callable

from tests.browser.chromium import PHONE, Looker
from tests.console.conftest import Console

Look = Callable[..., Looker]


def test_one_click_leads_into_practice_and_one_out_again(console: Console, look: Look):
    looker = look(
        console.owner(), viewport=PHONE, color_scheme="dark", locale="es-ES", is_mobile=True, has_touch=True
    )  # fmt: skip
    page = looker.go("/practice")
    looker.check()
    page.get_by_role("button", name="Empezar a practicar").click()
    page.wait_for_selector(".in-practice .course")
    page.get_by_role("button", name="Ver una pista").first.click()
    page.wait_for_selector(".course .note")
    looker.check()
    page = looker.go("/floor/begin/pick?site=PRACTICE")
    assert page.locator(".invented").is_visible()
    looker.check()
    page.get_by_role("button", name="Volver a la tienda").click()
    page.wait_for_selector("body:not(.in-practice)")
