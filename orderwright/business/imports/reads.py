"""Looking at imports: how far they are, what came of them, and the rows to be mended."""

from datetime import timedelta
from typing import Any

import msgspec

from orderwright.business.imports.errors_file import error_lines
from orderwright.business.imports.findings import Wrong, only_said
from orderwright.business.imports.forms import ImportView, RowError, row_error
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id
from orderwright.values.pages import mark, read_mark
from orderwright.values.refusal import Refusal

SILENT_FOR = timedelta(minutes=1)
"""An import of which nothing was heard for so long has been interrupted."""


def get_import(tx: Tx, import_id: str, *, after: str | None = None, limit: int = 50) -> ImportView:
    """One import with some of the rows it did not take, in the order of the file. Refuses not_found."""
    job = _job(tx, import_id)
    (last,) = (0,) if after is None else read_mark(after, tuple[int])
    rows = tx.rows(
        "SELECT row_number, cells, findings FROM import_error WHERE import_id = %(id)s AND row_number > %(last)s"
        " ORDER BY row_number LIMIT %(limit)s",
        id=import_id, last=last, limit=limit + 1,
    )  # fmt: skip
    return ImportView(
        job.id, job.kind, job.file_name, job.profile, state_of(tx, job), job.rows_read,
        job.made_at, job.ended_at, msgspec.json.decode(job.report), [_error(row) for row in rows[:limit]],
        mark(rows[limit - 1].row_number) if len(rows) > limit else None,
    )  # fmt: skip


def error_file(tx: Tx, import_id: str) -> str:
    """The rows an import did not take, as a CSV file to mend and import again. Refuses not_found."""
    job = _job(tx, import_id)
    told = msgspec.json.decode(job.report)
    rows = tx.rows(
        "SELECT row_number, cells, findings FROM import_error WHERE import_id = %(id)s ORDER BY row_number",
        id=import_id,
    )
    return "".join(error_lines(told.get("header", []), map(_error, rows), told.get("delimiter", ",")))


def state_of(tx: Tx, job: Any) -> str:
    """The state of an import, from its row: `interrupted` when nothing was heard of it for a while."""
    is_silent = job.state in ("looking", "reading") and job.alive_at + SILENT_FOR < tx.now
    return "interrupted" if is_silent else str(job.state)


def _job(tx: Tx, import_id: str) -> Any:
    row = None
    if is_id(import_id):
        row = tx.row(
            "SELECT id::text, kind, file_name, profile, state, rows_read, report, made_at, alive_at, ended_at"
            " FROM import_job WHERE id = %(id)s",
            id=import_id,
        )
    if row is None:
        raise Refusal("not_found", import_id=import_id)
    return row


def _error(row: Any) -> RowError:
    kept = msgspec.json.decode(row.findings, type=list[str | Wrong])
    wrong = [only_said(each) if isinstance(each, str) else each for each in kept]
    return row_error(row.row_number, msgspec.json.decode(row.cells), wrong)
