"""Answers of pages: what every one of them tells the browser, and how they are sent."""

import gzip
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from orderwright.doors.api.bodies import Headers

if TYPE_CHECKING:
    from litestar.types import Send

Header = tuple[bytes, bytes]

POLICY = "; ".join(
    [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:",
        "font-src 'self'", "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
        "manifest-src 'self'", "worker-src 'self'", "report-uri /csp-report",
    ]
)  # fmt: skip
SAFE: tuple[Header, ...] = (
    (b"content-security-policy", POLICY.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), microphone=(), geolocation=(), payment=()"),
    (b"referrer-policy", b"same-origin"),  # with no-referrer browsers would say "Origin: null" of our own forms
    (b"x-content-type-options", b"nosniff"),
)
PERSONAL: Header = (b"cache-control", b"no-store")
"""What is about people or their work is kept by no browser and nothing between."""
PACKED_BYTES_MIN = 1_000
"""Shorter answers are sent as they are: packing them gains nothing."""


class Reply(NamedTuple):
    """An answer. headers: those of its own; the safe ones are added when it is sent.

    pieces: what follows the body, as it comes; what its first piece raises is told as a page.
    """

    status: int
    body: bytes = b""
    headers: Sequence[Header] = ((b"content-type", b"text/html; charset=utf-8"),)
    pieces: AsyncIterator[bytes] | None = None


def saved_as(name: str, media: str) -> Sequence[Header]:
    """The headers of what a browser is to save as a file of that (ASCII) name, and never to show."""
    return (
        (b"content-type", media.encode()),
        (b"content-disposition", f'attachment; filename="{name}"'.encode("ascii", "replace")),
    )


def see_other(path: str, *headers: Header) -> Reply:
    """Go and look there, by GET."""
    return Reply(303, b"", ((b"location", path.encode("ascii")), *headers))


async def send_reply(send: "Send", asked: Headers, reply: Reply, *, is_head: bool = False) -> int:
    """Send an answer, packed for who takes it so; its status."""
    body = reply.body
    if reply.pieces is not None and not is_head:
        return await _send_pieces(send, reply, reply.pieces)
    headers = [*SAFE, *reply.headers]
    if not any(name == b"cache-control" for name, _ in reply.headers):
        headers.append(PERSONAL)
    is_packed = any(name == b"content-encoding" for name, _ in reply.headers)
    if len(body) >= PACKED_BYTES_MIN and not is_packed and b"gzip" in asked.get(b"accept-encoding", b""):
        body = gzip.compress(body, 4, mtime=0)
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if is_head else body, "more_body": False})
    return reply.status


async def _send_pieces(send: "Send", reply: Reply, pieces: AsyncIterator[bytes]) -> int:
    piece: bytes | None = await anext(pieces, None)
    headers = [*SAFE, *reply.headers, PERSONAL]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    while piece is not None:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        piece = await anext(pieces, None)
    await send({"type": "http.response.body", "body": b"", "more_body": False})
    return reply.status
