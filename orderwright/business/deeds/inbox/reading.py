"""Reading the inbox: each object's messages in order of arrival, many objects together.

What speaks of an order that is not here yet (an update, a payment, a cancellation) is kept until the order comes,
and then read in the order it came in. A message that cannot be read is parked with the reason; those behind it go on.
Where the order's buyer was erased, it changes nothing but what was paid, and nothing it said is kept.
"""

from collections.abc import Sequence
from typing import Any

from orderwright.business.deeds.inbox.acts import ACTS
from orderwright.business.deeds.inbox.desk import Letter, Object, Read
from orderwright.business.deeds.inbox.forms import CREATED, UPDATED
from orderwright.business.deeds.inbox.keeping import want_reading
from orderwright.database.rows import array
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx

LETTERS_A_TIME = 100
WHOLE_FORMS = (CREATED, UPDATED)


def read_inbox(tx: Tx, tasks: Sequence[Task]) -> None:
    """The task verb: read the messages of the tasks' objects.

    Round by round each object gives its next message, and all of a round are acted on together: placed,
    edited, paid or cancelled, by the same few statements however many objects.
    """
    objects = _objects_of(tx, sorted({tuple(task.body["object"]) for task in tasks}))
    _read_letters(tx, objects)
    _find_orders(tx, objects)
    while chosen := [(each, letter) for each in objects if (letter := _next(each)) is not None]:
        for kind, act in ACTS:
            mine = [(each, letter) for each, letter in chosen if letter.kind == kind]
            if mine:
                act(tx, mine)
        _find_orders(tx, [each for each, _ in chosen])
    _write(tx, [letter for each in objects for letter in each.read])
    _forget(tx, [letter for each in objects if each.is_erased for letter in each.read])
    # Where nothing could be read, all wait for an order that is not here: its message wants them read.
    want_reading(tx, [(each.channel, each.external_id) for each in objects if each.is_cut_short and each.read])


def _objects_of(tx: Tx, keys: Sequence[tuple[str, str]]) -> list[Object]:
    """The objects, with what their channels said last of the whole order."""
    objects = {key: Object(*key) for key in keys}
    for row in tx.rows(
        """
        SELECT DISTINCT ON (i.channel, i.external_id, i.state) i.channel, i.external_id, i.state, i.body
        FROM unnest(%(channels)s::text[], %(externals)s::text[]) AS asked(channel, external_id)
        JOIN inbox i USING (channel, external_id)
        WHERE i.topic = ANY(%(topics)s::text[]) AND (i.state = 'done' AND i.outcome NOT LIKE 'differs%%'
              OR i.state = 'parked')
        ORDER BY i.channel, i.external_id, i.state, i.ended_at DESC, i.received_at DESC, i.id DESC
        """,
        channels=array(channel for channel, _ in keys), externals=array(external_id for _, external_id in keys),
        topics=array(WHOLE_FORMS),
    ):  # fmt: skip
        each = objects[row.channel, row.external_id]
        if row.state == "parked":
            each.is_create_parked = True
        else:
            each.said_last = bytes(row.body)
    return list(objects.values())


def _read_letters(tx: Tx, objects: Sequence[Object]) -> None:
    """Hand the objects their messages, oldest first; of an order that is not here, with the one that brings it,
    however many came before that."""
    by_key = {(each.channel, each.external_id): each for each in objects}
    for row in tx.rows(
        """
        SELECT i.id::text, i.channel, i.external_id, i.topic, i.body, i.actor
        FROM unnest(%(channels)s::text[], %(externals)s::text[], %(parked)s::bool[])
             AS asked(channel, external_id, is_create_parked)
        LEFT JOIN LATERAL (
            SELECT f.id FROM inbox f WHERE f.channel = asked.channel AND f.external_id = asked.external_id
              AND f.state = 'stored' AND (f.topic = %(created)s OR asked.is_create_parked AND f.topic = %(updated)s)
              AND NOT EXISTS (SELECT 1 FROM order_key k WHERE k.channel = f.channel AND k.reference = f.external_id)
            ORDER BY f.received_at, f.id LIMIT 1) founding ON true
        CROSS JOIN LATERAL (
            SELECT * FROM inbox i WHERE i.channel = asked.channel AND i.external_id = asked.external_id
              AND i.state = 'stored'
            ORDER BY i.id IS DISTINCT FROM founding.id, i.received_at, i.id LIMIT %(limit)s FOR UPDATE) i
        ORDER BY i.received_at, i.id
        """,
        channels=array(each.channel for each in objects), externals=array(each.external_id for each in objects),
        parked=array(each.is_create_parked for each in objects), created=CREATED, updated=UPDATED,
        limit=LETTERS_A_TIME,
    ):  # fmt: skip
        letter = Letter(row.id, row.topic, bytes(row.body), row.actor or f"channel:{row.channel}")
        by_key[row.channel, row.external_id].unread.append(letter)
    for each in objects:
        each.is_cut_short = len(each.unread) == LETTERS_A_TIME


def _find_orders(tx: Tx, objects: Sequence[Object]) -> None:
    """The objects' orders, as they stand; locked first, so that nobody is erased while what is told of them is read."""
    by_key = {(each.channel, each.external_id): each for each in objects}
    asked = {
        "channels": array(each.channel for each in objects), "externals": array(each.external_id for each in objects),
    }  # fmt: skip
    tx.rows(f"SELECT {_THEIR_ORDERS} ORDER BY o.id FOR UPDATE OF o", **asked)
    for row in tx.rows(
        f"""
        SELECT k.channel, k.reference, o.id::text, o.number, o.state, o.currency, o.total_minor, o.form,
               EXISTS (SELECT FROM customer c WHERE c.id = o.customer_id AND c.erased_at IS NOT NULL) AS is_erased
        {_THEIR_ORDERS}
        """,
        **asked,
    ):
        by_key[row.channel, row.reference].order = row


_THEIR_ORDERS = """
    FROM unnest(%(channels)s::text[], %(externals)s::text[]) AS asked(channel, reference)
    JOIN order_key k USING (channel, reference) JOIN orders o ON o.id = k.order_id
"""


def _next(each: Object) -> Letter | None:
    """The object's next message that can be acted on. Unreadable ones are parked in passing, whatever they say."""
    while each.unread:
        at = 0
        if each.order is None:
            founding = WHOLE_FORMS if each.is_create_parked else (CREATED,)
            at = next((n for n, letter in enumerate(each.unread) if letter.topic in founding), -1)
            if at < 0:
                return None
        letter = each.unread.pop(at)
        each.read.append(letter)
        letter.parse(each)
        if letter.read is None and each.is_erased and letter.kind != "pay":
            letter.done("erased", 0)
        if letter.read is None:
            return letter
        each.is_create_parked = each.is_create_parked or letter.topic in WHOLE_FORMS
    return None


def _write(tx: Tx, letters: Sequence[Letter]) -> None:
    ends: list[tuple[str, Read]] = [(each.id, each.read) for each in letters if each.read is not None]
    outcomes: list[Any] = [read.outcome[:2_000] for _, read in ends]
    tx.write(
        """
        UPDATE inbox i SET state = n.state, outcome = n.outcome, effects = n.effects, ended_at = %(now)s
        FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(outcomes)s::text[], %(effects)s::int[])
             AS n(id, state, outcome, effects)
        WHERE i.id = n.id
        """,
        now=tx.now, ids=array(id_ for id_, _ in ends), states=array(read.state for _, read in ends),
        outcomes=array(outcomes), effects=array(read.effects for _, read in ends),
    )  # fmt: skip


def _forget(tx: Tx, letters: Sequence[Letter]) -> None:
    """Keep of messages about people who were erased only that they came."""
    if letters:
        tx.write(
            "UPDATE inbox SET body = '',"
            " outcome = CASE state WHEN 'parked' THEN split_part(outcome, ':', 1) ELSE outcome END"
            " WHERE id = ANY(%(ids)s::uuid[])",
            ids=array(each.id for each in letters),
        )  # fmt: skip
