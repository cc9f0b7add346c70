"""Showing results: tables for people, JSON for programs."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from orderwright.database.invariants import CheckResult


def as_json(value: Any) -> None:
    """Print a value as indented JSON."""
    print(msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2).decode())


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under their columns; as plain text where the output is no terminal."""
    from rich.console import Console
    from rich.table import Table

    shown = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        shown.add_row(*[_cell(each) for each in row])
    Console(soft_wrap=True).print(shown)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, (list, tuple)):
        return ", ".join(str(each) for each in value)
    return str(value)


class Checks:
    """Invariants as they are checked: a line each, and each offending row under it."""

    def show(self, done: int, of: int, result: "CheckResult") -> None:
        """Print one result."""
        word = "holds" if result.holds else f"BROKEN by {result.violations}"
        print(f"[{done}/{of}] {result.name}: {word} ({result.ms} ms). {result.sentence}", flush=True)
        for row in result.rows:
            print(f"    {row}", flush=True)
