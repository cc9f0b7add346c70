"""Reports as files: a spreadsheet with a pivot table, plain rows, paper."""

from orderwright.business.reports.periods import Period
from orderwright.business.reports.told import report_of
from orderwright.database.tx import Tx
from orderwright.doors.console.report_files.rows import csv_of, day_rows
from orderwright.doors.console.report_files.sheet import Made, paper_of
from orderwright.doors.console.report_files.workbook import workbook_of

FILES = ("xlsx", "csv", "pdf")
"""The kinds of files, the most useful first."""
_MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}  # fmt: skip


def file_name(kind: str, period: Period, scope: str) -> str:
    """What a report is saved as."""
    return f"report-{period.rhythm}-{period.first}{'-' + scope.replace(':', '-') if scope else ''}.{kind}"


def file_of(tx: Tx, kind: str, period: Period, scope: str, language: str) -> Made:
    """A report as a file. kind: one of FILES. language: of the words in it."""
    if kind == "csv":
        content = csv_of(day_rows(tx, period, scope))
    elif kind == "xlsx":
        content = workbook_of(report_of(tx, period, scope), day_rows(tx, period, scope), period, language)
    else:
        content = paper_of(report_of(tx, period, scope), period, language)
    return Made(file_name(kind, period, scope), content, _MEDIA[kind])
