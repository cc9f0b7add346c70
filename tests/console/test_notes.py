"""Notes on an order's page, and in the inbox of whom they name."""

import pytest

from tests.console.conftest import Console
from tests.console.visiting import Visit

EVIL = '<img src=x onerror="alert(1)">'


@pytest.fixture
def clerk(console: Console) -> Visit:
    console.owner()
    return console.visit(console.person("clerk", name="Clara Clerk"))


def number_of(console: Console) -> str:
    return str(console.shop.place({"MUG": 1}).number)


def write(visit: Visit, number: str, text: str, **fields: str) -> int:
    return visit.submit(f"/orders/{number}", f"/orders/{number}/notes", text=text, **fields).status


def test_a_note_stands_on_the_order_and_in_its_timeline(console: Console, clerk: Visit):
    number = number_of(console)
    assert write(clerk, number, f"Call first.\n{EVIL}") == 303
    page = clerk.get(f"/orders/{number}")
    assert page.text.count("Call first.\n&lt;img src=x onerror=") == 2
    assert EVIL not in page.text
    assert "Clara Clerk" in page.words
    assert "A note was written" in page.words


def test_whom_a_note_names_finds_it_until_they_have_seen_it(console: Console, clerk: Visit):
    number = number_of(console)
    sam = console.visit(console.person("support", name="Sam"))
    assert "No notes for you" in sam.get("/me/notes").words
    write(clerk, number, f"@Sam {EVIL}")
    assert "1 note for you" in sam.get("/orders").text
    page = sam.get("/me/notes")
    assert EVIL not in page.text
    assert f'href="/orders/{number}#notes"' in page.text
    assert sam.post("/me/notes/seen", page.hidden("/me/notes/seen")).location == "/me/notes"
    assert "note for you" not in sam.get("/orders").text
    assert "I have seen them" not in sam.get("/me/notes").words
    assert number in sam.get("/me/notes").words


def test_pressing_twice_writes_it_once(console: Console, clerk: Visit):
    number = number_of(console)
    fields = {**clerk.get(f"/orders/{number}").hidden(f"/orders/{number}/notes"), "text": "Once."}
    assert [clerk.post(f"/orders/{number}/notes", fields).status for _ in range(2)] == [303, 303]
    assert console.shop.value("SELECT count(*) FROM order_note") == 1


def test_an_empty_note_is_answered_at_its_field(console: Console, clerk: Visit):
    number = number_of(console)
    seen = clerk.submit(f"/orders/{number}", f"/orders/{number}/notes", text=" ")
    assert (seen.status, 'id="text-wrong"' in seen.text) == (422, True)
    assert write(clerk, number, "x" * 2001) == 422


def test_who_may_only_look_reads_notes_and_writes_none(console: Console, clerk: Visit):
    number = number_of(console)
    write(clerk, number, "Call first.")
    analyst = console.visit(console.person("analyst", name="Ann"))
    page = analyst.get(f"/orders/{number}")
    assert "Call first." in page.words
    assert f'action="/orders/{number}/notes"' not in page.text


def test_an_order_says_that_nothing_was_written_to_its_customer(console: Console, clerk: Visit):
    words = clerk.get(f"/orders/{number_of(console)}").words
    assert "Messages to the customer None." in words
