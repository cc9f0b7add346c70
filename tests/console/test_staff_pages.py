"""People and their one-time links, and what is one's own: second step and PIN."""

import re

import pyotp
import pytest

from tests.console.conftest import PASSWORD, Console


def test_somebody_is_invited_by_a_link_told_once_and_comes_in(console: Console):
    owner = console.visit(console.owner())
    fields = {**owner.get("/staff").hidden("/staff"), "name": "Kim", "email": "kim@example.org", "role/picker": "true"}
    [link] = re.findall(r"/join/[\w.-]+", owner.post("/staff", {**fields, "sites": "LEEDS"}).text)
    again = owner.post("/staff", {**fields, "sites": "LEEDS"})
    assert ("/join/" in again.text, "It was shown before" in again.words) == (False, True)
    kim = console.visit()
    assert kim.submit(link, link, password=PASSWORD).status == 303
    assert kim.get("/me").title == "Your account"
    assert owner.get("/staff").words.count("kim@example.org") == 1


def test_what_is_wrong_with_an_invitation_stands_at_its_fields(console: Console):
    owner = console.visit(console.owner())
    fields = {**owner.get("/staff").hidden("/staff"), "name": "Kim", "email": "nowhere", "role/picker": "true"}
    seen = owner.post("/staff", fields)
    assert (seen.status, 'id="email-wrong"' in seen.text) == (422, True)
    no_roles = owner.post("/staff", {**owner.get("/staff").hidden("/staff"), "name": "K", "email": "k@example.org"})
    assert no_roles.status == 422


def test_a_person_gets_other_roles_is_shut_out_and_let_in(console: Console):
    owner, pia = console.visit(console.owner()), console.person("picker", name="Pia")
    [account] = console.shop.rows("SELECT id::text FROM staff_account WHERE name = 'Pia'")
    here = f"/staff/{account.id}"
    owner.submit(here, f"{here}/roles", **{"role/clerk": "true"})
    assert console.shop.value("SELECT roles FROM staff_account WHERE name = 'Pia'") == ["clerk"]
    assert console.visit(pia).get("/me").status == 303
    assert owner.submit(here, f"{here}/disable").location == here
    assert "Shut out" in owner.get(here).words
    assert owner.submit(here, f"{here}/enable").location == here
    linked = owner.post(f"{here}/link", owner.get(here).hidden(f"{here}/link"))
    assert len(re.findall(r"/join/[\w.-]+", linked.text)) == 1


def test_a_manager_makes_no_owner(console: Console):
    console.owner()
    mia = console.visit(console.person("manager", name="Mia"))
    assert 'name="role/owner"' not in mia.get("/staff").text
    fields = {**mia.get("/staff").hidden("/staff"), "name": "Eve", "email": "eve@example.org", "role/owner": "true"}
    seen = mia.post("/staff", fields)
    assert "/join/" not in seen.text
    assert console.shop.rows("SELECT 1 FROM staff_account WHERE name = 'Eve'") == []
    assert console.visit(console.person("clerk", name="Cleo")).get("/staff").status == 403


def test_a_second_step_is_set_up_confirmed_and_taken_away(console: Console):
    visit = console.visit(console.owner())
    assert visit.get("/me/totp").location == "/me"
    assert visit.submit("/me", "/me/totp/begin", proof="wrong").status == 401
    assert visit.submit("/me", "/me/totp/begin", proof=PASSWORD).location == "/me/totp"
    page = visit.get("/me/totp")
    assert "data:image/svg+xml;base64," in page.text
    [secret] = re.findall(r'class="once"[^>]*>([A-Z2-7 ]+)<', page.text)
    wrong = visit.submit("/me/totp", "/me/totp", code="000000")
    assert "This is not the code of the moment." in wrong.words
    code = pyotp.TOTP(secret.replace(" ", "")).now()
    told = visit.submit("/me/totp", "/me/totp", code=code)
    codes = re.findall(r"<li>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</li>", told.text)
    assert (len(codes), codes[0] in visit.get("/me/totp/codes").text) == (10, False)
    assert "10 recovery codes are left" in visit.get("/me").words
    elsewhere = console.visit()
    elsewhere.submit("/sign-in", "/sign-in", email="olivia@example.org", password=PASSWORD)
    fields = elsewhere.get("/sign-in/code").text
    once = re.findall(r'name="once" value="([^"]+)"', fields)[-1]
    assert (
        elsewhere.post("/sign-in/code", {"once": once, "next": "/orders", "recovery": codes[0]}).location == "/orders"
    )
    assert "9 recovery codes are left" in elsewhere.get("/me").words
    assert console.shop.value("SELECT totp <> '' FROM staff_account") is True
    visit.submit("/me", "/me/totp/remove", proof=PASSWORD)
    assert console.shop.value("SELECT totp || totp_new FROM staff_account") == ""


@pytest.mark.parametrize(("pin", "status"), [("4711", 303), ("1234", 422), ("47a1", 422), ("47114711", 422)])
def test_a_pin_has_four_to_six_digits_nobody_guesses(console: Console, pin: str, status: int):
    visit = console.visit(console.owner())
    assert visit.submit("/me", "/me/pin", pin=pin).status == status
