"""A report on paper, as it is mailed and printed."""

from typing import NamedTuple

from orderwright.business.reports.periods import Period
from orderwright.business.reports.showing import show_day, show_period, show_value
from orderwright.business.reports.told import Report, Told
from orderwright.doors.charts import Chart, Point, bars, draw
from orderwright.doors.console import report_words
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.texts import translations
from orderwright.papers.reports import FigureRow, FigureTable, ReportPaper, report_pdf

PARTS_MAX = 8
LETTERS = "DejaVu Sans Mono"


class Made(NamedTuple):
    """A file. name: what it is saved as."""

    name: str
    content: bytes
    media: str

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """What a browser is told: to save it under its name."""
        return (
            (b"content-type", self.media.encode()),
            (b"content-disposition", f'attachment; filename="{self.name}"'.encode()),
        )


def paper_of(report: Report, period: Period, language: str) -> bytes:
    """The report as a PDF, with the words of a language."""
    say = translations(language).gettext
    charts = [
        _drawn(Chart(say(title), [Point(show_day(day, language), float(counts[at])) for day, *counts in report.trend]))
        for at, title in ((0, _("Orders placed, by day")), (1, _("Orders shipped, by day")))
    ]
    paper = ReportPaper(
        title=title_of(period, language), of=report.scope.partition(":")[2] or say(_("Whole store")),
        heads=[say(each) for each in (_("Figure"), _("This time"), _("Time before"))],
        captions=[say(_("Orders placed, by day")), say(_("Orders shipped, by day"))], charts=charts,
        tables=[
            FigureTable(say(group.title), [_row(told, report.before[told.name], language) for told in group.figures])
            for group in report.groups
        ],
        foot=say(_("What comes in late is added by itself.")),
    )  # fmt: skip
    return report_pdf(paper, language=language).content


def _drawn(chart: Chart) -> str:
    """A chart in letters of the paper: it knows none of a browser's."""
    return str(draw(bars(chart))).replace('font-family="sans-serif"', f'font-family="{LETTERS}"')


def title_of(period: Period, language: str) -> str:
    """What a report is called."""
    return f"{translations(language).gettext(report_words.RHYTHMS[period.rhythm])}: {show_period(period, language)}"


def _row(told: Told, was: Told, language: str) -> FigureRow:
    say = translations(language).gettext
    return FigureRow(
        title=say(told.title), says=say(told.because if told.value is None else told.says),
        value=show_value(told.value, told.unit, told.currency, language) if told.value is not None
        else say(_("not known yet")),
        before=show_value(was.value, was.unit, was.currency, language),
        parts=[(say(report_words.part_word(told.name, part.name)),
                show_value(part.value, told.unit, told.currency, language)) for part in told.parts[:PARTS_MAX]],
    )  # fmt: skip
