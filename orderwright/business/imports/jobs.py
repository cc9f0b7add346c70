"""Files people bring: kept in the store, looked at, then taken, or read otherwise and looked at again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from orderwright.business.imports.forms import BeginLooking, BeginTaking, ImportAsked, ImportRow, KeepPiece, LookAgain
from orderwright.business.imports.reads import state_of
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id, new_ids
from orderwright.values.pages import Page, mark, read_mark
from orderwright.values.refusal import Refusal

PIECE_BYTES = 1 << 20
LOOKABLE = ("looked", "failed", "interrupted")
TAKEABLE = ("looked", "failed", "interrupted")


def begin_looking(tx: Tx, commands: Sequence[BeginLooking]) -> list[str]:
    """Write imports of files that are to be looked at; the id of each."""
    ids = new_ids(len(commands))
    tx.copy(
        "import_job",
        "id, kind, file_name, file_hash, profile, state, made_at, alive_at, asked, made_by",
        [
            (id_, each.kind, each.file_name, each.file_hash, each.asked.profile, "looking", tx.now, tx.now,
             _json(each.asked), each.actor)
            for id_, each in zip(ids, commands, strict=True)
        ],
    )  # fmt: skip
    return ids


def keep_pieces(tx: Tx, commands: Sequence[KeepPiece]) -> list[None]:
    """Keep pieces of files, each once; one None per command."""
    rows = [(each.id, each.piece, each.content, tx.now) for each in commands]
    tx.copy("import_file", "import_id, piece, content, made_at", rows)
    return [None for _ in commands]


def look_again(tx: Tx, commands: Sequence[LookAgain]) -> list[str | Refusal]:
    """Read files otherwise; the id of each. Refuses not_found, import_step (it is taken, or its file is gone)."""
    results = _step(tx, [each.id for each in commands], LOOKABLE, "looking")
    done = _read_so(tx, results, {each.id: each.asked for each in commands})
    tx.write("UPDATE import_job SET report = '{}' WHERE id = ANY(%(ids)s::uuid[])", ids=array(done))
    return results


def begin_taking(tx: Tx, commands: Sequence[BeginTaking]) -> list[str | Refusal]:
    """Begin to take files; the id of each. Refuses not_found, import_step (it is being taken, or its file is gone)."""
    results = _step(tx, [each.id for each in commands], TAKEABLE, "reading")
    _read_so(tx, results, {each.id: each.asked for each in commands if each.asked is not None})
    return results


def list_imports(tx: Tx, *, after: str | None = None, limit: int = 20) -> Page[ImportRow]:
    """Imports, newest first."""
    beyond, values = "", {}
    if after is not None:
        values["at"], values["last"] = read_mark(after, tuple[str, str])
        beyond = "WHERE (made_at, id) < (%(at)s::timestamptz, %(last)s::uuid)"
    rows = tx.rows(_ROW.format(beyond) + " ORDER BY made_at DESC, id DESC LIMIT %(limit)s", limit=limit + 1, **values)
    items = [_row(tx, row) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(items, None if last is None else mark(last.made_at.isoformat(), last.id))


def get_import_row(tx: Tx, import_id: str) -> ImportRow:
    """One import. Refuses not_found."""
    row = tx.row(_ROW.format("WHERE id = %(id)s::uuid"), id=import_id) if is_id(import_id) else None
    if row is None:
        raise Refusal("not_found", import_id=import_id)
    return _row(tx, row)


def pieces_of(tx: Tx, import_id: str) -> Iterator[bytes]:
    """The bytes of a file that was brought, a piece at a time; none when it was forgotten."""
    piece = 0
    while True:
        row = tx.row(
            "SELECT content FROM import_file WHERE import_id = %(id)s AND piece = %(piece)s", id=import_id, piece=piece
        )
        if row is None:
            return
        yield bytes(row.content)
        piece += 1


_ROW = """
    SELECT id::text, kind, file_name, state, rows_read, made_at, ended_at, alive_at, made_by, report, asked, file_hash,
           EXISTS (SELECT 1 FROM import_file f WHERE f.import_id = import_job.id AND f.piece = 0) AS has_file
    FROM import_job {}
"""


def _row(tx: Tx, row: Any) -> ImportRow:
    return ImportRow(
        row.id, row.kind, row.file_name, state_of(tx, row), row.rows_read, row.made_at, row.ended_at, row.made_by,
        msgspec.json.decode(row.report), msgspec.json.decode(row.asked, type=ImportAsked),
        bytes(row.file_hash), row.has_file, row.state == "reading",
    )  # fmt: skip


def _step(tx: Tx, ids: Sequence[str], allowed: Sequence[str], state: str) -> list[str | Refusal]:
    """Take imports from where they stand to a state, once each, with the rows of theirs that were not taken dropped."""
    asked = sorted({id_ for id_ in ids if is_id(id_)})
    rows = tx.rows(_ROW.format("WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE"), ids=array(asked))
    standing = {row.id: (state_of(tx, row), row.has_file) for row in rows}
    results: list[str | Refusal] = []
    for id_ in ids:
        if id_ not in standing:
            results.append(Refusal("not_found", import_id=id_))
            continue
        now, has_file = standing[id_]
        if now in allowed and has_file:
            standing[id_] = (state, has_file)
            results.append(id_)
        else:
            results.append(Refusal("import_step", state=now, has_file=has_file))
    done = array(id_ for id_ in results if isinstance(id_, str))
    tx.write("DELETE FROM import_error WHERE import_id = ANY(%(ids)s::uuid[])", ids=done)
    tx.write(
        "UPDATE import_job SET state = %(state)s, rows_read = 0, alive_at = %(now)s, ended_at = NULL"
        " WHERE id = ANY(%(ids)s::uuid[])",
        ids=done, state=state, now=tx.now,
    )  # fmt: skip
    return results


def _read_so(tx: Tx, results: Sequence[str | Refusal], wanted: Mapping[str, ImportAsked]) -> list[str]:
    """Keep how files are read from now on, of those that took their step; their ids."""
    done = [each for each in results if isinstance(each, str) and each in wanted]
    tx.write(
        "UPDATE import_job j SET asked = n.asked"
        " FROM unnest(%(ids)s::uuid[], %(asked)s::text[]) AS n(id, asked) WHERE j.id = n.id",
        ids=array(done), asked=array(_json(wanted[id_]) for id_ in done),
    )  # fmt: skip
    return done


def _json(asked: ImportAsked) -> str:
    return msgspec.json.encode(asked).decode()
