"""A sheet and a profile become orders, credits and the rest: every row exactly one named thing."""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from orderwright.business.imports.columns import positions_of
from orderwright.business.imports.fields import FIELDS, ORDER_FIELDS
from orderwright.business.imports.findings import Finding
from orderwright.business.imports.grouping import Group, Grouping
from orderwright.business.imports.heads import Head, HeadReader, is_currency
from orderwright.business.imports.lines import Line, LineReader
from orderwright.business.imports.outcomes import outcomes_of, sign_findings, sorted_out
from orderwright.business.imports.profile import Profile
from orderwright.business.imports.results import BadRow, LeftOut, ReadResult
from orderwright.business.imports.sheets import BrokenCells, Row, Sheet
from orderwright.values.codes import text_problem
from orderwright.values.phrases import phrase

Findings = dict[int, list[Finding]]
"""What is wrong, by row number."""


class Notes(msgspec.Struct):
    """What went in, counted before anything is sorted, and what was noticed on the way.

    `units` and `amounts_minor` are sums by currency over the rows that could be read and were not dropped;
    `renamed` counts rows by (code as written, sku).
    """

    rows: int = 0
    units: Counter[str] = msgspec.field(default_factory=Counter)
    amounts_minor: Counter[str] = msgspec.field(default_factory=Counter)
    duplicates: int = 0
    renamed: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)
    orders_with_two_times: int = 0
    clock_change_times: int = 0
    scattered_orders: int = 0
    remarks: list[str] = msgspec.field(default_factory=list)


class Reading:
    """One reading of a sheet by a profile; `notes` is whole when it has been iterated to the end, once.

    Refuses import_columns_missing when made, and what `Sheet.checked_rows` refuses before the first result.
    """

    def __init__(self, sheet: Sheet, profile: Profile) -> None:
        self._sheet, self._profile = sheet, profile
        sheet.write_numbers_with(profile.numbers.decimal)
        self.notes = Notes(remarks=list(sheet.remarks))
        self._columns, items = positions_of(sheet.header, profile)
        self._width = len(sheet.header)
        self._readers = [LineReader(profile, {**self._columns, **item}) for item in items or [{}]]
        self._items = [tuple(item.values()) for item in items]
        self._heads = HeadReader(profile, self._columns, self._readers[0])
        self._order_columns = {f: at for f, at in self._heads.columns.items() if f != "reference"}
        self._grouping = Grouping(sheet, self._columns["reference"], profile.orders.blank_reference == "previous")

    def __iter__(self) -> Iterator[ReadResult]:
        notes = self.notes
        for group in self._grouping.groups():
            notes.rows += len(group.rows)
            number, cells = group.rows[0]
            if any(cells):
                yield from self._results_of(group)
            else:
                yield _left_out((number,), "blank", "")
        notes.scattered_orders = self._grouping.scattered
        self._remark_on_number_cells()

    def _results_of(self, group: Group) -> Iterator[ReadResult]:
        reference, rows = group
        if len(rows) > 1:
            rows, repeated = self._duplicates(rows)
            if repeated:
                yield _left_out(repeated, "duplicate", reference)
        findings: Findings = {}
        head = self._head(reference, rows, findings)
        currency = head.currency if head else self._profile.currency
        lines = self._lines(rows, currency, findings)
        self._count(lines, currency)
        if head is not None and not findings:
            sorting = sorted_out(self._profile, head, lines)
            findings = sign_findings(self._profile, head, sorting)
            if not findings:
                yield from outcomes_of(self._profile, head, lines, sorting)
                return
        yield from _bad_rows(rows, lines, currency, findings)

    def _duplicates(self, rows: list[Row]) -> tuple[list[Row], tuple[int, ...]]:
        """The rows to read, and the numbers of those dropped as repeats, if the profile drops them."""
        count = len(rows) - len({tuple(cells) for _, cells in rows})
        self.notes.duplicates += count
        if not count or self._profile.orders.duplicates == "keep":
            return rows, ()
        first = set({tuple(cells): number for number, cells in reversed(rows)}.values())
        return [row for row in rows if row[0] in first], tuple(n for n, _ in rows if n not in first)

    def _head(self, reference: str, rows: Sequence[Row], findings: Findings) -> Head | None:
        whole = [row for row in rows if len(row[1]) == self._width]
        # One look at all the text together: almost every order is sound, and looking row by row is slow.
        if len(whole) < len(rows) or not reference or text_problem("".join(["".join(c) for _, c in rows])):
            for number, cells in rows:
                if problem := self._row_problem(reference, cells):
                    findings.setdefault(number, []).append(problem)
        if not whole:
            return None
        texts, places = self._order_texts(whole, findings)
        found: list[Finding] = []
        head = self._heads.read(reference, texts, found)
        for finding in found:
            findings.setdefault(places.get(finding.field, whole[0][0]), []).append(finding)
        if head is not None:
            self.notes.clock_change_times += head.clock_change
        return head

    def _row_problem(self, reference: str, cells: list[str]) -> Finding | None:
        if isinstance(cells, BrokenCells):
            return Finding("", "quotes")
        if len(cells) != self._width:
            return Finding("", "width", str(len(cells)))
        if text_problem("".join(cells)) is not None:
            bad = next((i for i, cell in enumerate(cells) if text_problem(cell)), 0)
            return Finding(self._sheet.header[bad], "control_character", is_column=True)
        return None if reference else Finding("reference", "missing")

    def _order_texts(self, rows: Sequence[Row], findings: Findings) -> tuple[dict[str, str], dict[str, int]]:
        """The order's own fields, each from the first row that has it, and that row's number.

        Rows that differ are findings where they must agree. Several times are no contradiction: an order
        typed in over some minutes was placed at the earliest.
        """
        texts: dict[str, str] = {}
        places: dict[str, int] = {}
        for field, at in self._order_columns.items():
            if len({cells[at] for _, cells in rows}) == 1:
                if text := rows[0][1][at].strip():
                    texts[field], places[field] = text, rows[0][0]
                continue
            told = list(dict.fromkeys(cells[at].strip() for _, cells in rows))
            first = next(filter(None, told), "")
            if not first:
                continue
            texts[field] = first
            places[field] = next(number for number, cells in rows if cells[at].strip() == first)
            different = [text for text in told if text and text != first]
            if different and field == "placed_at" and "placed_time" not in self._order_columns:
                self.notes.orders_with_two_times += 1
                texts[field] = self._heads.earliest([first, *different])
            elif different and ORDER_FIELDS[field].agrees:
                for number, cells in rows:
                    if cells[at].strip() in different:
                        findings.setdefault(number, []).append(Finding(field, "disagrees", cells[at].strip()))
        return texts, places

    def _lines(self, rows: Sequence[Row], currency: str, findings: Findings) -> list[Line]:
        lines: list[Line] = []
        if not is_currency(currency):
            return lines
        for number, cells in rows:
            if len(cells) != self._width:
                continue
            found: list[Finding] = []
            if self._items:
                lines += self._item_lines(number, cells, currency, found)
            elif line := self._readers[0].read(number, cells, currency, found):
                lines.append(line)
            if found:
                findings.setdefault(number, []).extend(found)
        return lines

    def _item_lines(self, number: int, cells: list[str], currency: str, found: list[Finding]) -> list[Line]:
        """The lines of a row that holds a whole order; empty item columns are no lines."""
        lines: list[Line] = []
        is_empty = True
        for reader, columns in zip(self._readers, self._items, strict=True):
            if any(cells[at].strip() for at in columns):
                is_empty = False
                own: list[Finding] = []
                if line := reader.read(number, cells, currency, own):
                    lines.append(line)
                found += own
        if is_empty:
            found.append(Finding("sku", "missing"))
        return lines

    def _count(self, lines: Sequence[Line], currency: str) -> None:
        units = amount_minor = 0
        for line in lines:
            units += line.quantity
            amount_minor += line.amount_minor
            if line.code.written:
                self.notes.renamed[line.code.written, line.code.sku] += 1
        self.notes.units[currency] += units
        self.notes.amounts_minor[currency] += amount_minor

    def _remark_on_number_cells(self) -> None:
        """Say which code columns held numbers: the leading zeros they may have had are lost for good."""
        for field, at in self._columns.items():
            count = self._sheet.number_cells.get(at)
            if count and FIELDS[field].kind in ("code", "phone"):
                self.notes.remarks.append(
                    f"{count} cells of column {self._sheet.header[at]!r} ({field}) are numbers, not text: "
                    "leading zeros, if they had any, were lost when the file was made."
                )


def _bad_rows(rows: Sequence[Row], lines: Sequence[Line], currency: str, findings: Findings) -> Iterator[BadRow]:
    """All rows of an order in which one is bad: an order short of a line would be another order."""
    cause = min(findings)
    units: Counter[int] = Counter()
    amounts: Counter[int] = Counter()
    for line in lines:
        units[line.row] += line.quantity
        amounts[line.row] += line.amount_minor
    for number, cells in rows:
        told = findings.get(number) or [Finding("", "row_of_bad_order", phrase("row {number}", number=cause))]
        booked = (("bad", told[0].code, 1, units[number], amounts[number]),)
        yield BadRow(
            rows=(number,),
            booked=booked,
            currency=currency,
            row=number,
            cells=tuple(cells),
            findings=tuple(told),
        )


def _left_out(rows: tuple[int, ...], reason: str, reference: str) -> LeftOut:
    booked = ((reason, "", len(rows), 0, 0),)
    return LeftOut(rows=rows, booked=booked, currency="", reference=reference, reason=reason)
