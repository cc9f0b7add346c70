"""Files in and out: bring one, look at what it would change, take it, mend what was wrong; tables to save."""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from orderwright.business.catalog.reads import Catalog, catalog_of
from orderwright.business.imports.fields import FIELDS as ORDER_FIELDS
from orderwright.business.imports.forms import BeginLooking, BeginTaking, ImportAsked, ImportRow, LookAgain, RowError
from orderwright.business.imports.goods_columns import column_of
from orderwright.business.imports.goods_files import KINDS as GOODS
from orderwright.business.imports.jobs import begin_looking, begin_taking, get_import_row, list_imports, look_again
from orderwright.business.imports.profile import builtin_profiles
from orderwright.business.imports.reads import error_file, get_import
from orderwright.business.imports.running import Run
from orderwright.business.reports.exports import EXPORTS
from orderwright.doors.api.bodies import STREAM_BYTES_MAX
from orderwright.doors.api.within import whole_store
from orderwright.doors.console import exporting, import_words, row_words, runs, words
from orderwright.doors.console.acting import Call
from orderwright.doors.console.asked import Asked, Tried
from orderwright.doors.console.page import act, page
from orderwright.doors.console.reply import Reply, saved_as, see_other
from orderwright.doors.console.texts import text as _
from orderwright.doors.tables import write_table
from orderwright.values.forms import Form
from orderwright.values.pages import After, Page
from orderwright.values.phrases import Phrase
from orderwright.values.refusal import Refusal

ERRORS_SHOWN = 50
READ = "stock:read"
UNSAID = {"products": frozenset({"currency"}), "stock": frozenset({"site"}), "orders": frozenset({"channel"})}
"""What rows of a file may leave to whoever brings it."""


class ImportsQuery(Form, frozen=True):
    """Where the list goes on."""

    after: After | None = None
    kind: Annotated[str, Meta(max_length=20)] = ""


class ImportsShown(NamedTuple):
    """What can be brought by this visitor, what was brought, and what can be saved. currency: that of all channels."""

    page: Page[ImportRow]
    kinds: Mapping[str, str]
    kind: str
    sites: Sequence[tuple[str, str]]
    channels: Sequence[tuple[str, str]]
    profiles: Sequence[tuple[str, str]]
    tables: Sequence[tuple[str, str]]
    states: Mapping[str, words.Word]
    names: Mapping[str, str]
    currency: str


class ImportShown(NamedTuple):
    """One file. refusal: why it cannot be read. errors: the first rows that were or would not be taken, and why."""

    of: ImportRow
    errors: Sequence[tuple[RowError, Sequence[Phrase]]]
    refusal: words.Word | None
    facts: Mapping[str, Any]
    may_write: bool
    fields: Sequence[tuple[str, str, bool]]
    state: words.Word
    kind: str
    rows: Mapping[str, words.Word]
    names: Mapping[str, str]
    sites: Sequence[tuple[str, str]]
    channels: Sequence[tuple[str, str]]

    @property
    def unsaid(self) -> frozenset[str]:
        """What people can say once for all rows that do not say it."""
        return UNSAID.get(self.of.kind, frozenset())

    @property
    def asked(self) -> Mapping[str, Any]:
        """How it is read now."""
        return msgspec.structs.asdict(self.of.asked)

    @property
    def first(self) -> Sequence[tuple[Mapping[str, Any], Sequence[Phrase]]]:
        """The first rows of the file as it was looked at, and what is wrong with each."""
        return [(each, row_words.told_in(each, "wrong")) for each in self.of.report.get("first", ())]

    @property
    def assumed(self) -> Sequence[Phrase]:
        """What was assumed of a file that does not say it."""
        return row_words.told_in(self.of.report, "reasons")

    @property
    def is_running(self) -> bool:
        """Whether something is happening, so that it is worth looking again soon."""
        return self.of.state in ("looking", "reading")

    @property
    def asks_payment(self) -> bool:
        """Whether people are to say that orders are paid, because neither the file nor a profile does."""
        says = {"payment_state", "payment_amount"} & self.of.report.get("columns", {}).keys()
        return self.of.kind == "orders" and not says and not self.of.asked.profile

    @property
    def is_taken(self) -> bool:
        """Whether taking began, and not only looking."""
        return self.of.was_reading or self.of.state in ("done", "reading") or self.of.report.get("is_taken", False)

    @property
    def not_taken(self) -> int:
        """Rows that were not taken."""
        report = self.of.report
        return int(report.get("not_taken", report.get("rows_not_taken", 0)))


@page("/imports", template="imports.html", scope=READ, title=_("Import and export"), section="settings",
      within=whole_store)  # fmt: skip
def imports(asked: Asked[ImportsQuery]) -> ImportsShown:
    """Bring a file, or save one."""
    catalog = catalog_of(asked.tx)
    kinds = {
        kind: word for kind, word in import_words.KINDS.items() if import_words.SCOPES[kind] in asked.access.scopes
    }
    said = asked.tried.values.get("kind", "") if asked.tried else asked.query.kind
    tables = [(name, import_words.KINDS[name]) for name in EXPORTS if _may_save(name, asked.access.scopes)]
    return ImportsShown(
        list_imports(asked.tx, after=asked.query.after), kinds, said if said in kinds else next(iter(kinds), ""),
        _pairs(catalog.sites), _pairs(code for code, each in catalog.channels.items() if each.is_active),
        _pairs(builtin_profiles()), tables, import_words.STATES, import_words.KINDS, _currency_of_all(catalog),
    )  # fmt: skip


@page("/imports/{id}", template="import.html", scope=READ, title=_("Import"), section="settings", within=whole_store)
def one_import(asked: Asked[None]) -> ImportShown:
    """A file: what it would do, how far it is, or what came of it."""
    row, catalog = get_import_row(asked.tx, asked.at["id"]), catalog_of(asked.tx)
    view = get_import(asked.tx, row.id, limit=ERRORS_SHOWN)
    code, facts = row.report.get("refusal", ""), row.report.get("facts", {})
    refusal = words.refused(Tried("", {}, {}, code, facts, set())) if code else None
    errors = [(each, row_words.told(each.findings, each.details)) for each in view.errors]
    return ImportShown(
        row, errors, refusal, facts, import_words.SCOPES[row.kind] in asked.access.scopes, _fields(row),
        import_words.STATES[row.state], import_words.KINDS[row.kind], import_words.ROWS, import_words.FIELDS,
        _pairs(catalog.sites), _pairs(code for code, each in catalog.channels.items() if each.is_active),
    )  # fmt: skip


@page("/imports/{id}/errors", template="", scope=READ, title=_("Rows to mend"), section="settings",
      within=whole_store)  # fmt: skip
def errors_to_mend(asked: Asked[None]) -> Reply:
    """The rows that were not taken, as a file to mend and bring again."""
    text = error_file(asked.tx, asked.at["id"])
    return Reply(200, text.encode(), saved_as("to-mend.csv", exporting.MEDIA["csv"]))


class ExportQuery(Form, frozen=True):
    """Of orders: those placed in so many days."""

    days: Annotated[int, Meta(ge=1, le=36_500)] | None = None


@page("/exports/{name}/{ending}", template="", scope=READ, title=_("Export"), section="settings",
      within=whole_store)  # fmt: skip
def export(asked: Asked[ExportQuery]) -> Reply:
    """A table, to be saved."""
    name, ending, days = asked.at["name"], asked.at["ending"], asked.query.days
    if name not in EXPORTS or ending not in exporting.MEDIA:
        raise Refusal("not_found")
    if not _may_save(name, asked.access.scopes):
        raise Refusal("forbidden", scope=import_words.SAVED_BY[name])
    since = asked.tx.now - timedelta(days=days) if days else None
    store = asked.tx.store
    pieces = exporting.table_pieces(ending, lambda path: write_table(store, name, ending, path, since))
    return Reply(200, b"", saved_as(f"{name}.{ending}", exporting.MEDIA[ending]), pieces)


@act("/imports", scope=READ, page=imports, files_bytes_max=STREAM_BYTES_MAX + 100_000)
async def bring(call: Call) -> Reply:
    """Bring a file, to be looked at."""
    file, kind = call.files.get("file"), call.fields.get("kind", "")
    _check(call, kind)
    if file is None or not file.size_bytes:
        message = _("Choose a file first.") if file is None else _("This file is empty.")
        raise _wrong("file", message)
    if file.size_bytes > STREAM_BYTES_MAX:
        raise Refusal("too_large", bytes_max=STREAM_BYTES_MAX)
    runs.make_room()
    kept = runs.taken_over(file.path)
    with kept.open("rb") as opened:
        digest = (await asyncio.to_thread(hashlib.file_digest, opened, "sha256")).digest()
    asked = _asked(call.fields, {})
    command = BeginLooking(kind=kind, file_name=file.name[:200], file_hash=digest, asked=asked, actor=call.who.actor)
    import_id: str = await call.do(begin_looking, command)
    await _start(call, import_id, kept)
    return see_other(f"/imports/{import_id}")


@act("/imports/{id}/look", scope=READ, page=one_import)
async def read_otherwise(call: Call) -> Reply:
    """Look at a file once more, its columns as said."""
    row = await call.find(lambda tx: get_import_row(tx, call.at["id"]))
    _check(call, row.kind)
    columns = {
        name.removeprefix("column/"): "" if text == "-" else text
        for name, text in call.fields.items()
        if name.startswith("column/") and text
    }
    runs.make_room()
    asked = _asked(call.fields, columns)
    await call.do(look_again, LookAgain(id=row.id, asked=asked, actor=call.who.actor))
    await _start(call, row.id, None)
    return see_other(f"/imports/{row.id}")


@act("/imports/{id}/take", scope=READ, page=one_import)
async def take(call: Call) -> Reply:
    """Take a file that was looked at."""
    row = await call.find(lambda tx: get_import_row(tx, call.at["id"]))
    _check(call, row.kind)
    runs.make_room()
    payment = call.fields.get("payment", "")
    asked = msgspec.structs.replace(row.asked, payment=payment) if payment in ("paid", "unpaid") else None
    await call.do(begin_taking, BeginTaking(id=row.id, asked=asked, actor=call.who.actor))
    await _start(call, row.id, None, is_look=False)
    return see_other(f"/imports/{row.id}")


async def _start(call: Call, import_id: str, kept: Path | None, *, is_look: bool = True) -> None:
    """Go on in a thread of its own, whether or not anybody waits; small files are done before the next page."""
    shop = await call.shop()
    run = Run(shop.store, shop.writer, import_id, call.who.actor)

    def work() -> None:
        if kept is not None:
            run.keep(kept)
        if is_look:
            run.look()
        else:
            run.take()

    await runs.start(work, kept)


def _check(call: Call, kind: str) -> None:
    if kind not in import_words.KINDS:
        raise _wrong("kind", _("Say what is in the file."))
    if call.who.sites is not None or call.who.channels is not None:
        raise Refusal("forbidden")
    if import_words.SCOPES[kind] not in call.who.scopes:
        raise Refusal("forbidden", scope=import_words.SCOPES[kind])


def _asked(fields: Mapping[str, str], columns: Mapping[str, str]) -> ImportAsked:
    told = {name: fields.get(name, "").strip()[:64] for name in ("profile", "channel", "currency", "site")}
    if told["profile"] and told["profile"] not in builtin_profiles():
        raise _wrong("profile", _("There is no profile of this name."))
    told["currency"] = told["currency"].upper()
    return ImportAsked(
        columns=dict(columns), profile=told["profile"], channel=told["channel"], currency=told["currency"],
        site=told["site"], with_credits=fields.get("with_credits") == "true",
    )  # fmt: skip


def _wrong(name: str, message: str) -> Refusal:
    return Refusal("malformed", findings=[{"pointer": f"/{name}", "code": "wrong", "message": message}])


def _fields(row: ImportRow) -> list[tuple[str, str, bool]]:
    """The fields of a file: name, the column each has now, whether it is needed."""
    columns = {**row.report.get("columns", {}), **row.asked.columns}
    if row.kind == "orders":
        missing = row.report.get("facts", {}).get("fields", [])
        return [(name, columns.get(name, ""), name in missing) for name in ORDER_FIELDS]
    fields = GOODS[row.kind].fields
    if "columns" not in row.report:  # one was not found: those that were are not to be said by hand
        columns = {each.name: column_of(each, row.report.get("header", [])) for each in fields} | columns
    return [(each.name, columns.get(each.name, ""), each.is_needed) for each in fields]


def _currency_of_all(catalog: Catalog) -> str:
    """The currency that every channel has whose orders are taken; '' where they differ."""
    found = {each.currency for each in catalog.channels.values() if each.is_active}
    return found.pop() if len(found) == 1 else ""


def _pairs(codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, code) for code in sorted(codes)]


def _may_save(name: str, scopes: Any) -> bool:
    return import_words.SAVED_BY[name] in scopes
