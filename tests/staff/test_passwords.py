"""Which passwords are taken, and that no more than two are compared at a time."""

import threading

import pytest

from orderwright.business.staff import passwords
from orderwright.business.staff.passwords import common, fits, hashed, weakness_of


@pytest.mark.parametrize(
    "password",
    ["short", "x" * 129, "password123", "Password1!", "qwertyuiop", "1234567890", "aaaaaaaaaaaa", "abababababab",
     "!!dragon1990", "123456789a", "olive-2026", "kim@shop1234", "orderwright1"],
)  # fmt: skip
def test_passwords_others_would_guess_are_refused(password: str) -> None:
    assert weakness_of(password, "Olive", "kim@shop.example") is not None


@pytest.mark.parametrize(
    "password", ["a lamp, a kettle", "Zoë über straße", "七つの海を越えて行くのだ", "x7#kQ2!mPz"]
)  # fmt: skip
def test_long_ones_of_any_characters_are_taken(password: str) -> None:
    assert weakness_of(password, "Olive", "kim@shop.example") is None


def test_the_list_is_there() -> None:
    assert len(common()) > 4_000
    assert {"password", "dragon", "1234567890"} <= common()


def test_the_same_letters_written_otherwise_are_the_same_password() -> None:
    kept = hashed("stra\u00dfe \u00fcber caf\u00e9")
    assert fits(kept, "stra\u00dfe u\u0308ber cafe\u0301")
    assert not fits(kept, "strasse uber cafe")


def test_no_more_than_two_are_compared_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, most, meet = [0], [0], threading.Lock()
    both = threading.Event()

    class Slow:
        def hash(self, secret: bytes) -> str:
            return "x"

        def verify(self, kept: str, secret: bytes) -> bool:
            with meet:
                at_once[0] += 1
                most[0] = max(most[0], at_once[0])
                if at_once[0] == passwords.AT_ONCE_MAX:
                    both.set()
            assert both.wait(10)  # until as many as may are here
            with meet:
                at_once[0] -= 1
            return True

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    threads = [threading.Thread(target=fits, args=("kept", "secret")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == [2]
