"""Links by which a customer pays an amount: their rows, many at a time, and the tokens that open them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from orderwright.database.link_tokens import fits, read_token, tokens_of
from orderwright.database.rows import array
from orderwright.database.tx import Tx

PURPOSE = "pay link"
_TURN = 0  # an amount that changes gets another link, so no link has a second turn


class PayLinkRow(NamedTuple):
    """A link as its row stands. order_id: of the order, also of the one its quote became.

    paid_minor: what came in. returned_by: who gave it back; None where the gateway did.
    """

    id: str
    order_id: str | None
    quote_id: str | None
    currency: str
    amount_minor: int
    expires_at: datetime
    made_by: str
    made_at: datetime
    withdrawn_at: datetime | None
    gateway: str | None
    handed_at: datetime | None
    reference: str | None
    paid_at: datetime | None
    returned_at: datetime | None
    paid_minor: int | None
    returned_by: str | None

    @property
    def is_open(self) -> bool:
        """Neither paid nor taken back; it may be over all the same."""
        return self.paid_at is None and self.withdrawn_at is None


class LinkPaid(NamedTuple):
    """What came in by a link. order_id: of the order it is for; None where its quote could become none."""

    id: str
    gateway: str
    reference: str
    paid_minor: int
    order_id: str | None


class NewPayLink(NamedTuple):
    """A link to be written: of an order, or of a quote."""

    id: str
    order_id: str | None
    quote_id: str | None
    currency: str
    amount_minor: int
    expires_at: datetime
    made_by: str


_COLUMNS = (
    "id::text, order_id::text, quote_id::text, currency, amount_minor, expires_at, made_by, made_at, withdrawn_at,"
    " gateway, handed_at, reference, paid_at, returned_at, paid_minor, returned_by"
)


def tokens_of_links(tx: Tx, ids: Iterable[str]) -> list[str]:
    """The tokens of links, in order."""
    return tokens_of(tx, PURPOSE, [(id_, _TURN) for id_ in ids])


def find_link_id(tx: Tx, token: str) -> str | None:
    """The id of the link a token opens; None for what this store never made."""
    parts = read_token(token)
    return parts[0] if parts is not None and fits(tx, PURPOSE, parts[0], _TURN, parts[1]) else None


def links_by_id(tx: Tx, ids: Iterable[str], *, lock: bool = False) -> dict[str, PayLinkRow]:
    """Links by id, those that exist. To lock them, their quotes' and orders' rows are locked before."""
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM pay_link WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id{' FOR UPDATE' if lock else ''}",
        ids=array(sorted(set(ids))),
    )
    return {row.id: PayLinkRow(*row) for row in rows}


def links_of(tx: Tx, *, orders: Iterable[str] = (), quotes: Iterable[str] = (), lock: bool = False) -> list[PayLinkRow]:
    """Links of orders and of quotes, oldest first."""
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM pay_link WHERE order_id = ANY(%(orders)s::uuid[])"
        f" OR quote_id = ANY(%(quotes)s::uuid[]) ORDER BY id{' FOR UPDATE' if lock else ''}",
        orders=array(sorted(set(orders))), quotes=array(sorted(set(quotes))),
    )  # fmt: skip
    return [PayLinkRow(*row) for row in rows]


def insert_links(tx: Tx, links: Sequence[NewPayLink]) -> None:
    """Write links."""
    columns = "id, order_id, quote_id, currency, amount_minor, expires_at, made_by, made_at"
    tx.copy("pay_link", columns, [(*each, tx.now) for each in links])


def mark_links_withdrawn(tx: Tx, taken: Sequence[tuple[str, str]]) -> None:
    """Links are taken back: (id, by whom)."""
    tx.write(
        "UPDATE pay_link l SET withdrawn_at = %(now)s, withdrawn_by = t.actor"
        " FROM unnest(%(ids)s::uuid[], %(actors)s::text[]) AS t(id, actor) WHERE l.id = t.id",
        now=tx.now, ids=array(id_ for id_, _ in taken), actors=array(actor for _, actor in taken),
    )  # fmt: skip


def mark_handed(tx: Tx, ids: Sequence[str], gateway: str) -> None:
    """The customers of links were led to a gateway's page."""
    tx.write(
        "UPDATE pay_link SET handed_at = %(now)s, gateway = %(gateway)s WHERE id = ANY(%(ids)s::uuid[])",
        now=tx.now, ids=array(ids), gateway=gateway,
    )  # fmt: skip


def mark_paid(tx: Tx, paid: Sequence[LinkPaid]) -> None:
    """Links are paid."""
    tx.write(
        """
        UPDATE pay_link l SET paid_at = %(now)s, gateway = p.gateway, reference = p.reference,
               paid_minor = p.paid_minor, order_id = nullif(p.order_id, '')::uuid
        FROM unnest(%(ids)s::uuid[], %(gateways)s::text[], %(references)s::text[], %(amounts)s::bigint[],
                    %(orders)s::text[]) AS p(id, gateway, reference, paid_minor, order_id)
        WHERE l.id = p.id
        """,
        now=tx.now, ids=array(each.id for each in paid), gateways=array(each.gateway for each in paid),
        references=array(each.reference for each in paid), amounts=array(each.paid_minor for each in paid),
        orders=array(each.order_id or "" for each in paid),
    )  # fmt: skip


def mark_returned(tx: Tx, returned: Mapping[str, str | None]) -> None:
    """What was paid by links went back: by whom, by their ids; None: by the gateway."""
    tx.write(
        "UPDATE pay_link l SET returned_at = %(now)s, returned_by = nullif(r.actor, '')"
        " FROM unnest(%(ids)s::uuid[], %(actors)s::text[]) AS r(id, actor) WHERE l.id = r.id",
        now=tx.now, ids=array(returned), actors=array(actor or "" for actor in returned.values()),
    )  # fmt: skip
