"""Stores made and brought up to date by several processes at once, and by processes that are killed at it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from orderwright.database.crash import EXIT_CODE, VARIABLE
from orderwright.database.migrate import migrations
from orderwright.database.store import Database
from orderwright.database.stores import create_store, list_stores, migrate_all

SCRIPT = """
import sys
from orderwright.database.stores import create_store, migrate_all
sys.stdin.readline()
print(create_store(sys.argv[1], sys.argv[2]), len(migrate_all(sys.argv[1])[sys.argv[2]]))
"""


@pytest.fixture
def name(postgres: str) -> Iterator[str]:
    """The name of a store that is not there yet, and is dropped afterwards."""
    name = f"made_{uuid4().hex[:12]}"
    yield name
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("DELETE FROM orderwright.store WHERE name = %s", [name])
        connection.execute(f'DROP SCHEMA IF EXISTS "store_{name}" CASCADE'.encode())


def process(dsn: str, name: str, crash: str = "") -> "subprocess.Popen[str]":
    """A process that makes the store once it is told to."""
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, dsn, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, VARIABLE: crash},
    )  # fmt: skip


def applied(dsn: str, name: str) -> list[int]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(f'SELECT number FROM "store_{name}".migration ORDER BY number'.encode())
        return [number for (number,) in rows]


def test_processes_that_start_at_once_make_one_store(postgres, name):
    started = [process(postgres, name) for _ in range(4)]
    for each in started:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    said = [each.communicate(timeout=60)[0].split() for each in started]
    assert [each.returncode for each in started] == [0] * 4
    assert sorted(is_made for is_made, _ in said) == ["False", "False", "False", "True"]
    assert [left for _, left in said] == ["0"] * 4  # whoever returns finds everything done
    assert applied(postgres, name) == [each.number for each in migrations()]


@pytest.mark.parametrize(("moment", "done"), [("in migration#3", 2), ("between migrations#3", 3)])
def test_the_next_start_goes_on_where_a_killed_one_was(postgres, name, moment, done):
    killed = process(postgres, name, moment)
    killed.communicate("go\n", timeout=60)
    assert killed.returncode == EXIT_CODE
    assert applied(postgres, name) == [each.number for each in migrations()[:done]]
    assert name not in list_stores(postgres)  # named once it is whole
    assert create_store(postgres, name)
    assert applied(postgres, name) == [each.number for each in migrations()]
    assert migrate_all(postgres)[name] == []


def test_a_database_in_which_nobody_made_a_store_says_so(postgres: str) -> None:
    bare = make_conninfo(postgres, dbname="template1")
    assert list_stores(bare) == []
    database = Database(bare, {}, size=1)
    try:
        with pytest.raises(LookupError, match="there is no store 'main'; `orderwright stores create main`"):
            database.store("main")
    finally:
        database.close()
