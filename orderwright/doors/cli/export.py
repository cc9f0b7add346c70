"""export orders, products, stock: tables for spreadsheets and other programs."""

import csv
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from cyclopts import App

from orderwright.doors.cli import here

app = App(name="export", help="Write orders, products or stock to a file, CSV or XLSX.")


@app.command
def orders(file: Path, *, days: int | None = None) -> None:
    """Write orders to a file, one row per line.

    Example: orderwright export orders orders.xlsx --days 28

    Parameters
    ----------
    file
        The file to write: .csv or .xlsx. One that is there is replaced once the new one is whole.
    days
        Only orders placed in so many days; without it, all.
    """
    _export("orders", file, days)


@app.command
def products(file: Path) -> None:
    """Write the products to a file, as `orderwright import products` reads it.

    Example: orderwright export products products.csv

    Parameters
    ----------
    file
        The file to write: .csv or .xlsx. One that is there is replaced once the new one is whole.
    """
    _export("products", file)


@app.command
def stock(file: Path) -> None:
    """Write what lies in which place to a file, as `orderwright import stock` reads it.

    Example: orderwright export stock stock.csv

    Parameters
    ----------
    file
        The file to write: .csv or .xlsx. One that is there is replaced once the new one is whole.
    """
    _export("stock", file)


def _export(name: str, file: Path, days: int | None = None) -> None:
    from orderwright.business.reports.exports import EXPORTS, export_rows

    writers = {".csv": _write_csv, ".xlsx": _write_xlsx}
    write = writers.get(file.suffix.lower())
    if write is None:
        raise here.WrongUsage(f"{file} is to end in {' or '.join(writers)}.")
    if not file.parent.is_dir():
        raise here.WrongUsage(f"There is no folder {file.parent}.")
    unfinished = file.with_name(f"{file.name}.part")
    try:
        with here.store() as store, store.read() as tx:
            since = None if days is None else tx.now - timedelta(days=days)
            count = write(unfinished, EXPORTS[name].columns, export_rows(tx, name, since=since))
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    print(f"{count:,} rows are in {file}.")


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> int:
    from orderwright.business.imports.quoting import quoted

    count = 0
    # Spreadsheets take a CSV for UTF-8 only with its mark.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([quoted(cell) if isinstance(cell, str) else cell for cell in row])
            count += 1
    return count


def _write_xlsx(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> int:
    from xlsxwriter import Workbook

    rows_max = 1_048_575  # of a sheet, below its header
    count = 0
    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, name in enumerate(columns):
            sheet.write_string(0, at, name)
        for count, row in enumerate(rows, 1):
            if count > rows_max:
                raise here.WrongUsage("A sheet does not hold that many rows; write a .csv, or fewer --days.")
            for at, cell in enumerate(row):
                # A text stays a text: nothing in it is run as a formula.
                write = sheet.write_string if isinstance(cell, str) else sheet.write_number
                write(count, at, cell)
    return count
