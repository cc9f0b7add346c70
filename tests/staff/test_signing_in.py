"""Signing in: the right password lets in, everything else is refused in the same words after the same work."""

from datetime import timedelta

import pytest

from orderwright.business.staff import entrance, passwords
from orderwright.business.staff.entrance import sign_in
from orderwright.business.staff.forms import Knock, Known, OpenSession, Place, SetActive
from orderwright.business.staff.gates import knock
from orderwright.business.staff.people import set_active
from orderwright.business.staff.sessions import open_sessions
from orderwright.database.keys import SCOPES
from orderwright.values.refusal import Refusal
from tests.meeting import while_open
from tests.staff.people import DESK, PASSWORD, Staff, code_of


def refused(staff: Staff, email: str, password: str, place: Place = DESK) -> str:
    with pytest.raises(Refusal) as no:
        sign_in(staff.run, email, password, place)
    return no.value.code


def test_the_right_password_lets_in_however_the_address_is_written(staff: Staff) -> None:
    staff.owner()
    for email in ("olive@shop.example", "OLIVE@Shop.Example ", "olive@SHOP.example"):
        signed = sign_in(staff.run, email, PASSWORD, DESK)
        assert staff.visitor(signed.token) is not None  # type: ignore[union-attr]


def test_each_sign_in_makes_a_new_session_with_a_key_of_its_own(staff: Staff) -> None:
    staff.owner()
    one, two = staff.sign_in("Olive"), staff.sign_in("Olive")
    assert one.token != two.token
    assert one.visitor.session_id != two.visitor.session_id
    assert one.visitor.csrf != two.visitor.csrf
    assert one.token.startswith(f"{staff.shop.store.name}.")


def test_nobody_and_somebody_with_a_wrong_password_are_told_the_same_after_the_same_work(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff.owner()
    staff.invited("Kim", "picker")
    gone = staff.joined("Pat", "clerk")
    staff.one(set_active, SetActive(id=gone.visitor.account_id, is_active=False, by=SCOPES, actor="staff:Olive"))
    seen: list[int] = []
    statements: list[int] = []
    verify, run = passwords._HASHER.verify, staff.run
    monkeypatch.setattr(passwords, "_HASHER", _Counting(verify, seen))

    def counted(action: object, commands: object) -> list[object]:
        statements.append(1)
        return run(action, commands)  # type: ignore[arg-type]

    monkeypatch.setattr(staff, "run", counted)
    work = {}
    for email in ("olive@shop.example", "nobody@shop.example", "kim@shop.example", "pat@shop.example", "nonsense", ""):
        seen.clear()
        statements.clear()
        assert refused(staff, email, "not the password") == "sign_in_refused"
        work[email] = (len(seen), len(statements))
    assert set(work.values()) == {(1, 1)}, work


class _Counting:
    """A hasher that tells how often it compared."""

    def __init__(self, verify: object, seen: list[int]) -> None:
        self._verify, self._seen = verify, seen

    def verify(self, kept: str, secret: bytes) -> bool:
        self._seen.append(len(kept))
        return self._verify(kept, secret)  # type: ignore[operator, no-any-return]

    def hash(self, secret: str) -> str:
        from argon2 import PasswordHasher

        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(secret)


def test_what_nobodys_password_is_compared_with_is_as_slow_as_any_other() -> None:
    costs = [kept.split("$")[1:4] for kept in (passwords._nobodys(), passwords.hashed("a lamp"))]
    assert costs[0] == costs[1]
    assert passwords.fits("", "nobody has this password") is False
    assert passwords.fits("no hash at all", "x") is False


def test_five_wrong_passwords_close_the_gate_for_that_person_from_that_place(staff: Staff) -> None:
    staff.owner()
    staff.joined("Kim", "picker")
    for _ in range(5):
        assert refused(staff, "kim@shop.example", "guess") == "sign_in_refused"
    before = staff.counts()
    with pytest.raises(Refusal) as no:
        sign_in(staff.run, "kim@shop.example", PASSWORD, DESK)
    assert (no.value.code, no.value.kind.status, no.value.kind.may_retry) == ("sign_in_wait", 429, True)
    assert 0 < no.value.facts["wait_s"] <= 900
    assert staff.counts() == before
    staff.sign_in("Kim", place=Place("198.51.100.1"))  # Kim elsewhere
    staff.sign_in("Olive")  # somebody else there
    staff.wait(timedelta(minutes=15))
    staff.sign_in("Kim")


def test_who_knocks_at_a_closed_gate_does_not_keep_it_closed(staff: Staff) -> None:
    staff.owner()
    for _ in range(5):
        refused(staff, "olive@shop.example", "guess")
    staff.wait(timedelta(minutes=14))
    assert refused(staff, "olive@shop.example", "guess") == "sign_in_wait"
    staff.wait(timedelta(minutes=1))
    staff.sign_in("Olive")


def test_the_gate_closes_for_people_there_are_not_as_well(staff: Staff) -> None:
    codes = [refused(staff, "nobody@shop.example", "guess") for _ in range(6)]
    assert codes == ["sign_in_refused"] * 5 + ["sign_in_wait"]


def test_a_right_password_forgets_the_wrong_ones_before_it(staff: Staff) -> None:
    staff.owner()
    for _ in range(3):
        for _ in range(4):
            assert refused(staff, "olive@shop.example", "guess") == "sign_in_refused"
        staff.sign_in("Olive")


def test_one_place_that_guesses_at_many_people_closes_for_all_of_them(staff: Staff) -> None:
    staff.owner()
    codes = [refused(staff, f"guess{n}@shop.example", "guess") for n in range(51)]
    assert codes == ["sign_in_refused"] * 50 + ["sign_in_wait"]
    assert refused(staff, "olive@shop.example", PASSWORD) == "sign_in_wait"
    staff.sign_in("Olive", place=Place("198.51.100.1"))


def test_one_person_guessed_at_from_many_places_is_closed_for_all_of_them(staff: Staff) -> None:
    staff.owner()
    tries = [
        Knock(kind="password", who="olive@shop.example", place=f"198.51.100.{n}", actor="door") for n in range(101)
    ]
    answers = staff.run(knock, tries)
    assert [isinstance(each, Known) for each in answers] == [True] * 100 + [False]
    assert refused(staff, "olive@shop.example", PASSWORD) == "sign_in_wait"


def test_a_burst_of_guesses_is_counted_before_any_is_looked_at(staff: Staff) -> None:
    staff.owner()
    burst = [Knock(kind="password", who="olive@shop.example", place="192.0.2.1", actor="door")] * 20
    assert sum(isinstance(each, Known) for each in staff.run(knock, burst)) == 5


def test_two_who_guess_at_the_same_moment_in_two_processes_are_both_counted(staff: Staff) -> None:
    staff.owner()
    guess = Knock(kind="password", who="olive@shop.example", place="192.0.2.1", actor="door")
    first, second = while_open(
        staff.shop, lambda tx: knock(tx, [guess] * 3), lambda writer: writer.submit(knock, [guess] * 3)
    )
    assert [isinstance(each, Known) for each in (*first, *second)] == [True] * 5 + [False]


def test_a_password_changed_while_it_was_compared_opens_nothing(staff: Staff) -> None:
    owner = staff.owner()
    known = staff.one(knock, Knock(kind="password", who="olive@shop.example", place="", actor="door"))
    entrance.change_password(staff.run, owner.visitor, PASSWORD, "another lamp, another kettle")
    before = staff.counts()
    command = OpenSession(account_id=known.account_id, proof=known.secret, actor="door")
    assert code_of(staff.one(open_sessions, command)) == "sign_in_refused"
    for nothing in ("", "mist"):
        no = OpenSession(account_id=nothing, proof="", actor="door")
        assert code_of(staff.one(open_sessions, no)) == "sign_in_refused"
    assert staff.counts() == before


def test_odd_words_are_refused_like_wrong_ones(staff: Staff) -> None:
    staff.owner()
    for email, password in (("a\0b", PASSWORD), ("\ud800", PASSWORD), ("olive@shop.example", "\ud800\0"),
                            ("olive@shop.example", "x" * 100_000)):  # fmt: skip
        assert refused(staff, email, password) == "sign_in_refused"
