"""What is the visitor's own."""

from tests.console.conftest import PASSWORD, Console

NEW = "seven tall ships at the quay"


def test_a_language_is_chosen_for_all_browsers(console: Console):
    owner = console.owner()
    console.visit(owner).submit("/me", "/me/language", language="es")
    assert console.visit(owner, language="en").get("/me").title == "Su cuenta"


def test_a_new_password_ends_every_other_session_and_this_one_goes_on(console: Console):
    first = console.visit(console.owner())
    second = console.visit()
    second.submit("/sign-in", "/sign-in", email="olivia@example.org", password=PASSWORD)
    old = dict(first.cookies)
    seen = first.submit("/me", "/me/password", old=PASSWORD, password=NEW)
    assert seen.location == "/me"
    assert first.cookies["orderwright"] != old["orderwright"]
    assert first.get("/me").status == 200
    first.cookies = old
    assert first.get("/me").location == "/sign-in?next=%2Fme"


def test_a_wrong_present_password_changes_nothing(console: Console):
    visit = console.visit(console.owner())
    assert visit.submit("/me", "/me/password", old="no", password=NEW).status == 401
    again = console.visit()
    assert again.submit("/sign-in", "/sign-in", email="olivia@example.org", password=PASSWORD).status == 303


def test_somebody_signs_out_elsewhere(console: Console):
    here, there = console.visit(console.owner()), console.visit()
    there.submit("/sign-in", "/sign-in", email="olivia@example.org", password=PASSWORD)
    page = here.get("/me")
    (action,) = {part for part in page.text.split('"') if part.startswith("/me/sessions/")}
    here.submit("/me", action)
    assert there.get("/me").location == "/sign-in?next=%2Fme"
    assert here.get("/me").status == 200


def test_who_sees_no_orders_begins_on_the_floor(console: Console):
    console.owner()
    assert console.visit(console.person("picker", name="Pia")).get("/").location == "/floor"
