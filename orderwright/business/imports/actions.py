"""Keeping account of imports: one row for each, and one for each row of a file that was not taken."""

from collections.abc import Sequence

import msgspec

from orderwright.business.imports.findings import Wrong
from orderwright.business.imports.forms import EndImport, RowError, StartImport, TellProgress
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal

ERRORS_KEPT_MAX = 50_000
"""Rows kept of one import: a file of another kind than was thought has nothing but bad rows."""


def start_imports(tx: Tx, commands: Sequence[StartImport]) -> list[str]:
    """Write imports that begin; the id of each."""
    ids = new_ids(len(commands))
    tx.copy(
        "import_job",
        "id, kind, file_name, file_hash, profile, state, made_at, alive_at, made_by",
        [
            (id_, each.kind, each.file_name, each.file_hash, each.profile, "reading", tx.now, tx.now, each.actor)
            for id_, each in zip(ids, commands, strict=True)
        ],
    )
    return ids


def tell_progress(tx: Tx, commands: Sequence[TellProgress]) -> list[int | Refusal]:
    """Keep how far imports are and the rows they did not take; how many rows of each are kept by now.

    Of one import no more than ERRORS_KEPT_MAX are kept. Refuses not_found.
    """
    kept = _kept(tx, [each.id for each in commands])
    rows: list[tuple[object, ...]] = []
    results: list[int | Refusal] = []
    for each in commands:
        if each.id not in kept:
            results.append(Refusal("not_found", import_id=each.id))
            continue
        room = max(0, ERRORS_KEPT_MAX - kept[each.id])
        rows += [_error_row(each.id, error) for error in each.errors[:room]]
        kept[each.id] += min(room, len(each.errors))
        results.append(kept[each.id])
    tx.copy("import_error", "import_id, row_number, cells, findings", rows)
    tx.write(
        "UPDATE import_job j SET rows_read = n.rows_read, alive_at = %(now)s"
        " FROM unnest(%(ids)s::uuid[], %(rows)s::bigint[]) AS n(id, rows_read) WHERE j.id = n.id",
        ids=array(each.id for each in commands), rows=array(each.rows_read for each in commands), now=tx.now,
    )  # fmt: skip
    return results


def end_imports(tx: Tx, commands: Sequence[EndImport]) -> list[str | Refusal]:
    """Close imports with their reports; the state of each. Refuses not_found."""
    kept = _kept(tx, [each.id for each in commands])
    states = [("looked" if each.is_look else "done") if each.is_whole else "failed" for each in commands]
    tx.write(
        "UPDATE import_job j SET state = n.state, rows_read = n.rows_read, report = n.report,"
        " ended_at = %(now)s, alive_at = %(now)s"
        " FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(rows)s::bigint[], %(reports)s::text[])"
        " AS n(id, state, rows_read, report) WHERE j.id = n.id",
        ids=array(each.id for each in commands), states=array(states),
        rows=array(each.rows_read for each in commands), now=tx.now,
        reports=array(msgspec.json.encode(each.report).decode() for each in commands),
    )  # fmt: skip
    return [
        state if each.id in kept else Refusal("not_found", import_id=each.id)
        for each, state in zip(commands, states, strict=True)
    ]


def _kept(tx: Tx, ids: Sequence[str]) -> dict[str, int]:
    """Rows kept by import; imports that do not exist are left out."""
    rows = tx.rows(
        "SELECT j.id::text, (SELECT count(*) FROM import_error e WHERE e.import_id = j.id) AS kept"
        " FROM import_job j WHERE j.id = ANY(%(ids)s::uuid[])",
        ids=array(sorted(set(ids))),
    )
    return {row.id: row.kept for row in rows}


def _error_row(import_id: str, error: RowError) -> tuple[object, ...]:
    cells = msgspec.json.encode(error.cells).decode()
    wrong = [Wrong(message, detail) for message, detail in zip(error.findings, error.details, strict=True)]
    return (import_id, error.row, cells, msgspec.json.encode(wrong).decode())
