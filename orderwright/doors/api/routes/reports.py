"""Reports: figures with their definitions."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from msgspec import Meta

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.reports.baselines import Baseline, BaselineForm, TellBaseline, tell_baselines
from orderwright.business.reports.days.asking import today
from orderwright.business.reports.days.telling import zone_of
from orderwright.business.reports.figures import Figure, Span, figures
from orderwright.business.reports.periods import RHYTHMS, Rhythm, last_whole, period_of
from orderwright.business.reports.told import Report, report_of
from orderwright.business.reports.was_now import WasNow, was_now
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import whole_store
from orderwright.values.forms import Form, Word
from orderwright.values.refusal import Refusal

Instant = Annotated[datetime, Meta(tz=True)]
CHANNELS_MAX = 12


class FigureQuery(Form, frozen=True, rename={"start": "from", "end": "to"}):
    """Orders placed from one moment until before another; without them, the last 28 days."""

    start: Instant | None = None
    end: Instant | None = None


@read("/v1/reports/figures", "reports:read", within=whole_store, example={"from": "2026-11-01T00:00:00Z"})
def key_figures(tx: Tx, question: Question[FigureQuery]) -> list[Figure]:
    """The key figures, each with its definition, what could be judged, and what is pending."""
    end = question.query.end or tx.now + timedelta(microseconds=1)
    return figures(tx, Span(question.query.start or end - timedelta(days=28), end))


class PeriodQuery(Form, frozen=True):
    """A day of the period (without it, the last period that is over), and a site or a channel."""

    day: date | None = None
    site: Word | None = None
    channel: Word | None = None

    @property
    def scope(self) -> str:
        """As days are told: '' the store."""
        return f"site:{self.site}" if self.site else f"channel:{self.channel}" if self.channel else ""


def _in_limits(tx: Tx, question: Any) -> bool:
    """A limited key sees a report of a site or channel that it covers, where the other is not limited."""
    query, access = question.query, question.access
    if query.site and access.channels is None:
        return access.sites is None or query.site in access.sites
    return bool(query.channel) and access.sites is None and query.channel in (access.channels or ())


@read("/v1/reports/periods/{rhythm}", "reports:read", within=_in_limits, example={"day": "2026-11-16", "site": "LEEDS"})
def period_report(tx: Tx, question: Question[PeriodQuery]) -> Report:
    """The figures of a day, week or month (`daily`, `weekly`, `monthly`) beside those of the one before.

    As they were added up last: `told_at`; null when they were not yet. Of the store, of one site or of one channel.
    """
    rhythm, query = question.at["rhythm"], question.query
    if rhythm not in RHYTHMS or (query.site and query.channel):
        raise Refusal("not_found")
    known: Rhythm = rhythm
    now = today(tx.now, zone_of(tx))
    return report_of(tx, period_of(known, query.day) if query.day else last_whole(known, now), query.scope)


@read("/v1/reports/was-now", "reports:read", within=whole_store)
def was_and_now(tx: Tx, question: Question[None]) -> WasNow:
    """The last four weeks beside what was before and what is aimed at, and what to mend next by what it would save."""
    return was_now(tx, sorted(catalog_of(tx).channels)[:CHANNELS_MAX])


@deed(
    "PUT", "/v1/reports/was-now/{figure}", "staff:write", tell_baselines, within=whole_store, answer=Baseline,
    example={"timed": "312", "count": "48", "note": "Stopwatch, 3 March."},
)  # fmt: skip
def tell_baseline(request: Request[BaselineForm]) -> TellBaseline:
    """Say what a figure was before.

    As it is shown (per cent of a share), or what was timed for a day: so much in all, for so many. The last word
    counts; what was told before is kept. 404 for a figure that has no "was".
    """
    return TellBaseline(figure=request.at["figure"], form=request.body, actor=request.actor)
