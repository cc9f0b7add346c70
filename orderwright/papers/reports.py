"""A report as a paper: the figures of a period beside those before, with the days as pictures."""

from collections.abc import Sequence

import msgspec

from orderwright.papers.lists import SheetSize
from orderwright.papers.press import Printed, print_pdf
from orderwright.papers.words import spoken, words_of


class FigureRow(msgspec.Struct, frozen=True, kw_only=True):
    """One figure, as it is written. parts: names and values of what it is made of."""

    title: str
    says: str
    value: str
    before: str
    parts: Sequence[tuple[str, str]] = ()


class FigureTable(msgspec.Struct, frozen=True):
    """Figures that belong together."""

    title: str
    rows: Sequence[FigureRow]


class ReportPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A report. charts: pictures as SVG, each with its caption. heads: of the three columns."""

    title: str
    of: str
    heads: Sequence[str]
    captions: Sequence[str]
    charts: Sequence[str]
    tables: Sequence[FigureTable]
    foot: str


def report_pdf(paper: ReportPaper, *, language: str = "en", size: SheetSize = "a4") -> Printed:
    """A report to print or to mail."""
    filling = msgspec.to_builtins(paper)
    return print_pdf(
        "report.typ",
        {**filling, "language": spoken(language), "words": words_of(spoken(language)), "size": size,
         "footer": f"{paper.title} · {paper.of}"},
    )  # fmt: skip
