"""Notes on orders: who wrote what, whom it names, and that it stays."""

from typing import Any

import pytest

from orderwright.business.orders.notes import (
    SeeMentions,
    WriteNote,
    count_unseen,
    list_mentions,
    list_notes,
    see_mentions,
    write_notes,
)
from orderwright.business.orders.story import list_facts
from orderwright.business.staff.forms import Invite
from orderwright.business.staff.naming import Person, mentioned
from orderwright.business.staff.people import invite
from orderwright.business.staff.rules import ROLE_SCOPES
from tests.shop import Shop

PEOPLE = (
    Person("1", "Clara Clerk", "clara@example.org"), Person("2", "Clara Jones", "cj@example.org"),
    Person("3", "Sam", "sam@example.org"), Person("4", "Sam-Lee Woo", "sl.woo@example.org"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Clara Clerk please call", ["1"]),
        ("Ask @cj@example.org, or @SAM.", ["2", "3"]),
        ("@Clara", []),  # two are called so
        ("@cj: done", ["2"]),
        ("@sam-lee", ["4"]),
        ("@sam-lee woo!", ["4"]),
        ("mail x@sam.example, or @samuel", []),
        ("@sam @sam @Clara Jones", ["3", "2"]),
        ("(@sl.woo)", ["4"]),
        ("@", []),
    ],
)
def test_a_text_names_people_after_an_at(text: str, named: list[str]):
    assert mentioned(text, PEOPLE) == named


def person(shop: Shop, name: str, *roles: str, **limits: Any) -> str:
    email = f"{name.lower().replace(' ', '.')}@example.org"
    told = Invite(email=email, name=name, roles=roles or ("clerk",), by=ROLE_SCOPES["owner"], actor="test", **limits)
    return str(shop.run(invite, told)[0].id)


def write(shop: Shop, number: str, text: str, actor: str = "staff:Sam") -> Any:
    return shop.run(write_notes, WriteNote(number=number, text=text, actor=actor))[0]


def unseen(shop: Shop, id_: str) -> int:
    with shop.store.read() as tx:
        return count_unseen(tx, id_)


def test_a_note_is_kept_with_its_author_and_time_and_told_in_the_timeline(shop: Shop):
    number = shop.place({"MUG": 1}).number
    kim = person(shop, "Kim")
    note = write(shop, number, "  Call first.\nThen ship. @kim ")
    assert (note.author, note.text, note.mentions) == ("staff:Sam", "Call first.\nThen ship. @kim", ["Kim"])
    with shop.store.read() as tx:
        assert list_notes(tx, number, after=None, limit=5).items == [note]
        fact = list_facts(tx, number, after=None, limit=1).items[0]
        assert (fact.type, fact.actor) == ("order_noted", "staff:Sam")
        assert bytes(fact.facts).decode() == f'{{"note":"{note.id}","mentions":["{kim}"]}}'
        assert [each.order for each in list_mentions(tx, kim, after=None, limit=5).items] == [number]


def test_notes_are_read_a_page_at_a_time_newest_first(shop: Shop):
    number = shop.place({"MUG": 1}).number
    for text in "abc":
        write(shop, number, text)
    with shop.store.read() as tx:
        first = list_notes(tx, number, after=None, limit=2)
        rest = list_notes(tx, number, after=first.next, limit=2)
    assert ([each.text for each in first.items], [each.text for each in rest.items]) == (["c", "b"], ["a"])


def test_whom_it_names_has_not_seen_it_until_they_say_so(shop: Shop):
    number, kim = shop.place({"MUG": 1}).number, person(shop, "Kim")
    notes = [write(shop, number, f"@kim {i}") for i in range(3)]
    assert unseen(shop, kim) == 3
    some = SeeMentions(account_id=kim, notes=[notes[0].id, "nonsense"], actor="x")
    assert [each.unseen for each in shop.run(see_mentions, some)] == [2]
    assert [each.unseen for each in shop.run(see_mentions, SeeMentions(account_id=kim, actor="x"))] == [0]
    assert unseen(shop, kim) == 0


def test_nobody_is_told_of_an_order_they_may_not_see(shop: Shop):
    number = shop.place({"MUG": 1}).number
    ids = [
        person(shop, "Pia", "picker"),
        person(shop, "Bo", channels=["market"]),
        person(shop, "Cy", sites=["GLASGOW"]),
    ]
    assert write(shop, number, "@pia @bo @cy").mentions == []
    assert [unseen(shop, each) for each in ids] == [0, 0, 0]


def test_nothing_is_kept_of_a_refused_note(shop: Shop):
    number = shop.place({"MUG": 1}).number
    before = shop.counts()
    assert write(shop, number, "   ").code == "malformed"
    assert write(shop, number, "a\x00b").code == "malformed"
    assert write(shop, "OW-999999", "Hello").code == "not_found"
    assert (shop.counts(), shop.value("SELECT count(*) FROM order_note")) == (before, 0)
