"""Sessions: a cookie is a key to a row, and opens nothing once that row has ended."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from orderwright.business.staff.entrance import change_password, confirm_password, join
from orderwright.business.staff.forms import EndSessions, MakeLink, SetActive, SetRoles, TouchSession
from orderwright.business.staff.people import make_links, set_active, set_roles
from orderwright.business.staff.reads import list_sessions
from orderwright.business.staff.sessions import end_sessions, touch_sessions
from orderwright.database.backup import back_up, restore
from orderwright.database.keys import SCOPES
from orderwright.database.retention import forget_old
from orderwright.settings import PutSettings, put_settings
from orderwright.values.refusal import Refusal
from tests.staff.people import DESK, PASSWORD, Staff, code_of

NEW = "another lamp, another kettle"


def why(staff: Staff, session_id: str) -> str:
    return str(staff.shop.value("SELECT ended_why FROM staff_session WHERE id = %(id)s::uuid", id=session_id))


def test_after_signing_out_the_old_cookie_opens_nothing(staff: Staff) -> None:
    staff.owner()
    kim, again = staff.joined("Kim", "picker"), staff.sign_in("Kim")
    me = kim.visitor
    out = EndSessions(account_id=me.account_id, id=me.session_id, actor=me.actor)
    assert [each.sessions for each in staff.run(end_sessions, [out, out])] == [1, 0]
    assert staff.visitor(kim.token) is None
    assert staff.visitor(again.token) is not None  # only this one
    assert why(staff, me.session_id) == "signed_out"


def test_a_new_password_ends_every_session_and_gives_a_new_one(staff: Staff) -> None:
    olive = staff.owner()
    elsewhere = staff.sign_in("Olive")
    fresh = change_password(staff.run, olive.visitor, PASSWORD, NEW, DESK)
    assert [staff.visitor(each.token) is None for each in (olive, elsewhere, fresh)] == [True, True, False]
    assert why(staff, elsewhere.visitor.session_id) == "password"
    with pytest.raises(Refusal):
        staff.sign_in("Olive", PASSWORD)
    staff.sign_in("Olive", NEW)


def test_a_wrong_old_password_changes_nothing(staff: Staff) -> None:
    olive = staff.owner()
    before = staff.counts()
    for old, new, code in (("wrong", NEW, "sign_in_refused"), (PASSWORD, "short", "weak_password")):
        with pytest.raises(Refusal) as no:
            change_password(staff.run, olive.visitor, old, new, DESK)
        assert no.value.code == code
    assert staff.counts() == before
    assert staff.visitor(olive.token) is not None


def test_other_roles_end_every_session(staff: Staff) -> None:
    staff.owner()
    kim = staff.joined("Kim", "picker")
    me = kim.visitor.account_id
    same = SetRoles(id=me, roles=["picker"], by=SCOPES, actor="staff:Olive")
    staff.one(set_roles, same)
    assert staff.visitor(kim.token) is not None  # nothing changed
    staff.one(set_roles, SetRoles(id=me, roles=["clerk"], by=SCOPES, actor="staff:Olive"))
    assert staff.visitor(kim.token) is None
    assert why(staff, kim.visitor.session_id) == "roles"
    assert staff.sign_in("Kim").visitor.roles == {"clerk"}


def test_who_is_disabled_is_out_at_once_and_stays_out(staff: Staff) -> None:
    staff.owner()
    kim = staff.joined("Kim", "picker")
    stop = SetActive(id=kim.visitor.account_id, is_active=False, by=SCOPES, actor="staff:Olive")
    staff.one(set_active, stop)
    assert staff.visitor(kim.token) is None
    with pytest.raises(Refusal) as no:
        staff.sign_in("Kim")
    assert no.value.code == "sign_in_refused"
    back = SetActive(id=kim.visitor.account_id, is_active=True, by=SCOPES, actor="staff:Olive")
    staff.run(set_active, [back, back])
    assert staff.visitor(kim.token) is None  # what ended has ended
    staff.sign_in("Kim")


def test_a_reset_link_ends_every_session_once_it_is_used(staff: Staff) -> None:
    staff.owner()
    kim = staff.joined("Kim", "picker")
    first, second = staff.run(make_links, [MakeLink(id=kim.visitor.account_id, by=SCOPES, actor="cli")] * 2)
    assert staff.visitor(kim.token) is not None
    with pytest.raises(Refusal) as no:
        join(staff.run, first.token, NEW, [])
    assert no.value.code == "link_spent"  # the second one replaced it
    join(staff.run, second.token, NEW, [])
    assert staff.visitor(kim.token) is None


def test_who_does_nothing_is_signed_out_after_an_hour_and_who_is_busy_after_twelve(staff: Staff) -> None:
    olive = staff.owner()
    me = olive.visitor
    touch = TouchSession(session_id=me.session_id, actor=me.actor)
    assert not me.is_stale(me.seen_at + timedelta(seconds=59))
    assert me.is_stale(me.seen_at + timedelta(minutes=1))
    for _ in range(12):
        staff.wait(timedelta(minutes=59))
        assert staff.one(touch_sessions, touch) is True
        assert staff.visitor(olive.token) is not None
    staff.wait(timedelta(minutes=12))
    assert staff.visitor(olive.token) is None  # twelve hours
    idle = staff.sign_in("Olive")
    staff.wait(timedelta(minutes=60))
    assert staff.visitor(idle.token) is None


def test_how_long_is_a_setting(staff: Staff) -> None:
    staff.shop.run(put_settings, PutSettings(values={"staff.idle_minutes": 5, "staff.session_hours": 1}, actor="test"))
    olive = staff.owner()
    staff.wait(timedelta(minutes=5))
    assert staff.visitor(olive.token) is None


def test_a_session_that_ended_is_not_brought_back_by_being_seen(staff: Staff) -> None:
    olive = staff.owner()
    me = olive.visitor
    staff.one(end_sessions, EndSessions(account_id=me.account_id, actor=me.actor))
    late = [TouchSession(session_id=each, actor=me.actor) for each in (me.session_id, "x")]
    assert staff.run(touch_sessions, late) == [False, False]
    assert staff.visitor(olive.token) is None


def test_sessions_are_listed_and_ended_by_their_person_but_the_one_in_hand(staff: Staff) -> None:
    olive, other = staff.owner(), staff.sign_in("Olive")
    me = olive.visitor
    with staff.shop.store.read() as tx:
        shown = list_sessions(tx, me.account_id).items
        assert list_sessions(tx, "nonsense").items == []
    assert {each.id for each in shown} == {me.session_id, other.visitor.session_id}
    assert {(each.address, each.agent, each.device) for each in shown} == {("192.0.2.7", "Firefox", "")}
    staff.one(end_sessions, EndSessions(account_id=me.account_id, but=me.session_id, actor=me.actor))
    assert [staff.visitor(each.token) is None for each in (olive, other)] == [False, True]


def test_somebody_else_is_signed_out_only_by_who_may_do_as_much(staff: Staff) -> None:
    olive = staff.owner()
    max_ = staff.joined("Max", "manager")
    out = EndSessions(account_id=olive.visitor.account_id, by=max_.visitor.scopes, why="ended", actor="staff:Max")
    assert code_of(staff.one(end_sessions, out)) == "role_beyond"
    assert code_of(staff.one(end_sessions, EndSessions(account_id="mist", actor="x"))) == "not_found"
    assert staff.visitor(olive.token) is not None


def test_a_password_given_once_more_is_written_down(staff: Staff) -> None:
    olive = staff.owner()
    staff.wait(timedelta(minutes=30))
    with pytest.raises(Refusal):
        confirm_password(staff.run, olive.visitor, "wrong", DESK)
    assert staff.visitor(olive.token) == olive.visitor
    confirm_password(staff.run, olive.visitor, PASSWORD, DESK)
    proved = staff.visitor(olive.token)
    assert proved is not None
    assert proved.proved_at - olive.visitor.proved_at >= timedelta(minutes=29)


def test_a_cookie_that_is_none_belongs_to_nobody(staff: Staff) -> None:
    olive = staff.owner()
    for token in ("", "main", "main.", f"{olive.token}x", olive.token[:-1], "\0", "é" * 300, "\ud800"):
        assert staff.visitor(token) is None


def test_after_a_restore_nobody_is_signed_in_and_no_link_counts(staff: Staff, tmp_path: Path) -> None:
    olive, kim = staff.owner(), staff.invited("Kim", "picker")
    store = staff.shop.store
    back_up(store.database.dsn, store.schema, tmp_path / "store.dump")
    with psycopg.connect(store.database.dsn, autocommit=True) as connection:
        connection.execute(f'DROP SCHEMA "{store.schema}" CASCADE'.encode())
        connection.execute("DELETE FROM orderwright.store WHERE schema = %s", [store.schema])
    restore(store.database.dsn, tmp_path / "store.dump")
    assert staff.visitor(olive.token) is None
    with pytest.raises(Refusal):
        join(staff.run, kim.token, PASSWORD, [])
    staff.sign_in("Olive")


def test_old_sessions_links_and_gates_are_forgotten(staff: Staff) -> None:
    staff.owner()
    with pytest.raises(Refusal):
        staff.sign_in("Olive", "wrong")
    staff.wait(timedelta(days=91))
    fresh = staff.sign_in("Olive")
    with staff.shop.begin() as tx:
        forget_old(tx)
    assert staff.shop.value("SELECT count(*) FROM staff_session") == 1
    assert staff.shop.value("SELECT count(*) FROM staff_link") == 0
    assert staff.visitor(fresh.token) is not None
