"""Notes on orders, and whom they are for."""

from orderwright.business.orders.notes import (
    Mention,
    NoteForm,
    NoteShown,
    SeeMentions,
    Seen,
    SeenForm,
    WriteNote,
    list_mentions,
    list_notes,
    see_mentions,
    write_notes,
)
from orderwright.business.staff.reads import get_account
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import order, whole_store
from orderwright.values.forms import Form
from orderwright.values.pages import After, Limit, Page


class NotesQuery(Form, frozen=True):
    """Where the list goes on."""

    after: After | None = None
    limit: Limit = 50


@read("/v1/orders/{number}/notes", "orders:read", within=order)
def notes(tx: Tx, question: Question[NotesQuery]) -> Page[NoteShown]:
    """What people of the shop told each other about an order, newest first."""
    return list_notes(tx, question.at["number"], after=question.query.after, limit=question.query.limit)


@deed(
    "POST", "/v1/orders/{number}/notes", "orders:write", write_notes, within=order, answer=NoteShown, status=201,
    example={"text": "The buyer wants it after the 5th. @Kim, please call them."},
)  # fmt: skip
def write_note(request: Request[NoteForm]) -> WriteNote:
    """Write a note on an order; it stays as it is. `@` and a name tells somebody who may see the order."""
    return WriteNote(number=request.at["number"], text=request.body.text, actor=request.actor)


@read("/v1/staff/{id}/mentions", "staff:read", within=whole_store)
def mentions(tx: Tx, question: Question[NotesQuery]) -> Page[Mention]:
    """The notes that name somebody, newest first."""
    account = get_account(tx, question.at["id"])
    return list_mentions(tx, account.id, after=question.query.after, limit=question.query.limit)


@deed(
    "POST", "/v1/staff/{id}/mentions/seen", "staff:write", see_mentions, within=whole_store, answer=Seen,
    example={"notes": []},
)  # fmt: skip
def mentions_seen(request: Request[SeenForm]) -> SeeMentions:
    """Somebody has seen notes that name them: those told, or all; how many are left."""
    account = request.at["id"]
    return SeeMentions(account_id=account, notes=request.body.notes, actor=request.actor)
