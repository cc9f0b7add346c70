"""Cookies: who the visitor is, what is to be told on the next page, and which clock they look at."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from functools import lru_cache
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from orderwright.doors.api.bodies import Headers
from orderwright.doors.console.reply import Header

SESSION = "orderwright"
SECURE_SESSION = "__Host-orderwright"
PRACTICE = "orderwright-practice"
SECURE_PRACTICE = "__Host-orderwright-practice"
SAID = "orderwright-said"
ZONE = "orderwright-zone"
LANGUAGE = "orderwright-language"
SAID_S = 60


def cookies_of(headers: Headers) -> Mapping[str, str]:
    """The cookies of a request, by name; of two with one name the first."""
    found: dict[str, str] = {}
    for each in headers.get(b"cookie", b"").decode("latin-1").split(";"):
        name, _, value = each.strip().partition("=")
        found.setdefault(name, value)
    return found


def token_of(cookies: Mapping[str, str]) -> str | None:
    """The session the visitor brings along, if any. What came over https counts before what did not."""
    return cookies.get(SECURE_SESSION) or cookies.get(SESSION) or None


def practice_of(cookies: Mapping[str, str]) -> str | None:
    """The session of the store the visitor practises in, beside their own, if any."""
    return cookies.get(SECURE_PRACTICE) or cookies.get(PRACTICE) or None


def session_cookies(token: str, *, is_secure: bool, lasts_s: int) -> list[Header]:
    """The cookies that begin a session, without practising. A browser keeps the secure one only over https."""
    name, secure = (SECURE_SESSION, "; Secure") if is_secure else (SESSION, "")
    return [_set(f"{name}={token}; Path=/; Max-Age={lasts_s}; HttpOnly; SameSite=Lax{secure}"), *no_practice()]


def practice_cookies(token: str, *, is_secure: bool, lasts_s: int) -> list[Header]:
    """The cookies with which somebody practises, beside those of their own session."""
    name, secure = (SECURE_PRACTICE, "; Secure") if is_secure else (PRACTICE, "")
    return [_set(f"{name}={token}; Path=/; Max-Age={lasts_s}; HttpOnly; SameSite=Lax{secure}")]


def no_practice() -> list[Header]:
    """The cookies that end practising."""
    return [
        _set(f"{PRACTICE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"),
        _set(f"{SECURE_PRACTICE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"),
    ]


def no_session() -> list[Header]:
    """The cookies that end a session."""
    return [
        _set(f"{SESSION}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"),
        _set(f"{SECURE_SESSION}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"),
        *no_practice(),
    ]


def said(text: str) -> Header:
    """Tell this on the next page. `text` is the English one; the page that tells it translates."""
    return _set(f"{SAID}={quote(text)}; Path=/; Max-Age={SAID_S}; HttpOnly; SameSite=Lax")


def told() -> Header:
    """It was told: do not tell it again."""
    return _set(f"{SAID}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")


def said_in(cookies: Mapping[str, str]) -> str:
    """What is to be told, if anything."""
    return unquote(cookies.get(SAID, ""))


def language_cookie(language: str) -> Header:
    """Remember the language for who is not signed in."""
    return _set(f"{LANGUAGE}={language}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax")


def zone_of(cookies: Mapping[str, str]) -> tzinfo:
    """The zone of the visitor's clock, as their browser told it; UTC until it did."""
    return _zone(unquote(cookies.get(ZONE, "")))


@lru_cache(500)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError):  # no zone of that name, or no name of a zone at all
        return UTC


def _set(text: str) -> Header:
    return (b"set-cookie", text.encode("latin-1"))
