"""Requests that change something must come from a page of ours, sent by who is signed in."""

from hmac import compare_digest
from urllib.parse import urlsplit

from orderwright.doors.api.bodies import Headers
from orderwright.values.refusal import Refusal


def check_origin(headers: Headers) -> None:
    """Refuses cross_site when a browser says that another site sends this, or nothing says that ours does.

    Every browser of the last years sends at least one of the two headers with a POST.
    """
    site = headers.get(b"sec-fetch-site")
    origin = headers.get(b"origin")
    if site is not None and site != b"same-origin":
        raise Refusal("cross_site")
    if origin is not None and urlsplit(origin).netloc != headers.get(b"host", b""):
        raise Refusal("cross_site")
    if site is None and origin is None:
        raise Refusal("cross_site")


def check_token(csrf: str, sent: str) -> None:
    """Refuses cross_site when a form does not bring the token its page was given."""
    if not compare_digest(csrf.encode(), sent.encode()):
        raise Refusal("cross_site")


def is_secure(headers: Headers) -> bool:
    """Whether the visitor's browser came over https, whatever a proxy makes of it on the way to us."""
    return headers.get(b"origin", b"").startswith(b"https://")
