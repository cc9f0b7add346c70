"""A copy of the tree to break things in: the tree itself is never touched."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from orderwright.database.cluster import open_cluster
from tests.conftest import DSN
from tests.edge.index import ROOT, Mutation

_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*", "bench-results", "build", "dist")
_ENDED = re.compile(r"^(PASSED|FAILED|ERROR) (tests/\S+?\.py::\S+)", re.MULTILINE)


class Outcome(NamedTuple):
    """What became of tests. `said`: the last of what pytest printed."""

    passed: set[str]
    failed: set[str]
    said: str


class Scratch:
    """A copy of the product and its tests in a folder of its own, and a PostgreSQL for all its runs."""

    def __init__(self, folder: Path, dsn: str) -> None:
        self.folder, self._dsn = folder, dsn
        for name in ("orderwright", "tests", "docs"):
            shutil.copytree(ROOT / name, folder / name, ignore=_LEFT_OUT)
        for name in ("pyproject.toml", "README.md"):
            shutil.copy(ROOT / name, folder / name)

    def run(self, tests: Sequence[str]) -> Outcome:
        """Run tests; one that is asked for without its parameters has failed when any of its kind has."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "ORDERWRIGHT_"))}
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", "--tb=line", "--no-header", *tests],
                cwd=self.folder, capture_output=True, text=True, timeout=60 + 20 * len(tests), check=False,
                env={**kept, DSN: self._dsn, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Outcome(set(), set(), "no end in sight")
        ended: dict[str, set[str]] = {"PASSED": set(), "FAILED": set(), "ERROR": set()}
        for word, test in _ENDED.findall(done.stdout):
            ended[word].update(asked for asked in tests if test == asked or test.startswith(f"{asked}["))
        # A test whose fixture breaks while it closes has passed and is an error as well: the invariants spoke.
        failed = ended["FAILED"] | ended["ERROR"]
        return Outcome(ended["PASSED"] - failed, failed, (done.stdout + done.stderr)[-3_000:])

    @contextmanager
    def mutated(self, mutation: Mutation) -> Iterator[None]:
        """With its guards taken out."""
        whole = {each.file: (self.folder / each.file).read_text() for each in mutation.changes}
        try:
            for file, old, new in mutation.changes:
                text = (self.folder / file).read_text()
                if text.count(old) != 1:
                    raise LookupError(f"case {mutation.case}: in {file} this stands {text.count(old)} times: {old}")
                (self.folder / file).write_text(text.replace(old, new))
            yield
        finally:
            for file, text in whole.items():
                (self.folder / file).write_text(text)


@contextmanager
def scratch() -> Iterator[Scratch]:
    """A copy that is gone afterwards."""
    with TemporaryDirectory(prefix="orderwright-edge-") as folder:
        home = Path(folder)
        with open_cluster(home / "postgres", may_initialise=True) as cluster:
            yield Scratch(home / "tree", cluster.dsn)


def survivors(copy: Scratch, mutation: Mutation) -> tuple[list[str], str]:
    """The mutation's tests that do not turn red by it, and what pytest printed."""
    with copy.mutated(mutation):
        outcome = copy.run(mutation.tests)
    return [test for test in mutation.tests if test not in outcome.failed], outcome.said
