"""The index of edge cases: which tests prove each, and the change of the product that turns them red."""

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILES = ("cases.toml", "cases_late.toml", "incidents.toml")
"""The numbered edge cases, and what went wrong in public at others."""


class Change(NamedTuple):
    """A guard taken out of the product: `old` stands once in `file` and becomes `new`."""

    file: str
    old: str
    new: str


class Mutation(NamedTuple):
    """What turns all of `tests` red: one guard taken out, or several that stand behind each other."""

    case: str
    changes: tuple[Change, ...]
    tests: tuple[str, ...]


class Case(NamedTuple):
    """One promise. `not_built`: what of the sentence the product has no part for, said plainly."""

    number: str
    sentence: str
    not_built: str
    mutations: tuple[Mutation, ...]

    @property
    def tests(self) -> list[str]:
        """Every test that proves it, once."""
        return list(dict.fromkeys(test for mutation in self.mutations for test in mutation.tests))


def cases(wanted: set[str] | None = None) -> list[Case]:
    """The cases of the index, in its order; all, or those with these numbers."""
    found = [_case(row) for name in FILES for row in tomllib.loads((HERE / name).read_text())["case"]]
    return [case for case in found if not wanted or case.number in wanted]


def mutations(wanted: set[str] | None = None) -> list[Mutation]:
    """The mutations of the cases."""
    return [mutation for case in cases(wanted) for mutation in case.mutations]


def _case(row: dict[str, Any]) -> Case:
    number = str(row["number"])
    proofs = [
        Mutation(number, tuple(map(_change, (each, *each.get("also", [])))), tuple(each["tests"]))
        for each in row.get("proof", [])
    ]
    return Case(number, row["sentence"], " ".join(row.get("not_built", "").split()), tuple(proofs))


def _change(row: dict[str, Any]) -> Change:
    return Change(row["file"], row["old"], row["new"])
