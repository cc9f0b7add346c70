"""Passwords and PINs: argon2id, two at a time. Slow on purpose, so never inside a transaction."""

import re
from functools import cache
from importlib.resources import files
from itertools import pairwise
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from orderwright.business.staff.rules import PIN_LENGTHS
from orderwright.values.phrases import Phrase, phrase

LENGTH_MIN, LENGTH_MAX = 10, 128
OWN_MIN, OF_ITS_OWN_MIN = 3, 6
"""Without names and the like of so many letters, so many characters of a password must be left."""
AT_ONCE_MAX = 2
"""Each takes 64 MiB for a quarter of a second or so; more at once would only make all of them late."""
_TURNS = BoundedSemaphore(AT_ONCE_MAX)
_HASHER = PasswordHasher()  # RFC 9106, the second recommended choice: 64 MiB, 3 passes, 4 lanes
_EDGES = re.compile(r"^[^a-z]+|[^a-z]+$")


@cache
def _nobodys() -> str:
    """What a password is compared with when there is nobody: made like every other hash, of nothing in particular."""
    return _HASHER.hash("nobody has this password")


def hashed(secret: str) -> str:
    """A password or PIN as it is kept."""
    with _TURNS:
        return _HASHER.hash(_bytes(secret))


def fits(kept: str, secret: str) -> bool:
    """Whether a password or PIN is the one kept; '' is nobody's, and takes as long to find out."""
    with _TURNS:
        nobodys = _nobodys()
        try:
            return _HASHER.verify(kept or nobodys, _bytes(secret)) and kept != ""
        except (VerificationError, InvalidHashError):
            return False


def _bytes(secret: str) -> bytes:
    # Far more than is taken makes no password right, and need not be read.
    return normalize("NFKC", secret[: 4 * LENGTH_MAX]).encode("utf-8", "replace")


def weakness_of(password: str, *own: str) -> Phrase | None:
    """Why a password is not taken, in words, or None. own: name, e-mail and the like, which it must not be made of.

    Any character may stand in it and none has to; what people are known to choose, alone or with a few digits
    around it, is refused. Source of the list: see common_passwords.LICENCE.txt.
    """
    plain = normalize("NFKC", password)
    if not LENGTH_MIN <= len(plain) <= LENGTH_MAX:
        return phrase("A password has {least} to {most} characters.", least=LENGTH_MIN, most=LENGTH_MAX)
    low = plain.lower()
    core = _EDGES.sub("", low)
    if len(set(low)) < 5 or low in common() or core in common():
        return phrase("Too many people choose this password.")
    left = low
    for word in ("orderwright", "password", *re.split(r"[^\w]+", " ".join(own).lower())):
        left = left.replace(word, "") if len(word) >= OWN_MIN else left
    return phrase("This password is made of what others know.") if len(left) < OF_ITS_OWN_MIN else None


def pin_weakness_of(pin: str) -> Phrase | None:
    """Why a PIN is not taken, or None: four to six digits, not all alike and not counted up or down."""
    if len(pin) not in PIN_LENGTHS or not (pin.isascii() and pin.isdigit()):
        return phrase("A PIN has 4 to 6 digits.")
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return phrase("Too many people choose this PIN.") if len(steps) == 1 and steps <= {-1, 0, 1} else None


@cache
def common() -> frozenset[str]:
    """Passwords people are known to choose, in lower case."""
    return frozenset(files(__package__).joinpath("common_passwords.txt").read_text().split())
