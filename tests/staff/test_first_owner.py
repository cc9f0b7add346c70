"""The first owner is made by a one-time link; there is no default password."""

from datetime import timedelta

import pytest

from orderwright.business.staff import entrance
from orderwright.business.staff.entrance import become_owner
from orderwright.business.staff.forms import AcceptFirst, FirstLink, MakeFirstLink, SignedIn
from orderwright.business.staff.links import accept_first_owner, make_first_links
from orderwright.business.staff.reads import find_link
from orderwright.values.refusal import Refusal
from tests.staff.people import DESK, PASSWORD, Staff, code_of

MAKE = MakeFirstLink(actor="serve")


def test_the_first_link_makes_an_owner_who_may_do_everything_and_is_signed_in(staff: Staff) -> None:
    signed = staff.owner()
    visitor = staff.visitor(signed.token)
    assert visitor == signed.visitor
    assert visitor is not None
    assert (visitor.name, visitor.actor, visitor.roles) == ("Olive", "staff:Olive", frozenset({"owner"}))
    assert "admin" in visitor.scopes
    assert (visitor.sites, visitor.channels, visitor.is_device) == (None, None, False)


def test_a_link_works_once_and_no_other_is_made_for_an_owned_store(staff: Staff) -> None:
    link, other = staff.run(make_first_links, [MAKE, MAKE])
    become_owner(staff.run, link.token, "olive@shop.example", "Olive", PASSWORD)
    before = staff.counts()
    for token in (link.token, other.token, "main.nonsense", "", "\0"):
        with pytest.raises(Refusal) as no:
            become_owner(staff.run, token, "eve@shop.example", "Eve", PASSWORD)
        assert no.value.code == "link_spent"
    assert code_of(staff.one(make_first_links, MAKE)) == "has_owner"
    assert staff.counts() == before


def test_of_two_at_the_same_moment_one_becomes_owner(staff: Staff) -> None:
    link = staff.one(make_first_links, MAKE)
    told = [AcceptFirst(token=link.token, email=f"{name}@shop.example", name=name, password="x", actor="door")
            for name in ("ann", "bob")]  # fmt: skip
    first, second = staff.run(accept_first_owner, told)
    assert isinstance(first, SignedIn)
    assert code_of(second) == "link_spent"
    assert staff.counts()["staff_account"] == 1


def test_a_link_of_yesterday_is_too_old(staff: Staff) -> None:
    link: FirstLink = staff.one(make_first_links, MAKE)
    with staff.shop.store.read() as tx:
        assert find_link(tx, link.token) is not None
    staff.wait(timedelta(hours=24))
    with staff.shop.store.read() as tx:
        assert find_link(tx, link.token) is None
    with pytest.raises(Refusal) as no:
        become_owner(staff.run, link.token, "olive@shop.example", "Olive", PASSWORD)
    assert no.value.code == "link_spent"


def test_what_is_wrong_with_a_first_owner_is_told_and_leaves_the_link_as_it_was(staff: Staff) -> None:
    link = staff.one(make_first_links, MAKE)
    for email, name, password, code in (
        ("olive@shop.example", "Olive", "too short", "weak_password"),
        ("nonsense", "Olive", PASSWORD, "malformed"),
        ("olive@shop.example", "", PASSWORD, "malformed"),
        ("olive@shop.example", "a\0b", PASSWORD, "malformed"),
    ):
        with pytest.raises(Refusal) as no:
            become_owner(staff.run, link.token, email, name, password)
        assert no.value.code == code
    assert staff.counts()["staff_account"] == 0
    assert isinstance(become_owner(staff.run, link.token, "olive@shop.example", "Olive", PASSWORD, DESK), SignedIn)


def test_nothing_slow_is_done_for_a_link_there_is_not(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "hashed", lambda secret: pytest.fail("it was hashed"))
    with pytest.raises(Refusal) as no:
        become_owner(staff.run, "main.none", "olive@shop.example", "Olive", PASSWORD)
    assert no.value.code == "link_spent"
    with pytest.raises(Refusal) as no:
        entrance.join(staff.run, "main.none", PASSWORD, [])
    assert no.value.code == "link_spent"


def test_secrets_are_kept_as_hashes_alone(staff: Staff) -> None:
    signed = staff.owner()
    for table in ("staff_account", "staff_session", "staff_link", "house_change"):
        for row in staff.shop.rows(f"SELECT to_jsonb(t)::text AS text FROM {table} t"):
            assert signed.token.partition(".")[2] not in row.text
            assert PASSWORD not in row.text
    assert staff.shop.value("SELECT password FROM staff_account").startswith("$argon2id$")
