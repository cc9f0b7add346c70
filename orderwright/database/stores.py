"""Stores: create, list, open."""

import re
from datetime import UTC, datetime
from typing import Any

import psycopg

from orderwright.database.migrate import LOCK_SPACE, migrate, prepare_control

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class BadStoreName(ValueError):
    """A store name is a lower-case letter, then up to 39 letters, digits or underscores."""


def create_store(dsn: str, name: str) -> bool:
    """Make a store, or bring it up to date when it exists. True when it was made now.

    Raises BadStoreName. Safe when several processes do it at once.
    """
    if not NAME.fullmatch(name):
        raise BadStoreName(f"{name!r}: {BadStoreName.__doc__}")
    schema = f"store_{name}"
    with _connect(dsn) as connection:
        prepare_control(connection)
        with connection.transaction():
            # IF NOT EXISTS alone lets two processes at once both try, and one of them fail.
            connection.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK_SPACE])
            connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'.encode())
        migrate(connection, schema)
        # Named last: who lists the stores never meets one that is half made.
        made = connection.execute(
            "INSERT INTO orderwright.store VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [name, schema, datetime.now(UTC)],
        ).rowcount
    return made == 1


def drop_store(dsn: str, name: str) -> None:
    """Remove a store with everything in it, for good. No such store: nothing happens."""
    with _connect(dsn) as connection:
        prepare_control(connection)
        with connection.transaction():
            gone = connection.execute("DELETE FROM orderwright.store WHERE name = %s RETURNING schema", [name])
            row = gone.fetchone()
            if row is not None:
                connection.execute("DELETE FROM orderwright.key_prefix WHERE store = %s", [name])
                connection.execute(f'DROP SCHEMA IF EXISTS "{row[0]}" CASCADE'.encode())


def list_stores(dsn: str) -> list[str]:
    """The names of all stores, in order; empty when nothing was set up here yet."""
    with _connect(dsn) as connection:
        row = connection.execute("SELECT to_regclass('orderwright.store') IS NOT NULL").fetchone()
        if row is None or not row[0]:
            return []
        return [name for (name,) in connection.execute("SELECT name FROM orderwright.store ORDER BY name")]


def migrate_all(dsn: str) -> dict[str, list[str]]:
    """Bring every store up to date at start; the migrations applied, by store."""
    with _connect(dsn) as connection:
        prepare_control(connection)
        rows = connection.execute("SELECT name, schema FROM orderwright.store ORDER BY name").fetchall()
        return {name: migrate(connection, schema) for name, schema in rows}


def _connect(dsn: str) -> psycopg.Connection[Any]:
    return psycopg.connect(dsn, autocommit=True)
