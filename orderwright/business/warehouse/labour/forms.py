"""What is told of people at work, and what is answered."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.values.forms import Form, Text, Word

Instant = Annotated[datetime, Meta(tz=True)]
Task = Literal["pick", "pack", "receive", "put_away", "count", "returns", "desk", "other"]
"""What an hour is worked at."""


class WorkerForm(Form, frozen=True):
    """A person. skills: the tasks they may do; none named: all of them."""

    skills: Annotated[list[Task], Meta(max_length=8)] = msgspec.field(default_factory=list)
    is_active: bool = True


class PutWorker(WorkerForm, frozen=True, kw_only=True):
    """A person is known, or known otherwise."""

    person: str
    actor: str


class ClockInForm(Form, frozen=True):
    """A person begins a task at a site; what they were at before ends. at: when, if not just now."""

    site: Word
    task: Task
    at: Instant | None = None


class ClockIn(ClockInForm, frozen=True, kw_only=True):
    """Somebody clocks in."""

    person: str
    actor: str


class ClockOutForm(Form, frozen=True):
    """A person stops working. at: when, if not just now."""

    at: Instant | None = None


class ClockOut(ClockOutForm, frozen=True, kw_only=True):
    """Somebody clocks out."""

    person: str
    actor: str


class CorrectClockForm(Form, frozen=True):
    """Hours put right afterwards, and why."""

    started_at: Instant
    ended_at: Instant
    reason: Annotated[Text, Meta(min_length=1)]


class CorrectClock(CorrectClockForm, frozen=True, kw_only=True):
    """One stretch of hours is put right."""

    id: str
    actor: str


class ShiftForm(Form, frozen=True):
    """When a person is expected, where and for what; `is_cancelled`: no longer."""

    person: Word
    site: Word
    task: Task
    starts_at: Instant
    ends_at: Instant
    is_cancelled: bool = False


class PutShift(ShiftForm, frozen=True, kw_only=True):
    """A shift is planned; the same person and beginning again replaces it."""

    actor: str


class WorkerShown(msgspec.Struct, frozen=True):
    """A person, and what they are at now ('' and None while not at work)."""

    person: str
    skills: list[str]
    is_active: bool
    site: str = ""
    task: str = ""
    since: datetime | None = None


class Hours(msgspec.Struct, frozen=True, omit_defaults=True):
    """One stretch of work. `repeated`: it was so before."""

    id: str
    person: str
    site: str
    task: str
    started_at: datetime
    ended_at: datetime | None = None
    corrected: str = ""
    repeated: bool = False


class ShiftShown(msgspec.Struct, frozen=True):
    """A planned shift. `is_here`: the person is at work at that site; `is_late`: should be and is not."""

    person: str
    site: str
    task: str
    starts_at: datetime
    ends_at: datetime
    is_here: bool
    is_late: bool
