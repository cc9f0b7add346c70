"""Drafts and quotes as they are looked at."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from orderwright.business.orders.form import NewOrder
from orderwright.business.quotes.forms import DraftForm, DraftNow, DraftQuery, DraftRow, QuoteQuery, QuoteRow
from orderwright.business.quotes.rules import state_of
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.ids import is_id
from orderwright.values.pages import Page, mark, read_mark
from orderwright.values.refusal import Refusal


class QuoteNow(msgspec.Struct, frozen=True):
    """A quote with all it says. written: the order it describes; None once its people were erased."""

    row: QuoteRow
    version: int
    written: NewOrder | None


def get_draft(tx: Tx, id_: str, owner: str) -> DraftNow:
    """Somebody's draft. Refuses not_found, also for who is not its owner."""
    row = None
    if is_id(id_):
        row = tx.row(
            "SELECT id::text, version, changed_at, form FROM order_draft WHERE id = %(id)s::uuid AND owner = %(owner)s",
            id=id_, owner=owner,
        )  # fmt: skip
    if row is None:
        raise Refusal("not_found", draft=id_)
    return DraftNow(row.id, row.version, row.changed_at, msgspec.json.decode(row.form, type=DraftForm))


def list_drafts(tx: Tx, query: DraftQuery, owner: str) -> Page[DraftRow]:
    """Somebody's drafts, those changed last first."""
    changed_at, id_ = read_mark(query.after, tuple[datetime, UUID]) if query.after else (None, None)
    beyond = " AND (changed_at, id) < (%(changed_at)s, %(id)s::uuid)" if query.after else ""
    rows = tx.rows(
        "SELECT id::text, name, line_count, changed_at FROM order_draft WHERE owner = %(owner)s"
        + beyond + " ORDER BY changed_at DESC, id DESC LIMIT %(limit)s",
        owner=owner, changed_at=changed_at, id=str(id_), limit=query.limit + 1,
    )  # fmt: skip
    items = [DraftRow(*row) for row in rows[: query.limit]]
    return Page(items, mark(items[-1].changed_at, items[-1].id) if len(rows) > query.limit else None)


def list_quotes(tx: Tx, query: QuoteQuery, *, channels: Collection[str] | None = None) -> Page[QuoteRow]:
    """A page of quotes, newest first. channels: only of these; None: of all."""
    made_at, id_ = read_mark(query.after, tuple[datetime, UUID]) if query.after else (None, None)
    wanted = [
        _STATES[query.state] if query.state else "",
        "q.channel = ANY(%(channels)s::text[])" if channels is not None else "",
        "(q.made_at, q.id) < (%(made_at)s, %(id)s::uuid)" if query.after else "",
    ]
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM quote q LEFT JOIN orders o ON o.id = q.order_id"
        f" WHERE {' AND '.join(each for each in wanted if each) or 'true'}"
        " ORDER BY q.made_at DESC, q.id DESC LIMIT %(limit)s",
        now=tx.now, channels=array(channels or ()), made_at=made_at, id=str(id_), limit=query.limit + 1,
    )  # fmt: skip
    items = [_row(row, tx.now) for row in rows[: query.limit]]
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    return Page(items, mark(last.made_at, last.id) if last is not None else None)


def get_quote(tx: Tx, number: str) -> QuoteNow:
    """One quote. Refuses not_found."""
    found = quotes_by_number(tx, [number])
    if number not in found:
        raise Refusal("not_found", quote=number)
    return found[number]


def quotes_by_number(tx: Tx, numbers: Iterable[str]) -> dict[str, QuoteNow]:
    """Quotes by number, those that exist."""
    rows = tx.rows(
        f"SELECT {_COLUMNS}, q.version, q.form FROM quote q LEFT JOIN orders o ON o.id = q.order_id"
        " WHERE q.number = ANY(%(numbers)s::text[])",
        numbers=array(sorted(set(numbers))),
    )  # fmt: skip
    return {row.number: QuoteNow(_row(row, tx.now), row.version, _written(row.form)) for row in rows}


def _written(form: str) -> NewOrder | None:
    try:
        return msgspec.json.decode(form, type=NewOrder)
    except msgspec.MsgspecError:
        return None


_COLUMNS = (
    "q.id::text, q.number, q.name, q.channel, q.currency, q.total_minor, q.valid_until, q.expires_at, q.made_at,"
    " q.made_by, q.ordered_at, q.withdrawn_at, coalesce(o.number, '') AS order_number"
)
_OPEN = "q.ordered_at IS NULL AND q.withdrawn_at IS NULL"
_STATES = {
    "open": f"{_OPEN} AND q.expires_at > %(now)s",
    "expired": f"{_OPEN} AND q.expires_at <= %(now)s",
    "ordered": "q.ordered_at IS NOT NULL",
    "withdrawn": "q.withdrawn_at IS NOT NULL",
}


def _row(row: Any, now: datetime) -> QuoteRow:
    state: Any = state_of(now, row.expires_at, row.ordered_at is not None, row.withdrawn_at is not None)
    return QuoteRow(
        row.number, state, row.name, row.channel, row.currency, money.format_minor(row.total_minor, row.currency),
        row.valid_until, row.made_at, row.made_by, row.order_number,
    )  # fmt: skip
