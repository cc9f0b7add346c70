"""Contacts on an order's page: written down, shown as text, and taken back."""

import pytest

from tests.console.conftest import Console
from tests.console.visiting import Visit

EVIL = '<img src=x onerror="alert(1)">'


@pytest.fixture
def number(console: Console) -> str:
    console.owner()
    return str(console.shop.place({"MUG": 1}).number)


def write(visit: Visit, number: str, **fields: str) -> int:
    told = {"reason": "where_is_it", "channel": "phone", **fields}
    return visit.submit(f"/orders/{number}", f"/orders/{number}/contacts", **told).status


@pytest.mark.parametrize("role", ["clerk", "support"])
def test_a_contact_stands_on_the_order_and_in_its_timeline(console: Console, number: str, role: str):
    visit = console.visit(console.person(role, name="Clara Clerk"))
    assert write(visit, number, words=f"Since Monday {EVIL}", is_settled="true") == 303
    page = visit.get(f"/orders/{number}")
    assert "Since Monday &lt;img src=x onerror=" in page.text
    assert EVIL not in page.text
    assert "The customer got in touch: Where is my order?" in page.words
    assert console.shop.rows("SELECT reason, channel, is_settled, actor FROM contact") == [
        ("where_is_it", "phone", True, "staff:Clara Clerk")
    ]


def test_a_contact_written_down_by_mistake_is_taken_back(console: Console, number: str):
    visit = console.visit(console.person("clerk", name="Clara Clerk"))
    write(visit, number)
    id_ = str(console.shop.value("SELECT id::text FROM contact"))
    back = f"/orders/{number}/contacts/{id_}/withdraw"
    assert visit.submit(f"/orders/{number}", back).status == 303
    page = visit.get(f"/orders/{number}")
    assert "Taken back" in page.words
    assert back not in page.text


def test_who_may_only_look_writes_no_contact(console: Console, number: str):
    visit = console.visit(console.person("analyst", name="Ana"))
    page = visit.get(f"/orders/{number}")
    assert "Nobody wrote a contact down yet." in page.words
    assert f"/orders/{number}/contacts" not in page.text


def test_an_unknown_reason_is_answered_and_nothing_is_kept(console: Console, number: str):
    visit = console.visit(console.person("clerk", name="Clara Clerk"))
    assert write(visit, number, reason="boredom") == 422
    assert console.shop.value("SELECT count(*) FROM contact") == 0


def test_the_fields_have_names_of_their_own_beside_those_of_dialogs(console: Console, number: str):
    visit = console.visit(console.person("clerk", name="Clara Clerk"))
    page, dialog = visit.get(f"/orders/{number}"), visit.get(f"/orders/{number}/cancel")
    assert ('id="reason"' in page.text, 'id="contact-reason"' in page.text) == (False, True)
    assert 'id="reason"' in dialog.text
