"""Files taken in: orders of any program, by a profile or guessed; the rest by their columns."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.business.imports.columns import parse_overrides
from orderwright.business.imports.fitting import fit_profile
from orderwright.business.imports.forms import ImportView
from orderwright.business.imports.goods_columns import choose_columns
from orderwright.business.imports.goods_files import kind_of
from orderwright.business.imports.goods_import import import_goods
from orderwright.business.imports.guessing import guess_profile
from orderwright.business.imports.looking import look_at_goods
from orderwright.business.imports.profile import Profile, builtin_profiles, get_profile, read_profile
from orderwright.business.imports.reads import error_file, get_import
from orderwright.business.imports.sheets import open_sheet
from orderwright.business.imports.taking import OrderImport, Watch, source_of
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question
from orderwright.doors.api.route import read, upload
from orderwright.doors.api.within import whole_store
from orderwright.doors.shops import Shop
from orderwright.values.forms import Form, Text, Word
from orderwright.values.pages import After, Limit

Columns = Annotated[str, Meta(max_length=4_000, description="Columns said by hand: field=Column, with ; between them.")]
ProfileText = Annotated[str, Meta(max_length=20_000, description="A profile in TOML, or the name of one.")]


class ImportQuery(Form, frozen=True):
    """What is said of a file. `name`: what it is called."""

    name: Text = ""
    profile: ProfileText = ""
    channel: Word | None = None
    columns: Columns = ""
    dry_run: bool = False
    apply_credits: bool = False


def _look(tx: Tx, import_id: str) -> ImportView:
    return get_import(tx, import_id)


@upload("/v1/imports", "orders:write", within=whole_store, look=_look, answer=ImportView)
def take_file(shop: Shop, question: Question[ImportQuery], path: Path, tell: Callable[[str], None]) -> ImportView:
    """Take a file of orders in: CSV (plain, .gz, .xz) or XLSX, as the whole body; up to 64 MB.

    200 when it is done within ten seconds; 202 when it takes longer: ask GET /v1/imports/{id}. The same file
    again takes nothing twice. With `dry_run` it is read and accounted for, and nothing is taken or kept.
    """
    query = question.query
    profile = _profile(query.profile)
    overrides = parse_overrides([each for each in query.columns.split(";") if each.strip()])
    sheet = open_sheet(path, profile.form)
    with shop.store.read() as tx:
        fitted = fit_profile(tx, profile, query.channel)
        now = tx.now
    guessed = guess_profile(sheet, fitted.profile, overrides)
    taking = OrderImport(shop.writer, sheet, guessed.profile, question.access.actor, Watch(began=tell))
    source = source_of(path, profile.name)._replace(name=query.name)
    if query.dry_run:
        report = taking.read_only().as_dict() | {"columns": guessed.profile.columns}
        return ImportView("", "orders", query.name, profile.name, "dry_run", report["rows"], now, now, report, [])
    outcome = taking.take(source, with_credits=query.apply_credits)
    with shop.store.read() as tx:
        return get_import(tx, outcome.id or "")


class GoodsQuery(Form, frozen=True):
    """What is said of a file of goods. `name`: what it is called."""

    name: Text = ""
    columns: Columns = ""
    dry_run: bool = False


class ProductsQuery(GoodsQuery, frozen=True):
    """What is said of a file of products. `currency`: of prices that stand without one."""

    currency: Annotated[str, Meta(max_length=3)] = ""


class StockQuery(GoodsQuery, frozen=True):
    """What is said of a file of stock. `site`: of rows that name none."""

    site: Annotated[str, Meta(max_length=64)] = ""


@upload("/v1/imports/products", "stock:write", within=whole_store, look=_look, answer=ImportView)
def take_products_file(
    shop: Shop, question: Question[ProductsQuery], path: Path, tell: Callable[[str], None]
) -> ImportView:
    """Take a file of products in: CSV or XLSX, as the whole body. What is there keeps what the file does not say.

    Answers as POST /v1/imports. Of two rows that say different things of one product the second is not taken.
    """
    query = question.query
    return _take_goods("products", shop, question, path, tell, {"currency": query.currency})


@upload("/v1/imports/stock", "stock:write", within=whole_store, look=_look, answer=ImportView)
def take_stock_file(shop: Shop, question: Question[StockQuery], path: Path, tell: Callable[[str], None]) -> ImportView:
    """Make the books say what a file counted in each place: CSV or XLSX, as the whole body.

    Answers as POST /v1/imports. What lies in places that the file does not name stays as it is.
    """
    return _take_goods("stock", shop, question, path, tell, {"site": question.query.site})


@upload("/v1/imports/customers", "orders:write", within=whole_store, look=_look, answer=ImportView)
def take_customers_file(
    shop: Shop, question: Question[GoodsQuery], path: Path, tell: Callable[[str], None]
) -> ImportView:
    """Take a file of customers in: CSV or XLSX, as the whole body. Known again by id, e-mail address or reference.

    Answers as POST /v1/imports. What a row leaves empty stays; a hyphen empties.
    """
    return _take_goods("customers", shop, question, path, tell, {})


@upload("/v1/imports/prices", "admin", within=whole_store, look=_look, answer=ImportView)
def take_prices_file(shop: Shop, question: Question[GoodsQuery], path: Path, tell: Callable[[str], None]) -> ImportView:
    """Take prices of price lists in: CSV or XLSX, as the whole body. A hyphen takes a price off its list.

    Answers as POST /v1/imports. Prices that the file does not name stay as they are.
    """
    return _take_goods("prices", shop, question, path, tell, {})


def _take_goods(
    name: str,
    shop: Shop,
    question: Question[Any],
    path: Path,
    tell: Callable[[str], None],
    said: Mapping[str, str],
) -> ImportView:
    query = question.query
    defaults = {field: value for field, value in said.items() if value}
    kind = kind_of(name, defaults)
    sheet = open_sheet(path)
    chosen = choose_columns(sheet.header, kind.fields, [each for each in query.columns.split(";") if each.strip()])
    columns = {each.field: each.column for each in chosen}
    if query.dry_run:
        with shop.store.read() as tx:
            now = tx.now
        looked = look_at_goods(shop.store, sheet, kind, columns, defaults, lambda *_: None)
        report = msgspec.to_builtins(looked) | {"columns": columns}
        return ImportView("", name, query.name, "", "dry_run", looked.rows, now, now, report, [])
    source = source_of(path, "")._replace(name=query.name)
    import_id = import_goods(
        shop.writer, sheet, kind, columns, question.access.actor, source, name=name, defaults=defaults, began=tell
    )
    with shop.store.read() as tx:
        return get_import(tx, import_id)


class ErrorsQuery(Form, frozen=True):
    """Which of the rows that were not taken."""

    after: After | None = None
    limit: Limit = 50


@read("/v1/imports/{id}", "orders:read", within=whole_store)
def one_import(tx: Tx, question: Question[ErrorsQuery]) -> ImportView:
    """An import: how far it is, its account of every row, and the rows that were not taken."""
    query = question.query
    return get_import(tx, question.at["id"], after=query.after, limit=query.limit)


@read("/v1/imports/{id}/errors", "orders:read", within=whole_store, content_type="text/csv; charset=utf-8")
def import_errors(tx: Tx, question: Question[None]) -> str:
    """The rows an import did not take, as a CSV file to mend and send again."""
    return error_file(tx, question.at["id"])


def _profile(text: str) -> Profile:
    if not text:
        return Profile()
    # By name only what comes along: a path would be one on the server.
    return get_profile(text) if text in builtin_profiles() else read_profile(text)
