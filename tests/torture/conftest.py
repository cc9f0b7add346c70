"""Folders for servers of their own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database.conftest import new_place


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder for tests that kill processes, not disks."""
    place = new_place()
    yield place
    shutil.rmtree(place)
