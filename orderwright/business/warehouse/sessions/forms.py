"""What devices say and hear. A form is the body a caller writes; the command adds what it is about."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from orderwright.business.warehouse.rules import ShortReason
from orderwright.values.forms import Command, Form, Word

SCANS_MAX = 200
CodeText = Annotated[str, Meta(max_length=64)]
Instant = Annotated[datetime, Meta(tz=True)]
KeyedCommand = Literal["", "short", "full", "skip", "back", "done", "pause"]
Expects = Literal[
    "bin", "item", "quantity", "lot", "serial", "expiry", "tote", "place", "weight", "carton", "person", "reason",
    "return", "verdict", "done",
]  # fmt: skip
Tone = Literal["ok", "wrong", "done", "notice"]
Outcome = Literal["waiting", "taken", "refused"]


class OpenForm(Form, frozen=True):
    """Somebody begins to work. subject: the walk, fulfilment, receipt or count it is about, where the kind has one."""

    kind: Word
    site: Word
    person: Word
    device: CodeText = ""
    subject: CodeText = ""


class OpenSession(OpenForm, frozen=True, kw_only=True):
    """A session to open, and who asks."""

    actor: str


class ScanForm(Form, frozen=True):
    """One scan, or one command keyed by the person.

    n: the device's count of its scans in this session, from 1. quantity: keyed in with it; without a code, how many
    units there are in all. Of `short`: how many were found, and reason: why the others are not taken.
    """

    n: Annotated[int, Meta(ge=1, le=1_000_000_000)]
    code: str = ""
    command: KeyedCommand = ""
    quantity: Annotated[int, Meta(ge=0, le=1_000_000_000)] | None = None
    reason: ShortReason = "missing"
    occurred_at: Instant | None = None


class ScansForm(Form, frozen=True):
    """What a device scanned since it last asked, in any order."""

    scans: Annotated[list[ScanForm], Meta(min_length=1, max_length=SCANS_MAX)]


class TakeScans(Command, frozen=True):
    """Scans of a session; named by itself, or by the walk it picks."""

    scans: list[ScanForm]
    session_id: str = ""
    walk_id: str = ""


class CloseSession(Command, frozen=True):
    """Somebody stops working on this; what was not finished stays as it is."""

    session_id: str


class Notice(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something the person must hear besides what to do next."""

    say: str
    words: str
    facts: dict[str, Any] = {}


class Instruction(msgspec.Struct, frozen=True, omit_defaults=True):
    """What to do next. say: a code, with facts; words: the same as a sentence.

    where: the bin or place to go to; left: units still to be taken; stops_done of stops: how far the work is.
    """

    say: str
    words: str
    expects: Expects
    tone: Tone = "ok"
    where: str = ""
    zone: str = ""
    sku: str = ""
    title: str = ""
    lot: str = ""
    left: int = 0
    tote: str = ""
    stops_done: int = 0
    stops: int = 0
    picture: str = ""
    facts: dict[str, Any] = {}
    notices: list[Notice] = []


class ScanAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of a scan. refusal: the code of the refusal, when it changed nothing. `repeated`: it came before."""

    n: int
    outcome: Outcome
    instruction: Instruction
    refusal: str = ""
    repeated: bool = False


class SessionNow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A session, what to do next, and the answers to the scans of the call, in the order they were sent."""

    id: str
    kind: str
    site: str
    person: str
    next_n: int
    instruction: Instruction
    subject: str = ""
    is_closed: bool = False
    answers: list[ScanAnswer] = []
    repeated: bool = False
