"""Looking for texts that must be nowhere: canaries that a test sent through every field."""

from collections.abc import Sequence
from typing import NamedTuple

from orderwright.database.tx import Tx


class Found(NamedTuple):
    """Rows of a column in which one of the texts stands."""

    table: str
    column: str
    rows: int


def find_texts(tx: Tx, texts: Sequence[str]) -> list[Found]:
    """Every column of the store in which one of the texts stands, with or without spaces and dashes.

    Meant for card numbers made up by a test: found in a real store, a card number cannot be told from an
    order reference with the right check digit. Reads every table in full.
    """
    found = []
    for table, columns in _columns(tx).items():
        counts = ", ".join(
            f"count(*) FILTER (WHERE {_as_text(column, kind)} LIKE ANY (%(patterns)s::text[])) AS c{i}"
            for i, (column, kind) in enumerate(columns)
        )
        patterns = [f"%{text.translate(_LEFT_OUT)}%" for text in texts]
        row = tx.row(f'SELECT {counts} FROM "{table}"', patterns=patterns)
        found += [Found(table, column, rows) for (column, _), rows in zip(columns, row, strict=True) if rows]
    return found


_LEFT_OUT = {ord(" "): None, ord("-"): None}


def _as_text(column: str, kind: str) -> str:
    shown = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
    return f"translate({shown}, ' -', '')"


def _columns(tx: Tx) -> dict[str, list[tuple[str, str]]]:
    """(column, type) of all that can hold a text, by table."""
    columns: dict[str, list[tuple[str, str]]] = {}
    for row in tx.rows(
        "SELECT c.relname AS of, a.attname AS name, format_type(a.atttypid, NULL) AS kind"
        " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0"
        " AND NOT a.attisdropped"
        " AND a.atttypid IN ('text'::regtype, 'text[]'::regtype, 'jsonb'::regtype, 'bytea'::regtype)"
        " ORDER BY c.relname, a.attnum"
    ):
        columns.setdefault(row.of, []).append((row.name, row.kind))
    return columns
