"""Stores used again: making one takes half a second, emptying one a few milliseconds.

An emptied store has the rows it was born with and nothing else; its sequences begin anew. One whose tables were
changed meanwhile is dropped.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from uuid import uuid4

import psycopg

from orderwright.database.stores import create_store, drop_store

KEY_FILE = Path(tempfile.gettempdir()) / f"orderwright-tests-{os.getuid()}.key"
"""What secrets in the stores of tests are enclosed by."""
_SPARE: dict[str, list[str]] = {}
_BORN: dict[str, tuple[dict[str, str], str]] = {}
"""Store -> the rows it was born with, as JSON by table, and what its schema looked like."""


@contextmanager
def spare_store(dsn: str) -> Iterator[str]:
    """The name of a store nobody has used, or that looks so; emptied afterwards for the next."""
    spare = _SPARE.setdefault(dsn, [])
    name = spare.pop() if spare else _new(dsn)
    try:
        yield name
    finally:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("DELETE FROM orderwright.key_prefix WHERE store = %s", [name])
        if _empty(dsn, name):
            spare.append(name)
        else:
            drop_store(dsn, name)


def _new(dsn: str) -> str:
    name = f"shop_{uuid4().hex[:12]}"
    create_store(dsn, name)
    with psycopg.connect(dsn, autocommit=True) as connection:
        _BORN[name] = (_rows(connection, name), _shape(connection, name))
    return name


def _tables(connection: psycopg.Connection, name: str) -> list[str]:
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'"
        " AND relname <> 'migration' ORDER BY relname",
        [f"store_{name}"],
    )
    return [table for (table,) in rows.fetchall()]


def _filled(connection: psycopg.Connection, name: str) -> list[str]:
    """The tables that hold rows."""
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM store_{name}.{table})" for table in _tables(connection, name)
    )
    return [table for (table,) in connection.execute(asked.encode()).fetchall()]


def _rows(connection: psycopg.Connection, name: str) -> dict[str, str]:
    found = {}
    for table in _filled(connection, name):
        row = connection.execute(f"SELECT json_agg(t)::text FROM store_{name}.{table} AS t".encode()).fetchone()
        found[table] = row[0] if row else "[]"
    return found


def _shape(connection: psycopg.Connection, name: str) -> str:
    """What a test that changes tables would change: columns, constraints, indexes, triggers, functions."""
    row = connection.execute(
        """
        SELECT md5(string_agg(said, ';' ORDER BY said)) FROM (
            SELECT concat(c.relname, ' ', a.attname, a.attnotnull) AS said FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.relnamespace = %(schema)s::regnamespace
            UNION ALL SELECT conname::text FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace
            UNION ALL SELECT concat(tgname, tgenabled) FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
            WHERE c.relnamespace = %(schema)s::regnamespace AND NOT tgisinternal
            UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
        ) AS shape
        """,
        {"schema": f"store_{name}"},
    ).fetchone()
    return row[0] if row else ""


def _empty(dsn: str, name: str) -> bool:
    """Take out what came in; False when the tables are not what they were."""
    born, shape = _BORN[name]
    with psycopg.connect(dsn) as connection:
        connection.execute("SET LOCAL lock_timeout = '5s'")
        if _shape(connection, name) != shape:
            return False
        schema = f"store_{name}"
        filled = _filled(connection, name)
        for table in _children_first(connection, name, filled):
            connection.execute(f"DELETE FROM {schema}.{table}".encode())
        for table, rows in born.items():  # none of them refers to another
            sql = f"INSERT INTO {schema}.{table} SELECT * FROM json_populate_recordset(NULL::{schema}.{table}, %s)"
            connection.execute(sql.encode(), [rows])
        sequences = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'S'", [schema]
        ).fetchall()
        for (sequence,) in sequences:
            connection.execute(f"ALTER SEQUENCE {schema}.{sequence} RESTART".encode())
    return True


def _children_first(connection: psycopg.Connection, name: str, tables: list[str]) -> list[str]:
    """Tables in an order in which their rows can go: what refers to others before what is referred to."""
    refers: dict[str, set[str]] = {table: set() for table in tables}
    for child, parent in connection.execute(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = %s::regnamespace AND conrelid <> confrelid",
        [f"store_{name}"],
    ):
        one, other = child.split(".")[-1], parent.split(".")[-1]
        if one in refers and other in refers:
            refers[one].add(other)
    return list(TopologicalSorter(refers).static_order())[::-1]
