"""Stores for demos, dropped afterwards."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
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


@pytest.fixture(scope="module")
def new_store(postgres: str, gateway_folder: Path) -> Iterator[Callable[[], Store]]:
    """Makes empty stores."""
    names: list[str] = []
    with ExitStack() as stack:

        def make() -> Store:
            names.append(f"demo_{uuid4().hex[:12]}")
            create_store(postgres, names[-1])
            return stack.enter_context(opened(postgres, names[-1]))

        yield make
    for name in names:
        drop_store(postgres, name)


@pytest.fixture(scope="module")
def flawless(new_store: Callable[[], Store]) -> tuple[Store, Cast]:
    """The tiny shop after its life, in which nobody erred."""
    store, cast = new_store(), tiny_cast()
    live(store, cast)
    return store, cast
