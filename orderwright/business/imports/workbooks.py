"""An XLSX workbook as rows of text, measured before it is opened."""

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from orderwright.business.imports.unpacking import CHUNK_BYTES
from orderwright.values.refusal import Refusal

_CELL_AT = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,4})([0-9]{1,8})["']""")
_ROW_AT = re.compile(rb"""<(?:\w+:)?row\b[^<>]*?\br\s*=\s*["']([0-9]{1,8})["']""")
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["']""")
_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_TEXT_END = re.compile(rb"</(?:\w+:)?si>")
_OVERLAP = 256  # A tag cut in two by the end of a chunk is seen whole with the next.
_DIGITS_KEPT = 15  # What a spreadsheet keeps of a number.


class WorkbookBounds(NamedTuple):
    """What a workbook may come to: bytes unpacked, cells of the table including empty ones, text bytes."""

    unpacked_bytes_max: int
    cells_max: int


class Workbook:
    """One worksheet of a workbook.

    `decimal_mark`: what number cells are written out with, so that they read like the text cells beside them.
    `number_cells` counts, by column, cells that held numbers, not text.
    """

    def __init__(self, path: Path, sheet: str, bounds: WorkbookBounds) -> None:
        errors = _measure(path, bounds)
        try:
            book = CalamineWorkbook.from_path(str(path))
            names = book.sheet_names
            if (sheet and sheet not in names) or not names:
                raise Refusal("import_no_sheet", sheet=sheet, sheets=names)
            self.name = sheet or names[0]
            self._sheet: CalamineSheet = book.get_sheet_by_name(self.name)
        except CalamineError as broken:
            raise Refusal("import_unreadable", why=str(broken)) from broken
        self.decimal_mark = "."
        self.number_cells: Counter[int] = Counter()
        self.remarks: list[str] = []
        if len(names) > 1:
            self.remarks.append(f"The workbook has {len(names)} sheets; {self.name!r} was read.")
        if errors:
            self.remarks.append(f"{errors} cells hold spreadsheet errors such as #N/A; they were read as empty.")

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with its number as the spreadsheet shows it, from column A, all cells as text."""
        self.number_cells.clear()
        start = self._sheet.start
        if start is None:
            return
        left = [""] * start[1]
        for number, values in enumerate(self._sheet.iter_rows(), start=1):
            yield number, left + [self._text(column, value) for column, value in enumerate(values, start[1])]

    def _text(self, column: int, value: object) -> str:
        if type(value) is str:
            return value
        if type(value) is float or type(value) is int:
            self.number_cells[column] += 1
            return number_text(value, self.decimal_mark)
        return _other_text(value)


def number_text(value: float, decimal_mark: str) -> str:
    """A spreadsheet's number as it shows it: 12345678901234.0 is "12345678901234", 0.1 + 0.2 is "0.3".

    Spreadsheets keep 15 significant digits; what a binary fraction adds beyond them is no part of the number.
    """
    if value == int(value):
        return str(int(value))
    return format(Decimal(f"{value:.{_DIGITS_KEPT}g}"), "f").replace(".", decimal_mark)


def _other_text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        # Day fractions are binary: 08:26:00 may be stored as 08:25:59.9999.
        return (value + timedelta(milliseconds=500)).replace(microsecond=0).isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _measure(path: Path, bounds: WorkbookBounds) -> int:
    """Unpack every part once, counting, before anything builds a table of it; return the error cells.

    A zip's own figures may lie, two far corners make a table of billions of cells, and a long text may be
    referred to a million times: the reader would take all that memory at once.
    """
    total = shared_cells = errors = longest = 0
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise Refusal("import_format", found="a zip file that is no XLSX workbook")
            for part in archive.infolist():
                seen = _Part()
                for chunk in _true_chunks(archive, part, bounds.unpacked_bytes_max - total):
                    seen.take(chunk)
                total += seen.size
                shared_cells, errors = shared_cells + seen.shared, errors + seen.errors
                longest = max(longest, seen.longest)
                if seen.rows * seen.columns > bounds.cells_max:
                    raise Refusal("import_too_large", what="cells", limit=bounds.cells_max)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as broken:
        raise Refusal("import_unreadable", why=str(broken)) from broken
    if longest * shared_cells > 4 * bounds.unpacked_bytes_max:
        raise Refusal("import_too_large", what="text", limit=4 * bounds.unpacked_bytes_max)
    return errors


def _true_chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo, bytes_max: int) -> Iterator[bytes]:
    left = bytes_max
    # Else reading stops at the declared size, true or not; beyond the bound it must not stop by itself.
    part.file_size = max(part.file_size, bytes_max + 2 * CHUNK_BYTES)
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            left -= len(chunk)
            if left < 0:
                raise Refusal("import_too_large", what="bytes_unpacked", limit=bytes_max)
            yield chunk


class _Part:
    """What one part of the workbook holds, counted as it streams by; parts may bear any name."""

    def __init__(self) -> None:
        self.size = self.shared = self.errors = self.longest = 0
        self.rows = self.columns = 0
        self._tail = b""
        self._text_bytes = 0

    def take(self, chunk: bytes) -> None:
        self.size += len(chunk)
        first, *others = _TEXT_END.split(chunk)
        ended = [self._text_bytes + len(first), *map(len, others)]
        self._text_bytes = ended.pop()
        self.longest = max([self.longest, *ended])
        self.shared += len(_SHARED.findall(chunk))
        self.errors += len(_ERROR.findall(chunk))
        window = self._tail + chunk
        self._tail = chunk[-_OVERLAP:]
        cells = set(_CELL_AT.findall(window))
        self.columns = max([self.columns, *map(_column_number, {letters for letters, _ in cells})])
        rows = {*_ROW_AT.findall(window), *(digits for _, digits in cells)}
        self.rows = max([self.rows, *map(int, rows)])


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
