"""Orders being written down: drafts, quotes, and what becomes of them."""

from datetime import date

from orderwright.business.deeds.placing.forms import Placed
from orderwright.business.deeds.quoting import make_quotes, order_quotes, place_drafts
from orderwright.business.quotes.actions import drop_drafts, save_drafts, withdraw_quotes
from orderwright.business.quotes.forms import (
    DraftForm,
    DraftNow,
    DraftQuery,
    DraftRow,
    DropDraft,
    Dropped,
    MakeQuote,
    OrderQuote,
    PlaceDraft,
    QuoteQuery,
    QuoteRow,
    SaveDraft,
    WithdrawQuote,
)
from orderwright.business.quotes.papers import quote_paper
from orderwright.business.quotes.reads import QuoteNow, get_draft, get_quote, list_drafts, list_quotes
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.routes.papers import PDF, SheetQuery
from orderwright.doors.api.within import Asked, anywhere, channels
from orderwright.papers.quotes import quote_pdf
from orderwright.values.forms import Form
from orderwright.values.pages import Page

EXAMPLE = {
    "channel": "web", "customer": {"email": "buyer@example.org", "name": "A. Buyer"},
    "ship_to": {"name": "A. Buyer", "lines": ["1 Market St"], "city": "San Francisco", "region": "CA",
                "postal_code": "94105", "country": "US"},
    "lines": [{"sku": "MUG", "quantity": 2}], "shipping": "4.99", "payment": "on_account",
}  # fmt: skip


class PlaceForm(Form, frozen=True):
    """What to place. order: as it is written now; None as the draft is kept. total: what was told, to be checked."""

    order: DraftForm | None = None
    total: str | None = None
    anyway: bool = False


class QuoteForm(Form, frozen=True):
    """What to quote, and until which day. order, total: as in `PlaceForm`."""

    valid_until: date
    order: DraftForm | None = None
    total: str | None = None


class OrderForm(Form, frozen=True):
    """anyway: although the order will be held."""

    anyway: bool = False


def _drafted(tx: Tx, asked: Asked) -> bool:
    """It is about the channel of a draft: as it is sent, else as the caller keeps it."""
    form = getattr(asked, "body", None)
    order = form if isinstance(form, DraftForm) else getattr(form, "order", None)
    if order is None:
        row = tx.row(
            "SELECT form::json ->> 'channel' AS channel FROM order_draft WHERE id::text = %(id)s", id=asked.at["id"]
        )
        return row is None or channels(lambda _: [row.channel or ""])(tx, asked)
    return channels(lambda _: [order.channel])(tx, asked)


def within_quote(tx: Tx, asked: Asked) -> bool:
    """It is about the channel of the quote `{number}`; one that does not exist passes, to be refused."""
    row = tx.row("SELECT channel FROM quote WHERE number = %(number)s", number=asked.at["number"])
    return row is None or channels(lambda _: [row.channel])(tx, asked)


def _lines(form: PlaceForm | QuoteForm) -> int:
    return 1 + (len(form.order.lines) if form.order else 10)


@deed("PUT", "/v1/drafts/{id}", "orders:write", save_drafts, within=anywhere, answer=DraftNow, example=EXAMPLE)
def save_draft(request: Request[DraftForm]) -> SaveDraft:
    """Keep an order as far as it is written down. Drafts are seen by who wrote them alone."""
    return SaveDraft(id=request.at["id"], form=request.body, version=request.version, actor=request.actor)


@read("/v1/drafts", "orders:write", within=anywhere)
def drafts(tx: Tx, question: Question[DraftQuery]) -> Page[DraftRow]:
    """The caller's drafts, those changed last first."""
    return list_drafts(tx, question.query, question.access.actor)


@read("/v1/drafts/{id}", "orders:write", within=anywhere)
def draft(tx: Tx, question: Question[None]) -> DraftNow:
    """One of the caller's drafts."""
    return get_draft(tx, question.at["id"], question.access.actor)


@deed("DELETE", "/v1/drafts/{id}", "orders:write", drop_drafts, within=anywhere, answer=Dropped)
def drop_draft(request: Request[None]) -> DropDraft:
    """Throw a draft away."""
    return DropDraft(id=request.at["id"], actor=request.actor)


@deed(
    "POST", "/v1/drafts/{id}/place", "orders:write", place_drafts, within=_drafted, answer=Placed, status=201,
    weight=_lines, example={"total": "19.99"},
)  # fmt: skip
def place_draft(request: Request[PlaceForm]) -> PlaceDraft:
    """Make an order of a draft, at the prices of the list where it names none. The draft is gone then.

    What would hold the order is refused as `would_be_held` first: mend it, or say `anyway`.
    """
    form = request.body
    return PlaceDraft(
        id=request.at["id"], form=form.order, total=form.total, anyway=form.anyway, version=request.version,
        actor=request.actor,
    )  # fmt: skip


@deed(
    "POST", "/v1/drafts/{id}/quote", "orders:write", make_quotes, within=_drafted, answer=QuoteRow, status=201,
    weight=_lines, example={"valid_until": "2026-12-01"},
)  # fmt: skip
def make_quote(request: Request[QuoteForm]) -> MakeQuote:
    """Make a quote of a draft: its prices stay as they are until the end of that day. The draft is gone then."""
    form = request.body
    return MakeQuote(
        id=request.at["id"], form=form.order, valid_until=form.valid_until, total=form.total, version=request.version,
        actor=request.actor,
    )  # fmt: skip


@read("/v1/quotes", "orders:read", within=anywhere, example={"state": "open"})
def quotes(tx: Tx, question: Question[QuoteQuery]) -> Page[QuoteRow]:
    """Quotes, newest first."""
    return list_quotes(tx, question.query, channels=question.access.channels)


@read("/v1/quotes/{number}", "orders:read", within=within_quote)
def quote(tx: Tx, question: Question[None]) -> QuoteNow:
    """One quote, with the order it describes."""
    return get_quote(tx, question.at["number"])


@read(
    "/v1/quotes/{number}/quote.pdf", "orders:read", within=within_quote, content_type=PDF,
    example={"language": "es", "size": "a4"},
)  # fmt: skip
def quote_sheet(tx: Tx, question: Question[SheetQuery]) -> bytes:
    """A quote as a paper, to print or to send."""
    query = question.query
    return quote_pdf(quote_paper(tx, question.at["number"]), language=query.language, size=query.size).content


@deed(
    "POST", "/v1/quotes/{number}/order", "orders:write", order_quotes, within=within_quote, answer=Placed,
    status=lambda placed: 200 if placed.repeated else 201, weight=lambda form: 10, example={"anyway": True},
)  # fmt: skip
def order_quote(request: Request[OrderForm]) -> OrderQuote:
    """Turn a quote into the order it describes, until it expires. The order's reference is the quote's number."""
    return OrderQuote(number=request.at["number"], anyway=request.body.anyway, actor=request.actor)


@deed(
    "POST", "/v1/quotes/{number}/withdraw", "orders:write", withdraw_quotes, within=within_quote, answer=QuoteRow
)  # fmt: skip
def withdraw_quote(request: Request[None]) -> WithdrawQuote:
    """Take a quote back: it cannot be ordered any more."""
    return WithdrawQuote(number=request.at["number"], actor=request.actor)
