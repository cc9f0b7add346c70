"""What an import is told on its way, and how one is shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from orderwright.business.imports.findings import Detail, Wrong
from orderwright.values.forms import Command


class StartImport(Command, frozen=True):
    """A file begins to be taken in. `file_hash`: sha256 of its bytes."""

    kind: str
    file_name: str
    file_hash: bytes
    profile: str


class ImportAsked(msgspec.Struct, frozen=True, omit_defaults=True):
    """How people want a file read. columns: by field, said by hand ('' for none).

    currency: of prices that stand without one; site: of rows that name none; channel: orders come in by.
    payment: how it stands with the payment of orders of a file that does not say it; '' as its profile says.
    """

    columns: dict[str, str] = {}
    profile: str = ""
    channel: str = ""
    currency: str = ""
    site: str = ""
    payment: Literal["", "paid", "unpaid"] = ""
    with_credits: bool = False

    @property
    def defaults(self) -> dict[str, str]:
        """What rows of goods say where they say nothing."""
        told = {"currency": self.currency, "site": self.site}
        return {name: value for name, value in told.items() if value}


class BeginLooking(Command, frozen=True):
    """A file was brought, and is looked at before anything of it is taken. `file_hash`: sha256 of its bytes."""

    kind: str
    file_name: str
    file_hash: bytes
    asked: ImportAsked


class KeepPiece(Command, frozen=True):
    """A piece of a file that was brought."""

    id: str
    piece: int
    content: bytes


class LookAgain(Command, frozen=True):
    """Look at a file once more, read otherwise."""

    id: str
    asked: ImportAsked


class BeginTaking(Command, frozen=True):
    """Take what was looked at; also what was interrupted, or failed, once more. asked: read otherwise in the end."""

    id: str
    asked: ImportAsked | None = None


class RowError(msgspec.Struct, frozen=True):
    """A row that was not taken: its number in the file, its cells, and what is wrong, in words.

    details: the same one by one, in its parts, for pages in other languages; of rows kept long ago the words only.
    """

    row: int
    cells: list[str]
    findings: list[str]
    details: list[Detail]


def row_error(row: int, cells: Sequence[str], wrong: Sequence[Wrong]) -> RowError:
    """A row that is not taken, and all that is wrong with it."""
    return RowError(row, list(cells), [each.message for each in wrong], [each.detail for each in wrong])


class TellProgress(Command, frozen=True):
    """How far an import is, and the rows since the last word of it that were not taken."""

    id: str
    rows_read: int
    errors: list[RowError] = msgspec.field(default_factory=list)


class EndImport(Command, frozen=True):
    """An import came to its end, or to the error that ended it. is_look: it was only looked at."""

    id: str
    rows_read: int
    report: dict[str, Any]
    is_whole: bool = True
    is_look: bool = False


class ImportView(msgspec.Struct, frozen=True):
    """An import as it stands. `state`: reading, done, failed, or interrupted: nothing was heard of it for a while.

    A file brought by the console is looked at first: looking, then looked. One that was interrupted is simply run
    again: what it took is recognised. `errors` are the first rows that were not taken; `next` says where to go on.
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


class ImportRow(msgspec.Struct, frozen=True):
    """An import in a list. has_file: the file is still here, to be read again."""

    id: str
    kind: str
    file_name: str
    state: str
    rows_read: int
    began_at: datetime
    ended_at: datetime | None
    made_by: str
    report: dict[str, Any]
    asked: ImportAsked
    file_hash: bytes
    has_file: bool
    was_reading: bool = False
