"""Pictures as small as they get."""

from struct import pack as packed
from zlib import crc32


def png(width: int = 4, height: int = 3, more: bytes = b"") -> bytes:
    """The first chunk of a PNG of that size, which is all that is looked at."""
    head = b"IHDR" + packed(">II", width, height) + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + packed(">I", 13) + head + packed(">I", crc32(head)) + more
