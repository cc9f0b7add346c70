"""Stores for demos, dropped afterwards."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from orderwright.database.store import Store
from orderwright.database.stores import create_store, drop_store
from orderwright.doors.demo.running import Cast
from tests.demo.tiny import live, opened, tiny_cast


@pytest.fixture(scope="module")
def gateway_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the practice gateway's memory lies."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "ORDERWRIGHT_DATA", str(folder))
        yield folder


@contextmanager
def empty_store(postgres: str) -> Iterator[Store]:
    """An empty store; its connections are closed afterwards, since each demo uses a dozen."""
    name = f"demo_{uuid4().hex[:12]}"
    create_store(postgres, name)
    with opened(postgres, name) as store:
        yield store
    drop_store(postgres, name)


@pytest.fixture
def new_store(postgres: str, gateway_folder: Path) -> Iterator[Callable[[], Store]]:
    """Makes empty stores for one test."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(empty_store(postgres))


@pytest.fixture(scope="module")
def flawless(postgres: str, gateway_folder: Path) -> Iterator[tuple[Store, Cast]]:
    """The tiny shop after its life, in which nobody erred."""
    with empty_store(postgres) as store:
        cast = tiny_cast()
        live(store, cast)
        yield store, cast
