"""Stores for demos, dropped afterwards."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from orderwright.database.store import Store
from orderwright.database.stores import create_store, drop_store
from tests.demo.tiny import opened


@pytest.fixture
def new_store(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Store]]:
    """Makes empty stores; the practice gateway's memory lies in the test's folder."""
    monkeypatch.setenv("ORDERWRIGHT_DATA", str(tmp_path))
    names: list[str] = []
    with ExitStack() as stack:

        def make() -> Store:
            names.append(f"demo_{uuid4().hex[:12]}")
            create_store(postgres, names[-1])
            return stack.enter_context(opened(postgres, names[-1]))

        yield make
    for name in names:
        drop_store(postgres, name)
