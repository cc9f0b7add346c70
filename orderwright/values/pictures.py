"""Pictures as they come from cameras: what they are by their first bytes, and how large. Nothing is decoded."""

from typing import NamedTuple

BYTES_MAX = 8 * 1024 * 1024
PIXELS_MAX = 50_000_000
_JPEG_SIZES = {*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)}


class Picture(NamedTuple):
    """A picture's kind and its size in pixels."""

    media: str
    width_px: int
    height_px: int


def read_picture(content: bytes) -> Picture | str:
    """What a picture is: JPEG, PNG or WebP of at most 8 MB and 50 million pixels. Else why it is not taken:
    empty, too_large, not_a_picture, damaged, too_many_pixels. Sources: ITU T.81, RFC 2083, RFC 9649."""
    if not content:
        return "empty"
    if len(content) > BYTES_MAX:
        return "too_large"
    if content.startswith(b"\xff\xd8\xff"):
        media, size = "image/jpeg", _jpeg(content)
    elif content.startswith(b"\x89PNG\r\n\x1a\n"):
        media, size = "image/png", _png(content)
    elif content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        media, size = "image/webp", _webp(content)
    else:
        return "not_a_picture"
    if size is None or min(size) < 1:
        return "damaged"
    if size[0] * size[1] > PIXELS_MAX:
        return "too_many_pixels"
    return Picture(media, *size)


def _jpeg(content: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header: FF, marker, length of 2 bytes, then precision, height, width."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker in _JPEG_SIZES:
            frame = content[at + 5 : at + 9]
            return (_big(frame[2:]), _big(frame[:2])) if len(frame) == 4 else None
        length = _big(content[at + 2 : at + 4])
        if marker in (0xD9, 0xDA) or length < 2:
            return None
        at += 2 + length
    return None


def _png(content: bytes) -> tuple[int, int] | None:
    header = content[12:24]
    return (_big(header[4:8]), _big(header[8:12])) if len(header) == 12 and header[:4] == b"IHDR" else None


def _webp(content: bytes) -> tuple[int, int] | None:
    kind, body = content[12:16], content[20:30]
    if len(body) < 10:
        return None
    if kind == b"VP8X":
        return _little(body[4:7]) + 1, _little(body[7:10]) + 1
    if kind == b"VP8L" and body[0] == 0x2F:
        bits = _little(body[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return _little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF
    return None


def _big(part: bytes) -> int:
    return int.from_bytes(part, "big")


def _little(part: bytes) -> int:
    return int.from_bytes(part, "little")
