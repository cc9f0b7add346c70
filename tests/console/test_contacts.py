"""Contacts on an order's page: written down, shown as text, and taken back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from orderwright.business.orders.form import CustomerForm
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


def test_a_contact_of_this_morning_is_written_down_by_the_clock_of_who_does(console: Console, number: str):
    visit = console.visit(console.person("clerk", name="Clara Clerk"))
    local = datetime.now(ZoneInfo("Asia/Tokyo")) - timedelta(hours=5)
    told = f"{local:%Y-%m-%dT%H:%M}"
    assert write(visit, number, asked_at=told, zone="Asia/Tokyo") == 303
    [asked] = console.shop.rows("SELECT asked_at FROM contact")
    assert asked.asked_at == datetime.fromisoformat(told).replace(tzinfo=ZoneInfo("Asia/Tokyo"))
    tomorrow = f"{local + timedelta(days=1):%Y-%m-%dT%H:%M}"
    for wrong in (tomorrow, "yesterday"):
        assert write(visit, number, asked_at=wrong, zone="Asia/Tokyo") == 422
    for nowhere in ("No/Such", "../etc", ""):
        assert write(visit, number, asked_at=told, zone=nowhere) == 422
    assert console.shop.value("SELECT count(*) FROM contact") == 1


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


def test_what_a_customer_got_in_touch_about_stands_on_their_page(console: Console, number: str):
    visit = console.visit(console.person("clerk", name="Clara Clerk"))
    for words in ("Where is it?", f"Again {EVIL}"):
        write(visit, number, words=words)
    first = str(console.shop.value("SELECT id::text FROM contact WHERE words = 'Where is it?'"))
    visit.submit(f"/orders/{number}", f"/orders/{number}/contacts/{first}/withdraw")
    customer = str(console.shop.value("SELECT customer_id::text FROM orders WHERE customer_id IS NOT NULL"))
    page = visit.get(f"/customers/{customer}")
    assert f'href="/orders/{number}#contacts"' in page.text
    assert "Again &lt;img src=x onerror=" in page.text
    assert EVIL not in page.text
    assert "Where is it?" not in page.words


def test_whoever_sees_one_channel_reads_no_contact_of_another(console: Console, number: str):
    write(console.visit(console.person("clerk", name="Clara Clerk")), number, words="Where is it?")
    customer = str(console.shop.value("SELECT customer_id::text FROM orders WHERE customer_id IS NOT NULL"))
    console.shop.channel("other")
    console.shop.place({"MUG": 1}, channel="other", customer=CustomerForm(email="buyer1@example.org", name="A. Buyer"))
    page = console.visit(console.person("clerk", name="Olga Other", channels=["other"])).get(f"/customers/{customer}")
    assert page.status == 200
    assert "Where is it?" not in page.words
