"""The rows that could not be taken, as a file to mend and import again."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from orderwright.business.imports.fields import ERROR_COLUMN
from orderwright.business.imports.forms import RowError
from orderwright.business.imports.quoting import quoted
from orderwright.business.imports.results import BadRow

_MARK = "\ufeff"  # Spreadsheets take a CSV for UTF-8 only with it.


def error_lines(header: Sequence[str], bad_rows: Iterable[BadRow | RowError], delimiter: str = ",") -> Iterator[str]:
    """The text of the error file, a record at a time (the caller encodes it as UTF-8).

    Each row has its original cells under the original header and, last, what is wrong with it. Cells that a
    spreadsheet could run stand behind an apostrophe; reading the file again takes both away, so a row mended
    or not comes back as it was. `delimiter`: that of the file it came from, so one profile fits both.
    """
    yield _MARK + _record([*map(quoted, header), ERROR_COLUMN], delimiter)
    width = len(header)
    for bad in bad_rows:
        # A row cut short or too long keeps its cells; those beyond the header would fall out of the table.
        cells = [quoted(cell) for cell in bad.cells[:width]] + [""] * (width - len(bad.cells))
        yield _record([*cells, quoted(error_text(bad))], delimiter)


def error_text(bad: BadRow | RowError) -> str:
    """All that is wrong with a row, in one line: "row 17: quantity: is not a whole number ("2.5"); ..."."""
    told = "; ".join(finding if isinstance(finding, str) else finding.sentence() for finding in bad.findings)
    lost = bad.cells[-1:] if len(bad.cells) < 2 else ()
    text = f"row {bad.row}: {told}"
    return " ".join((f"{text}; as it was: {lost[0]}" if lost else text).split())


def _record(cells: Sequence[str], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter or ",", lineterminator="\r\n").writerow(cells)
    return text.getvalue()
