"""Notes: written on an order's page; those that name somebody stand on a page of their own until they are seen."""

import msgspec

from orderwright.business.orders.notes import Mention, SeeMentions, list_mentions, see_mentions
from orderwright.doors.api.routes import notes as api
from orderwright.doors.console import cookies
from orderwright.doors.console.acting import Call
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import act, deed, page
from orderwright.doors.console.pages import order as orders_page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.values.forms import Form
from orderwright.values.pages import After, Page

ROWS = 30
READ = "orders:read"


class InboxQuery(Form, frozen=True):
    """Where the list goes on."""

    after: After | None = None


class Inbox(msgspec.Struct, frozen=True):
    """Notes that name the visitor, newest first."""

    page: Page[Mention]

    @property
    def unseen(self) -> list[Mention]:
        """Those they have not seen."""
        return [each for each in self.page.items if each.seen_at is None]


@page("/me/notes", template="notes.html", scope=READ, title=_("Notes for you"))
def inbox(asked: Asked[InboxQuery]) -> Inbox:
    """Who wrote what for the visitor."""
    return Inbox(list_mentions(asked.tx, asked.visitor.account_id, after=asked.query.after, limit=ROWS))


@act("/me/notes/seen", scope=READ, page=inbox)
async def seen(call: Call) -> Reply:
    """The notes that stood on the page were seen."""
    who = call.who
    notes = [text for name, text in call.fields.items() if name.startswith("notes/")]
    if notes:
        await call.do(see_mentions, SeeMentions(account_id=who.account_id, notes=notes, actor=who.actor))
    return see_other("/me/notes", cookies.said(_("Seen.")))


write = deed("/orders/{number}/notes", api.write_note, page=orders_page.order, then="/orders/{number}#notes",
             said=_("The note is written."))  # fmt: skip
