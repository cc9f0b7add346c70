"""Keeping messages of channels: stored as they came, listed, and read again when someone says so."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from msgspec import Meta

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.deeds.inbox.forms import Message, MessageView, RetryMessage, StoredMessage
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, known_as, refusal_of, text_findings
from orderwright.values.forms import Form
from orderwright.values.ids import is_id, new_ids
from orderwright.values.pages import After, Limit, Page, mark, read_mark
from orderwright.values.refusal import Refusal

READ_INBOX = "read_inbox"


def subject_of_object(channel: str, external_id: str) -> str:
    """A stable id for tasks about one object of a channel, so that its messages are read one after the other."""
    return str(uuid5(NAMESPACE_URL, f"inbox:{channel}:{external_id}"))


def store_messages(tx: Tx, commands: Sequence[Message]) -> list[StoredMessage | Refusal]:
    """Keep messages raw, once each, and want them read; one `StoredMessage` or Refusal per command.

    The same bytes for the same object and topic again are `repeated` and lead to nothing. Refuses
    unknown_channel, and malformed where a name cannot be kept. What the body says is judged when it is read.
    """
    channels = catalog_of(tx).channels
    results: list[StoredMessage | Refusal | None] = []
    for each in commands:
        findings = _findings(each, channels)
        results.append(refusal_of(findings) if findings else None)
    kept = [each for each, result in zip(commands, results, strict=True) if result is None]
    if not kept:
        return [each for each in results if each is not None]
    keys = [(each.channel, each.external_id, each.topic, sha256(each.body).digest()) for each in kept]
    first = dict(zip(reversed(keys), reversed(kept), strict=True))
    ids, fresh = _insert(tx, first, dict(zip(dict.fromkeys(keys), new_ids(len(first)), strict=True)))
    want_reading(tx, {(key[0], key[1]) for key in fresh})
    answers = iter([StoredMessage(ids[key], key not in fresh or key in keys[:i]) for i, key in enumerate(keys)])
    return [next(answers) if each is None else each for each in results]


def _findings(message: Message, channels: Iterable[str]) -> list[Finding]:
    findings = [
        *text_findings(message.topic, "/topic"),
        *text_findings(message.external_id, "/external_id"),
    ]
    if message.channel not in channels:
        findings.append(known_as("unknown_channel", "/channel"))
    return findings


Key = tuple[str, str, str, bytes]


def _insert(tx: Tx, messages: Mapping[Key, Message], ids: Mapping[Key, str]) -> tuple[dict[Key, str], set[Key]]:
    """Ids by key, and the keys that were not here before. Keys go in sorted, so that twins wait in one order.

    ids: in order of arrival, which is the order of reading.
    """
    keys = sorted(messages)
    columns = {
        "channels": array(key[0] for key in keys), "externals": array(key[1] for key in keys),
        "topics": array(key[2] for key in keys), "hashes": array(key[3] for key in keys),
    }  # fmt: skip
    rows = tx.rows(
        """
        INSERT INTO inbox (id, channel, external_id, topic, hash, body, received_at, actor)
        SELECT id, channel, external_id, topic, hash, body, %(now)s, actor
        FROM unnest(%(ids)s::uuid[], %(channels)s::text[], %(externals)s::text[], %(topics)s::text[],
                    %(hashes)s::bytea[], %(bodies)s::bytea[], %(actors)s::text[])
             AS new(id, channel, external_id, topic, hash, body, actor)
        ON CONFLICT DO NOTHING RETURNING channel, external_id, topic, hash
        """,
        now=tx.now, ids=array(ids[key] for key in keys), bodies=array(messages[key].body for key in keys),
        actors=array(messages[key].actor for key in keys), **columns,
    )  # fmt: skip
    fresh = {(row.channel, row.external_id, row.topic, bytes(row.hash)) for row in rows}
    rows = tx.rows(
        """
        SELECT i.id::text, i.channel, i.external_id, i.topic, i.hash
        FROM unnest(%(channels)s::text[], %(externals)s::text[], %(topics)s::text[], %(hashes)s::bytea[])
             AS asked(channel, external_id, topic, hash)
        JOIN inbox i USING (channel, external_id, topic, hash)
        """,
        **columns,
    )
    return {(row.channel, row.external_id, row.topic, bytes(row.hash)): row.id for row in rows}, fresh


def want_reading(tx: Tx, objects: Iterable[tuple[str, str]]) -> None:
    """Enqueue reading the messages of (channel, external id), one task per object."""
    for channel, external_id in sorted(set(objects)):
        tx.enqueue(READ_INBOX, subject_of_object(channel, external_id), {"object": [channel, external_id]})


def retry_messages(tx: Tx, commands: Sequence[RetryMessage]) -> list[StoredMessage | Refusal]:
    """Read parked messages once more; one `StoredMessage` or Refusal per command. Refuses not_found, message_step."""
    ids = array(sorted({each.message_id for each in commands if is_id(each.message_id)}))
    rows = {
        row.id: row
        for row in tx.rows(
            "SELECT id::text, channel, external_id, state FROM inbox WHERE id = ANY(%(ids)s::uuid[])"
            " ORDER BY id FOR UPDATE",
            ids=ids,
        )
    }
    results: list[StoredMessage | Refusal] = []
    for each in commands:
        row = rows.get(each.message_id)
        if row is None:
            results.append(Refusal("not_found", message=each.message_id))
        elif row.state != "parked":
            results.append(Refusal("message_step", state=row.state))
        else:
            results.append(StoredMessage(row.id))
    again = [result.id for result in results if isinstance(result, StoredMessage)]
    tx.write(
        "UPDATE inbox SET state = 'stored', outcome = NULL, ended_at = NULL WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(again),
    )
    want_reading(tx, [(rows[id_].channel, rows[id_].external_id) for id_ in again])
    return results


class MessageQuery(Form, frozen=True):
    """Which messages: of a channel, in a state, about an object."""

    state: Literal["stored", "done", "parked"] | None = None
    channel: Annotated[str, Meta(max_length=64)] | None = None
    external_id: Annotated[str, Meta(max_length=64)] | None = None
    after: After | None = None
    limit: Limit = 50


def list_messages(tx: Tx, query: MessageQuery) -> Page[MessageView]:
    """A page of messages, newest first."""
    wanted = [f"{name} = %({name})s" for name in ("state", "channel", "external_id") if getattr(query, name)]
    at, id_ = read_mark(query.after, tuple[datetime, UUID]) if query.after else (None, None)
    if query.after:
        wanted.append("(received_at, id) < (%(at)s, %(id)s::uuid)")
    rows = tx.rows(
        "SELECT id::text, channel, topic, external_id, state, outcome, effects, received_at, ended_at FROM inbox"
        + (f" WHERE {' AND '.join(wanted)}" if wanted else "")
        + " ORDER BY received_at DESC, id DESC LIMIT %(limit)s",
        state=query.state, channel=query.channel, external_id=query.external_id, at=at, id=str(id_),
        limit=query.limit + 1,
    )  # fmt: skip
    items = [MessageView(*row) for row in rows[: query.limit]]
    last = items[-1] if len(rows) > query.limit else None
    return Page(items, mark(last.received_at, last.id) if last else None)
