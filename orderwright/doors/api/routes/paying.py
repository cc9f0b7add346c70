"""Links by which customers pay: made for an order or a quote, looked at, taken back."""

from msgspec.structs import asdict

from orderwright.business.deeds.paying.giving_back import GiveBack, give_links_back
from orderwright.business.deeds.paying.links import (
    Days,
    MakePayLink,
    WithdrawPayLink,
    make_pay_links,
    withdraw_pay_links,
)
from orderwright.business.deeds.paying.showing import PayLink, get_pay_link
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.routes.quotes import within_quote
from orderwright.doors.api.within import Asked, channels, order, orders
from orderwright.values.forms import Form
from orderwright.values.ids import is_id


class PayLinkForm(Form, frozen=True):
    """days: for how many it can be paid; left out: as the setting `pay.link_days` says."""

    days: Days | None = None


def _within_link(tx: Tx, asked: Asked) -> bool:
    """It is about the order a link is for (see `order`), else about the channel of its quote.

    A link that does not exist passes, to be refused.
    """
    id_ = asked.at["id"]
    row = is_id(id_) and tx.row(
        "SELECT o.number, q.channel FROM pay_link l LEFT JOIN quote q ON q.id = l.quote_id"
        " LEFT JOIN orders o ON o.id = coalesce(l.order_id, q.order_id) WHERE l.id = %(id)s::uuid",
        id=id_,
    )  # fmt: skip
    if not row:
        return True
    return orders(tx, asked, [row.number]) if row.number else channels(lambda _: [row.channel])(tx, asked)


def _status(link: PayLink) -> int:
    return 200 if link.repeated else 201


@deed(
    "POST", "/v1/orders/{number}/pay-link", "orders:write", make_pay_links, within=order, answer=PayLink,
    status=_status, example={"days": 3},
)  # fmt: skip
def make_order_link(request: Request[PayLinkForm]) -> MakePayLink:
    """Make a link by which the customer pays what is missing of an order, at `path` of this server.

    One that still asks for the right amount is answered again; another is replaced. 409 `exchange_open` (what goes
    out in exchange, before its return is settled), `nothing_to_pay`.
    """
    return MakePayLink(order=request.at["number"], actor=request.actor, **asdict(request.body))


@read("/v1/orders/{number}/pay-link", "orders:read", within=order)
def order_link(tx: Tx, question: Question[None]) -> PayLink:
    """The latest link to pay an order, and its state."""
    return get_pay_link(tx, order=question.at["number"])


@deed(
    "POST", "/v1/quotes/{number}/pay-link", "orders:write", make_pay_links, within=within_quote, answer=PayLink,
    status=_status, example={"days": 3},
)  # fmt: skip
def make_quote_link(request: Request[PayLinkForm]) -> MakePayLink:
    """Make a link by which the customer accepts a quote: being paid it becomes its order, once."""
    return MakePayLink(quote=request.at["number"], actor=request.actor, **asdict(request.body))


@read("/v1/quotes/{number}/pay-link", "orders:read", within=within_quote)
def quote_link(tx: Tx, question: Question[None]) -> PayLink:
    """The latest link to pay a quote, and its state."""
    return get_pay_link(tx, quote=question.at["number"])


@deed("POST", "/v1/pay-links/{id}/withdraw", "orders:write", withdraw_pay_links, within=_within_link, answer=PayLink)
def withdraw_link(request: Request[None]) -> WithdrawPayLink:
    """Take a link back: nobody can pay by it any more. 409 `pay_link_step`."""
    return WithdrawPayLink(id=request.at["id"], actor=request.actor)


@deed("POST", "/v1/pay-links/{id}/given-back", "money:write", give_links_back, within=_within_link, answer=PayLink)
def give_back(request: Request[None]) -> GiveBack:
    """Say that what was paid for a quote that could become no order was given back by hand.

    Only while its gateway does not give it back (`trouble` says why); 409 `pay_link_step`.
    """
    return GiveBack(id=request.at["id"], actor=request.actor)
