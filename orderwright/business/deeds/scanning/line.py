"""The scans of one session during a call: lined up, stepped, answered."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from orderwright.business.deeds.scanning.asking import Asking, Wanted
from orderwright.business.warehouse.rules import ShortReason
from orderwright.business.warehouse.sessions.forms import Instruction, Notice, ScanAnswer, ScanForm, SessionNow
from orderwright.business.warehouse.sessions.rows import ScanRow, SessionRow
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.business.warehouse.sessions.sequence import Said, is_same_scan, kept_code, place_of, time_of
from orderwright.business.warehouse.sessions.steps import Found, Stepped, Told, notice
from orderwright.business.warehouse.sessions.wrong import wrong_words
from orderwright.database.tx import Collision
from orderwright.values.refusal import Refusal
from orderwright.values.scans import Scan

if TYPE_CHECKING:
    from orderwright.business.deeds.scanning.kinds import Kind

_encode = msgspec.json.Encoder().encode
_NOTHING = Found(Scan("unreadable", "", reason="empty"))
"""What a command is scanned as."""


class Kept(msgspec.Struct, omit_defaults=True):
    """What is kept of a session between calls: its kind's own state, and the scan before, to know a bounce.

    has_early: scans are kept that wait for their turn.
    """

    step: msgspec.Raw = msgspec.Raw(b"{}")
    last_code: str = ""
    last_at: datetime | None = None
    has_early: bool = False


class _Waiting(NamedTuple):
    """A scan that was not done yet. code: as it was scanned. told_at: by the device, None where it has no clock."""

    n: int
    code: str
    said: Said
    reason: ShortReason
    told_at: datetime | None
    at: datetime
    doubt: str
    is_kept: bool


class Line:
    """One session and its scans. `advance` steps it as far as a view holds; `settle` tells it what was done."""

    def __init__(self, session: SessionRow, kind: "Kind") -> None:
        self.session = session
        self.numbers: set[int] = set()
        self.found: dict[str, Found] = {}
        self.sealed: dict[str, tuple[str, ShortReason] | None] = {}
        self.wanted: list[Wanted] = []
        self._kind = kind
        kept = msgspec.json.decode(session.state, type=Kept)
        self._last = (kept.last_code, kept.last_at)
        self._has_early = kept.has_early
        self.state: Any = msgspec.json.decode(kept.step, type=kind.state)
        self.next_n = session.next_n
        self._brought: list[_Waiting] = []
        self._known: dict[int, ScanRow] = {}
        self._waiting: dict[int, _Waiting] = {}
        self._answers: dict[int, ScanAnswer] = {}
        self._refused: dict[tuple[int, Said], Refusal] = {}
        self._rows: dict[int, ScanRow] = {}
        self._stepped: Stepped | None = None
        self._notices: list[Notice] = []
        self._unanswered: tuple[_Waiting, Stepped] | None = None
        self._instruction: Instruction | None = None

    def bring(self, scans: Sequence[ScanForm], now: datetime) -> None:
        """Add the scans of a call."""
        for each in scans:
            at, doubt = time_of(each.occurred_at, self.session.opened_at, now)
            said = said_of(each)
            self.numbers.add(each.n)
            self._brought.append(
                _Waiting(each.n, each.code, said, each.reason, each.occurred_at, at, doubt, is_kept=False)
            )

    @property
    def has_past(self) -> bool:
        """Whether scans that came before are wanted: one is sent again, or some wait for their turn."""
        return self._has_early or min(self.numbers, default=self.next_n) < self.next_n

    def remember(self, n: int, row: ScanRow) -> None:
        """A scan of this session that came before."""
        self._known[n] = row
        if row.outcome == "waiting":
            told = _Waiting(n, row.code, row.said, msgspec.convert(row.reason or "missing", ShortReason),
                            row.occurred_at, row.occurred_at, "", is_kept=True)  # fmt: skip
            self._waiting[n] = told

    def line_up(self) -> None:
        """Tell scans that came before, or come twice in this call, from those that are new."""
        known = {n: row.said for n, row in self._known.items()}
        for each in self._brought:
            place = place_of(each.n, each.said, self.next_n, known)
            if place == "new":
                known[each.n] = each.said
                self._waiting[each.n] = each
            elif place == "ahead":
                self._refused[each.n, each.said] = Refusal("scan_ahead", n=each.n, next_n=self.next_n)
            elif place == "differs":
                before = known.get(each.n)
                facts = {"n": each.n, "before": before.code or before.command if before else ""}
                self._refused[each.n, each.said] = Refusal("scan_differs", **facts)

    def codes(self) -> list[str]:
        """The codes of the scans whose turn it is."""
        return [each.code for each in self._ready() if each.code]

    @property
    def is_busy(self) -> bool:
        """Whether there is a scan to step, or an answer that waits for a look at how things are now."""
        return self.next_n in self._waiting or self._unanswered is not None or self._instruction is None

    @property
    def has_changed(self) -> bool:
        """Whether a scan was done or something told, or the first is kept that came early."""
        return self.next_n != self.session.next_n or bool(self._rows) or bool(self._waiting) != self._has_early

    def asking(self) -> Asking:
        """What the kind reads a view for."""
        return Asking(self.session, self.state, [self._told(each) for each in self._ready()])

    def advance(self, view: Any, *, is_foreseen: bool) -> None:
        """Step scan after scan, up to the first that wants something done of which nobody knows how it ends.

        is_foreseen: what will certainly be done is taken as done, and the steps go on; else each waits for its deed.
        """
        self.wanted = []
        self._hear(view)
        if self._unanswered is not None:
            each, stepped = self._unanswered
            self._unanswered = None
            self._answer(each, stepped, view)
        while (next_ := self._waiting.pop(self.next_n, None)) is not None:
            self.next_n += 1
            if is_same_scan(next_.said.code, next_.told_at, *self._last):
                self._answer(next_, Stepped(self.state, say="same_scan"), view)
                continue
            told = self._told(next_)
            if next_.code:
                self._last = (next_.said.code, next_.told_at)
            stepped = self._step(next_, told, view)
            if stepped.effects and stepped.refusal is None:
                self.wanted.append(Wanted(self.session, told, stepped.effects, view))
                ahead = self._kind.foresee(view, stepped.effects) if is_foreseen else None
                if ahead is None:
                    self._unanswered = (next_, stepped)
                    return
                self.state, view = stepped.state, ahead
                self._hear(view)
            self._answer(next_, stepped, view)
        self._instruction = self._kind.ask(self.state, view)

    def _hear(self, view: Any) -> None:
        self.state, heard = self._kind.tell(self.state, view)
        self._notices += heard

    def settle(self, outcomes: "Sequence[list[Notice] | Refusal]") -> None:
        """What came of the deeds that were wanted, in their order: things to tell, or a refusal.

        A refused scan changed nothing. Raises Collision when one was refused that was taken as done: somebody was
        quicker, and the group is run again, each scan waiting for its deed.
        """
        certain = outcomes[: len(outcomes) - (self._unanswered is not None)]
        if any(isinstance(each, Refusal) for each in certain):
            raise Collision
        if self._unanswered is None:
            return
        (each, stepped), outcome = self._unanswered, outcomes[-1]
        if isinstance(outcome, Refusal):
            stepped = stepped._replace(state=self.state, refusal=outcome, units=0)
        else:
            self._notices += outcome
            self.state = stepped.state
        self._unanswered = (each, stepped)

    def new_rows(self) -> list[ScanRow]:
        """Scans to be written, those that wait among them."""
        waiting = [self._row(each, "waiting", Stepped(None), "") for each in self._waiting.values() if not each.is_kept]
        kept = {n for n, row in self._known.items() if row.outcome == "waiting"}
        return [*[row for n, row in self._rows.items() if n not in kept], *waiting]

    def done_rows(self) -> list[ScanRow]:
        """Scans that had waited and are done now."""
        return [row for n, row in self._rows.items() if n in self._known]

    def kept(self) -> tuple[str, int]:
        """The session's state as it is kept, and the scan that comes next."""
        kept = Kept(msgspec.Raw(_encode(self.state)), *self._last, has_early=bool(self._waiting))
        return _encode(kept).decode(), self.next_n

    def answer(self, scans: Sequence[ScanForm]) -> SessionNow:
        """What one caller hears of its scans."""
        told: set[int] = set()
        answers = []
        for each in scans:
            answers.append(self._answer_to(each, is_again=each.n in told))
            told.add(each.n)
        return session_now(self.session, self.next_n, self._now(), answers)

    def _answer_to(self, form: ScanForm, *, is_again: bool) -> ScanAnswer:
        said = said_of(form)
        if (refusal := self._refused.get((form.n, said))) is not None:
            return ScanAnswer(form.n, "refused", _refused(refusal, self._now()), refusal.code)
        if (answer := self._answers.get(form.n)) is not None:
            return msgspec.structs.replace(answer, repeated=True) if is_again else answer
        row = self._known.get(form.n)
        if row is not None and row.answer:
            return msgspec.structs.replace(msgspec.json.decode(row.answer, type=ScanAnswer), repeated=True)
        facts = {"missing": self.next_n}
        kept = msgspec.structs.replace(
            self._now(), say="scan_kept", words=words_of("scan_kept", facts), tone="notice", facts=facts
        )
        return ScanAnswer(form.n, "waiting", kept, repeated=row is not None or is_again)

    def _now(self) -> Instruction:
        if self._instruction is None:
            raise ValueError("asked before it was looked at")
        return self._instruction

    def _ready(self) -> Iterator[_Waiting]:
        n = self.next_n
        while (each := self._waiting.get(n)) is not None:
            yield each
            n += 1

    def _told(self, each: _Waiting) -> Told:
        sealed = self.sealed.get(each.code)
        command, reason = sealed if sealed is not None else (each.said.command, each.reason)
        return Told(
            "" if sealed else each.code,
            command,
            reason,
            each.said.quantity,
            each.at,
            self.found.get(each.code, _NOTHING),
        )

    def _step(self, each: _Waiting, told: Told, view: Any) -> Stepped:
        if each.code in self.sealed and not told.command:
            return Stepped(self.state, refusal=Refusal("bad_command", scanned=each.said.code[:64]))
        stepped = self._kind.step(self.state, told, view)
        if stepped.refusal is None and not stepped.effects:
            self.state = stepped.state
        return stepped

    def _answer(self, each: _Waiting, stepped: Stepped, view: Any) -> None:
        """Answer a scan with what is to be done now, and what the person must hear."""
        now = self._kind.ask(self.state, view)
        notices, self._notices = self._notices, []
        if each.doubt:
            notices.append(notice(each.doubt))
        answer = _answer_of(each.n, stepped, now, notices)
        self._answers[each.n] = answer
        self._rows[each.n] = self._row(each, answer.outcome, stepped, _encode(answer).decode())

    def _row(self, each: _Waiting, outcome: str, stepped: Stepped, answer: str) -> ScanRow:
        refusal = stepped.refusal.code if stepped.refusal else ""
        return ScanRow(
            self.session.id, each.n, each.said.code, each.said.command, each.reason if each.said.command else "",
            each.said.quantity, each.at, outcome, refusal, stepped.sku, stepped.zone,
            0 if stepped.refusal else stepped.units, answer,
        )  # fmt: skip


def said_of(form: ScanForm) -> Said:
    """What a scan says, as it is kept."""
    return Said(kept_code(form.code), form.command, form.quantity)


def session_now(
    session: SessionRow, next_n: int, instruction: Instruction, answers: Iterable[ScanAnswer] = ()
) -> SessionNow:
    """A session as its device hears of it."""
    return SessionNow(
        session.id, session.kind, session.site, session.person, next_n, instruction, session.subject,
        session.closed_at is not None, list(answers),
    )  # fmt: skip


def _answer_of(n: int, stepped: Stepped, now: Instruction, notices: list[Notice]) -> ScanAnswer:
    if stepped.refusal is not None:
        told = msgspec.structs.replace(_refused(stepped.refusal, now), notices=notices)
        return ScanAnswer(n, "refused", told, stepped.refusal.code)
    if stepped.say:
        facts = {**now.facts, **stepped.facts}
        words = words_of(stepped.say, facts)
        now = msgspec.structs.replace(now, say=stepped.say, words=words, tone="notice", facts=facts)
    return ScanAnswer(n, "taken", msgspec.structs.replace(now, notices=notices))


def _refused(refusal: Refusal, now: Instruction) -> Instruction:
    """What was refused, beside what is still to be done."""
    words = wrong_words(refusal.code, refusal.facts)
    return msgspec.structs.replace(now, say=refusal.code, words=words, tone="wrong", facts=refusal.facts)
