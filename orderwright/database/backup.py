"""One store out of a database into a file, and from a file into a database, with PostgreSQL's own tools."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from orderwright.database import crash
from orderwright.database.binaries import Binaries, choose_binaries, find_binaries
from orderwright.database.migrate import migrate, prepare_control


class CannotRestore(Exception):
    """The file or the database does not allow it; `str()` of it is what people read."""


def back_up(dsn: str, schema: str, target: Path) -> None:
    """Write one store's schema to a file (pg_dump's custom format), as of one moment, beside running work.

    The file appears under its name only when it is whole. Raises CannotRestore when pg_dump refuses.
    """
    part = target.with_name(target.name + ".part")
    _run(_tools(dsn).program("pg_dump"), "--format=custom", f"--schema={schema}", f"--file={part}", dsn)
    crash.point("in backup")
    part.replace(target)


def restore(dsn: str, source: Path) -> str:
    """Bring a store back from a file made by `back_up`; its name. Tasks come back with it.

    Feeds see a new epoch, so that whoever reads them by cursor starts over; keys work again. Nobody is
    signed in, and no one-time link counts: some that ended since the backup would open the store again. Raises
    CannotRestore when the store exists already, or the file is none of ours.
    """
    tools = _tools(dsn)
    schema = _schema_in(tools, source)
    name = schema.removeprefix("store_")
    with psycopg.connect(dsn, autocommit=True) as connection:
        prepare_control(connection)
        if connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema]).fetchone():
            raise CannotRestore(f"there is a store {name!r} here already; restore into another database")
    _run(
        tools.program("pg_restore"), "--exit-on-error", "--single-transaction", "--no-owner", f"--dbname={dsn}", source
    )
    with psycopg.connect(dsn, autocommit=True) as connection:
        _enrol(connection, name, schema)
        migrate(connection, schema)
        _sign_all_out(connection, schema)
    return name


def _enrol(connection: psycopg.Connection[Any], name: str, schema: str) -> None:
    """Name the store and its keys where the doors look for them, and raise its epoch."""
    with connection.transaction():
        connection.execute(
            b"INSERT INTO orderwright.store VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [name, schema, datetime.now(UTC)],
        )
        connection.execute(
            f'INSERT INTO orderwright.key_prefix SELECT prefix, %s FROM "{schema}".api_key'
            " WHERE revoked_at IS NULL ON CONFLICT DO NOTHING".encode(),
            [name],
        )
        connection.execute(f'UPDATE "{schema}".clock SET epoch = epoch + 1'.encode())


def _sign_all_out(connection: psycopg.Connection[Any], schema: str) -> None:
    """End every session and spend every link, as of the last moment each of them had anyway."""
    with connection.transaction():
        connection.execute(
            f"UPDATE \"{schema}\".staff_session SET ended_at = ends_at, ended_why = 'ended'"
            " WHERE ended_at IS NULL".encode()
        )
        connection.execute(f'UPDATE "{schema}".staff_link SET used_at = ends_at WHERE used_at IS NULL'.encode())


def _schema_in(tools: Binaries, source: Path) -> str:
    if not source.is_file():
        raise CannotRestore(f"{source}: there is no such file")
    listed = _run(tools.program("pg_restore"), "--list", source)
    schemas = {line.split()[5] for line in listed.splitlines() if " SCHEMA - " in line}
    ours = sorted(each for each in schemas if each.startswith("store_"))
    if len(ours) != 1:
        raise CannotRestore(f"{source}: this file does not hold exactly one store")
    return ours[0]


def _tools(dsn: str) -> Binaries:
    """Tools of the server's own major version where this machine has them; else the newest."""
    with psycopg.connect(dsn) as connection:
        major = connection.info.server_version // 10_000
    return find_binaries(major) or choose_binaries()


def _run(*command: object) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRestore(done.stderr.strip() or f"{command[0]} ended with {done.returncode}")
    return done.stdout
