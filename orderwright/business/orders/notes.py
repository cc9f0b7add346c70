"""Notes on orders: what people of the shop tell each other. Never changed; whom they name finds them in an inbox."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from orderwright.business.orders.buyers import of_erased
from orderwright.business.orders.facts import OrderNoted
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.business.staff.naming import Person, list_named, mentioned
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, refusal_of, text_findings
from orderwright.values.forms import Command, Form
from orderwright.values.ids import is_id, new_ids
from orderwright.values.pages import Page, mark, read_mark
from orderwright.values.refusal import Refusal

COUNTED_MAX = 100
"""More notes than that are not counted for anybody: it is told as so many and more."""


class NoteForm(Form, frozen=True):
    """What is to be told. `@` and a name tells somebody in particular."""

    text: Annotated[str, Meta(min_length=1, max_length=2000)]


class WriteNote(Command, frozen=True):
    """Somebody writes a note on an order."""

    number: str
    text: str


class SeenForm(Form, frozen=True):
    """Which notes somebody has seen, by id; all of them if none is named."""

    notes: Annotated[list[str], Meta(max_length=200)] = msgspec.field(default_factory=list)


class SeeMentions(Command, frozen=True):
    """Somebody has seen notes that name them."""

    account_id: str
    notes: Sequence[str] = ()


class Seen(msgspec.Struct, frozen=True):
    """How many notes that name somebody they have not seen, 100 for more."""

    unseen: int


class NoteShown(msgspec.Struct, frozen=True):
    """A note. mentions: names of whom it is for."""

    id: str
    order: str
    author: str
    written_at: datetime
    text: str
    mentions: list[str]


class Mention(NoteShown, frozen=True):
    """A note that names somebody. seen_at: when they said that they have seen it."""

    seen_at: datetime | None = None


_SHOWN = """
    SELECT n.id::text, o.number, n.author, n.written_at, n.text,
           array(SELECT a.name FROM note_mention m JOIN staff_account a ON a.id = m.account_id
                 WHERE m.note_id = n.id ORDER BY a.name_key) AS mentions
"""


def write_notes(tx: Tx, commands: Sequence[WriteNote]) -> list[NoteShown | Refusal]:
    """Write notes on orders; one `NoteShown` or Refusal per command. Whom it names is told who may see the order.

    Refuses malformed, not_found, customer_step (the order's buyer was erased).
    """
    orders = lock_by_number(tx, [each.number for each in commands])
    gone = of_erased(tx, [row.id for row in orders.values()])
    people = _people(tx, {row.id: row.channel for row in orders.values()}) if orders else {}
    results: list[NoteShown | Refusal] = []
    written: list[tuple[str, str, NoteShown, list[str]]] = []
    for each, id_ in zip(commands, new_ids(len(commands)), strict=True):
        text, order = each.text.strip(), orders.get(each.number)
        # Lines and tabs are fine in a note.
        findings = list(text_findings(text.replace("\n", " ").replace("\t", " "), "/text"))
        if findings or not text:
            results.append(refusal_of(findings or [Finding("/text", "missing", "It is needed.")]))
        elif order is None:
            results.append(Refusal("not_found", number=each.number))
        elif order.id in gone:
            results.append(Refusal("customer_step", merged_into=""))
        else:
            may_see = people[order.id]
            named = mentioned(text, may_see)
            names = sorted((person.name for person in may_see if person.id in named), key=str.lower)
            note = NoteShown(id_, each.number, each.actor, tx.now, text, names)
            written.append((id_, order.id, note, named))
            results.append(note)
    _write(tx, written)
    return results


def _write(tx: Tx, written: Sequence[tuple[str, str, NoteShown, list[str]]]) -> None:
    tx.copy(
        "order_note",
        "id, order_id, author, text, written_at",
        [(id_, order_id, note.author, note.text, tx.now) for id_, order_id, note, _ in written],
    )
    mentions = [(account_id, id_) for id_, _, _, named in written for account_id in named]
    if mentions:
        tx.copy("note_mention", "account_id, note_id", mentions)
    for id_, order_id, note, named in written:
        tx.record("order", order_id, OrderNoted(note=id_, mentions=named), actor=note.author)


def _people(tx: Tx, orders: Mapping[str, str]) -> dict[str, list[Person]]:
    """Who may see each order, by its id. orders: their channels by id."""
    sites: dict[str, set[str]] = {order_id: set() for order_id in orders}
    for row in tx.rows(
        "SELECT DISTINCT order_id::text, site FROM fulfilment WHERE order_id = ANY(%(ids)s::uuid[])", ids=array(orders)
    ):
        sites[row.order_id].add(row.site)
    people = list_named(tx)
    return {
        order_id: [
            each
            for each in people
            if (each.sites is None or sites[order_id] & set(each.sites))
            and (each.channels is None or channel in each.channels)
        ]
        for order_id, channel in orders.items()
    }


def see_mentions(tx: Tx, commands: Sequence[SeeMentions]) -> list[Seen | Refusal]:
    """Somebody has seen notes that name them; how many are left, or a Refusal, per command.

    Those seen before stay as they are. Refuses not_found.
    """
    ids = array(sorted({each.account_id for each in commands if is_id(each.account_id)}))
    known = {row.id for row in tx.rows("SELECT id::text FROM staff_account WHERE id = ANY(%(ids)s::uuid[])", ids=ids)}
    sound = [each for each in commands if each.account_id in known]
    pairs = [(each.account_id, note) for each in sound for note in each.notes if is_id(note)]
    tx.write(
        """
        UPDATE note_mention m SET seen_at = %(now)s
        WHERE m.seen_at IS NULL AND (m.account_id = ANY(%(all)s::uuid[]) OR (m.account_id, m.note_id) IN (
            SELECT * FROM unnest(%(accounts)s::uuid[], %(notes)s::uuid[])))
        """,
        now=tx.now, all=array(each.account_id for each in sound if not each.notes),
        accounts=array(account for account, _ in pairs), notes=array(note for _, note in pairs),
    )  # fmt: skip
    left = tx.rows(
        "SELECT account_id::text, count(*) AS count FROM note_mention"
        " WHERE account_id = ANY(%(ids)s::uuid[]) AND seen_at IS NULL GROUP BY account_id",
        ids=array(sorted(known)),
    )
    counts = {row.account_id: min(int(row.count), COUNTED_MAX) for row in left}
    return [
        Seen(counts.get(each.account_id, 0))
        if each.account_id in known
        else Refusal("not_found", account_id=each.account_id)
        for each in commands
    ]


def list_notes(tx: Tx, number: str, *, after: str | None, limit: int) -> Page[NoteShown]:
    """The notes on an order, newest first. Refuses not_found."""
    if tx.row("SELECT 1 AS one FROM orders WHERE number = %(number)s", number=number) is None:
        raise Refusal("not_found", order=number)
    (before,) = read_mark(after, tuple[UUID]) if after else (None,)
    rows = tx.rows(
        f"{_SHOWN} FROM order_note n JOIN orders o ON o.id = n.order_id WHERE o.number = %(number)s"
        f"{' AND n.id < %(before)s::uuid' if after else ''} ORDER BY n.id DESC LIMIT %(limit)s",
        number=number, before=str(before), limit=limit + 1,
    )  # fmt: skip
    return Page([NoteShown(*row) for row in rows[:limit]], mark(rows[limit - 1].id) if len(rows) > limit else None)


def notes_by_id(tx: Tx, ids: Sequence[str]) -> dict[str, NoteShown]:
    """Notes by their ids; unknown ones are left out."""
    rows = tx.rows(
        f"{_SHOWN} FROM order_note n JOIN orders o ON o.id = n.order_id WHERE n.id = ANY(%(ids)s::uuid[])",
        ids=array(ids),
    )
    return {row.id: NoteShown(*row) for row in rows}


def list_mentions(tx: Tx, account_id: str, *, after: str | None, limit: int) -> Page[Mention]:
    """The notes that name somebody, newest first."""
    (before,) = read_mark(after, tuple[UUID]) if after else (None,)
    rows: list[Any] = tx.rows(
        f"{_SHOWN}, own.seen_at FROM note_mention own JOIN order_note n ON n.id = own.note_id"
        " JOIN orders o ON o.id = n.order_id WHERE own.account_id = %(account)s::uuid"
        f"{' AND own.note_id < %(before)s::uuid' if after else ''} ORDER BY own.note_id DESC LIMIT %(limit)s",
        account=account_id, before=str(before), limit=limit + 1,
    )  # fmt: skip
    return Page([Mention(*row) for row in rows[:limit]], mark(rows[limit - 1].id) if len(rows) > limit else None)


def count_unseen(tx: Tx, account_id: str) -> int:
    """How many notes name somebody that they have not seen; 100 for more."""
    row = tx.row(
        "SELECT count(*) AS count FROM (SELECT 1 FROM note_mention WHERE account_id = %(account)s::uuid"
        " AND seen_at IS NULL LIMIT %(most)s) few",
        account=account_id, most=COUNTED_MAX,
    )  # fmt: skip
    return 0 if row is None else int(row.count)
