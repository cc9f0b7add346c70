"""Bodies off the wire: bounded before anything is parsed, unpacked within the same bounds."""

import zlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from orderwright.values.refusal import Refusal

if TYPE_CHECKING:
    from litestar.types import Receive

BODY_BYTES_MAX = 1_000_000
STREAM_BYTES_MAX = 64_000_000
_PIECE = 65_536

Headers = dict[bytes, bytes]


class Gone(Exception):
    """The caller hung up while sending; there is nobody to answer."""


async def read_whole(receive: "Receive", headers: Headers) -> bytes:
    """A body of at most BODY_BYTES_MAX, unpacked. Refuses too_large, unsupported_media, malformed.

    How long it may take to arrive is the connection's business (serving/protocol.py).
    """
    check_length(headers, BODY_BYTES_MAX)
    if b"content-encoding" in headers:
        return b"".join([piece async for piece in _decoded(receive, headers, BODY_BYTES_MAX)])
    message = await _next(receive)
    if not message["more_body"] and len(message["body"]) <= BODY_BYTES_MAX:
        return bytes(message["body"])  # almost every body is here in one piece
    return b"".join([piece async for piece in _rest(receive, BODY_BYTES_MAX, message)])


def read_stream(receive: "Receive", headers: Headers) -> AsyncIterator[bytes]:
    """A body of at most STREAM_BYTES_MAX piece by piece, unpacked. Refuses as `read_whole`."""
    check_length(headers, STREAM_BYTES_MAX)
    return _decoded(receive, headers, STREAM_BYTES_MAX)


def _decoded(receive: "Receive", headers: Headers, bytes_max: int) -> AsyncIterator[bytes]:
    coding = headers.get(b"content-encoding", b"identity").strip().lower()
    if coding == b"identity":
        return _rest(receive, bytes_max)
    if coding == b"gzip":
        return _unpacked(_rest(receive, bytes_max), bytes_max)
    raise Refusal("unsupported_media", encodings=["gzip", "identity"])


def check_length(headers: Headers, bytes_max: int) -> None:
    """Refuses too_large by what the caller announces, before a byte of it is read."""
    length = headers.get(b"content-length")
    if length is not None and int(length) > bytes_max:
        raise Refusal("too_large", bytes_max=bytes_max)


async def _rest(receive: "Receive", bytes_max: int, first: Any = None) -> AsyncIterator[bytes]:
    total, is_more, message = 0, True, first
    while is_more:
        message = message or await _next(receive)
        total += len(message["body"])
        if total > bytes_max:
            raise Refusal("too_large", bytes_max=bytes_max)
        yield message["body"]
        is_more, message = message["more_body"], None


async def _unpacked(packed: AsyncIterator[bytes], bytes_max: int) -> AsyncIterator[bytes]:
    unpack = zlib.decompressobj(wbits=31)
    total = 0
    try:
        async for piece in packed:
            while piece:
                opened = unpack.decompress(piece, _PIECE)
                total += len(opened)
                if total > bytes_max:
                    raise Refusal("too_large", bytes_max=bytes_max, unpacked=True)
                yield opened
                piece = unpack.unconsumed_tail
                if unpack.eof:
                    break
        yield unpack.flush()
    except zlib.error:
        raise _bad_gzip() from None
    if not unpack.eof or unpack.unused_data:
        raise _bad_gzip()


def _bad_gzip() -> Refusal:
    finding = {"pointer": "", "code": "bad_gzip", "message": "The body is not one whole gzip stream."}
    return Refusal("malformed", findings=[finding])


async def _next(receive: "Receive") -> Any:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Gone
    return message
