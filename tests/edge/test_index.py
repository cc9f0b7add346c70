"""The index of edge cases says what is there: each test it names is collected, each guard stands where it says."""

import ast
import subprocess
import sys

import pytest

from tests.edge.index import ROOT, Change, cases, mutations

PROMISED = {
    *(1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 16, 17, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29),
    *(31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 43, 45, 46, 50, 51, 54, 55, 61, 62, 65),
    *(66, 67, 69, 70, 71, 72, 73),
}
"""The numbers of the list of edge cases that touch what is built."""

CHANGES = sorted({change for mutation in mutations() for change in mutation.changes})


def test_every_promised_case_is_proved_or_says_what_is_not_built() -> None:
    found = {case.number: case for case in cases()}
    assert {str(number) for number in PROMISED} - set(found) == set()
    assert len(found) == len(cases())
    assert [number for number, case in found.items() if not case.tests and not case.not_built] == []


def test_every_test_of_the_index_is_collected() -> None:
    tests = sorted({test for mutation in mutations() for test in mutation.tests})
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", *tests],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    collected = {line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line}
    assert collected == set(tests)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.file.rpartition("/")[2])
def test_the_guard_a_mutation_takes_out_stands_once_in_the_product(change: Change) -> None:
    assert change.file.startswith("orderwright/")
    text = (ROOT / change.file).read_text()
    assert text.count(change.old) == 1
    changed = text.replace(change.old, change.new)
    assert changed != text
    if change.file.endswith(".py"):
        ast.parse(changed)  # it breaks a promise, not the syntax
