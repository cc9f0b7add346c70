"""A file people brought, on its way: kept, looked at, taken; what comes of it stands in its import."""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from orderwright.business.imports.actions import end_imports, tell_progress
from orderwright.business.imports.columns import parse_overrides
from orderwright.business.imports.findings import detail_of
from orderwright.business.imports.fitting import fit_profile
from orderwright.business.imports.forms import EndImport, ImportAsked, ImportRow, KeepPiece, RowError, TellProgress
from orderwright.business.imports.goods_columns import choose_columns
from orderwright.business.imports.goods_files import GoodsKind, kind_of
from orderwright.business.imports.goods_import import import_goods
from orderwright.business.imports.guessing import guess_profile
from orderwright.business.imports.jobs import PIECE_BYTES, get_import_row, keep_pieces, pieces_of
from orderwright.business.imports.looking import Looked, look_at_goods, look_at_orders
from orderwright.business.imports.profile import Profile, get_profile
from orderwright.business.imports.sheets import Sheet, open_sheet
from orderwright.business.imports.taking import OrderImport, Source
from orderwright.database.store import Store
from orderwright.database.writer import Writer
from orderwright.values.refusal import Refusal


class Run:
    """One import of a file that lies in the store."""

    def __init__(self, store: Store, writer: Writer, import_id: str, actor: str) -> None:
        self._store, self._writer, self._id, self._actor = store, writer, import_id, actor
        self._rows = 0

    def keep(self, path: Path) -> None:
        """Put the file into the store."""
        with path.open("rb") as file:
            for number, piece in enumerate(iter(lambda: file.read(PIECE_BYTES), b"")):
                kept = KeepPiece(id=self._id, piece=number, content=piece, actor=self._actor)
                self._writer.run(keep_pieces, [kept])

    def look(self) -> None:
        """Say what the file would do; the import is `looked`, or `failed` with why."""
        report: dict[str, Any] = {}
        try:
            with self._file() as (row, path):
                sheet = open_sheet(path, _profile(row.asked).form)
                report |= {"header": sheet.header, "delimiter": sheet.delimiter}
                if row.kind == "orders":
                    profile, told = self._order_profile(sheet, row.asked)
                    report |= told
                    looked = look_at_orders(self._store, sheet, profile, self._tell)
                else:
                    kind, columns = _goods(row, sheet)
                    report |= {"columns": columns, **_unused(sheet, columns)}
                    looked = look_at_goods(self._store, sheet, kind, columns, row.asked.defaults, self._tell)
            report |= msgspec.to_builtins(looked)
        except Refusal as refusal:
            self._end(report | refused(refusal), is_whole=False)
        except BaseException:
            with suppress(Exception):  # the database may be what ended it; then it is seen to be interrupted
                self._end(report, is_whole=False)
            raise
        else:
            self._end(report, is_whole=True)

    def take(self) -> None:
        """Take the file; the import is `done`, or `failed` with why."""
        try:
            with self._file() as (row, path):
                sheet = open_sheet(path, _profile(row.asked).form)
                source = Source(row.file_name, b"", row.asked.profile)
                if row.kind == "orders":
                    profile, _ = self._order_profile(sheet, row.asked)
                    orders = OrderImport(self._writer, sheet, profile, self._actor)
                    orders.take(source, with_credits=row.asked.with_credits, import_id=self._id)
                else:
                    kind, columns = _goods(row, sheet)
                    import_goods(
                        self._writer, sheet, kind, columns, self._actor, source, name=row.kind,
                        defaults=row.asked.defaults, import_id=self._id,
                    )  # fmt: skip
        except Refusal as refusal:
            self._end({"is_taken": True, **refused(refusal)}, is_whole=False, is_look=False)
            raise

    def _order_profile(self, sheet: Sheet, asked: ImportAsked) -> tuple[Profile, dict[str, Any]]:
        overrides = parse_overrides([f"{field}={column}" for field, column in asked.columns.items()])
        with self._store.read() as tx:
            fitted = fit_profile(tx, _profile(asked), asked.channel or None)
        guessed = guess_profile(sheet, fitted.profile, overrides)
        profile = guessed.profile
        assumed = [*fitted.reasons, *guessed.reasons]
        told = {
            "columns": profile.columns,
            "reasons": [str(each) for each in assumed],
            "details": [detail_of(each) for each in assumed],
        }
        if not profile.items:
            told |= _unused(sheet, profile.columns)
        if asked.payment:
            paying = msgspec.structs.replace(profile.payment, state=asked.payment)
            profile = msgspec.structs.replace(profile, payment=paying)
        return profile, told

    def _tell(self, looked: Looked, errors: Sequence[RowError]) -> None:
        self._rows = looked.rows
        told = TellProgress(id=self._id, rows_read=looked.rows, errors=list(errors), actor=self._actor)
        self._writer.run(tell_progress, [told])

    def _end(self, report: dict[str, Any], *, is_whole: bool, is_look: bool = True) -> None:
        end = EndImport(
            id=self._id, rows_read=self._rows, report=report, is_whole=is_whole, is_look=is_look, actor=self._actor
        )
        self._writer.run(end_imports, [end])

    @contextmanager
    def _file(self) -> Iterator[tuple[ImportRow, Path]]:
        """The import and its file, on disk while the block runs. Refuses import_step when not all of it is here."""
        with tempfile.NamedTemporaryFile(prefix="orderwright-") as file:
            digest = hashlib.sha256()
            with self._store.read() as tx:
                row = get_import_row(tx, self._id)
                for piece in pieces_of(tx, self._id):
                    digest.update(piece)
                    file.write(piece)
            file.flush()
            if digest.digest() != row.file_hash:
                raise Refusal("import_step", state=row.state, has_file=False)
            yield row, Path(file.name)


def refused(refusal: Refusal) -> dict[str, Any]:
    """What an import keeps of a refusal that ended it."""
    return {"refusal": refusal.code, "facts": refusal.facts}


def _profile(asked: ImportAsked) -> Profile:
    return get_profile(asked.profile) if asked.profile else Profile()


def _unused(sheet: Sheet, columns: Mapping[str, str]) -> dict[str, Any]:
    used = {name.strip().casefold() for name in columns.values()}
    return {"unused": [name for name in sheet.header if name.strip() and name.strip().casefold() not in used]}


def _goods(row: ImportRow, sheet: Sheet) -> tuple[GoodsKind, dict[str, str]]:
    kind = kind_of(row.kind, row.asked.defaults)
    said = [f"{field}={column}" for field, column in row.asked.columns.items()]
    return kind, {each.field: each.column for each in choose_columns(sheet.header, kind.fields, said)}
