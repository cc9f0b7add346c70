"""Somebody who follows the pages: a shop served in a folder of its own, and a shell beside it."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import psycopg

from orderwright.database.cluster import DatabasePlace

STORE = "guide"
CLOCK = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # a Friday: the guide's promises are always the same
STOP_S = 40
SETTLED_S = 60


class ServedFolder(NamedTuple):
    """A running `orderwright serve`: its address, and folder and environment for commands beside it."""

    address: str
    folder: Path
    environment: Mapping[str, str]


@contextmanager
def served(parent: Path) -> Iterator[ServedFolder]:
    """`orderwright serve` on a fresh embedded database, with a store `main`, and `guide` whose clock stands still."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ORDERWRIGHT_", "DATABASE_"))},
        "ORDERWRIGHT_DATA": str(parent / "orderwright-data"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "120",
    }
    folder = parent / "reader"
    folder.mkdir()
    with DatabasePlace(None, parent / "orderwright-data" / "postgres").open(may_initialise=True) as cluster:
        for name in ("main", STORE):
            subprocess.run(["orderwright", "stores", "create", name], env=environment, check=True, capture_output=True)
        with psycopg.connect(cluster.dsn) as connection:
            row = connection.execute("SELECT schema FROM orderwright.store WHERE name = %s", [STORE]).fetchone()
            assert row is not None
            connection.execute(f'UPDATE "{row[0]}".clock SET simulated_at = %s', [CLOCK])
        with _serving(folder, environment, parent / "serve.log") as address:
            _wait_for_the_first_round(environment)
            yield ServedFolder(address, folder, environment)


@contextmanager
def _serving(folder: Path, environment: Mapping[str, str], log: Path) -> Iterator[str]:
    command = ["orderwright", "serve", "--port", "0"]
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as serving,
    ):
        assert serving.stdout is not None
        try:
            told = re.match(r"Orderwright serves at (\S+)", serving.stdout.readline())
            assert told is not None, log.read_text()
            yield told[1]
        finally:
            serving.terminate()
            try:
                serving.wait(STOP_S)
            except subprocess.TimeoutExpired:
                serving.kill()
                raise


def _wait_for_the_first_round(environment: Mapping[str, str]) -> None:
    """Until the worker has done what falls due in a new store, so that it lets nothing out while a guide runs."""
    command = ["orderwright", "call", "GET", "/v1/tasks?state=done"]
    until = time.monotonic() + SETTLED_S
    while time.monotonic() < until:
        told = subprocess.run(
            command, env={**environment, "ORDERWRIGHT_STORE": STORE}, capture_output=True, check=True, text=True
        )
        if any(task["name"] == "release_sites" for task in json.loads(told.stdout)["items"]):
            return
    raise TimeoutError("the worker did not begin")
