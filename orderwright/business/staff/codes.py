"""Codes of an authenticator app: six digits, new every 30 s (RFC 6238), each taken once."""

from datetime import datetime
from hmac import compare_digest

import pyotp

ISSUER = "Orderwright"
STEP_S = 30
DIGITS = 6
_EARLY_OR_LATE = (0, -1, 1)
"""A clock may be half a minute off."""


def new_secret() -> str:
    """160 random bits in base32, as apps take them."""
    return pyotp.random_base32()


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
