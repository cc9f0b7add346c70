"""Who looks: whoever opened an order's link, or proved to know it. A cookie opens one order, for a while.

The cookie is sealed by the store and kept nowhere: it holds the order, which turn of its link it stands for, until when
it counts, and whether its bearer proved to know more than the link. Making the link anew ends it.
"""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from ipaddress import ip_address
from secrets import token_bytes
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from orderwright.business.orders.customer_links import LinkedOrder, find_by_turn
from orderwright.business.orders.windows import FIRST_TIME_ZONE
from orderwright.business.staff.tokens import csrf_of
from orderwright.database.link_tokens import store_of
from orderwright.database.seals import seals_of
from orderwright.database.tx import Tx
from orderwright.doors.api.bodies import Headers
from orderwright.doors.console.reply import Header

COOKIE = "orderwright-order"
SECURE_COOKIE = "__Host-orderwright-order"
PURPOSE = "customer session"
LASTS = timedelta(hours=12)
_FORM = struct.Struct(">16sIQ?8s")
_SEAL_BYTES = 16


class Customer(NamedTuple):
    """Who looks at an order. is_proved: they told something only its buyer knows. zone: of the site that ships it."""

    store: str
    order_id: str
    number: str
    turn: int
    is_proved: bool
    csrf: str
    ends_at: datetime
    zone: str


def new_cookie(tx: Tx, order: LinkedOrder, *, is_proved: bool) -> tuple[str, int]:
    """What a cookie holds that opens an order, and for how many seconds."""
    lasts_s = int(min(LASTS, order.ends_at - tx.now).total_seconds())
    ends_s = int(tx.now.timestamp()) + lasts_s
    content = _FORM.pack(UUID(order.id).bytes, order.turn, ends_s, is_proved, token_bytes(8))
    sealed = content + _seal(tx, content)
    return f"{tx.store.name}.{urlsafe_b64encode(sealed).decode().rstrip('=')}", lasts_s


def find_customer(tx: Tx, cookie: str) -> Customer | None:
    """Who a cookie stands for; None when it opens nothing, or nothing any more."""
    content = _opened(tx, cookie)
    if content is None:
        return None
    order_bytes, turn, ends_s, is_proved, _ = _FORM.unpack(content)
    ends_at = datetime.fromtimestamp(ends_s, UTC)
    order = find_by_turn(tx, str(UUID(bytes=order_bytes)), turn)
    if order is None or tx.now >= min(ends_at, order.ends_at):
        return None
    row = tx.row(f"SELECT ({FIRST_TIME_ZONE}) AS zone FROM orders o WHERE o.id = %(id)s", id=order.id)
    zone = row.zone if row is not None and row.zone else ""
    return Customer(tx.store.name, order.id, order.number, turn, is_proved, csrf_of(cookie), ends_at, zone)


def cookie_of(cookies: Mapping[str, str]) -> str:
    """The cookie somebody brings along, '' for none. What came over https counts before what did not."""
    return cookies.get(SECURE_COOKIE) or cookies.get(COOKIE) or ""


def store_named(cookie: str) -> str:
    """The store a cookie names; '' for what is none."""
    return store_of(cookie)


def begins(cookie: str, lasts_s: int, headers: Headers) -> list[Header]:
    """The headers that give a browser the cookie."""
    name, secure = (SECURE_COOKIE, "; Secure") if is_secure(headers) else (COOKIE, "")
    text = f"{name}={cookie}; Path=/; Max-Age={lasts_s}; HttpOnly; SameSite=Lax{secure}"
    return [(b"set-cookie", text.encode("latin-1"))]


def ends() -> list[Header]:
    """The headers that take it away."""
    return [
        (b"set-cookie", f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax".encode()),
        (b"set-cookie", f"{SECURE_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure".encode()),
    ]


def is_secure(headers: Headers) -> bool:
    """Whether the browser came over https. A link is followed without an Origin, but only where a page is secure do
    browsers say where it came from (Sec-Fetch-Site); besides https that is this machine itself."""
    if origin := headers.get(b"origin"):
        return origin.startswith(b"https://")
    host = urlsplit(f"//{headers.get(b'host', b'').decode('latin-1')}").hostname or ""
    return b"sec-fetch-site" in headers and not _is_here(host)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _seal(tx: Tx, content: bytes) -> bytes:
    return seals_of(tx, PURPOSE, [content.hex()])[0][:_SEAL_BYTES]


def _opened(tx: Tx, cookie: str) -> bytes | None:
    try:
        sealed = urlsafe_b64decode(cookie.partition(".")[2] + "==")
    except ValueError:
        return None
    content, seal = sealed[:-_SEAL_BYTES], sealed[-_SEAL_BYTES:]
    return content if len(content) == _FORM.size and compare_digest(seal, _seal(tx, content)) else None
