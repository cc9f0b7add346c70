"""The cookie by which a browser is a shared scanner. By itself it opens nothing: people give their PIN."""

from collections.abc import Mapping

from orderwright.doors.console.reply import Header

PLAIN, SECURE = "orderwright-device", "__Host-orderwright-device"
LASTS_S = 10 * 365 * 86_400
"""Until it is revoked, as good as for ever."""


def device_in(cookies: Mapping[str, str]) -> str:
    """The token of the shared scanner this browser is registered as; "" when it is none."""
    return cookies.get(SECURE) or cookies.get(PLAIN) or ""


def device_cookie(token: str, *, is_secure: bool) -> Header:
    """This browser is a shared scanner from now on."""
    name, secure = (SECURE, "; Secure") if is_secure else (PLAIN, "")
    return (b"set-cookie", f"{name}={token}; Path=/; Max-Age={LASTS_S}; HttpOnly; SameSite=Lax{secure}".encode())
