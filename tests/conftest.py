"""What every test may ask for."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from orderwright.database import cluster_lock, cluster_server
from orderwright.database.cluster import open_cluster
from tests.kept_connections import close_kept
from tests.shop import Shop, new_shop

HOME = "ORDERWRIGHT_TEST_HOME"  # set by the first pytest, inherited by the workers it starts
DSN = "ORDERWRIGHT_TEST_DSN"  # a PostgreSQL that runs already, for who runs pytest again and again (tests/edge)
LONGEST = ("tests/random/test_random_commands", "tests/browser/test_every_page", "tests/docs/test_guides")
"""Tests of a minute each: begun first, so that nobody waits for one of them at the end."""


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[HOME] = tempfile.mkdtemp(prefix="orderwright-test-")
        if sys.dont_write_bytecode:
            _keep_compiled(config.rootpath / "build" / "compiled")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        home = Path(os.environ.pop(HOME))
        if (home / "postgres").exists() and cluster_lock.is_running(home / "postgres"):
            cluster_server.stop(home / "postgres")  # a worker was killed while it used it
        shutil.rmtree(home)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Playwright keeps a loop running beneath all tests of its process: whoever needs no browser shall see none."""
    running = asyncio._get_running_loop()
    if running is None or "browser" in getattr(item, "fixturenames", ()):
        return (yield)
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(running)


def _keep_compiled(folder: Path) -> None:
    """Who wants no compiled modules beside the sources has them elsewhere: without any, every worker, server and
    command that the tests start compiles everything anew, which is half of what they do.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(folder)
    sys.dont_write_bytecode = False


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of one empty embedded PostgreSQL, started once and shared by all workers of this run."""
    if dsn := os.environ.get(DSN):
        yield dsn
        close_kept()
        return
    with open_cluster(Path(os.environ[HOME]) / "postgres", may_initialise=True) as cluster:
        # What is committed here need not outlive a power cut; tests of what does have servers of their own.
        yield f"{cluster.dsn} options='-c synchronous_commit=off'"
        close_kept()


@pytest.fixture
def shop(postgres: str) -> Iterator[Shop]:
    """A small shop of its own: see tests/shop.py."""
    with new_shop(postgres) as shop:
        yield shop
