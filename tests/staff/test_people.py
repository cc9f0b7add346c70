"""Who is invited, as what, by whom: nobody gives more than they have, and a store keeps an owner."""

from datetime import timedelta

import pytest

from orderwright.business.staff.entrance import join
from orderwright.business.staff.forms import (
    AcceptLink,
    Invite,
    Linked,
    MakeFirstLink,
    MakeLink,
    SetActive,
    SetLanguage,
    SetRoles,
)
from orderwright.business.staff.links import accept_links, make_first_links
from orderwright.business.staff.people import invite, make_links, set_active, set_languages, set_roles
from orderwright.business.staff.reads import find_account_named, find_link, get_account, list_accounts
from orderwright.business.staff.rules import DEVICE_SCOPES, ROLE_SCOPES, scopes_of
from orderwright.database.keys import SCOPES
from orderwright.values.refusal import Refusal
from tests.meeting import while_open
from tests.staff.people import DESK, PASSWORD, Staff, code_of

MANAGER = scopes_of(["manager"])


def test_roles_may_what_api_keys_may_and_only_the_owner_all_of_it() -> None:
    assert scopes_of(["owner"]) == frozenset(SCOPES)
    assert scopes_of(["manager"]) == frozenset(SCOPES) - {"admin"}
    assert all(scopes <= frozenset(SCOPES) for scopes in ROLE_SCOPES.values())
    assert frozenset(SCOPES) >= DEVICE_SCOPES
    assert scopes_of(["picker", "sales"]) == scopes_of(["picker"]) | scopes_of(["sales"])
    assert scopes_of([]) == scopes_of(["king"]) == frozenset()
    assert not any("write" in scope for scope in scopes_of(["analyst", "partner"]))


def test_who_is_invited_chooses_a_password_and_is_in(staff: Staff) -> None:
    staff.owner()
    kim = staff.invited("Kim", "picker", "packer", sites=["LEEDS"], language="es")
    assert (kim.state, kim.roles, kim.sites, kim.channels) == ("invited", ["packer", "picker"], ["LEEDS"], None)
    with staff.shop.store.read() as tx:
        link = find_link(tx, kim.token)
    assert link is not None
    assert (link.kind, link.name, link.email) == ("join", "Kim", "kim@shop.example")
    signed = join(staff.run, kim.token, PASSWORD, [], DESK)
    visitor = signed.visitor
    assert (visitor.name, visitor.sites, visitor.language) == ("Kim", {"LEEDS"}, "es")
    assert visitor.scopes == scopes_of(["picker", "packer"])
    with pytest.raises(Refusal) as no:
        join(staff.run, kim.token, PASSWORD, [])
    assert no.value.code == "link_spent"


def test_an_invitation_lasts_three_days(staff: Staff) -> None:
    staff.owner()
    kim = staff.invited("Kim", "picker")
    staff.wait(timedelta(hours=72))
    before = staff.counts()
    with pytest.raises(Refusal) as no:
        join(staff.run, kim.token, PASSWORD, [])
    assert no.value.code == "link_spent"
    assert staff.counts() == before
    again = staff.one(make_links, MakeLink(id=kim.id, by=SCOPES, actor="staff:Olive"))
    join(staff.run, again.token, PASSWORD, [])


def test_a_name_and_an_address_are_one_persons(staff: Staff) -> None:
    staff.owner()
    staff.invited("Kim", "picker")
    before = staff.counts()
    for email, name in (("KIM@shop.example", "Other"), ("other@shop.example", "kim"), ("olive@shop.example", "X")):
        no = staff.one(invite, Invite(email=email, name=name, roles=["picker"], by=SCOPES, actor="x"))
        assert code_of(no) == "staff_taken"
    assert staff.counts() == before
    twice = [Invite(email="pat@shop.example", name="Pat", roles=["picker"], by=SCOPES, actor="x")] * 2
    made, refused = staff.run(invite, twice)
    assert (made.name, code_of(refused)) == ("Pat", "staff_taken")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"roles": ["king"]}, "bad_role"),
        ({"roles": []}, "bad_role"),
        ({"roles": ["partner"]}, "bad_role"),
        ({"roles": ["owner"], "sites": ["LEEDS"]}, "bad_role"),
        ({"email": "nonsense"}, "malformed"),
        ({"name": " Kim"}, "malformed"),
        ({"name": "K" * 65}, "malformed"),
        ({"name": "a\0b"}, "malformed"),
        ({"sites": ["a\0b"]}, "malformed"),
        ({"language": "tlh"}, "malformed"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_and_makes_nobody(
    staff: Staff, changes: dict[str, object], code: str
) -> None:
    told = {"email": "kim@shop.example", "name": "Kim", "roles": ["picker"], "by": SCOPES, "actor": "x", **changes}
    before = staff.counts()
    assert code_of(staff.one(invite, Invite(**told))) == code  # type: ignore[arg-type]
    assert staff.counts() == before


def test_nobody_gives_or_takes_more_than_they_may_do_themselves(staff: Staff) -> None:
    olive = staff.owner().visitor
    kim = staff.joined("Kim", "picker").visitor
    before = staff.counts()
    refusals = [
        staff.one(invite, Invite(email="e@x.example", name="E", roles=["owner"], by=MANAGER, actor="staff:Max")),
        staff.one(set_roles, SetRoles(id=kim.account_id, roles=["owner"], by=MANAGER, actor="staff:Max")),
        staff.one(set_roles, SetRoles(id=olive.account_id, roles=["picker"], by=MANAGER, actor="staff:Max")),
        staff.one(set_active, SetActive(id=olive.account_id, is_active=False, by=MANAGER, actor="staff:Max")),
        staff.one(make_links, MakeLink(id=olive.account_id, by=MANAGER, actor="staff:Max")),
        staff.one(set_roles, SetRoles(id=kim.account_id, roles=["clerk"], by=kim.scopes, actor="staff:Kim")),
    ]
    assert [code_of(each) for each in refusals] == ["role_beyond"] * 6
    assert staff.counts() == before
    made = staff.one(invite, Invite(email="e@x.example", name="E", roles=["manager"], by=MANAGER, actor="staff:Max"))
    assert isinstance(made, Linked)


def test_the_last_owner_cannot_be_removed(staff: Staff) -> None:
    olive = staff.owner().visitor.account_id
    staff.invited("Ada", "owner")  # who has not come in yet owns nothing
    before = staff.counts()
    down = SetRoles(id=olive, roles=["manager"], by=SCOPES, actor="staff:Olive")
    out = SetActive(id=olive, is_active=False, by=SCOPES, actor="staff:Olive")
    assert code_of(staff.one(set_roles, down)) == "last_owner"
    assert code_of(staff.one(set_active, out)) == "last_owner"
    assert staff.counts() == before
    bob = staff.joined("Bob", "owner").visitor.account_id
    first, second = staff.run(set_active, [out, SetActive(id=bob, is_active=False, by=SCOPES, actor="staff:Olive")])
    assert (first.state, code_of(second)) == ("disabled", "last_owner")
    assert code_of(staff.one(make_first_links, MakeFirstLink(actor="serve"))) == "has_owner"


def test_two_owners_who_remove_each_other_at_the_same_moment_leave_one(staff: Staff) -> None:
    olive, bob = staff.owner().visitor.account_id, staff.joined("Bob", "owner").visitor.account_id
    out = [SetActive(id=each, is_active=False, by=SCOPES, actor="x") for each in (olive, bob)]
    (first,), (second,) = while_open(
        staff.shop, lambda tx: set_active(tx, out[:1]), lambda writer: writer.submit(set_active, out[1:])
    )
    assert first.state == "disabled"
    assert code_of(second) == "last_owner"


def test_a_link_that_is_replaced_while_somebody_uses_it_is_spent(staff: Staff) -> None:
    staff.owner()
    kim = staff.invited("Kim", "picker")
    (link,), (signed,) = while_open(
        staff.shop,
        lambda tx: make_links(tx, [MakeLink(id=kim.id, by=SCOPES, actor="staff:Olive")]),
        lambda writer: writer.submit(accept_links, [AcceptLink(token=kim.token, password="hash", actor="door")]),
    )
    assert isinstance(link, Linked)
    assert code_of(signed) == "link_spent"
    join(staff.run, link.token, PASSWORD, [])


def test_every_change_is_kept_with_before_and_after_and_who_made_it(staff: Staff) -> None:
    staff.owner()
    kim = staff.joined("Kim", "picker").visitor
    staff.one(
        set_roles, SetRoles(id=kim.account_id, roles=["partner"], sites=["LEEDS"], by=SCOPES, actor="staff:Olive")
    )
    stop = SetActive(id=kim.account_id, is_active=False, by=SCOPES, actor="cli")
    staff.run(set_active, [stop, stop])
    kept = [(each.actor, (each.before or {}).get("state"), each.after["state"], each.after["roles"])
            for each in staff.changes("Kim")]  # fmt: skip
    assert kept == [
        ("staff:Olive", None, "invited", ["picker"]),
        ("staff:Kim", "invited", "active", ["picker"]),
        ("staff:Olive", "active", "active", ["partner"]),
        ("cli", "active", "disabled", ["partner"]),
    ]
    assert staff.changes("Kim")[2].after["sites"] == ["LEEDS"]


def test_people_are_found_as_people_write_them(staff: Staff) -> None:
    olive = staff.owner().visitor
    staff.invited("Kim", "picker")
    with staff.shop.store.read() as tx:
        assert [each.name for each in list_accounts(tx).items] == ["Kim", "Olive"]
        assert [each.seen_at is None for each in list_accounts(tx).items] == [True, False]
        found = [find_account_named(tx, words) for words in ("OLIVE", "olive@SHOP.example", "nobody")]
        assert [None if each is None else each.id for each in found] == [olive.account_id, olive.account_id, None]
        with pytest.raises(Refusal):
            get_account(tx, "mist")


def test_people_choose_their_language(staff: Staff) -> None:
    olive = staff.owner()
    told = [
        SetLanguage(account_id=olive.visitor.account_id, language=each, actor="staff:Olive") for each in ("es", "x")
    ]
    chosen, refused = staff.run(set_languages, told)
    assert (chosen.language, code_of(refused)) == ("es", "malformed")
    visitor = staff.visitor(olive.token)
    assert visitor is not None
    assert visitor.language == "es"
    nobody = SetLanguage(account_id="mist", language="es", actor="x")
    assert code_of(staff.one(set_languages, nobody)) == "not_found"


def test_links_of_who_is_disabled_or_unknown_are_not_made(staff: Staff) -> None:
    staff.owner()
    kim = staff.invited("Kim", "picker")
    staff.one(set_active, SetActive(id=kim.id, is_active=False, by=SCOPES, actor="x"))
    refusals = [staff.one(make_links, MakeLink(id=each, by=SCOPES, actor="x")) for each in (kim.id, "mist")]
    assert [code_of(each) for each in refusals] == ["staff_step", "not_found"]
    with staff.shop.store.read() as tx:
        assert find_link(tx, kim.token) is None
    with pytest.raises(Refusal) as no:
        join(staff.run, kim.token, PASSWORD, [])
    assert no.value.code == "link_spent"
