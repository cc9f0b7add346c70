"""The list of customers: newest first, or those who fit what was typed; keyset pages."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from orderwright.business.orders.buyers import kept, matching
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.forms import Form
from orderwright.values.pages import After, Limit, Page, mark, read_mark

FITTING_MAX = 500
"""So many customers of each kind of match are looked at; who is not among them is found by typing more."""


class CustomerQuery(Form, frozen=True):
    """Which customers. `q`: the beginning of a name, surname, e-mail address, phone number (or its end), postcode."""

    q: Annotated[str, Meta(max_length=200)] = ""
    after: After | None = None
    limit: Limit = 50


class CustomerRow(msgspec.Struct, frozen=True):
    """A customer in a list. place: postcode and city of their usual address, or of their last order."""

    id: str
    name: str
    email: str
    phone: str
    postal_code: str
    price_list: str
    last_order: str
    last_at: datetime | None
    first_at: datetime


def list_customers(
    tx: Tx, query: CustomerQuery, *, channels: Collection[str] | None = None, sites: Collection[str] | None = None
) -> Page[CustomerRow]:
    """A page of customers, those written down last first; with `q` those who fit. The merged and erased are left out.

    channels, sites: only who ordered there, and only with `q`, since nobody could be looked through for that.
    """
    found = matching(query.q, FITTING_MAX)
    is_limited = channels is not None or sites is not None
    if (query.q.strip() or is_limited) and found is None:
        return Page([])
    (id_,) = read_mark(query.after, tuple[UUID]) if query.after else (None,)
    rows = tx.rows(
        f"""
        SELECT c.id::text, c.name, c.email, c.phone, c.postal_code, coalesce(c.price_list, '') AS price_list,
               c.first_at, o.number, o.placed_at, o.postal_code AS last_postal_code
        FROM customer c
        {"JOIN" if is_limited else "LEFT JOIN"} LATERAL (
            SELECT number, placed_at, postal_code FROM orders o WHERE {_own(channels, sites)} ORDER BY o.id DESC LIMIT 1
        ) AS o ON true
        WHERE c.erased_at IS NULL AND c.merged_into IS NULL
          {f"AND c.id = ANY(ARRAY(SELECT id FROM {kept(found.sql)} AS fit))" if found else ""}
          {"AND c.id < %(id)s::uuid" if id_ else ""}
        ORDER BY c.id DESC LIMIT %(limit)s
        """,
        channels=array(channels or ()), sites=array(sites or ()), id=str(id_), limit=query.limit + 1,
        **(found.values if found else {}),
    )  # fmt: skip
    items = [_row(row) for row in rows[: query.limit]]
    return Page(items, mark(items[-1].id) if len(rows) > query.limit else None)


def is_seen(tx: Tx, id_: str, channels: Collection[str] | None, sites: Collection[str] | None) -> bool:
    """Whether a customer ordered by one of these channels, with work at one of these sites; None: all."""
    row = tx.row(
        f"SELECT 1 FROM customer c JOIN orders o ON {_own(channels, sites)} WHERE c.id = %(id)s::uuid LIMIT 1",
        id=id_, channels=array(channels or ()), sites=array(sites or ()),
    )  # fmt: skip
    return row is not None


def _own(channels: Collection[str] | None, sites: Collection[str] | None) -> str:
    """The condition of a customer's orders that may be seen."""
    wanted = [
        "o.customer_id = c.id",
        "o.channel = ANY(%(channels)s::text[])" if channels is not None else "",
        "EXISTS (SELECT 1 FROM fulfilment f WHERE f.order_id = o.id AND f.site = ANY(%(sites)s::text[]))"
        if sites is not None else "",
    ]  # fmt: skip
    return " AND ".join(filter(None, wanted))


def _row(row: Any) -> CustomerRow:
    return CustomerRow(
        row.id, row.name, row.email, row.phone, row.postal_code or row.last_postal_code or "", row.price_list,
        row.number or "", row.placed_at, row.first_at,
    )  # fmt: skip
