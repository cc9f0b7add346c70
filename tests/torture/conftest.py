"""Folders for servers of their own."""

import shutil
import tempfile
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


@pytest.fixture
def on_disk() -> Iterator[Path]:
    """A folder on a disk, whose commits take as long as they do."""
    place = Path(tempfile.mkdtemp(prefix="orderwright-torture-"))
    place.chmod(0o711)
    yield place
    shutil.rmtree(place)
