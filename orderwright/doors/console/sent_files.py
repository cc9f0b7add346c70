"""Forms with files, as browsers send them: fields in memory, each file on disk, piece by piece as it arrives."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from orderwright.doors.api.bodies import Gone, Headers
from orderwright.values.refusal import Refusal

if TYPE_CHECKING:
    from litestar.types import Receive

CONTENT_TYPE = "multipart/form-data"
PARTS_MAX = 200
FIELD_BYTES_MAX = 100_000
FIELDS_BYTES_MAX = 1_000_000
"""What all fields of a form together may hold beside its files."""
READ_AWAY_BYTES_MAX = 1 << 30
"""Of a form that is too large so much is read and thrown away: a browser shows an answer only when it has sent all."""


class SentFile(NamedTuple):
    """A file of a form: what it is called on the sender's machine, where it lies here, how long it is."""

    name: str
    path: Path
    size_bytes: int


class Sent(NamedTuple):
    """A form with its files, both by name of the field. A file field nobody chose a file for is left out."""

    fields: Mapping[str, str]
    files: Mapping[str, SentFile]

    def drop(self) -> None:
        """Take the files off the disk."""
        for file in self.files.values():
            file.path.unlink(missing_ok=True)


def is_multipart(headers: Headers) -> bool:
    """Whether a form comes with room for files."""
    return headers.get(b"content-type", b"").lower().startswith(CONTENT_TYPE.encode())


async def receive_form(receive: "Receive", headers: Headers, bytes_max: int) -> Sent:
    """A form of at most `bytes_max` with all its files; the caller drops it. Refuses too_large, malformed."""
    _, options = parse_options_header(headers.get(b"content-type", b"").decode("latin-1"))
    pieces = _pieces(receive)
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > bytes_max:
        await _read_away(pieces)
        raise Refusal("too_large", bytes_max=bytes_max)
    form = _Form(bytes_max)
    try:
        with _told_as_malformed():
            parser = PushMultipartParser(
                options.get("boundary", ""), max_segment_count=PARTS_MAX, max_header_size=8_192, strict=True
            )
            async for piece in pieces:
                form.take(parser, piece)
            parser.close()
    except Refusal:
        form.drop()
        await _read_away(pieces)
        raise
    except BaseException:
        form.drop()
        raise
    return Sent(form.fields, form.files)


class _Form:
    """A form on its way in."""

    def __init__(self, bytes_max: int) -> None:
        self.fields: dict[str, str] = {}
        self.files: dict[str, SentFile] = {}
        self._left = bytes_max
        self._text = bytearray()
        self._fields_left = FIELDS_BYTES_MAX
        self._name = ""
        self._file: tuple[int, SentFile] | None = None

    def take(self, parser: PushMultipartParser, piece: bytes) -> None:
        """Read on. Refuses too_large."""
        self._left -= len(piece)
        if self._left < 0:
            raise Refusal("too_large")
        for part in parser.parse(piece):
            if part is None:
                self._end_part()
            elif isinstance(part, MultipartSegment):
                self._begin_part(part)
            elif self._file is not None:
                os.write(self._file[0], part)
            else:
                self._fields_left -= len(part)
                if self._fields_left < 0 or len(self._text) + len(part) > FIELD_BYTES_MAX:
                    raise Refusal("too_large")
                self._text += part

    def drop(self) -> None:
        """Take what came so far off the disk."""
        if self._file is not None:
            os.close(self._file[0])
            self._file[1].path.unlink(missing_ok=True)
            self._file = None
        for file in self.files.values():
            file.path.unlink(missing_ok=True)

    def _begin_part(self, part: MultipartSegment) -> None:
        self._name, self._text = part.name, bytearray()
        if part.filename is not None:
            descriptor, path = tempfile.mkstemp(prefix="orderwright-")
            name = part.filename.replace("\\", "/").rpartition("/")[2]
            self._file = (descriptor, SentFile(name, Path(path), 0))

    def _end_part(self) -> None:
        if self._file is None:
            self.fields[self._name] = self._text.decode("utf-8", "strict").replace("\r\n", "\n")
            return
        descriptor, file = self._file
        self._file = None
        size = os.fstat(descriptor).st_size
        os.close(descriptor)
        if size or file.name:
            self.files[self._name] = file._replace(size_bytes=size)
        else:
            file.path.unlink(missing_ok=True)


@contextmanager
def _told_as_malformed() -> Iterator[None]:
    """What the parser says of a body that is no form, as a refusal of ours."""
    try:
        yield
    except (MultipartError, UnicodeDecodeError, ValueError):
        finding = {"pointer": "", "code": "bad_form", "message": "This is no form that can be read."}
        raise Refusal("malformed", findings=[finding]) from None


async def _pieces(receive: "Receive") -> AsyncIterator[bytes]:
    is_more = True
    while is_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        yield message["body"]  # type: ignore[typeddict-item]
        is_more = message["more_body"]  # type: ignore[typeddict-item]


async def _read_away(pieces: AsyncIterator[bytes]) -> None:
    left = READ_AWAY_BYTES_MAX
    async for piece in pieces:
        left -= len(piece)
        if left < 0:
            return
