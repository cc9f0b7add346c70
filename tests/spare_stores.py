"""Stores used again: making one takes half a second, emptying one a few milliseconds.

An emptied store has the rows it was born or furnished with and nothing else; its sequences go on from there. One
whose tables were changed meanwhile is dropped.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import psycopg

from orderwright.database.stores import create_store, drop_store

KEY_FILE = Path(tempfile.gettempdir()) / f"orderwright-tests-{os.getuid()}.key"
"""What secrets in the stores of tests are enclosed by."""


class Born(NamedTuple):
    """A store when it was made. tables: in an order in which their rows can go. rows: as JSON, by table, in an order in
    which they can come back, by statements that bring them. sequences: (name, where it stands, whether that is used).
    """

    tables: list[str]
    rows: list[tuple[bytes, str]]
    sequences: list[tuple[str, int, bool]]
    shape: str


Furnish = Callable[[str, str], None]
"""Puts into a store (address, name) what its next users are to find there."""
_SPARE: dict[tuple[str, Furnish | None], list[str]] = {}
_BORN: dict[str, Born] = {}
_CONNECTED: dict[str, psycopg.Connection] = {}
"""Address -> the connection that empties stores: a new one would get to know every table first, each time."""


@contextmanager
def spare_store(dsn: str, furnish: Furnish | None = None) -> Iterator[str]:
    """The name of a store nobody has used, or that looks so; emptied afterwards for the next."""
    spare = _SPARE.setdefault((dsn, furnish), [])
    name = spare.pop() if spare else _new(dsn, furnish)
    try:
        yield name
    finally:
        connection = _connected(dsn)
        connection.execute("DELETE FROM orderwright.key_prefix WHERE store = %s", [name])
        if _empty(connection, name):
            spare.append(name)
        else:
            drop_store(dsn, name)


def close_connections() -> None:
    """Let go of PostgreSQL, before it is stopped."""
    while _CONNECTED:
        _CONNECTED.popitem()[1].close()


def _connected(dsn: str) -> psycopg.Connection:
    found = _CONNECTED.get(dsn)
    if found is None or found.closed or found.broken:
        found = _CONNECTED[dsn] = psycopg.connect(dsn, autocommit=True)
    return found


def _new(dsn: str, furnish: Furnish | None) -> str:
    name = f"shop_{uuid4().hex[:12]}"
    create_store(dsn, name)
    if furnish is not None:
        furnish(dsn, name)
    connection = _connected(dsn)
    tables = _children_first(connection, name)
    rows = [_bringing(connection, name, table) for table in _filled(connection, name, tables)[::-1]]
    _BORN[name] = Born(tables, rows, _sequences(connection, name), _shape(connection, name))
    return name


def _filled(connection: psycopg.Connection, name: str, tables: list[str]) -> list[str]:
    """Which of the tables hold rows, in their order."""
    asked = " UNION ALL ".join(
        f"SELECT {i} WHERE EXISTS (SELECT FROM store_{name}.{table})" for i, table in enumerate(tables)
    )
    return [tables[i] for i in sorted(i for (i,) in connection.execute(asked.encode(), prepare=True))]


def _bringing(connection: psycopg.Connection, name: str, table: str) -> tuple[bytes, str]:
    """A statement that brings a table's rows back, and the rows as JSON."""
    whole = f"store_{name}.{table}"
    [(columns, rows)] = connection.execute(
        f"SELECT string_agg(quote_ident(attname), ', '), (SELECT json_agg(t)::text FROM {whole} t) FROM pg_attribute"
        f" WHERE attrelid = '{whole}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''".encode()
    )
    source = f"json_populate_recordset(NULL::{whole}, %s)"
    return f"INSERT INTO {whole} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {source}".encode(), rows


def _sequences(connection: psycopg.Connection, name: str) -> list[tuple[str, int, bool]]:
    told = connection.execute(
        "SELECT format('%%I.%%I', schemaname, sequencename), coalesce(last_value, start_value), last_value IS NOT NULL"
        " FROM pg_sequences WHERE schemaname = %s",
        [f"store_{name}"],
    )
    return told.fetchall()


def _shape(connection: psycopg.Connection, name: str) -> str:
    """What a test that changes tables would change: columns, constraints, indexes, triggers, functions."""
    row = connection.execute(
        """
        SELECT sum(hashtextextended(said, 0))::text FROM (
            SELECT concat(c.relname, ' ', a.attname, a.attnotnull) AS said FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.relnamespace = %(schema)s::regnamespace
            UNION ALL SELECT conname::text FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace
            UNION ALL SELECT concat(tgname, tgenabled) FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
            WHERE c.relnamespace = %(schema)s::regnamespace AND NOT tgisinternal
            UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
        ) AS shape
        """,
        {"schema": f"store_{name}"},
        prepare=True,
    ).fetchone()
    return row[0] if row else ""


def _empty(connection: psycopg.Connection, name: str) -> bool:
    """Take out what came in; False when the tables are not what they were."""
    born = _BORN[name]
    if _shape(connection, name) != born.shape:
        return False
    deletions = [f"DELETE FROM store_{name}.{table}" for table in _filled(connection, name, born.tables)]
    standing = [list(each) for each in zip(*born.sequences, strict=True)]
    with connection.transaction():
        connection.execute("; ".join(["SET LOCAL lock_timeout = '5s'", *deletions]).encode())
        for bring, rows in born.rows:
            connection.execute(bring, [rows], prepare=True)
        connection.execute(
            "SELECT setval(each::regclass, at, used) FROM unnest(%s::text[], %s::int8[], %s::bool[]) t(each, at, used)",
            standing,
            prepare=True,
        )
    return True


def _children_first(connection: psycopg.Connection, name: str) -> list[str]:
    """Tables in an order in which their rows can go: what refers to others before what is referred to."""
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'"
        " AND relname <> 'migration' ORDER BY relname",
        [f"store_{name}"],
    )
    refers: dict[str, set[str]] = {table: set() for (table,) in found}
    for child, parent in connection.execute(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = %s::regnamespace AND conrelid <> confrelid",
        [f"store_{name}"],
    ):
        refers[child.split(".")[-1]].add(parent.split(".")[-1])
    return list(TopologicalSorter(refers).static_order())[::-1]
