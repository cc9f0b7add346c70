"""Small files and profiles, and reading them through."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orderwright.business.imports.profile import read_profile
from orderwright.business.imports.report import ImportReport
from orderwright.business.imports.results import ReadResult
from orderwright.business.imports.sheets import open_sheet
from tests.imports.reading_through import COLUMNS, read_through


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write text (or bytes) to a file and give its path."""

    def write(content: str | bytes, name: str = "orders.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def read(written: Callable[..., Path]) -> Callable[..., tuple[list[ReadResult], ImportReport]]:
    """Read a small file by a profile (TOML behind the four plain columns, or a whole one) to its report.

    Every reading in these tests must add up, whatever else it is about.
    """

    def run(text: str, more: str = "", whole: str = "", **options: Any) -> tuple[list[ReadResult], ImportReport]:
        profile = read_profile(whole or COLUMNS + more)
        sheet = open_sheet(written(text, **options), profile.form)
        return read_through(sheet, profile)

    return run
