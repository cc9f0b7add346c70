"""Links to pay as they stand: what each is for, what is still missing of that, and so in which state it is."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from orderwright.business.billing.actions import find_payments
from orderwright.business.billing.pay_links import PayLinkRow, find_link_id, links_by_id, links_of, tokens_of_links
from orderwright.business.billing.rules import PayLinkState, pay_link_state
from orderwright.business.deeds.customer_view import sum_of
from orderwright.business.deeds.invoice import names_of
from orderwright.business.deeds.settle import missing_minor
from orderwright.business.orders.form import NewOrder
from orderwright.business.orders.order_view import get_order
from orderwright.business.quotes.reads import get_quote
from orderwright.business.returns.exchanges import returns_awaited
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.refusal import Refusal

FOLLOW = "follow_pay_link"
"""The task that asks a gateway what became of a link, and gives back what is nobody's."""


class PayLink(msgspec.Struct, frozen=True, omit_defaults=True):
    """A link to pay. path: of its page on this server. order, quote: the numbers of what it is for.

    missing: what is to be paid by now. handed_at: when its customer was last led to the gateway's page. paid: what came
    in. trouble: why what came in for what could be no order did not go back; somebody gives it back another way.
    returned_by: who did; left out where the gateway gave it back.
    """

    id: str
    state: PayLinkState
    currency: str
    amount: str
    missing: str
    path: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    order: str = ""
    quote: str = ""
    handed_at: datetime | None = None
    paid_at: datetime | None = None
    paid: str = ""
    trouble: str = ""
    returned_at: datetime | None = None
    returned_by: str = ""
    repeated: bool = False


class PayItem(NamedTuple):
    """Units of a product that are paid for."""

    title: str
    quantity: int


class PaySeen(msgspec.Struct, frozen=True):
    """What a customer sees of a link: what it is for, what that comes to in all, and the link as it stands."""

    link: PayLink
    items: list[PayItem]
    total: str


class Payable(NamedTuple):
    """What a link is for. order_id: also of the order its quote became. missing_minor: None where the quote is gone."""

    order_id: str | None
    order: str
    quote: str
    missing_minor: int | None


def payables(tx: Tx, links: Sequence[PayLinkRow]) -> dict[str, Payable]:
    """What links are for, by their ids; a constant number of statements."""
    quotes = {row.id: row for row in tx.rows(
        """
        SELECT id::text, number, order_id::text,
               CASE WHEN withdrawn_at IS NOT NULL OR form NOT LIKE '{%%' THEN NULL
                    WHEN form::json #>> '{payment,state}' = 'paid' THEN 0 ELSE total_minor END AS missing
        FROM quote WHERE id = ANY(%(ids)s::uuid[])
        """,
        ids=array({each.quote_id for each in links if each.quote_id}),
    )}  # fmt: skip
    order_of = {each.id: each.order_id or (quotes[each.quote_id].order_id if each.quote_id else None) for each in links}
    ids = {id_ for id_ in order_of.values() if id_}
    numbers = {row.id: row.number for row in tx.rows(
        "SELECT id::text, number FROM orders WHERE id = ANY(%(ids)s::uuid[])", ids=array(sorted(ids))
    )}  # fmt: skip
    payments = find_payments(tx, ids)
    missing = missing_minor(tx, {id_: payments.get(id_, []) for id_ in ids})
    found = {}
    for each in links:
        order_id, quote = order_of[each.id], quotes.get(each.quote_id or "")
        left = max(0, missing[order_id]) if order_id else quote.missing if quote else None
        found[each.id] = Payable(order_id, numbers.get(order_id or "", ""), quote.number if quote else "", left)
    return found


def state_of(tx: Tx, link: PayLinkRow, payable: Payable) -> PayLinkState:
    """In which state a link is."""
    return pay_link_state(
        link.amount_minor, payable.missing_minor, is_over=tx.now >= link.expires_at,
        is_withdrawn=link.withdrawn_at is not None, is_paid=link.paid_at is not None,
        has_order=link.order_id is not None, is_returned=link.returned_at is not None,
    )  # fmt: skip


def show_links(tx: Tx, links: Sequence[PayLinkRow]) -> list[PayLink]:
    """Links as staff see them, in order."""
    found = payables(tx, links)
    troubles = {id_: _said(each.error) for id_, each in dead_followings(tx, links).items()}
    return [
        PayLink(
            each.id, state_of(tx, each, found[each.id]), each.currency,
            money.format_minor(each.amount_minor, each.currency),
            money.format_minor(found[each.id].missing_minor or 0, each.currency), f"/pay/{token}", each.made_by,
            each.made_at, each.expires_at, found[each.id].order, found[each.id].quote, each.handed_at, each.paid_at,
            money.format_minor(each.paid_minor, each.currency) if each.paid_minor else "", troubles.get(each.id, ""),
            each.returned_at, each.returned_by or "",
        )
        for each, token in zip(links, tokens_of_links(tx, [each.id for each in links]), strict=True)
    ]  # fmt: skip


def dead_followings(tx: Tx, links: Iterable[PayLinkRow]) -> dict[str, Any]:
    """Dead tasks (tasks, last error) that were to give back what came in by links, by link; those that nobody tries."""
    ids = [each.id for each in links if each.paid_at and each.order_id is None and each.returned_at is None]
    rows = tx.rows(
        "SELECT subject::text, array_agg(id::text ORDER BY id) AS tasks, (array_agg(error ORDER BY id DESC))[1]"
        " AS error FROM task WHERE subject = ANY(%(ids)s::uuid[]) AND name = %(name)s AND state <> 'done'"
        " GROUP BY subject HAVING bool_and(state = 'dead')",
        ids=array(ids), name=FOLLOW,
    ) if ids else []  # fmt: skip
    return {row.subject: row for row in rows}


def _said(error: str) -> str:
    """What a task died of, without the name of the error."""
    return error.partition(": ")[2] or error


def links_now(tx: Tx, ids: Iterable[str]) -> dict[str, PayLink]:
    """Links as they stand, by id, those that exist."""
    return {each.id: each for each in show_links(tx, list(links_by_id(tx, ids).values()))}


def find_pay_link(tx: Tx, *, order: str = "", quote: str = "") -> PayLink | None:
    """The latest link of an order (also one of the quote it was) or of a quote; None where none was made."""
    rows = tx.rows(
        "SELECT o.id::text AS order_id, q.id::text AS quote_id FROM orders o LEFT JOIN quote q ON q.order_id = o.id"
        " WHERE o.number = %(order)s UNION ALL SELECT NULL, id::text FROM quote WHERE number = %(quote)s",
        order=order, quote=quote,
    )  # fmt: skip
    links = links_of(
        tx, orders=[row.order_id for row in rows if row.order_id], quotes=[row.quote_id for row in rows if row.quote_id]
    )
    return show_links(tx, links[-1:])[0] if links else None


def get_pay_link(tx: Tx, *, order: str = "", quote: str = "") -> PayLink:
    """The same; refuses not_found."""
    found = find_pay_link(tx, order=order, quote=quote)
    if found is None:
        raise Refusal("not_found", **({"order": order} if order else {"quote": quote}))
    return found


def may_be_asked_for(tx: Tx, number: str) -> bool:
    """Whether money of an order is missing which its customer, and no return that is not settled, is to pay."""
    id_ = order_id_of(tx, number)
    missing = missing_minor(tx, {id_: find_payments(tx, [id_]).get(id_, [])})[id_]
    return missing > 0 and not returns_awaited(tx, [id_])


def waiting_for_money(tx: Tx, numbers: Iterable[str]) -> set[str]:
    """Those of the orders that wait for their money."""
    rows = tx.rows(
        "SELECT o.number FROM orders o JOIN hold h ON h.order_id = o.id AND h.kind = 'payment'"
        " WHERE o.number = ANY(%(numbers)s::text[]) AND h.released_at IS NULL",
        numbers=array(sorted(set(numbers))),
    )
    return {row.number for row in rows}


def order_id_of(tx: Tx, number: str) -> str:
    """The id of an order that exists."""
    return str(tx.row("SELECT id::text FROM orders WHERE number = %(number)s", number=number).id)


def look_at_link(tx: Tx, token: str) -> PaySeen:
    """What a link's customer sees. Refuses link_spent: it opens nothing, or who it was for was erased."""
    id_ = find_link_id(tx, token)
    links = list(links_by_id(tx, [id_]).values()) if id_ else []
    if not links:
        raise Refusal("link_spent")
    (link,) = show_links(tx, links)
    if link.order:
        order = get_order(tx, link.order)
        if order.is_erased:
            raise Refusal("link_spent")
        order_id = order_id_of(tx, link.order)
        titles = {position: title for (_, position), (_, title) in names_of(tx, [order_id]).items()}
        items = [
            PayItem(titles.get(each.position, each.title), each.quantity - each.stages.cancelled)
            for each in order.lines
        ]
        return PaySeen(link, [each for each in items if each.quantity > 0], sum_of(tx, order, order_id).total)
    quote = get_quote(tx, link.quote)
    if quote.written is None:
        raise Refusal("link_spent")
    return PaySeen(link, _items(quote.written), quote.row.total)


def _items(order: NewOrder) -> list[PayItem]:
    return [PayItem(each.title or each.sku, each.quantity) for each in order.lines]
