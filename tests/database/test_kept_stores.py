"""Stores full of made-up orders that benches keep: made anew where what they were made by reads otherwise now."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench import kept


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often a store was filled; each is an empty folder here."""
    times: list[int] = []

    @contextmanager
    def serving(folder: Path) -> Iterator[Any]:
        yield SimpleNamespace(folder=folder, store=None)

    monkeypatch.setattr(kept, "serving", serving)
    monkeypatch.setattr(kept, "fill", lambda store, count: times.append(count))
    monkeypatch.setattr(kept, "stock_up", lambda *told: None)
    return times


def served(folder: Path) -> None:
    with kept.filled_server(5, folder):
        pass


@pytest.mark.parametrize("mark", ["9f86d081884c7d65", '"9f86"', ""])
def test_a_mark_of_an_older_form_is_no_mark(tmp_path: Path, filled: list[int], mark: str):
    (tmp_path / "5").mkdir()
    (tmp_path / "5" / kept.FILLED).write_text(mark)
    served(tmp_path)
    served(tmp_path)
    assert filled == [5]


def test_a_migration_that_ran_on_a_kept_store_and_reads_otherwise_later_is_noticed(
    tmp_path: Path, filled: list[int], monkeypatch: pytest.MonkeyPatch
):
    served(tmp_path)
    first = kept.migrations()
    for sql in ("SELECT 1", "SELECT 2"):
        late = SimpleNamespace(name="9999_late.sql", sql=sql)
        monkeypatch.setattr(kept, "migrations", lambda late=late: [*first, late])
        served(tmp_path)
    assert filled == [5, 5]
    assert "9999_late.sql" in json.loads((tmp_path / "5" / kept.FILLED).read_text())
