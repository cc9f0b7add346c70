"""A shop is served in a folder of its own, as the pages tell their readers to."""

import re
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.reader import ServedFolder, served

CURL_MIN = (7, 82)  # the first with --json


@pytest.fixture(scope="session")
def curl() -> None:
    """The guides need curl; without it they are not tested, and that is said."""
    said = subprocess.run(["curl", "--version"], capture_output=True, text=True).stdout if shutil.which("curl") else ""
    version = re.match(r"curl (\d+)\.(\d+)", said)
    if version is None or (int(version[1]), int(version[2])) < CURL_MIN:
        untested = f"THE GUIDES ARE NOT TESTED: they need curl {CURL_MIN[0]}.{CURL_MIN[1]} or newer"
        warnings.warn(untested, stacklevel=1)  # a skip alone is one letter among many
        pytest.skip(untested)


@pytest.fixture
def served_folder(curl: None) -> Iterator[ServedFolder]:
    """A served shop that nobody has used yet."""
    # Not in pytest's own folder, which each run closes anew to others: root's PostgreSQL runs as another.
    with tempfile.TemporaryDirectory(prefix="orderwright-docs-") as folder, served(Path(folder)) as shop:
        yield shop
