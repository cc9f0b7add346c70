"""Codes of an authenticator app: six digits, new every 30 s (RFC 6238), each taken once; and codes for who lost it."""

import secrets
from base64 import b32encode
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

import pyotp

from orderwright.database.enclosing import disclose, enclose
from orderwright.database.tx import Tx

ISSUER = "Orderwright"
STEP_S = 30
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
RECOVERY_LETTERS = 16
_EARLY_OR_LATE = (0, -1, 1)
"""A clock may be half a minute off."""


def new_secret() -> str:
    """160 random bits in base32, as apps take them."""
    return pyotp.random_base32()


def kept(tx: Tx, account_id: str, secret: str) -> str:
    """A person's secret as it is kept."""
    return enclose(tx, _purpose(account_id), secret)


def read_again(tx: Tx, account_id: str, enclosed: str) -> str | None:
    """A person's secret; None without one, and where the key is another than it was."""
    return disclose(tx, _purpose(account_id), enclosed)


def _purpose(account_id: str) -> str:
    return f"second step of {account_id}"


def new_recovery_codes() -> list[str]:
    """Ten codes of 80 random bits, in groups of four letters, each good for one time without the app."""
    letters = [b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]
    return ["-".join(word[at : at + 4] for at in range(0, RECOVERY_LETTERS, 4)) for word in letters]


def recovery_hash(account_id: str, code: str) -> str | None:
    """How a recovery code is kept; None for what is none. 80 random bits need no slow hash."""
    letters = "".join(each for each in code.lower() if each not in " -")
    if len(letters) != RECOVERY_LETTERS or not letters.isascii():
        return None
    return sha256(f"{account_id} {letters}".encode()).hexdigest()


def uri_of(secret: str, email: str, store: str) -> str:
    """The address an app reads from a QR code."""
    issuer = ISSUER if store == "main" else f"{ISSUER} {store}"
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime, used: int) -> int | None:
    """The 30 s a code is of, counted from 1970; None when it is wrong, or not newer than the last one taken."""
    digits = code.replace(" ", "")
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    here = int(now.timestamp()) // STEP_S
    codes = pyotp.TOTP(secret)
    right = [
        here + near for near in _EARLY_OR_LATE if compare_digest(codes.generate_otp(here + near), digits)
    ]  # fmt: skip
    return next((step for step in right if step > used), None)
