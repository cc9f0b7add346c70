"""Drafts to be gone on with, and quotes: listed, printed, made orders of until their day is over."""

from collections.abc import Mapping
from typing import Any

import msgspec

from orderwright.business.deeds.paying.showing import PayLink, find_pay_link
from orderwright.business.deeds.placing.answers import told
from orderwright.business.deeds.placing.forms import PlaceOrder, Told
from orderwright.business.deeds.previewing import CHOSEN, look_ahead
from orderwright.business.quotes.forms import DraftQuery, DraftRow, QuoteQuery, QuoteRow, QuoteState
from orderwright.business.quotes.papers import quote_paper
from orderwright.business.quotes.reads import QuoteNow, get_quote, list_drafts, list_quotes
from orderwright.doors.api.routes import quotes as api
from orderwright.doors.api.routes.quotes import within_quote
from orderwright.doors.console import order_words
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.reply import Reply
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.words import Word
from orderwright.papers.quotes import quote_pdf
from orderwright.papers.words import spoken
from orderwright.values.forms import Form
from orderwright.values.pages import After, Page

WRITE, SECTION = "orders:write", "new_order"
STATES: Mapping[str, Word] = {
    "open": Word(_("Open"), "busy", _("It can be ordered until its day is over.")),
    "expired": Word(_("Expired"), "quiet", _("Its day is over. Make a new one like it.")),
    "ordered": Word(_("Ordered"), "good", _("It became an order.")),
    "withdrawn": Word(_("Withdrawn"), "quiet", _("It was taken back.")),
}
VIEWS: tuple[tuple[str, QuoteState | None], ...] = (
    (_("All"), None), (_("Open"), "open"), (_("Expired"), "expired"), (_("Ordered"), "ordered"),
    (_("Withdrawn"), "withdrawn"),
)  # fmt: skip


class DraftsShown(msgspec.Struct, frozen=True):
    """The visitor's own drafts."""

    page: Page[DraftRow]


class QuotesQuery(Form, frozen=True):
    """Which quotes."""

    state: QuoteState | None = None
    after: After | None = None


class QuotesShown(msgspec.Struct, frozen=True):
    """A page of quotes, with the words of their states."""

    query: QuotesQuery
    page: Page[QuoteRow]
    views: tuple[tuple[str, QuoteState | None], ...]
    states: Mapping[str, Word]


class QuoteShown(msgspec.Struct, frozen=True):
    """One quote. doubts: what would hold it if it were ordered now; refused: why it cannot be ordered at all.

    pay: the latest link by which it can be paid, and so accepted.
    """

    quote: QuoteNow
    word: Word
    doubts: list[tuple[str, Mapping[str, Any]]]
    refused: list[tuple[str, Mapping[str, Any]]]
    may_order: bool
    pay: PayLink | None


class DraftsQuery(Form, frozen=True):
    """Where the list goes on."""

    after: After | None = None


@page("/drafts", template="drafts.html", scope=WRITE, title=_("Drafts"), section=SECTION)
def drafts(asked: Asked[DraftsQuery]) -> DraftsShown:
    """The visitor's drafts, those changed last first."""
    after = asked.query.after if asked.query else None
    return DraftsShown(list_drafts(asked.tx, DraftQuery(after=after), asked.access.actor))


@page("/quotes", template="quotes.html", scope="orders:read", title=_("Quotes"), section=SECTION)
def quotes(asked: Asked[QuotesQuery]) -> QuotesShown:
    """Quotes, newest first."""
    query = asked.query
    found = list_quotes(asked.tx, QuoteQuery(state=query.state, after=query.after), channels=asked.access.channels)
    return QuotesShown(query, found, VIEWS, STATES)


@page("/quotes/{number}", template="quote.html", scope="orders:read", title=_("Quote"), section=SECTION,
      within=within_quote)  # fmt: skip
def quote(asked: Asked[None]) -> QuoteShown:
    """One quote, and what ordering it would come to now."""
    found = get_quote(asked.tx, asked.at["number"])
    may_order = found.row.state == "open" and "orders:write" in asked.access.scopes and found.written is not None
    findings: list[Told] = []
    if may_order and found.written is not None:
        (ahead,) = look_ahead(asked.tx, [PlaceOrder(order=found.written, actor=asked.access.actor)])
        findings = told(ahead)
    return QuoteShown(
        found, STATES[found.row.state],
        [_said(each) for each in findings if each.severity == "hold" and each.code not in CHOSEN],
        [_said(each) for each in findings if each.severity == "refuse"], may_order,
        find_pay_link(asked.tx, quote=found.row.number),
    )  # fmt: skip


@page("/quotes/{number}/paper", template="", scope="orders:read", title=_("Quote"), section=SECTION,
      within=within_quote)  # fmt: skip
def quote_sheet(asked: Asked[None]) -> Reply:
    """A quote to print, in the visitor's language."""
    number = asked.at["number"]
    printed = quote_pdf(quote_paper(asked.tx, number), language=spoken(asked.visitor.language or "en"))
    named = f'inline; filename="{number}.pdf"'.encode()
    return Reply(200, printed.content, [(b"content-type", b"application/pdf"), (b"content-disposition", named)])


def _said(finding: Told) -> tuple[str, Mapping[str, Any]]:
    return order_words.said(finding.code), finding.facts


def _to_order(answer: Mapping[str, Any], at: Mapping[str, str]) -> str:
    return f"/orders/{answer['number']}"


drop_draft = deed("/drafts/{id}/drop", api.drop_draft, page=drafts, then="/drafts", said=_("The draft is gone."))
order_quote = deed("/quotes/{number}/order", api.order_quote, page=quote, then=_to_order,
                   said=_("The order is placed."))  # fmt: skip
withdraw_quote = deed("/quotes/{number}/withdraw", api.withdraw_quote, page=quote, then="/quotes/{number}",
                      said=_("The quote is taken back."))  # fmt: skip
