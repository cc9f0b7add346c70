"""Signing in, out, and for the first time."""

import pytest

from tests.console.conftest import PASSWORD, Console


def test_who_is_not_signed_in_is_asked_to_and_comes_back(console: Console):
    console.owner()
    visit = console.visit()
    assert visit.get("/").location == "/sign-in"
    asked = visit.get("/orders?state=held").location
    assert asked == "/sign-in?next=%2Forders%3Fstate%3Dheld"
    seen = visit.submit(asked, "/sign-in", email="olivia@example.org", password=PASSWORD)
    assert seen.location == "/orders?state=held"


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example", "/\r\nx: y", ""])
def test_signing_in_leads_to_no_other_host(console: Console, path: str):
    console.owner()
    seen = console.visit().submit("/sign-in", "/sign-in", email="olivia@example.org", password=PASSWORD, next=path)
    assert seen.location == "/"


def test_who_signed_out_is_out_at_once_and_the_browser_forgets(console: Console):
    owner = console.owner()
    visit = console.visit(owner)
    seen = visit.submit("/orders", "/sign-out")
    assert seen.location == "/sign-in"
    assert seen.header("clear-site-data") == '"cache", "storage"'
    assert console.visit(owner).get("/orders").status == 303


def test_over_https_the_cookie_is_kept_for_https_alone(console: Console):
    console.owner()
    visit = console.visit()
    fields = visit.get("/sign-in").hidden("/sign-in") | {"email": "olivia@example.org", "password": PASSWORD}
    seen = visit.post("/sign-in", fields, origin=f"https://127.0.0.1:{console.port}")
    (cookie,) = [value for name, value in seen.headers if name.lower() == "set-cookie" and "Max-Age=0" not in value]
    assert cookie.startswith("__Host-orderwright=")
    assert cookie.endswith("; HttpOnly; SameSite=Lax; Secure")


def test_a_bug_tells_people_a_number_and_nothing_of_our_insides(console: Console, monkeypatch):
    visit = console.visit(console.owner())

    def broken(*_given: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("orderwright.doors.console.pages.orders.list_orders", broken)
    seen = visit.get("/orders")
    assert (seen.status, seen.title) == (500, "Something went wrong on our side")
    assert "secret" not in seen.text
    assert "RuntimeError" not in seen.text


def test_programs_are_told_as_the_api_tells_them(console: Console):
    seen = console.visit().get("/nothing", accept="*/*")
    assert (seen.status, seen.header("content-type")) == (404, "application/problem+json")


def test_the_first_owner_comes_in_by_the_link_and_only_once(console: Console):
    path = console.first_link()
    visit = console.visit()
    seen = visit.submit(path, path, name="Olivia", email="olivia@example.org", password=PASSWORD)
    assert (seen.status, seen.location) == (303, "/")
    again = console.visit().get(path)
    assert (again.status, again.title) == (410, "This link leads nowhere any more")


def test_a_wrong_password_is_told_at_the_form_and_what_was_written_stays(console: Console):
    console.owner()
    seen = console.visit().submit("/sign-in", "/sign-in", email="olivia@example.org", password="no")
    assert seen.status == 401
    assert 'value="olivia@example.org"' in seen.text
    assert "That does not fit together." in seen.words
    assert 'value="no"' not in seen.text
