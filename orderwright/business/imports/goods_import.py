"""Files of products and of stock, taken in: in chunks, each row by itself; run again, nothing changes."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import msgspec

from orderwright.business.imports.actions import end_imports, start_imports, tell_progress
from orderwright.business.imports.findings import wrongs_of
from orderwright.business.imports.forms import EndImport, RowError, StartImport, TellProgress
from orderwright.business.imports.goods_files import GoodsKind, chunks_of
from orderwright.business.imports.sheets import Sheet
from orderwright.business.imports.taking import Source
from orderwright.database.writer import Writer
from orderwright.values.refusal import Refusal


class GoodsTaken(msgspec.Struct):
    """What came of a file, in rows."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    not_taken: int = 0


def take_goods(
    writer: Writer,
    sheet: Sheet,
    kind: GoodsKind,
    columns: Mapping[str, str],
    actor: str,
    *,
    defaults: Mapping[str, str],
    tell: Callable[[RowError], None],
    step: Callable[[GoodsTaken], None] = lambda _: None,
    dry_run: bool = False,
) -> GoodsTaken:
    """Take a file in, chunk by chunk. columns: by field. defaults: for fields a row leaves empty.

    kind: with the fields this file must have (see `kind_of`). `tell` hears each row that was not taken, `step` how
    far it is. With dry_run the cells are read and nothing is taken.
    """
    taken = GoodsTaken()
    for chunk in chunks_of(sheet, kind, columns, actor, defaults):
        taken.rows += len(chunk)
        commands = [] if dry_run else [row.command for row in chunk if not row.wrong]
        results = iter(writer.run(kind.take, commands) if commands else [])
        for row in chunk:
            result = None if dry_run or row.wrong else next(results)
            wrong = wrongs_of(result) if isinstance(result, Refusal) else row.wrong
            if wrong:
                taken.not_taken += 1
                tell(row.error(wrong))
            elif result is not None:
                setattr(taken, result, getattr(taken, result) + 1)
        step(taken)
    return taken


def import_goods(
    writer: Writer,
    sheet: Sheet,
    kind: GoodsKind,
    columns: Mapping[str, str],
    actor: str,
    source: Source,
    *,
    name: str,
    defaults: Mapping[str, str],
    began: Callable[[str], None] = lambda _: None,
    import_id: str = "",
) -> str:
    """Take a file in and keep account of it; the id of the import. name: of the kind.

    import_id: of an import that was begun already. Whatever ends it early, what was taken stays, and the import is
    told to have failed.
    """
    if not import_id:
        start = StartImport(
            kind=name, file_name=source.name, file_hash=source.sha256, profile=source.profile, actor=actor
        )
        (import_id,) = writer.run(start_imports, [start])
    began(import_id)
    account = _Account(writer, import_id, actor)
    report: dict[str, Any] = {
        "header": sheet.header,
        "delimiter": sheet.delimiter,
        "columns": dict(columns),
        "is_taken": True,
    }
    try:
        taken = take_goods(
            writer, sheet, kind, columns, actor, defaults=defaults, tell=account.errors.append, step=account.tell
        )
    except BaseException as error:
        told = {"refusal": error.code, "facts": error.facts} if isinstance(error, Refusal) else {}
        with suppress(Exception):  # the database may be what ended it; then it is seen to be interrupted
            account.end(report | told, account.rows, is_whole=False)
        raise
    account.end(report | msgspec.to_builtins(taken), taken.rows, is_whole=True)
    return import_id


class _Account:
    """An import on its way: what there is to tell of it."""

    def __init__(self, writer: Writer, import_id: str, actor: str) -> None:
        self.errors: list[RowError] = []
        self.rows = 0
        self._writer, self._id, self._actor = writer, import_id, actor

    def tell(self, taken: GoodsTaken) -> None:
        """Keep how far it is, and the rows not taken since the last word of it."""
        self.rows = taken.rows
        errors = list(self.errors)
        self.errors.clear()
        self._writer.run(
            tell_progress, [TellProgress(id=self._id, rows_read=self.rows, errors=errors, actor=self._actor)]
        )

    def end(self, report: dict[str, Any], rows: int, *, is_whole: bool) -> None:
        """Close it."""
        end = EndImport(id=self._id, rows_read=rows, report=report, is_whole=is_whole, actor=self._actor)
        self._writer.run(end_imports, [end])
