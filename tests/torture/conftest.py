"""Folders for servers of their own."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.database.conftest import new_place
from tests.torture import report
from tests.torture.stage import Stage, new_stage

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where the figures are, and what was not run."""
    if report.NOTED:
        terminalreporter.section("torture")
        terminalreporter.line(f"seed {report.SEED}: ORDERWRIGHT_TORTURE_SEED={report.SEED} draws the same again")
        for each in report.NOTED:
            terminalreporter.line(each)
        terminalreporter.line(f"figures: {(report.FOLDER / 'report.md').relative_to(report.ROOT)}")


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


@pytest.fixture(scope="module")
def stage(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage with ample stock."""
    with new_stage(postgres, tmp_path_factory.mktemp("crashes"), NOON) as stage:
        stage.floor.stock("LEEDS", MUG=10_000, TEE=10_000, HAT=10_000)
        yield stage
