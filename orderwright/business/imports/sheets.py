"""A table file as numbered rows of text, whatever form a shop's program gave it."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from orderwright.business.imports.encodings import encoding_of
from orderwright.business.imports.fields import ERROR_COLUMN
from orderwright.business.imports.quoting import restored
from orderwright.business.imports.unpacking import open_unpacked, packing_of
from orderwright.business.imports.workbooks import Workbook, WorkbookBounds
from orderwright.values.refusal import Refusal

Row = tuple[int, list[str]]
"""A row's number, as a spreadsheet shows it (the header of a plain file is row 1), and its cells."""

DELIMITERS = ",;\t|"
_SAMPLE_CHARS = 1 << 17
_SAMPLE_ROWS = 100
_OPEN_QUOTES_MAX = 1_000
_FIRST_BYTES = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls); save it as .xlsx or CSV",
    b"Rar!": "an archive",
    b"7z\xbc\xaf": "an archive",
}


class Bounds(NamedTuple):
    """The most that is taken of one file."""

    bytes_max: int = 256 << 20
    unpacked_bytes_max: int = 1 << 30
    rows_max: int = 2_000_000
    columns_max: int = 500
    cell_chars_max: int = 32_767
    line_chars_max: int = 1 << 20
    workbook_cells_max: int = 10_000_000


class FileForm(NamedTuple):
    """What is known of the file beforehand; empty texts are found out."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 1


class BrokenCells(list[str]):
    """What could not be told apart into cells: the raw text, as one cell."""


class _Table(Protocol):
    """Where rows come from; they can be read again and again."""

    decimal_mark: str

    def rows(self) -> Iterator[Row]: ...


class Sheet:
    """A table that can be read more than once.

    `header`: the column names, made distinct. `remarks`: sentences on what was assumed. `number_cells`: cells
    by column that a workbook held as numbers, known after reading it through. `delimiter` is "" for a
    workbook. An error file of ours comes back without its error column and its quoting.
    """

    def __init__(
        self, table: _Table, *, header_row: int = 1, bounds: Bounds | None = None, delimiter: str = ""
    ) -> None:
        self._table = table
        self._bounds = bounds or Bounds()
        self.delimiter = delimiter
        self.encoding = ""
        self.remarks: list[str] = []
        self.number_cells: Mapping[int, int] = {}
        self._header_row, first = self._find_header(header_row)
        self._error_column = first.index(ERROR_COLUMN) if ERROR_COLUMN in first else None
        if self._error_column is not None:
            first = self._returned(first)
        self.header = _distinct(first)

    def write_numbers_with(self, decimal_mark: str) -> None:
        """Say how a workbook's number cells are written out: as the profile reads numbers."""
        self._table.decimal_mark = decimal_mark

    def rows(self) -> Iterator[Row]:
        """The rows below the header. Refuses import_too_large when a bound is passed."""
        rows_max, header_row = self._bounds.rows_max + self._header_row, self._header_row
        for row in self._table.rows():
            if row[0] > rows_max:
                raise Refusal("import_too_large", what="rows", limit=self._bounds.rows_max)
            if row[0] > header_row:
                yield row if self._error_column is None else (row[0], self._returned(row[1]))

    def checked_rows(self) -> Iterator[Row]:
        """As `rows`, and refuses a cell that is too long, by its row and column: read it so the first time."""
        chars_max, header = self._bounds.cell_chars_max, self.header
        for row in self.rows():
            # All cells together are seldom as long as one may be, and their length is known sooner.
            is_long = len("".join(row[1])) > chars_max and not isinstance(row[1], BrokenCells)
            if is_long and max(map(len, row[1])) > chars_max:
                at = next(i for i, cell in enumerate(row[1]) if len(cell) > chars_max)
                column = header[at] if at < len(header) else ""
                raise Refusal("import_too_large", what="cell", limit=chars_max, row=row[0], column=column)
            yield row

    def sample(self, rows: int = 200) -> list[list[str]]:
        """The first rows' cells, for guessing what the columns are."""
        return [cells for (_, cells), _ in zip(self.rows(), range(rows), strict=False)]

    def _returned(self, cells: list[str]) -> list[str]:
        if isinstance(cells, BrokenCells):
            return cells
        return [restored(cell) for column, cell in enumerate(cells) if column != self._error_column]

    def _find_header(self, header_row: int) -> tuple[int, list[str]]:
        for number, cells in self._table.rows():
            trimmed = [cell.strip() for cell in cells]
            if len(trimmed) > self._bounds.columns_max:
                raise Refusal("import_too_large", what="columns", limit=self._bounds.columns_max)
            # An error file has no title lines above its header, whatever the profile says of the original.
            if number == header_row or (number == 1 and ERROR_COLUMN in trimmed):
                if not any(trimmed):
                    break
                return number, trimmed
        raise Refusal("import_no_header", header_row=header_row)


def open_sheet(path: Path, form: FileForm | None = None, bounds: Bounds | None = None) -> Sheet:
    """The table in a file: CSV of any delimiter and encoding, plain, .gz or .xz, or an XLSX workbook.

    What is not given is found out by the content, never by the file's name. Refuses import_format,
    import_encoding, import_unreadable, import_no_header, import_no_sheet and import_too_large.
    """
    form, bounds = form or FileForm(), bounds or Bounds()
    if path.stat().st_size > bounds.bytes_max:
        raise Refusal("import_too_large", what="bytes", limit=bounds.bytes_max)
    packed = packing_of(path)
    with open_unpacked(path, bounds.unpacked_bytes_max) as stream:
        first = stream.read(8)
    if not first:
        raise Refusal("import_no_header", header_row=form.header_row)
    if first.startswith(b"PK\x03\x04"):
        if packed:
            raise Refusal("import_format", found="a packed workbook; unpack it first")
        return _open_workbook(path, form, bounds)
    for start, found in _FIRST_BYTES.items():
        if first.startswith(start):
            raise Refusal("import_format", found=found)
    return _open_text(path, form, bounds)


def sheet_of(header: list[str], rows: Iterable[list[str]]) -> Sheet:
    """A sheet of rows in memory, for previews and tests."""
    return Sheet(_Memory([header, *rows]))


def _open_workbook(path: Path, form: FileForm, bounds: Bounds) -> Sheet:
    size = WorkbookBounds(bounds.unpacked_bytes_max, bounds.workbook_cells_max)
    book = Workbook(path, form.sheet, size)
    sheet = Sheet(book, header_row=form.header_row, bounds=bounds)
    sheet.number_cells = book.number_cells
    sheet.remarks += book.remarks
    return sheet


def _open_text(path: Path, form: FileForm, bounds: Bounds) -> Sheet:
    encoding, remark = encoding_of(path, form.encoding, bounds.unpacked_bytes_max)
    table = _Text(path, encoding, "", bounds)
    sample = table.sample()
    # A line "sep=;" on top is Excel's own way to name the delimiter.
    named = sample[4:5] if sample[:4].lower() == "sep=" and sample[5:6] in "\r\n" else ""
    table.skip_lines = 1 if named else 0
    table.delimiter = named or form.delimiter or sniff_delimiter(sample)
    sheet = Sheet(table, header_row=form.header_row, bounds=bounds, delimiter=table.delimiter)
    sheet.encoding = encoding
    if remark:
        sheet.remarks.append(remark)
    if len(sheet.header) == 1:
        sheet.remarks.append("Only one column was found; if there are more, name the delimiter.")
    return sheet


def sniff_delimiter(sample: str) -> str:
    """The delimiter that cuts a sample into the most columns most evenly; a comma when none does."""
    best, delimiter = 0.0, ","
    for candidate in DELIMITERS:
        rows = csv.reader(io.StringIO(sample, newline=""), delimiter=candidate)
        try:
            widths = Counter(len(cells) for cells, _ in zip(rows, range(_SAMPLE_ROWS), strict=False) if cells)
        except csv.Error:
            continue
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        score = (count / widths.total()) ** 2 * (width - 1)
        if score > best:
            best, delimiter = score, candidate
    return delimiter


class _Text:
    """A delimited text file, opened anew for each reading."""

    def __init__(self, path: Path, encoding: str, delimiter: str, bounds: Bounds) -> None:
        self._path, self._encoding, self._bounds = path, encoding, bounds
        self.delimiter = delimiter
        self.decimal_mark = ""  # Text has its numbers written already.
        self.skip_lines = 0

    def sample(self) -> str:
        with self._open() as text:
            return text.read(_SAMPLE_CHARS)

    def rows(self) -> Iterator[Row]:
        with self._open() as text:
            lines = _Lines(text, self._bounds.line_chars_max)
            for _ in range(self.skip_lines):
                next(iter(lines), None)
            lines.taken.clear()
            number = 0
            while True:
                records = csv.reader(iter(lines), delimiter=self.delimiter, strict=True)
                try:
                    for cells in records:
                        number += 1
                        yield number, cells
                        lines.taken.clear()
                    return
                except csv.Error:
                    number += 1
                    yield number, BrokenCells([lines.keep_first().rstrip("\r\n")])

    def _open(self) -> io.TextIOWrapper:
        stream = open_unpacked(self._path, self._bounds.unpacked_bytes_max)
        return io.TextIOWrapper(stream, self._encoding, newline="")


class _Lines:
    """A text's lines, none without end. `taken` are those the current record was made of."""

    def __init__(self, text: io.TextIOWrapper, chars_max: int) -> None:
        self.taken: list[str] = []
        self._back: list[str] = []
        self._read = partial(text.readline, chars_max)
        self._chars_max = chars_max
        self._open_quotes = 0

    def __iter__(self) -> Iterator[str]:
        taken, chars_max = self.taken, self._chars_max
        while self._back:
            taken.append(self._back.pop())
            yield taken[-1]
        for line in iter(self._read, ""):
            if len(line) >= chars_max:
                raise Refusal("import_too_large", what="line", limit=chars_max)
            taken.append(line)
            yield line

    def keep_first(self) -> str:
        """The first line of a record that failed; the others are given again, as rows of their own.

        A quotation mark left open swallows the rows after it: only the row it stands in is bad.
        """
        first, *others = self.taken
        if others:
            self._open_quotes += 1
            if self._open_quotes > _OPEN_QUOTES_MAX:
                raise Refusal("import_unreadable", why="too many quotation marks are left open")
            self._back += reversed(others)
        self.taken.clear()
        return first


class _Memory:
    def __init__(self, rows: list[list[str]]) -> None:
        self._rows = rows
        self.decimal_mark = ""

    def rows(self) -> Iterator[Row]:
        return enumerate(self._rows, start=1)


def _distinct(names: list[str]) -> list[str]:
    seen: Counter[str] = Counter()
    distinct = []
    for position, name in enumerate(names, start=1):
        name = name or f"Column {position}"
        seen[name] += 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return distinct
