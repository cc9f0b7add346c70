"""What a picture is by its first bytes: JPEG, PNG, WebP, and what is none."""

import pytest

from orderwright.values.pictures import BYTES_MAX, Picture, read_picture

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big") + b"\x08\x02\0\0\0"
FRAME = b"\xff\xc2\0\x11\x08" + (480).to_bytes(2, "big") + (640).to_bytes(2, "big") + b"\x03"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 9 + b"\xff" + FRAME


def webp(kind: bytes, body: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + kind + b"\0\0\0\0" + body


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (webp(b"VP8X", b"\0" * 4 + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")), "image/webp"),
        (webp(b"VP8L", b"\x2f" + (639 | 479 << 14).to_bytes(4, "little") + b"\0" * 5), "image/webp"),
        (webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + b"\x80\x02" + b"\xe0\x01"), "image/webp"),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(content: bytes, media: str) -> None:
    assert read_picture(content) == Picture(media, 640, 480)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"GIF89a", "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
        (PNG[:20], "damaged"),
        (JPEG[:25], "damaged"),
        (b"\xff\xd8\xff\xe0\0\0", "damaged"),
        (webp(b"VP8L", b"\0" * 10), "damaged"),
        (PNG[:16] + b"\0\0\0\0" + PNG[20:], "damaged"),
        (PNG[:16] + b"\0\x01\0\0\0\x01\0\0" + PNG[24:], "too_many_pixels"),
        (PNG + b"\0" * BYTES_MAX, "too_large"),
    ],
)
def test_what_is_no_picture_is_told_why(content: bytes, reason: str) -> None:
    assert read_picture(content) == reason
