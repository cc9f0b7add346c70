"""Pictures without what cameras write beside them: place, time, owner. Nothing is decoded, so nothing looks different.

Of a JPEG its turn (EXIF orientation) is kept, or it would lie on its side. Sources: ITU T.81 (markers), EXIF 2.32
(4.6.4, orientation), PNG 3rd edition (11.3, ancillary chunks), RFC 9649 (2.7, extended WebP).
"""

import struct
from collections.abc import Iterator

_KEPT_APPS = {0xE0, 0xE2, 0xEE}  # JFIF, ICC profile, Adobe's colour transform: what the picture looks like
_COMMENT, _EXIF, _SCAN = 0xFE, 0xE1, 0xDA
_DROPPED_CHUNKS = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}
_ORIENTATION = 0x0112


def bare(content: bytes, media: str) -> bytes:
    """The same picture without what stands beside it. media: what `pictures.read_picture` found it to be."""
    if media == "image/jpeg":
        return b"".join(_jpeg(content))
    if media == "image/png":
        return content[:8] + b"".join(_png(content))
    return _webp(content)


def _jpeg(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker == _SCAN:
            break
        end = at + 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
        segment = content[at:end]
        if marker == _EXIF and (turn := _turn(segment[10:])) is not None:
            yield _exif(turn)
        is_beside = marker == _COMMENT or (0xE0 <= marker <= 0xEF and marker not in _KEPT_APPS)
        if not is_beside:
            yield segment
        at = end
    yield content[at:]


def _turn(tiff: bytes) -> int | None:
    """The orientation (1 to 8) an EXIF block tells of; None where it tells none, or is damaged."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 14:
        return None
    start = struct.unpack(order + "I", tiff[4:8])[0]
    count = struct.unpack(order + "H", tiff[start : start + 2])[0] if start + 2 <= len(tiff) else 0
    for n in range(min(count, 200)):
        entry = tiff[start + 2 + 12 * n : start + 14 + 12 * n]
        if len(entry) < 12:
            return None
        tag, _kind, _count, value = struct.unpack(order + "HHIH", entry[:10])
        if tag == _ORIENTATION:
            return value if 1 <= value <= 8 else None
    return None


def _exif(turn: int) -> bytes:
    """An EXIF segment that tells the orientation and nothing else."""
    tiff = b"MM\x00\x2a" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turn, 0, 0)
    body = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(content: bytes) -> Iterator[bytes]:
    at = 8
    while at + 12 <= len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        end = at + 12 + length
        if kind not in _DROPPED_CHUNKS:
            yield content[at:end]
        if kind == b"IEND":  # what follows the end of the picture is none of it
            return
        at = end


def _webp(content: bytes) -> bytes:
    kept, at = [], 12
    while at + 8 <= len(content):
        kind, length = struct.unpack("<4sI", content[at : at + 8])
        end = at + 8 + length + length % 2
        chunk = content[at:end]
        if kind == b"VP8X" and len(chunk) >= 9:
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]  # it has neither EXIF nor XMP now
        if kind not in (b"EXIF", b"XMP "):
            kept.append(chunk)
        at = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
