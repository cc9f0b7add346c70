"""People clock in and out. A person's row is locked first, so that nobody is at two tasks at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from orderwright.business.warehouse.labour.forms import (
    ClockIn,
    ClockOut,
    CorrectClock,
    Hours,
    PutShift,
    PutWorker,
    ShiftForm,
    WorkerShown,
)
from orderwright.business.warehouse.labour.rules import Stretch, overlaps
from orderwright.database.rows import array
from orderwright.database.tx import Collision, Tx
from orderwright.values.codes import text_problem
from orderwright.values.findings import Finding, known_as, refusal_of, text_findings, worded
from orderwright.values.ids import is_id, new_ids
from orderwright.values.refusal import Refusal

PERSON_MAX = 64


def put_workers(tx: Tx, commands: Sequence[PutWorker]) -> list[WorkerShown | Refusal]:
    """Make people known, or change what they may do; one `WorkerShown` or Refusal per command. Refuses malformed."""
    results: list[WorkerShown | Refusal] = []
    sound: dict[str, PutWorker] = {}
    for command in commands:
        findings = _person_findings(command)
        if findings:
            results.append(refusal_of(findings))
        else:
            sound[command.person] = command
            results.append(WorkerShown(command.person, sorted(set(command.skills)), command.is_active))
    if sound:
        tx.write(
            """
            INSERT INTO worker (person, skills, is_active)
            SELECT person, string_to_array(skills, ','), is_active  -- lists of several lengths make no array
            FROM unnest(%(persons)s::text[], %(skills)s::text[], %(active)s::boolean[]) AS n(person, skills, is_active)
            ORDER BY person
            ON CONFLICT (person) DO UPDATE SET skills = excluded.skills, is_active = excluded.is_active
            """,
            persons=array(sound), skills=array(",".join(sorted(set(each.skills))) for each in sound.values()),
            active=array(each.is_active for each in sound.values()),
        )  # fmt: skip
    return results


class _Open(NamedTuple):
    """What a person is at, and when they last stopped."""

    hours: Hours | None
    last_end: datetime | None


class _People:
    """Locked people: what they may do and are at, kept up to date while one command after the other is decided."""

    def __init__(self, tx: Tx, persons: Iterable[str]) -> None:
        self._tx = tx
        asked = sorted({person for person in persons if text_problem(person) is None})
        self.workers = {
            row.person: row
            for row in tx.rows(
                "SELECT person, skills, is_active FROM worker WHERE person = ANY(%(persons)s::text[])"
                " ORDER BY person FOR UPDATE",
                persons=array(asked),
            )
        }
        self._new = set(asked) - self.workers.keys()
        self.sites = {row.code for row in tx.rows("SELECT code FROM site")}
        open_ = {row.person: row for row in _hours(tx, "ended_at IS NULL", asked)}
        ends = tx.rows(
            "SELECT person, max(ended_at) AS ended_at FROM work_clock WHERE person = ANY(%(persons)s::text[])"
            " AND ended_at IS NOT NULL GROUP BY person",
            persons=array(asked),
        )
        last = {row.person: row.ended_at for row in ends}
        self.at_work = {person: _Open(open_.get(person), last.get(person)) for person in asked}
        self._begun: list[Hours] = []
        self._ended: dict[str, datetime] = {}

    def refusal(self, person: str, task: str) -> Refusal | None:
        """Why a person may not do a task; somebody new may do everything."""
        worker = self.workers.get(person)
        if worker is not None and not worker.is_active:
            return Refusal("not_active", person=person)
        if worker is not None and worker.skills and task not in worker.skills:
            return Refusal("skill_missing", person=person, task=task, skills=list(worker.skills))
        return None

    def write_new(self, persons: Iterable[str]) -> None:
        """Make those of these people known who are not. Raises Collision when somebody else just did so."""
        new = sorted(self._new & set(persons))
        if new and len(new) != self._tx.write(
            "INSERT INTO worker (person) SELECT unnest(%(persons)s::text[]) ORDER BY 1 ON CONFLICT DO NOTHING",
            persons=array(new),
        ):
            raise Collision

    def begin(self, hours: Hours) -> None:
        """A person begins."""
        self._begun.append(hours)
        self.at_work[hours.person] = _Open(hours, self.at_work[hours.person].last_end)

    def end(self, person: str, at: datetime) -> Hours:
        """A person ends what they are at."""
        hours = self.at_work[person].hours
        if hours is None:
            raise ValueError(f"{person} is not at work")
        self._ended[hours.id] = at
        self.at_work[person] = _Open(None, at)
        return Hours(hours.id, person, hours.site, hours.task, hours.started_at, at)

    def write(self) -> None:
        """Write what began and ended: ends first, a person is at one thing at a time."""
        was_here = {id_: at for id_, at in self._ended.items() if id_ not in {each.id for each in self._begun}}
        if was_here:
            self._tx.write(
                "UPDATE work_clock c SET ended_at = n.at"
                " FROM unnest(%(ids)s::uuid[], %(at)s::timestamptz[]) AS n(id, at) WHERE c.id = n.id",
                ids=array(was_here), at=array(was_here.values()),
            )  # fmt: skip
        self.write_new(each.person for each in self._begun)
        self._tx.copy(
            "work_clock", "id, person, site, task, started_at, ended_at",
            [(each.id, each.person, each.site, each.task, each.started_at, self._ended.get(each.id))
             for each in self._begun],
        )  # fmt: skip


def clock_in(tx: Tx, commands: Sequence[ClockIn]) -> list[Hours | Refusal]:
    """Begin work; one `Hours` or Refusal per command. What the person was at before ends at that moment.

    At the same task and site already: `repeated`. Refuses malformed, unknown_site, skill_missing, not_active,
    clock_time (in the future, or before what the person was at last).
    """
    people = _People(tx, [each.person for each in commands if not _person_findings(each)])
    results: list[Hours | Refusal] = []
    for command, id_ in zip(commands, new_ids(len(commands)), strict=True):
        results.append(_begin(people, command, id_, tx.now))
    people.write()
    return results


def _begin(people: _People, command: ClockIn, id_: str, now: datetime) -> Hours | Refusal:
    findings = _person_findings(command)
    if command.site not in people.sites:
        findings.append(known_as("unknown_site", "/site"))
    if findings:
        return refusal_of(findings)
    standing = people.at_work[command.person]
    if standing.hours and (standing.hours.site, standing.hours.task) == (command.site, command.task):
        return Hours(
            standing.hours.id, command.person, command.site, command.task, standing.hours.started_at, repeated=True
        )
    at = command.at or now
    if refusal := people.refusal(command.person, command.task) or _time_refusal(standing, at, now):
        return refusal
    if standing.hours:
        people.end(command.person, at)
    hours = Hours(id_, command.person, command.site, command.task, at)
    people.begin(hours)
    return hours


def _time_refusal(standing: _Open, at: datetime, now: datetime) -> Refusal | None:
    earliest = standing.hours.started_at if standing.hours else standing.last_end
    if at > now or (earliest is not None and (at <= earliest if standing.hours else at < earliest)):
        return Refusal("clock_time", at=str(at), now=str(now), after=str(earliest) if earliest else None)
    return None


def clock_out(tx: Tx, commands: Sequence[ClockOut]) -> list[Hours | Refusal]:
    """End work; one `Hours` or Refusal per command.

    Refuses malformed, not_at_work, clock_time (in the future, or before the person began).
    """
    people = _People(tx, [each.person for each in commands if not _person_findings(each)])
    results: list[Hours | Refusal] = []
    for command in commands:
        findings = _person_findings(command)
        standing = people.at_work.get(command.person)
        if findings:
            results.append(refusal_of(findings))
        elif standing is None or standing.hours is None:
            results.append(Refusal("not_at_work", person=command.person))
        else:
            at = command.at or tx.now
            results.append(_time_refusal(standing, at, tx.now) or people.end(command.person, at))
    people.write()
    return results


def correct_clocks(tx: Tx, commands: Sequence[CorrectClock]) -> list[Hours | Refusal]:
    """Put hours right that somebody forgot to clock; one `Hours` or Refusal per command, the last word counts.

    Refuses malformed, not_found, clock_time (in the future, or no time at all), clock_overlaps (the person was at
    something else then).
    """
    ids = [each.id for each in commands if is_id(each.id)]
    persons = tx.rows("SELECT DISTINCT person FROM work_clock WHERE id = ANY(%(ids)s::uuid[])", ids=array(ids))
    people = _People(tx, [row.person for row in persons])
    rows = {row.id: row for row in _hours(tx, "true", people.workers)}
    results: list[Hours | Refusal] = []
    changed: dict[str, Hours] = {}
    for command in commands:
        row = rows.get(command.id)
        findings = list(text_findings(command))
        if findings:
            results.append(refusal_of(findings))
        elif row is None:
            results.append(Refusal("not_found", id=command.id))
        elif not command.started_at < command.ended_at <= tx.now:
            results.append(
                Refusal("clock_time", at=str(command.ended_at), now=str(tx.now), after=str(command.started_at))
            )
        else:
            mine = Stretch(command.started_at, command.ended_at)
            others = [each for each in rows.values() if each.person == row.person and each.id != row.id]
            if overlaps(mine, [Stretch(each.started_at, each.ended_at) for each in others]):
                results.append(Refusal("clock_overlaps", person=row.person))
                continue
            hours = Hours(row.id, row.person, row.site, row.task, *mine, corrected=f"{command.actor}: {command.reason}")
            rows[row.id] = changed[row.id] = hours
            results.append(hours)
    if changed:
        tx.write(
            """
            UPDATE work_clock c SET started_at = n.started_at, ended_at = n.ended_at, corrected = n.corrected
            FROM unnest(%(ids)s::uuid[], %(started)s::timestamptz[], %(ended)s::timestamptz[], %(corrected)s::text[])
                 AS n(id, started_at, ended_at, corrected) WHERE c.id = n.id
            """,
            ids=array(changed), started=array(each.started_at for each in changed.values()),
            ended=array(each.ended_at for each in changed.values()),
            corrected=array(each.corrected for each in changed.values()),
        )  # fmt: skip
    return results


def put_shifts(tx: Tx, commands: Sequence[PutShift]) -> list[ShiftForm | Refusal]:
    """Plan shifts, change or cancel them; each is answered as it now stands, or refused.

    Refuses malformed, unknown_site, clock_time (it ends before it begins), skill_missing, not_active.
    """
    people = _People(tx, [each.person for each in commands if not list(text_findings(each))])
    results: list[ShiftForm | Refusal] = []
    kept: dict[tuple[str, datetime], ShiftForm] = {}
    for command in commands:
        refusal = _shift_refusal(people, command)
        form = ShiftForm(
            person=command.person, site=command.site, task=command.task, starts_at=command.starts_at,
            ends_at=command.ends_at, is_cancelled=command.is_cancelled,
        )  # fmt: skip
        results.append(refusal or form)
        if refusal is None:
            kept[command.person, command.starts_at] = form
    if kept:
        people.write_new(person for person, _ in kept)
        keys = {"persons": array(person for person, _ in kept), "starts": array(start for _, start in kept)}
        tx.write(
            "DELETE FROM shift s USING unnest(%(persons)s::text[], %(starts)s::timestamptz[]) AS n(person, starts_at)"
            " WHERE s.person = n.person AND s.starts_at = n.starts_at",
            **keys,
        )
        tx.copy(
            "shift", "person, site, task, starts_at, ends_at",
            [(each.person, each.site, each.task, each.starts_at, each.ends_at)
             for each in kept.values() if not each.is_cancelled],
        )  # fmt: skip
    return results


def _shift_refusal(people: _People, command: PutShift) -> Refusal | None:
    findings = list(text_findings(command))
    if command.site not in people.sites:
        findings.append(known_as("unknown_site", "/site"))
    if findings:
        return refusal_of(findings)
    if command.ends_at <= command.starts_at:
        return Refusal("clock_time", at=str(command.ends_at), now=None, after=str(command.starts_at))
    return None if command.is_cancelled else people.refusal(command.person, command.task)


def _hours(tx: Tx, which: str, persons: Iterable[str]) -> list[Hours]:
    rows: list[Any] = tx.rows(
        "SELECT id::text, person, site, task, started_at, ended_at, corrected FROM work_clock"
        f" WHERE person = ANY(%(persons)s::text[]) AND {which} ORDER BY person, started_at",
        persons=array(sorted(persons)),
    )
    return [Hours(*row) for row in rows]


def _person_findings(command: PutWorker | ClockIn | ClockOut) -> list[Finding]:
    findings = list(text_findings(command))
    if not 1 <= len(command.person) <= PERSON_MAX:
        findings.append(worded("/person", "person", "A person has a name of 1 to {most} characters.", most=PERSON_MAX))
    return findings
