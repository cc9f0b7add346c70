"""A second step: a code of an authenticator app, each taken once."""

from datetime import timedelta
from pathlib import Path

import pytest
from pyotp import TOTP

from orderwright.business.staff.codes import step_of
from orderwright.business.staff.entrance import give_code, join, sign_in
from orderwright.business.staff.forms import (
    BeginTotp,
    CodeNeeded,
    ConfirmTotp,
    EnterCode,
    MakeLink,
    MakeRecoveryCodes,
    RecoveryCodes,
    RemoveTotp,
    SignedIn,
)
from orderwright.business.staff.own import begin_totp, confirm_totp, make_recovery_codes, remove_totp
from orderwright.business.staff.people import make_links
from orderwright.business.staff.reads import count_recovery_codes
from orderwright.business.staff.sessions import enter_codes, find_ticket_owner
from orderwright.database.keys import SCOPES
from orderwright.values.refusal import Refusal
from tests.meeting import while_open
from tests.staff.people import DESK, PASSWORD, Staff, code_of


@pytest.fixture
def owner(staff: Staff) -> SignedIn:
    staff.wait(timedelta())  # the clock stands still from now on
    return staff.owner()


def code(staff: Staff, secret: str, later: int = 0) -> str:
    with staff.shop.store.read() as tx:
        return TOTP(secret).generate_otp(int(tx.now.timestamp()) // 30 + later)


def switched_on(staff: Staff, owner: SignedIn) -> str:
    me = owner.visitor.account_id
    key = staff.one(begin_totp, BeginTotp(account_id=me, actor="staff:Olive"))
    confirmed = staff.one(confirm_totp, ConfirmTotp(account_id=me, code=code(staff, key.secret), actor="staff:Olive"))
    assert isinstance(confirmed, RecoveryCodes)
    return str(key.secret)


def test_after_the_password_a_code_is_asked_for_and_lets_in(staff: Staff, owner: SignedIn) -> None:
    secret = switched_on(staff, owner)
    needed = sign_in(staff.run, "olive@shop.example", PASSWORD, DESK)
    assert isinstance(needed, CodeNeeded)
    assert staff.visitor(needed.ticket) is None  # a ticket is no session
    staff.wait(timedelta(seconds=30))
    with staff.shop.store.read() as tx:
        assert find_ticket_owner(tx, needed.ticket) == owner.visitor.account_id
    signed = give_code(staff.run, needed.ticket, owner.visitor.account_id, code(staff, secret), DESK)
    assert staff.visitor(signed.token) == signed.visitor


def test_a_code_is_taken_once(staff: Staff, owner: SignedIn) -> None:
    secret = switched_on(staff, owner)
    used = code(staff, secret)  # by switching it on
    me = owner.visitor.account_id
    before = staff.counts()
    with pytest.raises(Refusal) as no:
        give_code(staff.run, staff.ticket("Olive"), me, used, DESK)
    assert no.value.code == "sign_in_refused"
    assert staff.counts() == {**before, "staff_link": before["staff_link"] + 1}
    staff.wait(timedelta(seconds=30))
    fresh = code(staff, secret)
    assert isinstance(give_code(staff.run, staff.ticket("Olive"), me, fresh, DESK), SignedIn)
    for again in (fresh, used):
        with pytest.raises(Refusal) as no:
            give_code(staff.run, staff.ticket("Olive"), me, again, DESK)
        assert no.value.code == "sign_in_refused"


def test_a_code_two_processes_are_given_at_the_same_moment_lets_in_one_of_them(staff: Staff, owner: SignedIn) -> None:
    secret = switched_on(staff, owner)
    staff.wait(timedelta(seconds=30))
    told = [EnterCode(ticket=staff.ticket("Olive"), code=code(staff, secret), actor="door") for _ in range(2)]
    (first,), (second,) = while_open(
        staff.shop, lambda tx: enter_codes(tx, told[:1]), lambda writer: writer.submit(enter_codes, told[1:])
    )
    assert isinstance(first, SignedIn)
    assert code_of(second) == "sign_in_refused"


def test_a_ticket_is_used_once_and_not_for_long(staff: Staff, owner: SignedIn) -> None:
    secret = switched_on(staff, owner)
    me, ticket, late = owner.visitor.account_id, staff.ticket("Olive"), staff.ticket("Olive")
    staff.wait(timedelta(seconds=30))
    give_code(staff.run, ticket, me, code(staff, secret), DESK)
    staff.wait(timedelta(minutes=10))
    for spent in (ticket, late, "main.nothing"):
        with pytest.raises(Refusal) as no:
            give_code(staff.run, spent, me, code(staff, secret), DESK)
        assert no.value.code == "link_spent"


def test_five_wrong_codes_close_the_gate(staff: Staff, owner: SignedIn) -> None:
    secret = switched_on(staff, owner)
    staff.wait(timedelta(seconds=30))
    me, ticket = owner.visitor.account_id, staff.ticket("Olive")
    codes = []
    for guess in ("000000", "12345", "abcdef", "", "٠٠٠٠٠٠", code(staff, secret)):
        with pytest.raises(Refusal) as no:
            give_code(staff.run, ticket, me, guess, DESK)
        codes.append(no.value.code)
    assert codes == ["sign_in_refused"] * 5 + ["sign_in_wait"]


def test_a_secret_counts_only_once_a_code_of_it_was_given(staff: Staff, owner: SignedIn) -> None:
    me = owner.visitor.account_id
    wrong = ConfirmTotp(account_id=me, code="000000", actor="staff:Olive")
    assert code_of(staff.one(confirm_totp, wrong)) == "staff_step"
    first = staff.one(begin_totp, BeginTotp(account_id=me, actor="staff:Olive"))
    second = staff.one(begin_totp, BeginTotp(account_id=me, actor="staff:Olive"))
    assert second.uri.startswith("otpauth://totp/")
    assert second.secret in second.uri
    for old in (wrong.code, code(staff, first.secret)):
        refused = staff.one(confirm_totp, ConfirmTotp(account_id=me, code=old, actor="staff:Olive"))
        assert code_of(refused) == "wrong_code"
    assert isinstance(sign_in(staff.run, "olive@shop.example", PASSWORD, DESK), SignedIn)


def test_a_reset_takes_it_away_and_so_does_its_owner(staff: Staff, owner: SignedIn) -> None:
    switched_on(staff, owner)
    linked = staff.one(make_links, MakeLink(id=owner.visitor.account_id, by=SCOPES, actor="cli"))
    join(staff.run, linked.token, "another lamp, another kettle", [], DESK)
    signed = sign_in(staff.run, "olive@shop.example", "another lamp, another kettle", DESK)
    assert isinstance(signed, SignedIn)
    staff.wait(timedelta(seconds=30))
    switched_on(staff, signed)
    gone = RemoveTotp(account_id=owner.visitor.account_id, actor="staff:Olive")
    assert [each.has_totp for each in staff.run(remove_totp, [gone, gone])] == [False, False]
    kept = [(each.before["has_totp"], each.after["has_totp"]) for each in staff.changes("Olive") if each.before]
    assert kept == [(False, True), (True, True), (True, False), (False, True), (True, False)]


def test_a_code_may_be_half_a_minute_early_or_late() -> None:
    from datetime import UTC, datetime

    now, secret = datetime(2026, 11, 22, 9, 0, 10, tzinfo=UTC), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    here = int(now.timestamp()) // 30
    told = [step_of(secret, TOTP(secret).generate_otp(here + late), now, 0) for late in (-2, -1, 0, 1, 2)]
    assert told == [None, here - 1, here, here + 1, None]
    assert step_of(secret, TOTP(secret).generate_otp(here - 1), now, here) is None  # older than one taken


def recovery_codes(staff: Staff, owner: SignedIn) -> list[str]:
    wanted = MakeRecoveryCodes(account_id=owner.visitor.account_id, actor="staff:Olive")
    return list(staff.one(make_recovery_codes, wanted).codes)


def left(staff: Staff, owner: SignedIn) -> int:
    with staff.shop.store.read() as tx:
        return count_recovery_codes(tx, owner.visitor.account_id)


def test_a_recovery_code_lets_in_once_however_it_is_written(staff: Staff, owner: SignedIn) -> None:
    switched_on(staff, owner)
    assert left(staff, owner) == 10
    first, second, *_ = codes = recovery_codes(staff, owner)
    assert len({len(each) for each in codes}) == 1
    me = owner.visitor.account_id
    for written in (first, second.upper().replace("-", " ")):
        assert isinstance(give_code(staff.run, staff.ticket("Olive"), me, written, DESK), SignedIn)
    with pytest.raises(Refusal) as no:
        give_code(staff.run, staff.ticket("Olive"), me, first, DESK)
    assert (no.value.code, left(staff, owner)) == ("sign_in_refused", 8)
    kept = [each.after["recovery_codes"] for each in staff.changes("Olive")]
    assert kept[-2:] == [9, 8]
    assert not any(each in str(staff.shop.rows("SELECT * FROM staff_account")) for each in codes)


def test_other_recovery_codes_take_the_place_of_those_there_were(staff: Staff, owner: SignedIn) -> None:
    me = owner.visitor.account_id
    none = staff.one(make_recovery_codes, MakeRecoveryCodes(account_id=me, actor="staff:Olive"))
    assert code_of(none) == "staff_step"
    switched_on(staff, owner)
    old, new = recovery_codes(staff, owner), recovery_codes(staff, owner)
    with pytest.raises(Refusal):
        give_code(staff.run, staff.ticket("Olive"), me, old[0], DESK)
    assert isinstance(give_code(staff.run, staff.ticket("Olive"), me, new[0], DESK), SignedIn)
    staff.one(remove_totp, RemoveTotp(account_id=me, actor="staff:Olive"))
    assert left(staff, owner) == 0


def test_no_secret_is_plain_in_the_database_and_with_another_key_none_can_be_read(
    staff: Staff, owner: SignedIn, tmp_path: Path
) -> None:
    secret = switched_on(staff, owner)
    codes = recovery_codes(staff, owner)
    me = owner.visitor.account_id
    assert secret not in str(staff.shop.rows("SELECT * FROM staff_account"))
    store, key_file = staff.shop.store, staff.shop.store.database.key_file
    store.cache.clear()
    store.database.key_file = tmp_path / "secrets.key"  # as after a restore without the key of before
    try:
        staff.wait(timedelta(seconds=30))
        with pytest.raises(Refusal) as no:
            give_code(staff.run, staff.ticket("Olive"), me, code(staff, secret), DESK)
        assert no.value.code == "sign_in_refused"
        assert isinstance(give_code(staff.run, staff.ticket("Olive"), me, codes[0], DESK), SignedIn)
        switched_on(staff, owner)
    finally:
        store.database.key_file = key_file
        store.cache.clear()
