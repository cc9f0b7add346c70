"""Bytes of a file, unpacked as they are read and never beyond a bound (gz, xz, plain)."""

import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from orderwright.values.refusal import Refusal

CHUNK_BYTES = 1 << 18
_XZ_MEMORY_BYTES = 160 << 20  # `xz -9` needs 65 MiB to unpack; a header may ask for 4 GiB.

_GZIP, _XZ = b"\x1f\x8b", b"\xfd7zXZ\x00"


def packing_of(path: Path) -> str:
    """How the file is packed, by its first bytes: "gz", "xz" or "" for not at all."""
    with path.open("rb") as file:
        first = file.read(6)
    return "gz" if first.startswith(_GZIP) else "xz" if first == _XZ else ""


def open_unpacked(path: Path, bytes_max: int) -> io.BufferedReader:
    """The file's bytes, unpacked while they are read.

    Reading refuses import_too_large once more than `bytes_max` came out, and import_unreadable when the
    packing is broken.
    """
    file = path.open("rb")
    try:
        packing = packing_of(path)
        plain: BinaryIO = file
        if packing == "gz":
            plain = gzip.GzipFile(fileobj=file)  # type: ignore[assignment]
        elif packing == "xz":
            plain = io.BufferedReader(_XzBytes(file), CHUNK_BYTES)
        return io.BufferedReader(_BoundedBytes(plain, file, bytes_max), CHUNK_BYTES)
    except BaseException:
        file.close()
        raise


def chunks_of(path: Path, bytes_max: int) -> Iterator[bytes]:
    """The unpacked bytes in pieces. Refuses as `open_unpacked`."""
    with open_unpacked(path, bytes_max) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


class _BoundedBytes(io.RawIOBase):
    """Counts what comes out of an unpacker, so that a small file cannot become a huge one."""

    def __init__(self, plain: BinaryIO, file: BinaryIO, bytes_max: int) -> None:
        self._plain, self._file, self._bytes_max, self._count = plain, file, bytes_max, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            piece = self._plain.read(min(len(buffer), CHUNK_BYTES))
        except (OSError, EOFError, zlib.error, lzma.LZMAError) as broken:
            raise Refusal("import_unreadable", why=str(broken)) from broken
        self._count += len(piece)
        if self._count > self._bytes_max:
            raise Refusal("import_too_large", what="bytes_unpacked", limit=self._bytes_max)
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._plain.close()
            self._file.close()
        super().close()


class _XzBytes(io.RawIOBase):
    """xz streams, one after another, with a bound on the memory a header may ask for (lzma.open has none)."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._unpacker = _unpacker()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while True:
            if self._unpacker.eof:
                rest = self._unpacker.unused_data.lstrip(b"\0") or self._file.read(CHUNK_BYTES).lstrip(b"\0")
                if not rest:
                    return 0
                self._unpacker = _unpacker()
            else:
                rest = self._file.read(CHUNK_BYTES) if self._unpacker.needs_input else b""
                if not rest and self._unpacker.needs_input:
                    raise EOFError("the xz file ends too early")
            piece = self._unpacker.decompress(rest, len(buffer))
            if piece:
                buffer[: len(piece)] = piece
                return len(piece)


def _unpacker() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)
