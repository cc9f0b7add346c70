"""Erasing a person: what is personal goes from every place the register names; orders, money and stock stay.

Facts hold no people (see `database.facts`), so that no chain is touched. Whom an invoice was for is kept aside as long
as the law wants it told.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta

from orderwright.business.billing.actions import find_payments
from orderwright.business.catalog.forms import Saved
from orderwright.business.customers.actions import lock_customers
from orderwright.business.customers.forms import CustomerKept
from orderwright.business.customers.personal import PLACES
from orderwright.business.customers.reads import customers_by_id, get_customer
from orderwright.business.deeds.inbox.keeping import want_reading
from orderwright.business.deeds.settle import missing_minor
from orderwright.business.deeds.words_of_people import find_texts, forget_texts, lock_drafts_of_all
from orderwright.business.orders.actions import lock_orders
from orderwright.database.changes import Change, note
from orderwright.database.retention import INVOICE_DAYS
from orderwright.database.rows import array
from orderwright.database.settings import value_of
from orderwright.database.tx import Collision, Tx
from orderwright.values.findings import Finding, refusal_of
from orderwright.values.forms import Command, Form
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal

TOLD_MAX = 20
"""So many orders that are under way are named."""
Why = Literal["goods", "money", "return", "desk"]


class EraseForm(Form, frozen=True):
    """Who is erased, said once more: their name as it is kept; else their e-mail address, phone number or id."""

    name: Annotated[str, Meta(max_length=500)]


class EraseCustomer(Command, frozen=True):
    """Erase what is personal of a customer, and of those who were joined to them."""

    id: str
    name: str


class UnderWay(msgspec.Struct, frozen=True):
    """An order, or a quote, that stands in the way, and why: its goods, its money, a return, or work on the desk."""

    number: str
    why: list[Why]


class Erasing(msgspec.Struct, frozen=True):
    """What erasing a customer would come to. name: what is to be typed. under_way: what stands in the way, the first
    of it. invoices_of: orders of which the buyer's name and address stay aside, the last of them until `kept_until`.
    """

    id: str
    name: str
    orders: int
    quotes: int
    invoices_of: int
    kept_until: datetime | None
    under_way: list[UnderWay]


class _Family(NamedTuple):
    """A customer with those who were joined to them, and all their orders and quotes; ids."""

    customers: list[str]
    orders: list[str]
    quotes: list[str]


def look_at_erasing(tx: Tx, id_: str) -> Erasing:
    """What erasing a customer would come to. Refuses not_found, customer_step."""
    kept = get_customer(tx, id_)
    if not _stands(kept):
        raise Refusal("customer_step", merged_into=kept.merged_into)
    family = _families(tx, [id_])[id_]
    last = _last_papers(tx, family.orders)
    until = max(last.values()) + timedelta(days=value_of(tx, INVOICE_DAYS)) if last else None
    return Erasing(
        id_, name_to_type(kept), len(family.orders), len(family.quotes), len(last), until,
        _under_way(tx, {id_: family})[id_][:TOLD_MAX],
    )  # fmt: skip


def erase_customers(tx: Tx, commands: Sequence[EraseCustomer]) -> list[Saved | Refusal]:
    """Erase people; one `Saved` or Refusal per command. It cannot be taken back.

    Refuses not_found, customer_step (erased or joined before), malformed (the name is another), customer_under_way.
    """
    ids = sorted({each.id for each in commands if is_id(each.id)})
    before = _families(tx, ids)
    known = customers_by_id(tx, [one for family in before.values() for one in family.customers])
    texts = find_texts(tx, list(known.values()))
    lock_drafts_of_all(tx)
    _lock_quotes(tx, [quote for family in before.values() for quote in family.quotes])
    lock_orders(tx, [order for family in before.values() for order in family.orders])
    locked = lock_customers(tx, [one for family in before.values() for one in family.customers])
    families = _families(tx, ids)
    if (families, locked) != (before, known):  # an order, a join or a change came in between: look again
        raise Collision
    ways = _under_way(tx, families)
    results: list[Saved | Refusal] = []
    erased: dict[str, str] = {}
    for command in commands:
        kept = locked.get(command.id)
        refusal = _refusal(command, kept, erased, ways.get(command.id, []))
        if refusal is None and kept is not None:
            erased[command.id] = command.actor
        results.append(refusal or Saved(command.id, kept.version + 1 if kept else 0))
    if erased:
        _erase(tx, {id_: families[id_] for id_ in erased}, locked, erased, texts)
    return results


def _lock_quotes(tx: Tx, quotes: Sequence[str]) -> None:
    """Nobody orders them meanwhile; before orders are locked, as ordering them does."""
    tx.rows("SELECT FROM quote WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE", ids=array(sorted(quotes)))


def name_to_type(kept: CustomerKept) -> str:
    """What whoever erases a customer types, so that it is surely this one."""
    return kept.card.name or kept.card.email or kept.card.phone or kept.id


def _refusal(
    command: EraseCustomer, kept: CustomerKept | None, erased: Iterable[str], under_way: Sequence[UnderWay]
) -> Refusal | None:
    if kept is None:
        return Refusal("not_found", customer=command.id)
    if not _stands(kept) or kept.id in erased:
        return Refusal("customer_step", merged_into=kept.merged_into)
    if command.name.strip().casefold() != name_to_type(kept).casefold():
        return refusal_of([Finding("/name", "other_name", "Type the name as it stands with the customer.")])
    if under_way:
        told = [{"number": each.number, "why": each.why} for each in under_way[:TOLD_MAX]]
        return Refusal("customer_under_way", orders=told)
    return None


def _stands(kept: CustomerKept) -> bool:
    return kept.erased_at is None and not kept.merged_into


def _families(tx: Tx, ids: Sequence[str]) -> dict[str, _Family]:
    """Customers that exist with whom was joined to them, and their orders and quotes, by id."""
    families = {id_: _Family([id_], [], []) for id_ in customers_by_id(tx, ids)}
    rows = tx.rows(
        """
        WITH own AS (
            SELECT id AS head, id FROM customer WHERE id = ANY(%(ids)s::uuid[])
            UNION ALL SELECT merged_into, id FROM customer WHERE merged_into = ANY(%(ids)s::uuid[]))
        SELECT 0 AS part, head::text, id::text FROM own WHERE head <> id
        UNION ALL SELECT 1, own.head::text, o.id::text FROM own JOIN orders o ON o.customer_id = own.id
        UNION ALL SELECT DISTINCT 2, own.head::text, q.id::text FROM own JOIN customer c ON c.id = own.id
        JOIN quote q ON q.customer_id = own.id OR q.email_key <> '' AND q.email_key = c.email_key
            OR q.order_id IN (SELECT o.id FROM orders o WHERE o.customer_id = own.id)
        ORDER BY 1, 2, 3
        """,
        ids=array(sorted(families)),
    )
    for row in rows:
        families[row.head][row.part].append(row.id)
    return families


def _under_way(tx: Tx, families: dict[str, _Family]) -> dict[str, list[UnderWay]]:
    """What of customers is not finished yet, by customer, as orders and quotes are numbered."""
    orders = sorted({order for family in families.values() for order in family.orders})
    quotes = sorted({quote for family in families.values() for quote in family.quotes})
    payments = find_payments(tx, orders)
    missing = missing_minor(tx, {id_: payments.get(id_, []) for id_ in orders})
    found: dict[str, UnderWay] = {}
    for row in tx.rows(_OPEN, orders=array(orders), quotes=array(quotes)):
        open_: list[tuple[Why, Any]] = [
            ("goods", row.goods), ("money", row.money or missing.get(row.id)), ("return", row.returns),
            ("desk", row.desk),
        ]  # fmt: skip
        why: list[Why] = [name for name, is_so in open_ if is_so]
        if why:
            found[row.id] = UnderWay(row.number, why)
    return {
        id_: sorted(
            (found[one] for one in {*family.orders, *family.quotes} if one in found), key=lambda way: way.number
        )
        for id_, family in families.items()
    }


_OPEN = """
    SELECT o.id::text, o.number,
           EXISTS (SELECT FROM demand d WHERE d.order_id = o.id AND d.waiting + d.allocated + d.picked + d.packed > 0)
           OR EXISTS (SELECT FROM order_line l WHERE l.order_id = o.id AND l.sku IS NULL AND NOT l.is_removed
                      AND l.cancelled < l.quantity)
           OR EXISTS (SELECT FROM parcel p WHERE p.order_id = o.id AND p.state IN ('packed', 'labelled', 'shipped'))
           AS goods,
           EXISTS (SELECT FROM intent i WHERE i.order_id = o.id AND i.state IN ('wanted', 'calling', 'unknown'))
           OR EXISTS (SELECT FROM task t WHERE t.state <> 'done' AND (t.subject = o.id OR t.subject IN (
                      SELECT p.id FROM parcel p WHERE p.order_id = o.id))) AS money,
           EXISTS (SELECT FROM return_request r WHERE r.order_id = o.id AND r.state NOT IN ('settled', 'refused'))
           OR EXISTS (SELECT FROM exchange x WHERE x.order_id = o.id AND x.state = 'waiting') AS returns,
           EXISTS (SELECT FROM exception e WHERE e.order_id = o.id AND e.closed_at IS NULL) AS desk
    FROM orders o WHERE o.id = ANY(%(orders)s::uuid[])
    UNION ALL
    SELECT q.id::text, q.number, false, true, false, false FROM quote q
    WHERE q.id = ANY(%(quotes)s::uuid[]) AND EXISTS (
        SELECT FROM pay_link l WHERE l.quote_id = q.id AND l.paid_at IS NOT NULL AND l.order_id IS NULL
                                 AND l.returned_at IS NULL)
"""


def _last_papers(tx: Tx, orders: Sequence[str]) -> dict[str, datetime]:
    """When the last invoice or credit note of orders was issued, of those that must still be told."""
    rows = tx.rows(
        "SELECT order_id::text AS id, max(issued_at) AS at FROM paper WHERE order_id = ANY(%(ids)s::uuid[])"
        " GROUP BY order_id HAVING max(issued_at) >= %(since)s",
        ids=array(orders), since=tx.now - timedelta(days=value_of(tx, INVOICE_DAYS)),
    )  # fmt: skip
    return {row.id: row.at for row in rows}


def _erase(
    tx: Tx, families: dict[str, _Family], known: dict[str, CustomerKept], actors: dict[str, str], texts: dict[str, str]
) -> None:
    own = sorted(order for family in families.values() for order in family.orders)
    people = [known[one] for family in families.values() for one in family.customers]
    customers, orders = array(each.id for each in people), array(own)
    _keep_buyers(tx, own)
    _end_quotes(tx, {quote: id_ for id_, family in families.items() for quote in family.quotes}, own, actors)
    forget_texts(tx, people, texts)
    for place in PLACES:
        tx.write(
            place.statement("SELECT unnest(%(customers)s::uuid[])", "SELECT unnest(%(orders)s::uuid[])"),
            customers=customers, orders=orders,
        )  # fmt: skip
    tx.write(
        "UPDATE customer SET erased_at = %(now)s, changed_at = %(now)s, version = version + 1"
        " WHERE id = ANY(%(customers)s::uuid[])",
        now=tx.now, customers=customers,
    )  # fmt: skip
    note(tx, [Change("customer", id_, {}, {"erased": True}, actor) for id_, actor in actors.items()])
    _want_letters_read(tx, own)


def _want_letters_read(tx: Tx, orders: Sequence[str]) -> None:
    """What channels told of orders and nobody read yet is read now, however often that failed: it is emptied then."""
    rows = tx.rows(
        "SELECT DISTINCT i.channel, i.external_id FROM orders o"
        " JOIN inbox i ON i.channel = o.channel AND i.external_id = o.reference AND i.state = 'stored'"
        " WHERE o.id = ANY(%(ids)s::uuid[])",
        ids=array(orders),
    )
    want_reading(tx, [(row.channel, row.external_id) for row in rows])


def _keep_buyers(tx: Tx, orders: Sequence[str]) -> None:
    """Put aside whom invoices were made out to, as long as the law wants it told."""
    last = _last_papers(tx, orders)
    tx.write(
        """
        INSERT INTO kept_buyer (order_id, name, address, issued_at)
        SELECT o.id, coalesce(nullif(o.form::json #>> '{customer,name}', ''), c.name),
               coalesce(nullif((o.form::json -> 'bill_to')::text, 'null'), o.form::json ->> 'ship_to', '{}'), p.at
        FROM unnest(%(ids)s::uuid[], %(times)s::timestamptz[]) AS p(id, at) JOIN orders o USING (id)
        JOIN customer c ON c.id = o.customer_id
        """,
        ids=array(last), times=array(last.values()),
    )  # fmt: skip


def _end_quotes(tx: Tx, quotes: dict[str, str], orders: Sequence[str], actors: dict[str, str]) -> None:
    """Quotes are those of who is erased, and nobody can take or pay them any more."""
    ids, owners = array(quotes), array(quotes.values())
    by = array(actors[id_] for id_ in quotes.values())
    tx.write(
        """
        UPDATE quote q SET customer_id = n.owner,
               withdrawn_at = CASE WHEN q.ordered_at IS NULL THEN coalesce(q.withdrawn_at, %(now)s) END,
               withdrawn_by = CASE WHEN q.ordered_at IS NULL THEN coalesce(q.withdrawn_by, n.actor) END
        FROM unnest(%(ids)s::uuid[], %(owners)s::uuid[], %(by)s::text[]) AS n(id, owner, actor) WHERE q.id = n.id
        """,
        now=tx.now, ids=ids, owners=owners, by=by,
    )  # fmt: skip
    tx.write(
        """
        UPDATE pay_link l SET withdrawn_at = %(now)s, withdrawn_by = %(actor)s
        WHERE l.paid_at IS NULL AND l.withdrawn_at IS NULL
          AND (l.quote_id = ANY(%(ids)s::uuid[]) OR l.order_id = ANY(%(orders)s::uuid[]))
        """,
        now=tx.now, ids=ids, orders=array(orders), actor=next(iter(actors.values())),
    )  # fmt: skip
