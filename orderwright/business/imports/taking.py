"""Taking a file of orders in: read as a stream, placed in chunks, every row accounted for.

Each chunk commits by itself and an order is known by channel and reference, so an import that was interrupted is
simply run again, and files may overlap.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.imports.actions import end_imports, start_imports, tell_progress
from orderwright.business.imports.crediting import ApplyCredit, CreditPart, apply_credits
from orderwright.business.imports.credits import Credited, Match, Sold, events_of, match_credits
from orderwright.business.imports.findings import Wrong
from orderwright.business.imports.forms import EndImport, RowError, StartImport, TellProgress, row_error
from orderwright.business.imports.order_words import wrong_with
from orderwright.business.imports.outcome import CreditsApplied, ImportOutcome, OrdersTaken
from orderwright.business.imports.profile import Profile
from orderwright.business.imports.reading import Reading
from orderwright.business.imports.report import ImportReport
from orderwright.business.imports.results import BadRow, ReadCredit, ReadOrder, ReadResult
from orderwright.business.imports.sheets import Sheet
from orderwright.database import crash
from orderwright.database.writer import Writer
from orderwright.values.refusal import Refusal

ORDERS_A_CHUNK = 256
LINES_A_CHUNK = 1_000
"""What one transaction takes: well under two seconds of work, also on a slow machine."""
ERRORS_A_TIME = 1_000
CREDITS_A_CHUNK = 100


class Source(NamedTuple):
    """The file an import is of: its name, the sha256 of its bytes, and the profile it is read by."""

    name: str
    sha256: bytes
    profile: str


def source_of(path: Path, profile: str) -> Source:
    """The file at a path, as an import keeps it."""
    with path.open("rb") as file:
        return Source(path.name, hashlib.file_digest(file, "sha256").digest(), profile)


class Watch(NamedTuple):
    """Who is told how it goes. `row`: each row that was not taken. `step`: rows read and orders taken so far."""

    row: Callable[[RowError], None] = lambda _: None
    step: Callable[[int, OrdersTaken], None] = lambda *_: None
    began: Callable[[str], None] = lambda _: None


class OrderImport:
    """One file of orders on its way in. Refuses import_columns_missing when made."""

    def __init__(self, writer: Writer, sheet: Sheet, profile: Profile, actor: str, watch: Watch | None = None) -> None:
        self._writer, self._sheet, self._profile, self._actor = writer, sheet, profile, actor
        self._watch = watch or Watch()
        self._reading = Reading(sheet, profile)
        self._report = ImportReport()
        self._orders = OrdersTaken()
        self._errors: list[RowError] = []
        self._refused: dict[int, list[Wrong]] = {}
        self._events: list[Sold | Credited] = []
        self._channels: dict[str, str] = {}  # of credit notes, by reference
        self._rows_not_taken = 0
        self._id = ""

    def read_only(self) -> ImportOutcome:
        """Read the file through and account for it, and take nothing."""
        for result in self._reading:
            self._report.add(result)
            if isinstance(result, BadRow):
                self._watch.row(bad_row(result))
                self._rows_not_taken += 1
        self._report.close(self._reading.notes)
        return ImportOutcome(None, self._report, self._orders, self._rows_not_taken)

    def take(self, source: Source, *, with_credits: bool = False, import_id: str = "") -> ImportOutcome:
        """Take the file in. Whatever ends it early, what was taken stays, and the import is told to have failed.

        with_credits: credit notes are matched to the customer's earlier sales in this file, and applied.
        import_id: of an import that was begun already.
        """
        self._id = import_id
        if not import_id:
            start = StartImport(
                kind="orders", file_name=source.name, file_hash=source.sha256, profile=source.profile,
                actor=self._actor,
            )  # fmt: skip
            (self._id,) = self._writer.run(start_imports, [start])
        self._watch.began(self._id)
        try:
            self._place_all(with_credits=with_credits)
            self._report.close(self._reading.notes)
            applied = self._apply_credits() if with_credits else None
        except BaseException:
            with suppress(Exception):  # the database may be what ended it; then it is seen to be interrupted
                self._end({"orders": {"read": self._orders.read}}, is_whole=False)
            raise
        outcome = ImportOutcome(self._id, self._report, self._orders, self._rows_not_taken, applied)
        self._end(outcome.as_dict(), is_whole=True)
        return outcome

    def _end(self, report: dict[str, Any], *, is_whole: bool) -> None:
        report |= {"header": self._sheet.header, "delimiter": self._sheet.delimiter, "is_taken": True}
        rows = self._reading.notes.rows
        end = EndImport(id=self._id, rows_read=rows, report=report, is_whole=is_whole, actor=self._actor)
        self._writer.run(end_imports, [end])

    def _place_all(self, *, with_credits: bool) -> None:
        """One chunk is placed while the next is read; in order, so that who ordered first is served first."""
        placing: tuple[list[ReadOrder], Future[list[Any]]] | None = None
        for chunk in _chunks(self._results(with_credits=with_credits)):
            self._settle(placing)
            commands = [PlaceOrder(each.form, self._actor, "file") for each in chunk]
            weight = sum(len(each.form.lines) for each in chunk)
            placing = (chunk, self._writer.submit(place_orders, commands, weight=weight))
        self._settle(placing)
        self._tell_refused()

    def _results(self, *, with_credits: bool) -> Iterator[ReadOrder]:
        """The orders of the file; all else is accounted for on the way."""
        for result in self._reading:
            self._report.add(result)
            if with_credits:
                self._note_events(result)
            if isinstance(result, BadRow):
                self._add_error(bad_row(result))
            elif isinstance(result, ReadOrder):
                yield result

    def _settle(self, placing: tuple[list[ReadOrder], "Future[list[Any]]"] | None) -> None:
        if placing is None:
            return
        chunk, future = placing
        results = future.result()
        crash.point("import chunk")
        for order, result in zip(chunk, results, strict=True):
            self._orders.add(result)
            if isinstance(result, Refusal):
                self._refused |= dict.fromkeys(order.rows, wrong_with(result))
        self._tell()
        self._watch.step(self._reading.notes.rows, self._orders)

    def _add_error(self, error: RowError) -> None:
        self._watch.row(error)
        self._rows_not_taken += 1
        self._errors.append(error)
        if len(self._errors) >= ERRORS_A_TIME:
            self._tell()

    def _tell(self) -> None:
        errors, self._errors = self._errors, []
        told = TellProgress(id=self._id, rows_read=self._reading.notes.rows, errors=errors, actor=self._actor)
        self._writer.run(tell_progress, [told])

    def _tell_refused(self) -> None:
        """Rows of orders that were refused, looked up once more: only they need their cells again."""
        if self._refused:
            for number, cells in self._sheet.rows():
                if number in self._refused:
                    self._add_error(row_error(number, cells, self._refused[number]))
        self._tell()

    def _note_events(self, result: ReadResult) -> None:
        self._events += events_of([result])
        if isinstance(result, ReadCredit):
            self._channels[result.reference] = result.channel

    def _apply_credits(self) -> CreditsApplied:
        self._events.sort(key=lambda event: (event.at, isinstance(event, Credited)))
        done = CreditsApplied()
        commands = self._credit_commands(match_credits(self._events), done)
        for at in range(0, len(commands), CREDITS_A_CHUNK):
            for result in self._writer.run(apply_credits, commands[at : at + CREDITS_A_CHUNK]):
                done.add(result)
        return done

    def _credit_commands(self, matches: Iterator[Match], done: CreditsApplied) -> list[ApplyCredit]:
        """One command per credit note, in order of time; what no sale was found for is counted."""
        parts: defaultdict[str, list[CreditPart]] = defaultdict(list)
        for match in matches:
            mine = parts[match.credit.reference]
            mine += [CreditPart(sold.reference, sold.line, units) for sold, units in match.parts]
            done.units_unmatched += match.unmatched_units
        done.unmatched = sum(not mine for mine in parts.values())
        return [
            ApplyCredit(channel=self._channels[reference], reference=reference, parts=mine, actor=self._actor)
            for reference, mine in parts.items()
            if mine
        ]


def _chunks(orders: Iterator[ReadOrder]) -> Iterator[list[ReadOrder]]:
    chunk: list[ReadOrder] = []
    lines = 0
    for order in orders:
        count = len(order.form.lines)
        if chunk and (len(chunk) == ORDERS_A_CHUNK or lines + count > LINES_A_CHUNK):
            yield chunk
            chunk, lines = [], 0
        chunk.append(order)
        lines += count
    if chunk:
        yield chunk


def bad_row(bad: BadRow) -> RowError:
    """A row that cannot be taken, as an import keeps it."""
    return row_error(bad.row, bad.cells, [finding.wrong() for finding in bad.findings])
