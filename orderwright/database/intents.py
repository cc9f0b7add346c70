"""Outside effects wanted once: written before the call, with the key the provider sees; ended by its answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from orderwright.database.rows import array
from orderwright.values.ids import new_ids

if TYPE_CHECKING:
    from orderwright.database.tasks import Task
    from orderwright.database.tx import Tx

Answer = TypeVar("Answer")
OPEN = ("wanted", "calling", "unknown")
"""States of an intent whose outcome is not known yet."""


class NewIntent(NamedTuple):
    """An effect to be wanted. `subject`: the payment, parcel or purchase order. `request`: what is asked for, without
    people. order_id: '' for what is about no order."""

    kind: str
    subject: str
    order_id: str
    provider: str
    key: str
    request: Any
    amount_minor: int | None = None
    currency: str | None = None


class Intent(NamedTuple):
    """An effect that was wanted."""

    id: str
    kind: str
    subject: str
    order_id: str
    provider: str
    key: str
    amount_minor: int | None
    currency: str | None
    state: str
    request: Any


class Outcome(NamedTuple):
    """How an intent ended. state: done or failed. `answer`: the provider's, or why not."""

    intent_id: str
    state: str
    answer: Any


def want(tx: "Tx", new: Sequence[NewIntent]) -> list[str]:
    """Write intents; their ids, in order. The subjects' rows are locked by the caller."""
    ids = new_ids(len(new))
    tx.copy(
        "intent",
        "id, kind, subject, order_id, provider, key, amount_minor, currency, request, made_at",
        [
            (id_, each.kind, each.subject, each.order_id or None, each.provider, each.key, each.amount_minor,
             each.currency, msgspec.json.encode(each.request).decode(), tx.now)
            for id_, each in zip(ids, new, strict=True)
        ],
    )  # fmt: skip
    return ids


def list_of(tx: "Tx", kind: str, subjects: Iterable[str]) -> dict[str, list[Intent]]:
    """Intents of one kind by subject, oldest first."""
    rows = tx.rows(
        "SELECT id::text, kind, subject::text, coalesce(order_id::text, ''), provider, key, amount_minor, currency,"
        " state, request FROM intent WHERE subject = ANY(%(subjects)s::uuid[]) AND kind = %(kind)s ORDER BY id",
        subjects=array(sorted(set(subjects))), kind=kind,
    )  # fmt: skip
    found: dict[str, list[Intent]] = {}
    for row in rows:
        found.setdefault(row.subject, []).append(Intent._make((*row[:-1], msgspec.json.decode(row.request))))
    return found


def answered(
    wanted: Mapping[str, Intent], tasks: Sequence["Task"], answers: Sequence[Answer]
) -> Iterator[tuple[Intent, Answer]]:
    """Open intents, by subject, with the answers their tasks got, each once; what is open no more is left out."""
    left = dict(wanted)
    for task, answer in zip(tasks, answers, strict=True):
        intent = left.pop(task.subject, None)
        if intent is not None:
            yield intent, answer


def mark_calling(tx: "Tx", intent_ids: Iterable[str]) -> None:
    """Before the outside calls of open intents."""
    tx.write(
        "UPDATE intent SET state = 'calling' WHERE id = ANY(%(ids)s::uuid[]) AND state IN ('wanted', 'unknown')",
        ids=array(sorted(set(intent_ids))),
    )


def want_again(tx: "Tx", intent_ids: Iterable[str]) -> None:
    """Intents whose task gave up get another, under the same key."""
    tx.write(
        "UPDATE intent SET state = 'wanted' WHERE id = ANY(%(ids)s::uuid[]) AND state = 'unknown'",
        ids=array(sorted(set(intent_ids))),
    )


def leave_unknown(tx: "Tx", intent_ids: Iterable[str]) -> list[Intent]:
    """The task of open intents gave up: they may have had their effect. Those that were open."""
    rows = tx.rows(
        "UPDATE intent SET state = 'unknown' WHERE id = ANY(%(ids)s::uuid[]) AND ended_at IS NULL RETURNING id::text,"
        " kind, subject::text, coalesce(order_id::text, ''), provider, key, amount_minor, currency, state, request",
        ids=array(sorted(set(intent_ids))),
    )
    return [Intent._make((*row[:-1], msgspec.json.decode(row.request))) for row in rows]


def still_unknown(tx: "Tx", subjects: Iterable[str]) -> set[str]:
    """Those of the subjects that have an intent whose task gave up."""
    rows = tx.rows(
        "SELECT DISTINCT subject::text FROM intent WHERE subject = ANY(%(ids)s::uuid[]) AND state = 'unknown'",
        ids=array(sorted(set(subjects))),
    )
    return {row.subject for row in rows}


def end(tx: "Tx", outcomes: Sequence[Outcome]) -> None:
    """End open intents."""
    if not outcomes:
        return
    tx.write(
        """
        UPDATE intent i SET state = o.state, answer = o.answer, ended_at = %(now)s
        FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(answers)s::text[]) AS o(id, state, answer)
        WHERE i.id = o.id AND i.ended_at IS NULL
        """,
        now=tx.now, ids=array(each.intent_id for each in outcomes), states=array(each.state for each in outcomes),
        answers=array(msgspec.json.encode(each.answer).decode() for each in outcomes),
    )  # fmt: skip
