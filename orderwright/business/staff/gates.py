"""Gates: tries to prove who one is, counted before they are looked at, so that no burst of them slips through."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from orderwright.business.staff.forms import Knock, Known
from orderwright.business.staff.rules import Gate, knocked
from orderwright.business.staff.settings import CLOSED_MINUTES, TRIES_MAX
from orderwright.business.staff.tokens import subject_of
from orderwright.database.rows import array
from orderwright.database.settings import value_of
from orderwright.database.tx import Collision, Tx
from orderwright.values.contacts import email_key
from orderwright.values.findings import askable
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal

_FROM_ONE_PLACE, _FOR_ONE_PERSON = 10, 20
"""So many times the tries one person has from one place."""


def subjects_of(kind: str, who: str, place: str) -> tuple[bytes, bytes, bytes]:
    """What a try is counted at: this person from this place, this place, this person from anywhere."""
    person = email_key(who) if kind == "password" else who
    return (
        subject_of("both", [kind, person, place]), subject_of("place", [kind, place]),
        subject_of("person", [kind, person]),
    )  # fmt: skip


def knock(tx: Tx, commands: Sequence[Knock]) -> list[Known | Refusal]:
    """Count a try, and tell what a proof is to be compared with; one `Known` or Refusal per command.

    An unknown or disabled person is answered as a known one is, with nothing to compare with. Refuses sign_in_wait
    (wait_s), also for people there are not.
    """
    limit, closed = value_of(tx, TRIES_MAX), timedelta(minutes=value_of(tx, CLOSED_MINUTES))
    limits = (limit, limit * _FROM_ONE_PLACE, limit * _FOR_ONE_PERSON)
    asked = [subjects_of(each.kind, each.who, each.place) for each in commands]
    gates = _lock(tx, {subject for subjects in asked for subject in subjects})
    known, secrets = set(gates), _secrets(tx, commands)
    results: list[Known | Refusal] = []
    counted: dict[bytes, Gate] = {}
    for command, subjects in zip(commands, asked, strict=True):
        tried = [knocked(gates.get(each), most, closed, tx.now) for each, most in zip(subjects, limits, strict=True)]
        waits = [each for each in tried if isinstance(each, timedelta)]
        if waits:
            results.append(Refusal("sign_in_wait", wait_s=-(-max(waits) // timedelta(seconds=1))))
            continue
        passed = {each: gate for each, gate in zip(subjects, tried, strict=True) if isinstance(gate, Gate)}
        gates |= passed
        counted |= passed
        results.append(secrets.get(_key(command), Known()))
    _write(tx, counted, known)
    return results


def let_through(tx: Tx, passed: Iterable[tuple[str, str, str]]) -> None:
    """Take tries back that turned out right: (kind, who, place) each."""
    subjects = [subject for each in passed for subject in subjects_of(*each)]
    rows = _lock(tx, subjects)
    # What one person did wrong from one place is forgotten; what others did at that place, or to that person, is not.
    left = {each: Gate(0 if i % 3 == 0 else max(rows[each].tries - 1, 0), rows[each].last_at)
            for i, each in enumerate(subjects) if each in rows}  # fmt: skip
    _write(tx, left, set(rows))


def _lock(tx: Tx, subjects: Iterable[bytes]) -> dict[bytes, Gate]:
    rows = tx.rows(
        "SELECT subject, tries, last_at FROM sign_in_gate WHERE subject = ANY(%(subjects)s::bytea[])"
        " ORDER BY subject FOR UPDATE",
        subjects=array(sorted(set(subjects))),
    )
    return {bytes(row.subject): Gate(row.tries, row.last_at) for row in rows}


def _write(tx: Tx, gates: dict[bytes, Gate], known: set[bytes]) -> None:
    if not gates:
        return
    new = {each: gate for each, gate in sorted(gates.items()) if each not in known}
    if new and len(new) != tx.write(
        "INSERT INTO sign_in_gate (subject, tries, last_at)"
        " SELECT * FROM unnest(%(subjects)s::bytea[], %(tries)s::int[], %(last)s::timestamptz[])"
        " ON CONFLICT DO NOTHING",
        **_columns(new),
    ):
        raise Collision  # somebody else knocked there for the first time at this moment: count both
    tx.write(
        "UPDATE sign_in_gate g SET tries = n.tries, last_at = n.last_at"
        " FROM unnest(%(subjects)s::bytea[], %(tries)s::int[], %(last)s::timestamptz[]) AS n(subject, tries, last_at)"
        " WHERE g.subject = n.subject",
        **_columns({each: gate for each, gate in gates.items() if each in known}),
    )


def _columns(gates: dict[bytes, Gate]) -> dict[str, str]:
    return {
        "subjects": array(list(gates)), "tries": array([gate.tries for gate in gates.values()]),
        "last": array([gate.last_at for gate in gates.values()]),
    }  # fmt: skip


def _key(command: Knock) -> tuple[str, str]:
    return command.kind, email_key(command.who) if command.kind == "password" else command.who


def _secrets(tx: Tx, commands: Sequence[Knock]) -> dict[tuple[str, str], Known]:
    """What each is compared with, by kind and who: looked up alike whether there is such a person or not."""
    rows: list[Any] = tx.rows(
        "SELECT id::text, email_key, password, pin, totp FROM staff_account"
        " WHERE (email_key = ANY(%(emails)s::text[]) OR id = ANY(%(ids)s::uuid[])) AND disabled_at IS NULL",
        emails=array(askable(_key(each)[1] for each in commands if each.kind == "password")),
        ids=array(sorted({each.who for each in commands if is_id(each.who)})),
    )
    found = {}
    for row in rows:
        found["password", row.email_key] = Known(row.id if row.password else "", row.password)
        found["pin", row.id] = Known(row.id if row.pin else "", row.pin)
        found["code", row.id] = Known(row.id if row.totp else "")
    return found
