"""A report as a workbook: its figures, a pivot table of its days, and the rows that is made of."""

import io
from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook

from orderwright.business.reports.periods import Period
from orderwright.business.reports.showing import show_period
from orderwright.business.reports.told import Report, Told
from orderwright.doors.console import report_words
from orderwright.doors.console.report_files.pivot import Pivot, cells_of, with_pivot
from orderwright.doors.console.report_files.rows import DayRow
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.texts import translations

COLUMNS = (_("Day"), _("Of"), _("Group"), _("Figure"), _("Part"), _("Counts"), _("Of how many"), _("Too young"))
_PERCENT, _WIDE = "0.0%", 44


def workbook_of(report: Report, rows: Sequence[DayRow], period: Period, language: str) -> bytes:
    """The workbook. Texts stay texts: nothing in them is run as a formula."""
    say = translations(language).gettext
    out = io.BytesIO()
    store = say(_("Whole store"))
    cells = [(row.day, row.scope.partition(":")[2] or store, say(row.group), say(row.figure),
              say(report_words.part_word("", row.part)) if row.part and not row.part.isdigit() else row.part, *row[5:])
             for row in rows]  # fmt: skip
    pivot = Pivot(
        "pivot", say(_("Rows")), [say(each) for each in COLUMNS], cells, page=1, row=3, column=0, value=5,
        page_shown=store if report.scope == "" else report.scope.partition(":")[2], total=say(_("Total")),
    )  # fmt: skip
    with Workbook(out, {"in_memory": True}) as book:
        _figures(book, report, period, language)
        _pivot_sheet(book, pivot, say(_("Pivot")))
        _rows_sheet(book, pivot)
    return with_pivot(out.getvalue(), pivot, sheet=2) if cells else out.getvalue()


def _figures(book: Any, report: Report, period: Period, language: str) -> None:
    say = translations(language).gettext
    sheet = book.add_worksheet(say(_("Report")))
    bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": _PERCENT})
    plain, wrapped = book.add_format({"num_format": "#,##0.##"}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 2, 14)
    sheet.set_column(3, 4, _WIDE)
    sheet.write_string(0, 0, f"{say(report_words.RHYTHMS[period.rhythm])}: {show_period(period, language)}", bold)
    heads = (_("Figure"), _("This time"), _("Time before"), _("Unit"), _("What it counts"))
    for at, head in enumerate(heads):
        sheet.write_string(2, at, say(head), bold)
    line = 3
    for group in report.groups:
        sheet.write_string(line, 0, say(group.title), bold)
        line += 1
        for told in group.figures:
            shape = percent if told.unit == "share" else plain
            sheet.write_string(line, 0, say(told.title))
            _value(sheet, line, 1, told, shape, say)
            _value(sheet, line, 2, report.before[told.name], shape, say)
            sheet.write_string(line, 3, told.currency or told.unit.replace("_", " "))
            sheet.write_string(line, 4, say(told.says), wrapped)
            line += 1


def _value(sheet: Any, line: int, at: int, told: Told, shape: Any, say: Any) -> None:
    if told.value is None:
        sheet.write_string(line, at, say(_("not known yet")))
    else:
        sheet.write_number(line, at, told.value, shape)


def _pivot_sheet(book: Any, pivot: Pivot, name: str) -> None:
    """What the pivot table shows, for programs that know none."""
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 32)
    for line, cells in enumerate(cells_of(pivot) if pivot.rows else []):
        for at, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(line, at, cell)
            elif cell is not None:
                sheet.write_number(line, at, cell)


def _rows_sheet(book: Any, pivot: Pivot) -> None:
    sheet = book.add_worksheet(pivot.sheet)
    sheet.set_column(2, 4, 24)
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for at, head in enumerate(pivot.heads):
        sheet.write_string(0, at, head, bold)
    for line, row in enumerate(pivot.rows, 1):
        for at, cell in enumerate(row):
            write = sheet.write_string if isinstance(cell, str) else sheet.write_number
            write(line, at, cell)
    if pivot.rows:
        sheet.autofilter(0, 0, len(pivot.rows), len(pivot.heads) - 1)
