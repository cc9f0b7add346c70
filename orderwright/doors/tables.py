"""Tables written to files, CSV or XLSX, row by row: whatever their length, little of them is in memory."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from orderwright.business.imports.quoting import quoted
from orderwright.business.reports.exports import EXPORTS, export_rows
from orderwright.database.store import Store
from orderwright.database.tx import Tx

Rows = Iterable[Sequence[str | int]]
SHEET_ROWS_MAX = 1_048_575
"""What a sheet holds below its header."""


class TooManyRows(Exception):
    """A sheet does not hold that many."""


def write_table(store: Store, name: str, ending: str, path: Path, since: datetime | None = None) -> int:
    """Write orders, products or stock, of one moment, to a file (`csv` or `xlsx`); how many rows. See `export_rows`.

    Raises TooManyRows for a sheet.
    """
    return write_rows(store, ending, path, EXPORTS[name].columns, lambda tx: export_rows(tx, name, since=since))


def write_rows(store: Store, ending: str, path: Path, columns: Sequence[str], read: Callable[[Tx], Rows]) -> int:
    """Write what is read at one moment to a file (`csv` or `xlsx`); how many rows. Raises TooManyRows for a sheet."""
    with store.read() as tx:
        return WRITERS[ending](path, columns, read(tx))


def write_csv(path: Path, columns: Sequence[str], rows: Rows) -> int:
    """Write a CSV; cells a spreadsheet could run stand behind an apostrophe. How many rows."""
    count = 0
    # Spreadsheets take a CSV for UTF-8 only with its mark.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([quoted(cell) if isinstance(cell, str) else cell for cell in row])
            count += 1
    return count


def write_xlsx(path: Path, columns: Sequence[str], rows: Rows) -> int:
    """Write a workbook; how many rows. Raises TooManyRows."""
    from xlsxwriter import Workbook

    count = 0
    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, name in enumerate(columns):
            sheet.write_string(0, at, name)
        for count, row in enumerate(rows, 1):
            if count > SHEET_ROWS_MAX:
                raise TooManyRows
            for at, cell in enumerate(row):
                # A text stays a text: nothing in it is run as a formula.
                write = sheet.write_string if isinstance(cell, str) else sheet.write_number
                write(count, at, cell)
    return count


WRITERS: Mapping[str, Callable[[Path, Sequence[str], Rows], int]] = {"csv": write_csv, "xlsx": write_xlsx}
