"""Pictures as a thermal printer takes them: one bit a dot, black or nothing.

Source of the filters: PNG specification, third edition, section 9.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

_SIGNATURE_BYTES, _CHUNK_HEAD, _CHUNK_CHECK = 8, 8, 4
_RGBA_BYTES = 4
_DARK = 128


class Bitmap(NamedTuple):
    """Rows of dots, the first in the highest bit of the first byte; 1 is black. Each row is whole bytes."""

    width: int
    height: int
    rows: bytes

    @property
    def bytes_per_row(self) -> int:
        """Bytes of one row."""
        return (self.width + 7) // 8


def bitmap_of(png: bytes) -> Bitmap:
    """A PNG as typst writes it (8 bits, red, green, blue, opacity; not interlaced), its dark pixels black.

    Pages are opaque and text is grey, so red alone tells dark from light. Raises ValueError for any other PNG.
    """
    head, packed = b"", b""
    for name, content in _chunks(png):
        if name == b"IHDR":
            head = content
        elif name == b"IDAT":
            packed += content
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", head)
    if (depth, colour, interlace) != (8, 6, 0):
        raise ValueError("not a picture of typst's")
    flat = zlib.decompress(packed)
    stride = 1 + width * _RGBA_BYTES
    above, rows = bytes(width), bytearray()
    for start in range(0, height * stride, stride):
        # A filter looks at the same colour of the pixels beside and above, so red is read without the others.
        above = _unfiltered(flat[start], flat[start + 1 : start + stride : _RGBA_BYTES], above)
        rows += _packed(above)
    return Bitmap(width, height, bytes(rows))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = _SIGNATURE_BYTES
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        start = at + _CHUNK_HEAD
        yield png[at + 4 : start], png[start : start + size]
        at = start + size + _CHUNK_CHECK


def _unfiltered(kind: int, row: bytes, above: bytes) -> bytes:
    if kind == 0:
        return row
    if kind == 2:
        return bytes((each + up) & 255 for each, up in zip(row, above, strict=True))
    out, left, corner = bytearray(), 0, 0
    for each, up in zip(row, above, strict=True):
        if kind == 1:
            left = (each + left) & 255
        elif kind == 3:
            left = (each + (left + up) // 2) & 255
        else:
            left = (each + _paeth(left, up, corner)) & 255
        corner = up
        out.append(left)
    return bytes(out)


def _paeth(left: int, up: int, corner: int) -> int:
    to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if to_left <= to_up and to_left <= to_corner:
        return left
    return up if to_up <= to_corner else corner


def _packed(row: bytes) -> bytes:
    bits = "".join("1" if each < _DARK else "0" for each in row)
    size = (len(row) + 7) // 8
    return int(bits.ljust(size * 8, "0"), 2).to_bytes(size)
