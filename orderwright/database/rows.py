"""Rows in PostgreSQL's own text forms: COPY lines and array literals, built fast."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

_COPY_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})

NULL = "\\N"
"""No value, as a COPY text field."""


def named_row(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Any]:
    """How psycopg is to make rows: its named tuples, but made without running Python for each row."""
    make = namedtuple_row(cursor)
    row_type = getattr(make, "__self__", None)
    return make if row_type is None else partial(tuple.__new__, row_type)


def text_field(value: str) -> str:
    """A text as a COPY text field."""
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        return value.translate(_COPY_ESCAPES)
    return value


def copy_field(value: Any) -> str:
    """One value as a COPY text field: strings escaped, None as \\N, bytes as bytea hex, datetimes ISO."""
    if value is None:
        return NULL
    kind: type = type(value)
    if kind is str:
        return text_field(value)
    if kind is int:
        return str(value)
    if kind is bool:
        return "t" if value else "f"
    if kind is bytes:
        return "\\\\x" + str(value.hex())
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return array(value).translate(_COPY_ESCAPES)
    return str(value).translate(_COPY_ESCAPES)


def copy_lines(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as COPY text, one line each."""
    field = copy_field
    return "".join(["\t".join([field(value) for value in row]) + "\n" for row in rows])


def array(values: Iterable[Any]) -> str:
    """Values as an array literal, to be cast by the statement: `%(skus)s::text[]`.

    Much faster than adapting a list element by element; every kind of value used as a key is covered.
    """
    listed = values if isinstance(values, list) else list(values)
    kinds = set(map(type, listed))
    if kinds == {str}:
        text = '","'.join(listed)
        # Only what was put between the elements is there to be read as a quotation mark: ids, skus and most texts.
        if "\\" not in text and text.count('"') == 2 * (len(listed) - 1):
            return '{"' + text + '"}'
    elif kinds == {int}:
        return "{" + ",".join(map(str, listed)) + "}"
    return "{" + ",".join([_element(value) for value in listed]) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    kind = type(value)
    if kind is int:
        return str(value)
    if kind is bool:
        return "t" if value else "f"
    if kind is bytes:
        return '"\\\\x' + str(value.hex()) + '"'
    if isinstance(value, datetime):
        return '"' + value.isoformat() + '"'
    text = str(value)
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + text + '"'
