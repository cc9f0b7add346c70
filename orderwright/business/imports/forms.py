"""What an import is told on its way, and how one is shown."""

from datetime import datetime
from typing import Any

import msgspec

from orderwright.values.forms import Command


class StartImport(Command, frozen=True):
    """A file begins to be taken in. `file_hash`: sha256 of its bytes."""

    kind: str
    file_name: str
    file_hash: bytes
    profile: str


class RowError(msgspec.Struct, frozen=True):
    """A row that was not taken: its number in the file, its cells, and what is wrong, in words."""

    row: int
    cells: list[str]
    findings: list[str]


class TellProgress(Command, frozen=True):
    """How far an import is, and the rows since the last word of it that were not taken."""

    id: str
    rows_read: int
    errors: list[RowError] = msgspec.field(default_factory=list)


class EndImport(Command, frozen=True):
    """An import came to its end, or to the error that ended it."""

    id: str
    rows_read: int
    report: dict[str, Any]
    is_whole: bool = True


class ImportView(msgspec.Struct, frozen=True):
    """An import as it stands. `state`: reading, done, failed, or interrupted: nothing was heard of it for a while.

    One that was interrupted is simply run again: what it took is recognised. `errors` are the first rows that
    were not taken; `next` says where to go on.
    """

    id: str
    kind: str
    file_name: str
    profile: str
    state: str
    rows_read: int
    began_at: datetime
    ended_at: datetime | None
    report: dict[str, Any]
    errors: list[RowError]
    next: str | None = None
