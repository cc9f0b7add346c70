"""Files taken in: orders of any program, by a profile or guessed."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from orderwright.business.imports.columns import parse_overrides
from orderwright.business.imports.fitting import fit_profile
from orderwright.business.imports.forms import ImportView
from orderwright.business.imports.guessing import guess_profile
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
