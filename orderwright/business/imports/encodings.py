"""Which encoding a text file is in, proven over all of it before a row is read."""

import codecs
from pathlib import Path

from orderwright.business.imports.unpacking import chunks_of
from orderwright.values.refusal import Refusal

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
FALLBACK = "cp1252"


def encoding_of(path: Path, given: str, bytes_max: int) -> tuple[str, str]:
    """The encoding every byte of the file fits, and a sentence when it had to be assumed, else "".

    A byte order mark decides; then what was given; then UTF-8; then the Windows code page 1252, which almost
    any bytes fit. Refuses import_encoding with the place of the first byte that fits none, and
    import_format for what is no text.
    """
    first = next(chunks_of(path, bytes_max), b"")
    for mark, encoding in _MARKS.items():
        if first.startswith(mark):
            _prove(path, encoding, bytes_max)
            return encoding, ""
    if first.count(0) * 10 > len(first):
        raise Refusal("import_format", found="bytes that are no text (UTF-16 needs its byte order mark)")
    if given:
        _prove(path, _known(given), bytes_max)
        return given, ""
    try:
        _prove(path, "utf-8", bytes_max)
        return "utf-8", ""
    except Refusal as no:
        if no.code != "import_encoding":
            raise
        _prove(path, FALLBACK, bytes_max)
        at = no.facts["byte"]
        return FALLBACK, (
            f"The file is not UTF-8 (byte {at:,} does not fit); it was read as {FALLBACK} (Western Windows). "
            "If letters look wrong, name the encoding."
        )


def _prove(path: Path, encoding: str, bytes_max: int) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    try:
        for chunk in chunks_of(path, bytes_max):
            pending = len(decoder.getstate()[0])
            decoder.decode(chunk)
            done += len(chunk)
        pending = len(decoder.getstate()[0])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as wrong:
        at = done - pending + wrong.start
        raise Refusal("import_encoding", encoding=encoding, byte=at) from wrong


def _known(encoding: str) -> str:
    try:
        "".encode(encoding)
    except (LookupError, ValueError):
        raise Refusal("import_encoding", encoding=encoding, byte=0) from None
    return encoding
