"""Reports: figures with their definitions."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from orderwright.business.reports.figures import Figure, Span, figures
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question
from orderwright.doors.api.route import read
from orderwright.doors.api.within import whole_store
from orderwright.values.forms import Form

Instant = Annotated[datetime, Meta(tz=True)]


class FigureQuery(Form, frozen=True, rename={"start": "from", "end": "to"}):
    """Orders placed from one moment until before another; without them, the last 28 days."""

    start: Instant | None = None
    end: Instant | None = None


@read("/v1/reports/figures", "reports:read", within=whole_store, example={"from": "2026-11-01T00:00:00Z"})
def key_figures(tx: Tx, question: Question[FigureQuery]) -> list[Figure]:
    """The key figures, each with its definition, what could be judged, and what is pending."""
    end = question.query.end or tx.now + timedelta(microseconds=1)
    return figures(tx, Span(question.query.start or end - timedelta(days=28), end))
