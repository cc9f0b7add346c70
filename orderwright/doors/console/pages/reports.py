"""Reports: the figures of a day, week or month beside those before, and the rows behind each; as files, too."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.reports.days.asking import today
from orderwright.business.reports.days.rows import FIGURES_WITH_ROWS, FigureRow, FigureRows, all_rows_of, rows_of
from orderwright.business.reports.days.telling import zone_of
from orderwright.business.reports.measures import MEASURES, Measure
from orderwright.business.reports.periods import Period, Rhythm, after, before, last_whole, period_of
from orderwright.business.reports.told import Report, report_of
from orderwright.database.tx import Tx
from orderwright.doors.api.access import Access
from orderwright.doors.charts import Chart, Point, Spec, bars
from orderwright.doors.console import exporting, report_words
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import page
from orderwright.doors.console.reply import Reply, saved_as
from orderwright.doors.console.report_files import FILES, file_of
from orderwright.doors.console.texts import text as _
from orderwright.doors.tables import write_rows
from orderwright.values import money
from orderwright.values.forms import Form
from orderwright.values.pages import After
from orderwright.values.refusal import Refusal

Scope = Annotated[str, Meta(max_length=80)]
EARLIEST = date(1970, 1, 1)
"""No report is of a day before."""


class ReportQuery(Form, frozen=True):
    """Which report: a period by one of its days (the last whole one when left out), of what."""

    rhythm: Rhythm = "weekly"
    day: date | None = None
    scope: Scope | None = None


class FileQuery(ReportQuery, frozen=True):
    """A report as a file."""

    kind: Literal["xlsx", "csv", "pdf"] = "xlsx"


class RowsQuery(Form, frozen=True):
    """The rows that make a figure of a day."""

    figure: Annotated[str, Meta(max_length=64)]
    day: date
    scope: Scope | None = None
    after: After | None = None


class RowsFileQuery(RowsQuery, frozen=True):
    """All of them, as a file."""

    kind: Literal["xlsx", "csv"] = "xlsx"


class ReportShown(msgspec.Struct, frozen=True):
    """A report with what can be chosen beside it. later: the period after it; None when that has not begun."""

    report: Report
    period: Period
    earlier: Period
    later: Period | None
    is_over: bool
    scopes: list[tuple[str, str]]
    rhythms: Mapping[str, str]
    files: tuple[str, ...]
    with_rows: frozenset[str]
    words: object = report_words
    measures: Mapping[str, Measure] = msgspec.field(default_factory=lambda: MEASURES)

    def chart(self, which: int, title: str, labels: list[str]) -> Spec:
        """Orders by day, as a picture: 0 placed, 1 shipped."""
        counts = [each[1:][which] for each in self.report.trend]
        points = [Point(label, float(count)) for label, count in zip(labels, counts, strict=True)]
        return bars(Chart(title, points))


class RowsShown(msgspec.Struct, frozen=True):
    """A page of the rows behind a figure of a day, those that count most first."""

    figure: Measure
    day: date
    scope: str
    found: FigureRows
    days: list[date]
    files: tuple[str, ...] = ("xlsx", "csv")
    words: object = report_words

    def amount(self, row: FigureRow) -> str:
        """What a row of money counts, as a decimal text; '' for one that counts something else."""
        return _amount(self.figure, row)


WITH_ROWS = FIGURES_WITH_ROWS & MEASURES.keys() - {"stock_value", "units_shipped"}
"""Figures whose rows can be looked at."""
AMOUNT_AT = FigureRow._fields.index("counted")


@page("/reports", template="reports.html", scope="reports:read", title=_("Reports"), section="reports")
def reports(asked: Asked[ReportQuery]) -> ReportShown:
    """A report of the store, of a site or of a channel."""
    period, scope, now = _asked(asked, asked.query)
    later = after(period)
    return ReportShown(
        report_of(asked.tx, period, scope), period, before(period), later if later.first <= now else None,
        period.last < now, _scopes(asked), report_words.RHYTHMS, FILES, WITH_ROWS,
    )  # fmt: skip


@page("/reports/file", template="", scope="reports:read", title=_("Reports"), section="reports")
def report_file(asked: Asked[FileQuery]) -> Reply:
    """A report as a spreadsheet, as plain rows, or on paper."""
    period, scope, _now = _asked(asked, asked.query)
    language = asked.visitor.language or "en"
    made = file_of(asked.tx, asked.query.kind, period, scope, language)
    return Reply(200, made.content, made.headers)


@page(
    "/reports/rows", template="report_rows.html", scope="reports:read", title=_("Rows of a figure"), section="reports"
)
def report_rows(asked: Asked[RowsQuery]) -> RowsShown:
    """A page of the rows behind a figure of a day. Refuses not_found, and malformed for a mark that is none."""
    query, scope, zone = asked.query, _rows_scope(asked), zone_of(asked.tx)
    day = _kept(query.day, today(asked.tx.now, zone))
    found = rows_of(asked.tx, query.figure, day, scope, zone, after=query.after)
    return RowsShown(MEASURES[query.figure], day, scope, found, _days_with(asked, query.figure, scope, day))


@page("/reports/rows/file", template="", scope="reports:read", title=_("Rows of a figure"), section="reports")
def report_rows_file(asked: Asked[RowsFileQuery]) -> Reply:
    """All rows behind a figure of a day, to be saved. Refuses not_found."""
    query, scope, zone, store = asked.query, _rows_scope(asked), zone_of(asked.tx), asked.tx.store
    columns, day = ["order", *FigureRow._fields[1:]], _kept(query.day, today(asked.tx.now, zone))
    figure = MEASURES[query.figure]

    def read(tx: Tx) -> Iterator[Sequence[str | int]]:
        for row in all_rows_of(tx, figure.name, day, scope, zone):
            yield (*row[:AMOUNT_AT], _amount(figure, row) or row.counted, *row[AMOUNT_AT + 1 :])

    def write(path: Path) -> int:
        return write_rows(store, query.kind, path, columns, read)

    name = f"{query.figure}-{day}{'-' + scope.replace(':', '-') if scope else ''}.{query.kind}"
    pieces = exporting.table_pieces(query.kind, write)
    return Reply(200, b"", saved_as(name, exporting.MEDIA[query.kind]), pieces)


def _amount(figure: Measure, row: FigureRow) -> str:
    """Of a figure in money each part is a currency, and its rows count that currency's smallest units."""
    return money.format_minor(row.counted, row.part) if figure.unit == "money" and row.part else ""


def _rows_scope(asked: Asked[RowsQuery] | Asked[RowsFileQuery]) -> str:
    """What the rows are to be of. Refuses not_found, also for a figure that has none."""
    return _scope(asked, asked.query.scope) if asked.query.figure in WITH_ROWS else _nothing()


def _days_with(asked: Asked[RowsQuery], figure: str, scope: str, day: date) -> list[date]:
    """The days around one of which the figure tells something."""
    found = asked.tx.rows(
        "SELECT DISTINCT day FROM report_day WHERE scope = %(scope)s AND figure = %(figure)s"
        " AND day BETWEEN %(day)s::date - 15 AND %(day)s::date + 15 ORDER BY day",
        scope=scope, figure=figure, day=day,
    )  # fmt: skip
    return [row.day for row in found]


def _asked(asked: Asked[ReportQuery] | Asked[FileQuery], query: ReportQuery) -> tuple[Period, str, date]:
    """The period and what it is of, as asked for, and the day it is."""
    now = today(asked.tx.now, zone_of(asked.tx))
    period = period_of(query.rhythm, _kept(query.day, now)) if query.day else last_whole(query.rhythm, now)
    return period, _scope(asked, query.scope), now


def _kept(day: date, now: date) -> date:
    """The day asked for, within those that reports are of: whose neighbours a calendar has, too."""
    return max(EARLIEST, min(day, now))


def _scope(asked: Asked[Any], wanted: str | None) -> str:
    """What a report is to be of; who is limited sees the first they may. Refuses not_found."""
    known = [code for code, _name in _scopes(asked)]
    if wanted is None:
        return known[0] if known else _nothing()
    return wanted if wanted in known else _nothing()


def _nothing() -> str:
    raise Refusal("not_found")


def _scopes(asked: Asked[Any]) -> list[tuple[str, str]]:
    """What the visitor may see reports of: (scope, name)."""
    return scopes_of(asked.access, sorted(catalog_of(asked.tx).sites), sorted(catalog_of(asked.tx).channels))


def scopes_of(access: Access, sites: list[str], channels: list[str]) -> list[tuple[str, str]]:
    """The store, unless somebody is limited; then sites and channels, as far as they may. A limit to sites hides what
    channels come to, and the other way round: each tells of more than the other allows."""
    whole = [] if access.is_limited else [("", _("Whole store"))]
    seen_sites = (
        [] if access.channels is not None else [each for each in sites if access.sites is None or each in access.sites]
    )
    seen = (
        []
        if access.sites is not None
        else [each for each in channels if access.channels is None or each in access.channels]
    )
    return whole + [(f"site:{each}", each) for each in seen_sites] + [(f"channel:{each}", each) for each in seen]
