"""Signing in, as people do."""

from collections.abc import Callable

from playwright.sync_api import Page

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


def test_the_link_of_who_is_invited_is_whole_as_it_stands(console: Console, look: Look):
    looker = look(console.owner())
    page = looker.go("/staff")
    page.fill("[name=name]", "Sam")
    page.fill("[name=email]", "sam@example.org")
    page.check("[name='role/clerk']")
    page.click("text=Invite >> nth=-1")
    link = page.inner_text("#join-address")
    assert link.startswith(f"{console.address}/join/")
    looker.check()
    page.goto(link)
    assert page.locator("[name=password]").count() == 1


def test_signing_in_fits_a_phone_in_spanish_and_in_the_dark(console: Console, look: Look):
    looker = look(viewport=PHONE, locale="es-ES", color_scheme="dark")
    page = looker.go("/sign-in")
    assert page.inner_text("h1") == "Iniciar sesión"
    looker.check()


def _sign_in(page: Page, email: str) -> None:
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".me")


def test_what_was_written_is_there_again_when_the_session_ended_meanwhile(console: Console, look: Look):
    looker = look(console.owner())
    page = looker.go("/settings/channels/new")
    page.fill("[name=code]", "fair")
    page.fill("[name=name]", "Fair")
    page.fill("[name=currency]", "GBP")
    page.uncheck("[name=is_active][type=checkbox]")
    looker.context.clear_cookies()
    page.click("main form .deeds button")
    page.wait_for_url("**/sign-in?next=*")
    _sign_in(page, "olivia@example.org")
    assert page.url == console.address + "/settings/channels/new"
    assert [page.input_value(f"[name='{name}']") for name in ("code", "name")] == ["fair", "Fair"]
    assert not page.is_checked("[name=is_active][type=checkbox]")
    assert page.is_visible("[data-again]")
    looker.check()
    page.click("main form .deeds button")
    page.wait_for_selector("[data-toast]", state="attached")
    assert console.shop.value("SELECT name FROM channel WHERE code = 'fair'") == "Fair"
    page = looker.go("/settings/channels/new")
    assert page.input_value("[name=code]") == ""
    assert not page.is_visible("[data-again]")


def test_a_note_is_there_again_on_its_order_and_only_for_who_wrote_it(console: Console, look: Look):
    looker = look(console.owner())
    console.person("clerk", name="Clara Clerk")
    number = console.shop.place({"MUG": 1}).number
    for email, kept in (("clara.clerk@example.org", ""), ("olivia@example.org", "Call her back.")):
        looker.context.clear_cookies()
        page = looker.go(f"/sign-in?next=%2Forders%2F{number}")
        _sign_in(page, "olivia@example.org")
        page.fill("textarea[name=text]", "Call her back.")
        looker.context.clear_cookies()
        page.click(f"form[action='/orders/{number}/notes'] button")
        page.wait_for_url("**/sign-in?next=*")
        _sign_in(page, email)
        assert page.url.partition("#")[0] == f"{console.address}/orders/{number}"
        assert page.input_value("textarea[name=text]") == kept
    looker.check()
