"""The link by which a customer follows an order, without signing in: it opens this order and nothing else.

A link holds the order's id and 128 bits that only this store can make (see `database.seals`), so it is there from
the moment an order is placed, is found by the order's primary key, and nothing of it need be kept.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.business.orders.buyers import of_erased
from orderwright.business.orders.facts import CustomerLinkRenewed
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.database.link_tokens import fits, read_token, tokens_of
from orderwright.database.rows import array
from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx
from orderwright.values.forms import Command
from orderwright.values.refusal import Refusal

PURPOSE = "customer link"

LINK_DAYS: Setting[int] = Setting(
    "portal.link_days", Annotated[int, Meta(ge=1, le=3_650)], 120,
    "Days after the last thing that happened to an order for which its customer's link opens it.",
)  # fmt: skip
SETTINGS = (LINK_DAYS,)


class CustomerLink(msgspec.Struct, frozen=True):
    """A customer's link: `path` on this server, and until when it opens the order if nothing more happens to it."""

    order: str
    token: str
    path: str
    ends_at: datetime


class LinkedOrder(msgspec.Struct, frozen=True):
    """The order a link opens. turn: how often its link was made anew."""

    id: str
    number: str
    turn: int
    ends_at: datetime


class RenewLink(Command, frozen=True):
    """Make an order's link anew; those from before open nothing any more."""

    number: str


_ORDER = """
    SELECT o.id::text, o.number, coalesce(c.turn, 0) AS turn, o.form <> '' AND NOT EXISTS (
               SELECT FROM customer k WHERE k.id = o.customer_id AND k.erased_at IS NOT NULL) AS has_people,
           greatest(o.placed_at, o.taken_at, o.fact_at,
                    (SELECT max(greatest(p.shipped_at, p.delivered_at)) FROM parcel p WHERE p.order_id = o.id),
                    (SELECT max(greatest(r.made_at, r.received_at, r.settled_at)) FROM return_request r
                     WHERE r.order_id = o.id)) AS last_at
    FROM orders o LEFT JOIN customer_link c ON c.order_id = o.id
"""


def find_linked(tx: Tx, token: str) -> LinkedOrder | None:
    """The order a token opens; None when it opens none, or none any more. One look by the primary key."""
    parts = read_token(token)
    if parts is None:
        return None
    order_id, seal = parts
    found = find_by_turn(tx, order_id)
    if found is None or not fits(tx, PURPOSE, found.id, found.turn, seal):
        return None
    return found if tx.now < found.ends_at else None


def find_by_turn(tx: Tx, order_id: str, turn: int | None = None) -> LinkedOrder | None:
    """An order as its link opens it, unless its people were erased, or the link was made anew since `turn`."""
    row = tx.row(f"{_ORDER} WHERE o.id = %(id)s", id=order_id)
    if row is None or not row.has_people or turn not in (None, row.turn):
        return None
    return _linked(tx, row)


def get_link(tx: Tx, number: str) -> CustomerLink:
    """The link of an order. Refuses not_found, also when its people were erased."""
    row = tx.row(f"{_ORDER} WHERE o.number = %(number)s", number=number)
    if row is None or not row.has_people:
        raise Refusal("not_found", order=number)
    return _links(tx, [_linked(tx, row)])[0]


def renew_links(tx: Tx, commands: Sequence[RenewLink]) -> list[CustomerLink | Refusal]:
    """Make links anew; one `CustomerLink` or Refusal per command.

    Refuses not_found, also when the order's people were erased: such a link would open nothing.
    """
    locked = lock_by_number(tx, [each.number for each in commands])
    gone = of_erased(tx, [row.id for row in locked.values()])
    orders = {number: row for number, row in locked.items() if row.id not in gone}
    tx.write(
        "INSERT INTO customer_link (order_id, turn, renewed_at) SELECT id, 1, %(now)s FROM unnest(%(ids)s::uuid[]) id"
        " ON CONFLICT (order_id) DO UPDATE SET turn = customer_link.turn + 1, renewed_at = excluded.renewed_at",
        ids=array(row.id for row in orders.values()), now=tx.now,
    )  # fmt: skip
    actors = {each.number: each.actor for each in commands}
    for number, order in orders.items():
        tx.record("order", order.id, CustomerLinkRenewed(), actor=actors[number])
    rows = tx.rows(f"{_ORDER} WHERE o.id = ANY(%(ids)s::uuid[])", ids=array(row.id for row in orders.values()))
    links = _links(tx, [_linked(tx, row) for row in rows])
    by_number: Mapping[str, CustomerLink] = {each.order: each for each in links}
    return [by_number.get(each.number) or Refusal("not_found", number=each.number) for each in commands]


def _linked(tx: Tx, row: Any) -> LinkedOrder:
    return LinkedOrder(row.id, row.number, row.turn, row.last_at + timedelta(days=value_of(tx, LINK_DAYS)))


def _links(tx: Tx, orders: Sequence[LinkedOrder]) -> list[CustomerLink]:
    tokens = tokens_of(tx, PURPOSE, [(each.id, each.turn) for each in orders])
    return [
        CustomerLink(each.number, token, f"/track/{token}", each.ends_at)
        for each, token in zip(orders, tokens, strict=True)
    ]
