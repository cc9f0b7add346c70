"""People at work: who may do what, who is here, hours, shifts, and what an hour brings."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta
from msgspec.structs import asdict

from orderwright.business.reports.labour import Labour, labour
from orderwright.business.warehouse.labour.actions import clock_in, clock_out, correct_clocks, put_shifts, put_workers
from orderwright.business.warehouse.labour.forms import (
    ClockIn,
    ClockInForm,
    ClockOut,
    ClockOutForm,
    CorrectClock,
    CorrectClockForm,
    Hours,
    PutShift,
    PutWorker,
    ShiftForm,
    ShiftShown,
    WorkerForm,
    WorkerShown,
)
from orderwright.business.warehouse.labour.reads import list_hours, list_shifts, list_workers
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import anywhere, sites, whole_store
from orderwright.values.forms import Form, Word
from orderwright.values.pages import Page

Instant = Annotated[datetime, Meta(tz=True)]


class SpanQuery(Form, frozen=True, rename={"start": "from", "end": "to"}):
    """Of which site, from one moment until before another; without them, the last 24 hours."""

    site: Word
    start: Instant | None = None
    end: Instant | None = None

    def span(self, now: datetime) -> tuple[datetime, datetime]:
        """The two moments."""
        end = self.end or now + timedelta(microseconds=1)
        return self.start or end - timedelta(days=1), end


_asked_site = sites(lambda question: [question.query.site])
_told_site = sites(lambda request: [request.body.site])


@deed(
    "PUT", "/v1/workers/{person}", "floor:write", put_workers, within=whole_store, answer=WorkerShown,
    example={"skills": ["pick", "pack"]},
)  # fmt: skip
def put_worker(request: Request[WorkerForm]) -> PutWorker:
    """Say what a person may do on the floor; without `skills`, everything."""
    return PutWorker(**asdict(request.body), person=request.at["person"], actor=request.actor)


@read("/v1/workers", "floor:read", within=anywhere)
def workers(tx: Tx, question: Question[None]) -> Page[WorkerShown]:
    """People by name, and what they are at now."""
    return list_workers(tx, sites=question.access.sites)


@deed(
    "POST", "/v1/workers/{person}/clock-in", "floor:write", clock_in, within=_told_site, answer=Hours,
    example={"site": "LEEDS", "task": "pick"},
)  # fmt: skip
def clock_person_in(request: Request[ClockInForm]) -> ClockIn:
    """A person begins a task; what they were at before ends. 409 `skill_missing`, 422 `clock_time`."""
    return ClockIn(**asdict(request.body), person=request.at["person"], actor=request.actor)


@deed(
    "POST", "/v1/workers/{person}/clock-out", "floor:write", clock_out, within=anywhere, answer=Hours,
    example={"at": "2026-11-20T16:00:00Z"},
)  # fmt: skip
def clock_person_out(request: Request[ClockOutForm]) -> ClockOut:
    """A person stops working. 409 `not_at_work`."""
    return ClockOut(**asdict(request.body), person=request.at["person"], actor=request.actor)


@deed(
    "POST", "/v1/hours/{id}/correct", "floor:write", correct_clocks, within=whole_store, answer=Hours,
    example={
        "started_at": "2026-11-20T08:00:00Z", "ended_at": "2026-11-20T16:00:00Z", "reason": "Forgot to clock out.",
    },
)  # fmt: skip
def correct_hours(request: Request[CorrectClockForm]) -> CorrectClock:
    """Put hours right that somebody forgot to clock. 409 `clock_overlaps`."""
    return CorrectClock(**asdict(request.body), id=request.at["id"], actor=request.actor)


@read("/v1/hours", "floor:read", within=_asked_site, example={"site": "LEEDS"})
def hours(tx: Tx, question: Question[SpanQuery]) -> Page[Hours]:
    """Stretches of work at a site."""
    return list_hours(tx, question.query.site, *question.query.span(tx.now))


@deed(
    "POST", "/v1/shifts", "floor:write", put_shifts, within=_told_site, answer=ShiftForm,
    example={
        "person": "kim", "site": "LEEDS", "task": "pick", "starts_at": "2026-11-23T08:00:00Z",
        "ends_at": "2026-11-23T16:00:00Z",
    },
)  # fmt: skip
def put_shift(request: Request[ShiftForm]) -> PutShift:
    """Plan a shift, change it (same person and beginning), or cancel it."""
    return PutShift(**asdict(request.body), actor=request.actor)


@read("/v1/shifts", "floor:read", within=_asked_site, example={"site": "LEEDS"})
def shifts(tx: Tx, question: Question[SpanQuery]) -> Page[ShiftShown]:
    """Shifts planned at a site, who of them is here, and who is late."""
    return list_shifts(tx, question.query.site, *question.query.span(tx.now))


@read("/v1/reports/labour", "reports:read", within=_asked_site, example={"site": "LEEDS"})
def labour_figures(tx: Tx, question: Question[SpanQuery]) -> Labour:
    """Units for each clocked hour, and the minutes of people that orders take at each step, idle time capped."""
    return labour(tx, question.query.site, *question.query.span(tx.now))
