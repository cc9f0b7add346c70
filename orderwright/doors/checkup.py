"""What `doctor` looks at: the machine, the database, its stores; and how to mend what is wrong there."""

import importlib.metadata
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import psycopg

from orderwright import __version__
from orderwright.database.away import DatabaseAway
from orderwright.database.cluster import locate_database
from orderwright.database.migrate import migrations
from orderwright.database.store import Database
from orderwright.database.stores import list_stores
from orderwright.doors.deployment import KNOWN, STORE_SETTINGS, Deployment
from orderwright.settings import findings_of

PYTHON_MIN = (3, 11)
POSTGRESQL_MIN = 150_000
FREE_BYTES_LOW, FREE_BYTES_MIN = 5_000_000_000, 500_000_000
CLOCK_S_MAX = 2.0
DRIVERS = ("psycopg", "litestar", "uvicorn", "msgspec", "cyclopts")


class Symptom(NamedTuple):
    """One thing looked at. `mend`: what to do, where there is something to do."""

    verdict: Literal["ok", "warning", "broken"]
    what: str
    found: str
    mend: str = ""


class InForce(NamedTuple):
    """One setting of the installation, and where it comes from."""

    name: str
    value: str
    source: str


def in_force(deployment: Deployment) -> list[InForce]:
    """The settings of the installation. Passwords are left out."""
    values = {
        "data": str(deployment.folder.absolute()), "database_url": _without_password(deployment.database_url),
        "store": deployment.store, "host": deployment.host, "port": str(deployment.port),
        "processes": str(deployment.processes),
    }  # fmt: skip
    return [InForce(name, values[name], deployment.sources[name]) for name in KNOWN]


def examine(deployment: Deployment, flows: Mapping[str, Sequence[str]]) -> Iterator[Symptom]:
    """Look at everything, nearest things first; what cannot be reached is one symptom and ends the round."""
    yield _python()
    yield Symptom("ok", "versions", ", ".join(f"{name} {importlib.metadata.version(name)}" for name in DRIVERS))
    yield from _settings_file(deployment)
    if deployment.database_url is None:
        yield _disk(deployment.folder)
    try:
        with locate_database(deployment).open() as cluster:
            yield from _database(cluster.dsn)
            yield from _stores(cluster.dsn, deployment, flows)
    except DatabaseAway as away:
        yield Symptom("broken", "database", str(away), "`orderwright serve` or `orderwright stores create` makes it")
    except psycopg.OperationalError as away:
        yield Symptom("broken", "database", str(away).strip(), "start it, or correct DATABASE_URL")


def _python() -> Symptom:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < PYTHON_MIN:
        return Symptom("broken", "python", version, "install Python 3.11 or newer")
    return Symptom("ok", "python", f"{version}, Orderwright {__version__}")


def _settings_file(deployment: Deployment) -> Iterator[Symptom]:
    for finding in findings_of(deployment.store_settings):
        name = finding["pointer"].removeprefix("/")
        message = f"{name}: {finding['message']}"
        yield Symptom("broken", "orderwright.toml", message, f"correct it under [{STORE_SETTINGS}]")


def _disk(folder: Path) -> Symptom:
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    found = f"{free / 1e9:.1f} GB free for {folder.absolute()}"
    if free < FREE_BYTES_MIN:
        return Symptom("broken", "disk", found, "free some space: PostgreSQL stops when there is none")
    return Symptom("warning" if free < FREE_BYTES_LOW else "ok", "disk", found)


def _database(dsn: str) -> Iterator[Symptom]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        version = connection.info.server_version
        if version < POSTGRESQL_MIN:
            yield Symptom("broken", "postgresql", str(version // 10_000), "PostgreSQL 15 or newer is needed")
        else:
            yield Symptom("ok", "postgresql", f"{version // 10_000}.{version % 10_000}")
        for name, mend in (
            ("synchronous_commit", "set it to on: else acknowledged orders can be lost"),
            ("fsync", "set it to on: else a power cut can ruin the database"),
            ("full_page_writes", "set it to on: else a power cut can ruin the database"),
        ):
            value = _one(connection, f"SHOW {name}")
            is_safe = value != "off"
            yield Symptom("ok" if is_safe else "broken", name, value, "" if is_safe else mend)
        if _one(connection, "SHOW data_checksums") != "on":
            mend = "`pg_checksums --enable` while it is stopped"
            yield Symptom("warning", "checksums", "off: rotten data would go unnoticed", mend)
        yield _clock(connection)


def _clock(connection: psycopg.Connection[Any]) -> Symptom:
    # The moment the server took our connection, which was just now by our clock.
    took = _one(connection, "SELECT backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()")
    apart = abs((datetime.now(UTC) - datetime.fromisoformat(took)).total_seconds())
    if apart > CLOCK_S_MAX:
        mend = "set both clocks by a time server"
        return Symptom("warning", "clock", f"{apart:.1f} s apart from the database's", mend)
    return Symptom("ok", "clock", "agrees with the database's")


def _stores(dsn: str, deployment: Deployment, flows: Mapping[str, Sequence[str]]) -> Iterator[Symptom]:
    names = list_stores(dsn)
    if deployment.store not in names:
        mend = f"`orderwright stores create {deployment.store}`, or name another in ORDERWRIGHT_STORE"
        yield Symptom("broken", "store", f"there is no store {deployment.store!r} here", mend)
    database = Database(dsn, flows, size=2)
    try:
        for name in names:
            yield from _store(database, name)
    finally:
        database.close()


def _store(database: Database, name: str) -> Iterator[Symptom]:
    what = f"store {name}"
    with database.store(name).read() as tx:
        known = migrations()[-1].number
        at = tx.row("SELECT max(number) AS number FROM migration").number
        if at != known:
            newer = "upgrade this program" if at > known else "`orderwright serve` brings it up to date"
            yield Symptom("broken", what, f"it is at migration {at}; this program knows {known}", newer)
            return
        row = tx.row(
            """
            SELECT (SELECT count(*) FROM task WHERE state = 'dead') AS dead,
                   (SELECT count(*) FROM task WHERE state = 'unknown') AS unknown,
                   (SELECT min(run_at) FROM task WHERE state = 'open') AS oldest
            """
        )
        if row.dead:
            mend = "`orderwright call GET '/v1/tasks?state=dead'` says why; POST /v1/tasks/{id}/retry tries again"
            yield Symptom("warning", what, f"{row.dead} dead tasks", mend)
        if row.unknown:
            yield Symptom("warning", what, f"{row.unknown} outside calls with unknown outcome", "let the worker run")
        late_s = (tx.now - row.oldest).total_seconds() if row.oldest else 0.0
        if late_s > 300:
            yield Symptom("warning", what, f"tasks are {late_s / 60:.0f} minutes late", "run `orderwright worker`")
        if not (row.dead or row.unknown or late_s > 300):
            yield Symptom("ok", what, f"at migration {at}; tasks in order")


def _one(connection: psycopg.Connection[Any], sql: str) -> str:
    row = connection.execute(sql.encode()).fetchone()
    return str(row[0]) if row is not None else ""


def _without_password(url: str | None) -> str:
    if not url:
        return "- (the embedded PostgreSQL)"
    parts = urlsplit(url)
    if parts.password:
        return url.replace(f":{parts.password}@", ":...@")
    return " ".join("password=..." if each.startswith("password=") else each for each in url.split(" "))
