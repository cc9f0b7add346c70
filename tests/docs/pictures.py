"""The pictures in the pages, made by the product. To make them anew: `python -m tests.docs.pictures`."""

import struct
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy
import pypdfium2

from orderwright.database.cluster import open_cluster
from tests.docs.pages import DOCS
from tests.docs.scene import play
from tests.floor import new_floor

PAPER_DPI, LABEL_DPI = 90, 110
WHITE, SIGNATURE = 255, b"\x89PNG\r\n\x1a\n"


def made_pictures(dsn: str) -> dict[str, bytes]:
    """Every picture by the name of its file, from a shop of its own."""
    with new_floor(dsn) as floor:
        made = play(floor)
    return {
        "walk.svg": made.walk.encode(),
        "carton.svg": made.carton.encode(),
        "pick-list.png": png(page(made.pick_list, PAPER_DPI)),
        "carton-label.png": png(page(made.carton_label, LABEL_DPI)),
    }


def page(pdf: bytes, dpi: int) -> Any:
    """The first page of a PDF as grey pixels, what is empty below its last line cut off."""
    pixels = pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72, grayscale=True).to_numpy().squeeze()
    last = int(numpy.nonzero((pixels < WHITE).any(axis=1))[0][-1])
    return pixels[: last + dpi // 4]


def png(pixels: Any) -> bytes:
    """Grey pixels as a PNG file."""
    height, width = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def pixels_of(file: bytes) -> Any:
    """The grey pixels of a PNG file as `png` writes it."""
    width, height = struct.unpack(">II", file[16:24])
    length = struct.unpack(">I", file[33:37])[0]
    rows = numpy.frombuffer(zlib.decompress(file[41 : 41 + length]), dtype=numpy.uint8)
    return rows.reshape(height, width + 1)[:, 1:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def write(pictures: Mapping[str, bytes]) -> None:
    """Put the pictures where the pages look for them."""
    for name, content in pictures.items():
        (DOCS / name).write_bytes(content)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home, open_cluster(Path(home) / "postgres", may_initialise=True) as cluster:
        write(made_pictures(cluster.dsn))
