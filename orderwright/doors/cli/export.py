"""export orders, products, stock, customers, prices: tables for spreadsheets and other programs."""

from datetime import timedelta
from pathlib import Path

from cyclopts import App

from orderwright.doors.cli import here

app = App(name="export", help="Write orders, products, stock, customers or prices to a file, CSV or XLSX.")


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


@app.command
def customers(file: Path) -> None:
    """Write the customers to a file, as `orderwright import customers` reads it.

    It has room for the usual address alone, and for two lines of it.

    Example: orderwright export customers customers.csv

    Parameters
    ----------
    file
        The file to write: .csv or .xlsx. One that is there is replaced once the new one is whole.
    """
    _export("customers", file)


@app.command
def prices(file: Path) -> None:
    """Write the prices of all price lists to a file, as `orderwright import prices` reads it.

    Example: orderwright export prices prices.csv

    Parameters
    ----------
    file
        The file to write: .csv or .xlsx. One that is there is replaced once the new one is whole.
    """
    _export("prices", file)


def _export(name: str, file: Path, days: int | None = None) -> None:
    from orderwright.doors.tables import WRITERS, TooManyRows, write_table

    ending = file.suffix.lower().removeprefix(".")
    if ending not in WRITERS:
        raise here.WrongUsage(f"{file} is to end in {' or '.join('.' + each for each in WRITERS)}.")
    if not file.parent.is_dir():
        raise here.WrongUsage(f"There is no folder {file.parent}.")
    unfinished = file.with_name(f"{file.name}.part")
    try:
        with here.store() as store:
            with store.read() as tx:
                since = None if days is None else tx.now - timedelta(days=days)
            count = write_table(store, name, ending, unfinished, since)
        unfinished.replace(file)
    except TooManyRows:
        raise here.WrongUsage("A sheet does not hold that many rows; write a .csv, or fewer --days.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    print(f"{count:,} rows are in {file}.")
