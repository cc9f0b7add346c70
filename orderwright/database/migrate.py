"""Migrations: numbered SQL files, applied per store under an advisory lock."""

import time
from importlib.resources import files
from typing import Any, NamedTuple

import psycopg

from orderwright.database import crash

CONTROL = """
CREATE SCHEMA IF NOT EXISTS orderwright;
CREATE TABLE IF NOT EXISTS orderwright.store (
    name text PRIMARY KEY, schema text NOT NULL UNIQUE, made_at timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS orderwright.key_prefix (
    prefix text PRIMARY KEY, store text NOT NULL REFERENCES orderwright.store);
"""
LOCK_SPACE = 0x0DE2  # the first half of our advisory lock keys
LOCK_TRIES = 20


class Migration(NamedTuple):
    """One file of database/migrations: NNNN_name.sql."""

    number: int
    name: str
    sql: str


class TooOld(Exception):
    """The store was migrated by a newer program than this one."""


def migrations() -> list[Migration]:
    """All migrations this program knows, in order."""
    folder = files("orderwright.database").joinpath("migrations")
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".sql"))
    return [Migration(int(name[:4]), name[5:-4], folder.joinpath(name).read_text()) for name in names]


def prepare_control(connection: psycopg.Connection[Any]) -> None:
    """Make the small schema that names the stores."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK_SPACE])
        connection.execute(CONTROL.encode())


def migrate(connection: psycopg.Connection[Any], schema: str) -> list[str]:
    """Bring one store up to date; the names applied. Waits for another process doing the same.

    Raises TooOld when the store knows migrations this program does not.
    """
    known = migrations()
    applied = []
    for each in known:
        if _apply(connection, schema, each):
            applied.append(f"{each.number:04}_{each.name}")
    row = connection.execute(f'SELECT max(number) FROM "{schema}".migration'.encode()).fetchone()
    if row is not None and row[0] > known[-1].number:
        raise TooOld(f"store schema {schema} is at migration {row[0]}; this program knows {known[-1].number}")
    return applied


def _apply(connection: psycopg.Connection[Any], schema: str, migration: Migration) -> bool:
    for _ in range(LOCK_TRIES):
        try:
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, schema])
                connection.execute(f'SET LOCAL search_path TO "{schema}"; SET LOCAL lock_timeout TO 2000'.encode())
                connection.execute(
                    b"CREATE TABLE IF NOT EXISTS migration (number integer PRIMARY KEY, name text NOT NULL)"
                )
                if connection.execute("SELECT 1 FROM migration WHERE number = %s", [migration.number]).fetchone():
                    return False
                connection.execute(migration.sql.encode())
                connection.execute("INSERT INTO migration VALUES (%s, %s)", [migration.number, migration.name])
                crash.point("in migration")
            crash.point("between migrations")
            return True
        except psycopg.errors.LockNotAvailable:
            time.sleep(0.25)  # somebody is working in that table; expand steps are short, so try again
    raise TimeoutError(f"migration {migration.number}: the tables of {schema} stay locked by other work")
