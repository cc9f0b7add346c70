"""Fields of a description read one by one, with everything wrong found, not only the first."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard, TypeVar

from orderwright.values.codes import text_problem
from orderwright.values.findings import Finding, worded

LENGTH_MAX_MM = 10_000_000
"""Ten kilometres: no floor is longer, and every sum of walks stays far below 64 bits."""
TABLES_MAX = 1000

T = TypeVar("T")


class Fields:
    """One table of a document. What cannot be used is told in `findings`, and a harmless value given in its place."""

    def __init__(self, table: object, pointer: str, findings: list[Finding], known: set[str]) -> None:
        self.pointer = pointer
        self._findings = findings
        self._table: Mapping[object, object] = table if isinstance(table, Mapping) else {}
        if not isinstance(table, Mapping):
            findings.append(Finding(pointer, "not_a_table", "This must be a table of names and values."))
        for key in self._table:
            if key not in known:
                self.wrong(
                    str(key), "unknown", "There is no such field; there are {known}.", known=", ".join(sorted(known))
                )

    def wrong(self, key: str, code: str, template: str, /, **values: Any) -> None:
        """Say what is wrong with a field, in the words of `findings.worded`."""
        escaped = key.replace("~", "~0").replace("/", "~1")
        self._findings.append(worded(f"{self.pointer}/{escaped}", code, template, **values))

    def tables(self, key: str, known: set[str]) -> Iterator["Fields"]:
        """The tables of a list, none when it is left out."""
        found = self._table.get(key, [])
        if not isinstance(found, list):
            self.wrong(key, "not_a_list", "This must be a list of tables.")
            return
        if len(found) > TABLES_MAX:
            self.wrong(key, "too_many", "At most {most} of these.", most=TABLES_MAX)
            return
        for index, table in enumerate(found):
            yield Fields(table, f"{self.pointer}/{key}/{index}", self._findings, known)

    def table(self, key: str, known: set[str]) -> "Fields | None":
        """A table of its own, None when it is left out."""
        if key not in self._table:
            return None
        table = Fields(self._table[key], f"{self.pointer}/{key}", self._findings, known)
        return table if isinstance(self._table[key], Mapping) else None

    def whole(
        self, key: str, usual: int | None = None, least: int = -LENGTH_MAX_MM, most: int = LENGTH_MAX_MM
    ) -> int:  # fmt: skip
        """A whole number within limits. usual: what it is when left out; None: it may not be."""
        value = self._table.get(key, usual)
        if value is None:
            self.wrong(key, "missing", "This is needed.")
        elif not _is_whole(value):
            self.wrong(key, "not_whole", "This must be a whole number; lengths are in millimetres.")
        elif not least <= value <= most:
            self.wrong(key, "out_of_range", "This must lie between {least} and {most}.", least=least, most=most)
        else:
            return value
        return usual if usual is not None else max(least, 1)

    def wholes(self, key: str) -> list[int]:
        """A list of whole numbers, none when it is left out."""
        found = self._table.get(key, [])
        if not isinstance(found, list) or len(found) > TABLES_MAX or not all(_is_whole(value) for value in found):
            self.wrong(key, "not_whole", "This must be a list of at most {most} whole numbers.", most=TABLES_MAX)
            return []
        return [value for value in found if _is_whole(value)]

    def wholes_by_number(self, key: str, usual: Mapping[int, int]) -> Mapping[int, int]:
        """Whole numbers by whole numbers (which TOML and JSON write as text)."""
        if key not in self._table:
            return usual
        found = self._table[key]
        pairs: dict[int, int] = {}
        for number, value in found.items() if isinstance(found, Mapping) else [("", 0)]:
            is_number = isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < 10
            if not is_number or not _is_whole(value) or abs(value) > LENGTH_MAX_MM:
                self.wrong(key, "not_whole", "This must give a whole number of millimetres for each bay number.")
                return usual
            pairs[int(number)] = value
        return pairs

    def text(self, key: str, usual: str) -> str:
        """A short text that can be printed."""
        value = self._table.get(key, usual)
        if not isinstance(value, str) or len(value) > 100 or text_problem(value) is not None:
            self.wrong(key, "not_text", "This must be a text of at most 100 characters, without control characters.")
            return usual
        return value

    def one_of(self, key: str, choices: Mapping[str, T], usual: T) -> T:
        """One of several words."""
        if key not in self._table:
            return usual
        value = self._table[key]
        if not isinstance(value, str) or value not in choices:
            self.wrong(key, "not_a_choice", "This must be one of {choices}.", choices=", ".join(choices))
            return usual
        return choices[value]


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
