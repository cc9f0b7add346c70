"""import orders, products, stock, customers, prices."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
from cyclopts import App, Parameter

from orderwright.doors.cli import REFUSED, here, show

if TYPE_CHECKING:
    from orderwright.business.imports.forms import RowError
    from orderwright.business.imports.guessing import GuessedProfile
    from orderwright.business.imports.outcome import ImportOutcome, OrdersTaken
    from orderwright.business.imports.profile import Profile
    from orderwright.business.imports.sheets import Sheet
    from orderwright.business.imports.taking import Watch
    from orderwright.values.phrases import Phrase

app = App(name="import", help="Take files of other programs in.")
ACTOR = "cli"
Several = Parameter(consume_multiple=True, negative="")


@app.command
def orders(
    file: Path,
    *,
    profile: str | None = None,
    channel: str | None = None,
    column: Annotated[list[str] | None, Several] = None,
    dry_run: bool = False,
    errors: Path | None = None,
    apply_credits: bool = False,
    json: bool = False,
) -> int:
    """Take a file of orders in: CSV (also packed as .gz or .xz) or XLSX. Running it again takes nothing twice.
    Exit code 1 when some rows were not taken; --errors writes them to a file to mend and import again.

    Example: orderwright import orders orders.csv --column quantity=Qty --errors mend.csv

    Parameters
    ----------
    file
        The file.
    profile
        What the file means: the name of a profile that comes along, or a .toml file. Without one, it is guessed.
    channel
        The sales channel the orders come in by, where the profile is not to say.
    column
        A column said by hand, as FIELD=COLUMN; several may follow each other.
    dry_run
        Read and account for everything, and take nothing.
    errors
        Where to write the rows that were not taken.
    apply_credits
        Also cancel, or ask back, what credit notes in the file say; out of the box they are only counted.
    json
        Print the report as JSON.
    """
    from orderwright.business.imports.columns import parse_overrides
    from orderwright.business.imports.fitting import fit_profile
    from orderwright.business.imports.guessing import guess_profile
    from orderwright.business.imports.profile import Profile, get_profile
    from orderwright.business.imports.taking import OrderImport, source_of

    known = get_profile(profile) if profile else Profile()
    overrides = parse_overrides(column or [])
    sheet = _open(file, known)
    with here.shops() as shops:
        shop = shops.shop(here.deployment().store)
        with shop.store.read() as tx:
            fitted = fit_profile(tx, known, channel)
        guessed = guess_profile(sheet, fitted.profile, overrides)
        if not json:
            _show_columns(guessed, fitted.reasons)
        with _watching(sheet, errors, is_quiet=json) as watch:
            taking = OrderImport(shop.writer, sheet, guessed.profile, ACTOR, watch)
            source = source_of(file, profile or "")
            outcome = taking.read_only() if dry_run else taking.take(source, with_credits=apply_credits)
    if json:
        show.as_json(outcome.as_dict() | {"id": outcome.id, "columns": guessed.profile.columns})
    else:
        _show_outcome(outcome, is_mending=errors is not None)
    return REFUSED if outcome.rows_not_taken else 0


@app.command
def products(
    file: Path,
    *,
    column: Annotated[list[str] | None, Several] = None,
    currency: str | None = None,
    dry_run: bool = False,
    errors: Path | None = None,
    json: bool = False,
) -> int:
    """Take a file of products in: CSV or XLSX. A product that is there keeps what the file does not say.
    Exit code 1 when some rows were not taken; --errors writes them to a file to mend and import again.

    Example: orderwright import products products.csv --column price=Retail --currency GBP

    Parameters
    ----------
    file
        The file.
    column
        A column said by hand, as FIELD=COLUMN; several may follow each other.
    currency
        Of prices that stand without one.
    dry_run
        Read the cells and take nothing.
    errors
        Where to write the rows that were not taken.
    json
        Print what came of it as JSON.
    """
    defaults = {} if currency is None else {"currency": currency}
    return _take_goods("products", file, column, defaults, errors, dry_run=dry_run, json=json)


@app.command
def stock(
    file: Path,
    *,
    column: Annotated[list[str] | None, Several] = None,
    site: str | None = None,
    dry_run: bool = False,
    errors: Path | None = None,
    json: bool = False,
) -> int:
    """Make the books say what a file counted in each place: CSV or XLSX. Running it again changes nothing.
    Exit code 1 when some rows were not taken; --errors writes them to a file to mend and import again.

    Example: orderwright import stock counted.xlsx --site LEEDS --errors mend.csv

    Parameters
    ----------
    file
        The file.
    column
        A column said by hand, as FIELD=COLUMN; several may follow each other.
    site
        The site of rows that name none.
    dry_run
        Read the cells and take nothing.
    errors
        Where to write the rows that were not taken.
    json
        Print what came of it as JSON.
    """
    defaults = {} if site is None else {"site": site}
    return _take_goods("stock", file, column, defaults, errors, dry_run=dry_run, json=json)


@app.command
def customers(
    file: Path,
    *,
    column: Annotated[list[str] | None, Several] = None,
    dry_run: bool = False,
    errors: Path | None = None,
    json: bool = False,
) -> int:
    """Take a file of customers in: CSV or XLSX. A customer is known again by id, e-mail address or reference.
    What a row leaves empty stays, a hyphen empties. Exit code 1 when some rows were not taken.

    Example: orderwright import customers customers.csv --column reference=Account --errors mend.csv

    Parameters
    ----------
    file
        The file.
    column
        A column said by hand, as FIELD=COLUMN; several may follow each other.
    dry_run
        Read the cells and take nothing.
    errors
        Where to write the rows that were not taken.
    json
        Print what came of it as JSON.
    """
    return _take_goods("customers", file, column, {}, errors, dry_run=dry_run, json=json)


@app.command
def prices(
    file: Path,
    *,
    column: Annotated[list[str] | None, Several] = None,
    dry_run: bool = False,
    errors: Path | None = None,
    json: bool = False,
) -> int:
    """Take a file of prices of price lists in: CSV or XLSX. A hyphen takes a price off its list.
    Exit code 1 when some rows were not taken; --errors writes them to a file to mend and import again.

    Example: orderwright import prices prices.xlsx --errors mend.csv

    Parameters
    ----------
    file
        The file.
    column
        A column said by hand, as FIELD=COLUMN; several may follow each other.
    dry_run
        Read the cells and take nothing.
    errors
        Where to write the rows that were not taken.
    json
        Print what came of it as JSON.
    """
    return _take_goods("prices", file, column, {}, errors, dry_run=dry_run, json=json)


def _take_goods(
    name: str,
    file: Path,
    said: list[str] | None,
    defaults: dict[str, str],
    errors: Path | None,
    *,
    dry_run: bool,
    json: bool,
) -> int:
    from orderwright.business.imports.goods_columns import choose_columns
    from orderwright.business.imports.goods_files import kind_of
    from orderwright.business.imports.goods_import import take_goods
    from orderwright.business.imports.profile import Profile

    kind = kind_of(name, defaults)
    sheet = _open(file, Profile())
    chosen = choose_columns(sheet.header, kind.fields, said or [])
    if not json:
        show.table(["field", "column", "because"], [(each.field, each.column, each.reason) for each in chosen])
    columns = {each.field: each.column for each in chosen}
    with here.shops() as shops, _error_file(sheet, errors) as write:
        shop = shops.shop(here.deployment().store)
        taken = take_goods(
            shop.writer, sheet, kind, columns, ACTOR, defaults=defaults, tell=write, dry_run=dry_run
        )  # fmt: skip
    if json:
        show.as_json({**msgspec.structs.asdict(taken), "columns": columns})
    else:
        print(f"{taken.rows:,} rows: {taken.new:,} new, {taken.changed:,} changed, {taken.same:,} here already, "
              f"{taken.not_taken:,} not taken.")  # fmt: skip
        if taken.not_taken and errors is None:
            print("--errors FILE writes the rows that were not taken, to be mended and imported again.")
    return REFUSED if taken.not_taken else 0


def _open(file: Path, profile: "Profile") -> "Sheet":
    from orderwright.business.imports.sheets import open_sheet

    if not file.is_file():
        raise here.WrongUsage(f"There is no file {file}.")
    return open_sheet(file, profile.form)


def _show_outcome(outcome: "ImportOutcome", *, is_mending: bool) -> None:
    print("\n".join(outcome.lines()))
    if outcome.rows_not_taken and not is_mending:
        print("--errors FILE writes the rows that were not taken, to be mended and imported again.")


def _show_columns(guessed: "GuessedProfile", reasons: list["Phrase"]) -> None:
    """Which column is what, and why; what was assumed besides."""
    known = {each.field: each for each in guessed.guesses}
    rows = [
        (field, name, known[field].reason if field in known else "said by the profile or by hand")
        for field, name in guessed.profile.columns.items()
    ]
    show.table(["field", "column", "because"], rows)
    for reason in (*reasons, *guessed.reasons):
        print(reason)


@contextmanager
def _watching(sheet: "Sheet", errors: Path | None, *, is_quiet: bool) -> "Iterator[Watch]":
    """A progress display on standard error, and the error file as rows come."""
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    from orderwright.business.imports.taking import Watch

    console = Console(stderr=True, quiet=is_quiet or not sys.stderr.isatty())
    columns = (TextColumn("{task.description}"), TimeElapsedColumn())
    with _error_file(sheet, errors) as write, Progress(*columns, console=console, transient=True) as progress:
        line = progress.add_task("Reading", total=None)

        def step(rows: int, orders: "OrdersTaken") -> None:
            told = f"{rows:,} rows read; orders: {orders.new:,} taken, {orders.repeated:,} here already"
            progress.update(line, description=told)

        yield Watch(row=write, step=step)


@contextmanager
def _error_file(sheet: "Sheet", path: Path | None) -> "Iterator[Callable[[RowError], None]]":
    from orderwright.business.imports.errors_file import error_lines

    if path is None:
        yield lambda _: None
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        header, *_ = error_lines(sheet.header, [], sheet.delimiter)
        file.write(header)

        def write(error: "RowError") -> None:
            _, line = error_lines(sheet.header, [error], sheet.delimiter)
            file.write(line)

        yield write
