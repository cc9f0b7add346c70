"""Signing in, out, and for the first time."""

from tests.console.conftest import PASSWORD, Console


def test_who_is_not_signed_in_is_asked_to_and_comes_back(console: Console):
    console.owner()
    visit = console.visit()
    assert visit.get("/me?tab=keys").status == 404
    assert visit.get("/").location == "/sign-in"


def test_the_first_owner_comes_in_by_the_link_and_only_once(console: Console):
    path = console.first_link()
    visit = console.visit()
    seen = visit.submit(path, path, name="Olivia", email="olivia@example.org", password=PASSWORD)
    assert (seen.status, seen.location) == (303, "/")
    again = console.visit().get(path)
    assert (again.status, again.title) == (410, "This cannot be done now")


def test_a_wrong_password_is_told_at_the_form_and_what_was_written_stays(console: Console):
    console.owner()
    seen = console.visit().submit("/sign-in", "/sign-in", email="olivia@example.org", password="no")
    assert seen.status == 401
    assert 'value="olivia@example.org"' in seen.text
    assert "does not fit together" in seen.words
    assert 'value="no"' not in seen.text
