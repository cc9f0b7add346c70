"""Rows of drafts and quotes, many at a time; for this area's actions and for the deeds that place what they say."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id


class KeptDraft(NamedTuple):
    """A draft as its row stands. version 0: it has no row yet. is_gone: its row is to go."""

    id: str
    owner: str
    name: str
    line_count: int
    form: str
    version: int
    made_at: datetime
    is_gone: bool = False


class NewQuote(NamedTuple):
    """A quote to be written."""

    id: str
    number: str
    channel: str
    name: str
    email_key: str
    currency: str
    total_minor: int
    valid_until: date
    expires_at: datetime
    form: str
    form_hash: bytes
    made_by: str
    customer_id: str | None


def lock_drafts(tx: Tx, ids: Iterable[str]) -> dict[str, KeptDraft]:
    """Drafts by id, locked; those that exist. What is no id is the id of none."""
    rows = tx.rows(
        "SELECT id::text, owner, name, line_count, form, version, made_at FROM order_draft"
        " WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE",
        ids=array(sorted({each for each in ids if is_id(each)})),
    )
    return {row.id: KeptDraft(*row) for row in rows}


def keep_drafts(tx: Tx, drafts: Iterable[KeptDraft]) -> None:
    """Write drafts as they are now; those that are gone are deleted."""
    kept = [each for each in drafts if not each.is_gone]
    gone = [each.id for each in drafts if each.is_gone]
    if gone:
        tx.write("DELETE FROM order_draft WHERE id = ANY(%(ids)s::uuid[])", ids=array(sorted(gone)))
    if not kept:
        return
    tx.write(
        """
        INSERT INTO order_draft (id, owner, name, line_count, form, version, made_at, changed_at)
        SELECT id, owner, name, line_count, form, version, made_at, %(now)s
        FROM unnest(%(ids)s::uuid[], %(owners)s::text[], %(names)s::text[], %(counts)s::int[], %(forms)s::text[],
                    %(versions)s::int[], %(made)s::timestamptz[])
             AS d(id, owner, name, line_count, form, version, made_at) ORDER BY id
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, line_count = excluded.line_count, form = excluded.form,
            version = excluded.version, changed_at = excluded.changed_at WHERE order_draft.owner = excluded.owner
        """,
        now=tx.now, ids=array(each.id for each in kept), owners=array(each.owner for each in kept),
        names=array(each.name for each in kept), counts=array(each.line_count for each in kept),
        forms=array(each.form for each in kept), versions=array(each.version for each in kept),
        made=array(each.made_at for each in kept),
    )  # fmt: skip


def draft_counts(tx: Tx, owners: Iterable[str]) -> dict[str, int]:
    """How many drafts people keep."""
    rows = tx.rows(
        "SELECT owner, count(*)::int AS drafts FROM order_draft WHERE owner = ANY(%(owners)s::text[]) GROUP BY owner",
        owners=array(sorted(set(owners))),
    )
    return {row.owner: row.drafts for row in rows}


def lock_quotes(tx: Tx, numbers: Iterable[str]) -> dict[str, Any]:
    """Quotes by number, locked; those that exist."""
    rows = tx.rows(
        "SELECT id::text, number, channel, form, expires_at, valid_until, ordered_at, withdrawn_at, currency,"
        " total_minor, order_id::text, coalesce(customer_id::text, '') AS customer_id FROM quote"
        " WHERE number = ANY(%(numbers)s::text[]) ORDER BY id FOR UPDATE",
        numbers=array(sorted(set(numbers))),
    )
    return {row.number: row for row in rows}


def quotes_of_drafts(tx: Tx, ids: Iterable[str]) -> dict[str, Any]:
    """(number, hash of the form, last day) of the quotes that drafts became, by the drafts' ids."""
    rows = tx.rows(
        "SELECT id::text, number, form_hash, valid_until FROM quote WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(sorted({each for each in ids if is_id(each)})),
    )
    return {row.id: row for row in rows}


def next_quote_numbers(tx: Tx, count: int) -> list[str]:
    """Fresh numbers of quotes."""
    rows = tx.tuples("SELECT nextval('quote_number') FROM generate_series(1, %(count)s::int)", count=count)
    return [f"Q-{number:06}" for (number,) in rows]


def insert_quotes(tx: Tx, quotes: Sequence[NewQuote]) -> None:
    """Write quotes. Whoever meets a twin (the same draft) starts over and finds it."""
    columns = (
        "id, number, channel, name, email_key, currency, total_minor, valid_until, expires_at, form, form_hash,"
        " made_by, customer_id, made_at"
    )
    tx.copy("quote", columns, [(*each, tx.now) for each in sorted(quotes)])


def mark_ordered(tx: Tx, placed: Sequence[tuple[str, str, str]]) -> None:
    """Quotes became orders: (number of the quote, number of the order, by whom)."""
    tx.write(
        """
        UPDATE quote q SET order_id = o.id, ordered_by = p.actor, ordered_at = %(now)s, version = q.version + 1
        FROM unnest(%(quotes)s::text[], %(orders)s::text[], %(actors)s::text[]) AS p(quote, number, actor)
        JOIN orders o ON o.number = p.number WHERE q.number = p.quote AND q.order_id IS NULL
        """,
        now=tx.now, quotes=array(quote for quote, _, _ in placed), orders=array(order for _, order, _ in placed),
        actors=array(actor for _, _, actor in placed),
    )  # fmt: skip


def mark_withdrawn(tx: Tx, taken: Sequence[tuple[str, str]]) -> None:
    """Quotes are taken back: (number, by whom)."""
    tx.write(
        """
        UPDATE quote q SET withdrawn_by = p.actor, withdrawn_at = %(now)s, version = q.version + 1
        FROM unnest(%(quotes)s::text[], %(actors)s::text[]) AS p(quote, actor) WHERE q.number = p.quote
        """,
        now=tx.now, quotes=array(quote for quote, _ in taken), actors=array(actor for _, actor in taken),
    )  # fmt: skip
