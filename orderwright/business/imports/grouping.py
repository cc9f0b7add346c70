"""Rows of a sheet gathered into orders, wherever in the file they stand."""

from collections.abc import Iterator
from typing import NamedTuple

from orderwright.business.imports.sheets import BrokenCells, Row, Sheet
from orderwright.values.refusal import Refusal

_ROWS_MAX = 100_000  # Far beyond an order: the wrong column is taken for its reference.


class Group(NamedTuple):
    """The rows of one order; without a reference, one row that names none (it may be empty)."""

    reference: str
    rows: list[Row]


class Grouping:
    """Gathers rows by the reference in column `at`.

    Two passes are made: the first checks every bound and finds orders with another order's rows between their
    own, so that the second holds few orders at a time. `blank_is_previous`: a row without a reference belongs
    to the order of the row above. `scattered` counts the orders that did not stand together.
    """

    def __init__(self, sheet: Sheet, at: int, blank_is_previous: bool) -> None:
        self._sheet, self._at, self._blank_is_previous = sheet, at, blank_is_previous
        self.scattered = 0

    def groups(self) -> Iterator[Group]:
        """Each order once, when its last row has come. Refuses what `Sheet.checked_rows` does, at the start,
        and import_too_large for an order that has no end."""
        ends = self._ends_of_scattered()
        self.scattered = len(ends)
        waiting: dict[str, Group] = {}
        current: Group | None = None
        reference = ""
        for row in self._sheet.rows():
            number, cells = row
            if not any(cells):
                yield Group("", [row])
                continue
            reference = self._reference(cells, reference)
            if current is not None and reference != current.reference:
                if current.reference not in ends:
                    yield current
                current = None
            if current is None:
                current = waiting.get(reference) or Group(reference, [])
                if reference in ends:
                    waiting[reference] = current
            current.rows.append(row)
            if len(current.rows) > _ROWS_MAX:
                raise Refusal("import_too_large", what="rows_of_one_order", limit=_ROWS_MAX)
            if not reference or ends.get(reference) == number:
                yield waiting.pop(reference, current)
                current = None
        if current is not None:
            yield current

    def _ends_of_scattered(self) -> dict[str, int]:
        """The last row of each order that does not stand together."""
        ends: dict[str, int] = {}
        seen: set[int] = set()
        reference = ""
        for number, cells in self._sheet.checked_rows():
            if not any(cells):
                continue
            previous, reference = reference, self._reference(cells, reference)
            if reference and (reference != previous or reference in ends):
                mark = hash(reference)  # Two references with one hash would only wait a little longer.
                if mark in seen:
                    ends[reference] = number
                seen.add(mark)
        return ends

    def _reference(self, cells: list[str], previous: str) -> str:
        if type(cells) is BrokenCells:
            # Cut naively, so that the order of a broken row is not taken without it.
            cells = [cell.strip('"') for cell in cells[0].split(self._sheet.delimiter or ",")]
        reference = cells[self._at].strip() if self._at < len(cells) else ""
        return previous if not reference and self._blank_is_previous else reference
