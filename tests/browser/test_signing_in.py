"""Signing in, as people do."""

from collections.abc import Callable

from tests.browser.chromium import PHONE, Looker
from tests.console.conftest import PASSWORD, Console

Look = Callable[..., Looker]


def test_the_first_owner_begins_signs_out_and_in_again(console: Console, look: Look):
    looker = look()
    page = looker.go(console.first_link())
    looker.check()
    page.fill("[name=name]", "Olivia")
    page.fill("[name=email]", "olivia@example.org")
    page.fill("[name=password]", "short")
    page.click("main form:has([name=name]) button")
    assert page.input_value("[name=email]") == "olivia@example.org"
    assert page.get_attribute("[name=password]", "aria-invalid") == "true"
    looker.check()
    page.fill("[name=password]", PASSWORD)
    page.click("main form:has([name=name]) button")
    page.click(".me summary")
    page.click("text=Sign out")
    assert page.url == console.address + "/sign-in"
    looker.check()
    page.fill("[name=email]", "olivia@example.org")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".me")
    looker.check()


def test_signing_in_fits_a_phone_in_spanish_and_in_the_dark(console: Console, look: Look):
    looker = look(viewport=PHONE, locale="es-ES", color_scheme="dark")
    page = looker.go("/sign-in")
    assert page.inner_text("h1") == "Iniciar sesión"
    looker.check()
