"""What cameras write beside a picture is taken off; how it looks, and which way up, stays."""

from struct import pack

from orderwright.values.bare_pictures import bare
from orderwright.values.colours import READABLE, contrast, ink_on, readable_on

PIXELS = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x55\xff\x00\xaa" * 9 + b"\xff\xd9"
JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"


def exif(order: str, turn: int) -> bytes:
    tiff = (b"II*\x00" if order == "<" else b"MM\x00*") + pack(order + "IH", 8, 2)
    tiff += pack(order + "HHIHH", 0x0112, 3, 1, turn, 0) + pack(order + "HHII", 0x8825, 4, 1, 0) + b"GPS: 53.8 N"
    body = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + pack(">H", len(body) + 2) + body


def test_a_jpeg_keeps_its_turn_and_its_pixels_and_loses_place_and_comments():
    comment = b"\xff\xfe\x00\x09by Ada!"
    for order in "<>":
        came = bare(b"\xff\xd8" + JFIF + exif(order, 6) + comment + PIXELS, "image/jpeg")
        assert came.startswith(b"\xff\xd8" + JFIF)
        assert came.endswith(PIXELS)
        assert b"GPS" not in came
        assert b"Ada" not in came
        assert bare(came, "image/jpeg") == came
        assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in came


def test_a_jpeg_without_anything_beside_it_stays_as_it_is():
    assert bare(b"\xff\xd8" + JFIF + PIXELS, "image/jpeg") == b"\xff\xd8" + JFIF + PIXELS


def test_what_is_damaged_is_no_reason_to_fail_and_loses_where_it_was_taken_all_the_same():
    whole = b"\xff\xd8" + exif("<", 6) + PIXELS
    assert b"GPS" in whole[:59]
    for cut in range(4, 60):
        came = bare(whole[:cut], "image/jpeg")
        assert came.startswith(b"\xff\xd8")
        assert b"GPS" not in came


def test_a_webp_loses_its_exif_and_says_so():
    def chunk(kind: bytes, body: bytes) -> bytes:
        return kind + pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    head, picture = b"\x0c\0\0\0" + b"\0" * 6, chunk(b"VP8L", b"/pixels")
    inner = b"WEBP" + chunk(b"VP8X", head) + picture + chunk(b"EXIF", b"GPS") + chunk(b"XMP ", b"Ada")
    came = bare(b"RIFF" + pack("<I", len(inner)) + inner, "image/webp")
    wanted = b"WEBP" + chunk(b"VP8X", b"\0" * 10) + picture
    assert came == b"RIFF" + pack("<I", len(wanted)) + wanted


def test_words_in_a_colour_can_be_read_by_day_and_by_night():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert (ink_on("#1b5e20"), ink_on("#ffcc00")) == ("#ffffff", "#10181a")
    for colour in ("#1b5e20", "#8b0000", "#0000ff", "#767676"):
        assert contrast(readable_on(colour, "#181d1f", "#ffffff"), "#181d1f") >= READABLE
