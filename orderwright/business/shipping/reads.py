"""Parcels as the floor, the printer and the customer see them."""

from base64 import urlsafe_b64encode
from collections.abc import Collection, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from orderwright.business.shipping.rules import ParcelState
from orderwright.database.rows import array
from orderwright.database.seals import seals_of
from orderwright.database.tx import Tx
from orderwright.values.forms import Form
from orderwright.values.ids import is_id
from orderwright.values.pages import After, Limit, Page, mark, read_mark
from orderwright.values.refusal import Refusal

TOKEN_BYTES = 16


class ParcelQuery(Form, frozen=True):
    """Which parcels: of one site or all, in one state."""

    state: ParcelState
    site: Annotated[str, Meta(max_length=64)] | None = None
    after: After | None = None
    limit: Limit = 50


class ParcelRow(msgspec.Struct, frozen=True):
    """A parcel in a list."""

    id: str
    number: str
    order: str
    fulfilment_id: str
    site: str
    state: str
    service: str
    weight_g: int
    carrier: str | None
    tracking_code: str | None
    packed_at: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None
    deliver_by: date
    sscc: str | None
    version: int


class ContentShown(msgspec.Struct, frozen=True):
    """Units of one product in a parcel."""

    reference: str
    sku: str
    lot: str
    quantity: int


class EventShown(msgspec.Struct, frozen=True):
    """A scan."""

    milestone: str
    detail: str
    occurred_at: datetime


class ParcelShown(msgspec.Struct, frozen=True, omit_defaults=True):
    """A parcel with what is in it and where it was seen.

    carton: its kind. packer, checked_by: who packed it, and who looked at it besides; checked: what was asked for and
    met.
    """

    parcel: ParcelRow
    expected_weight_g: int
    lines: list[ContentShown]
    events: list[EventShown]
    carton: str | None = None
    packer: str = ""
    checked: str = "none"
    checked_by: str = ""


class LabelShown(msgspec.Struct, frozen=True):
    """What the printer gets."""

    parcel_id: str
    carrier: str
    tracking_code: str
    content: str


_ROW = (
    "p.id::text, p.number, o.number AS order_number, p.fulfilment_id::text, p.site, p.state, p.service,"
    " p.weight_g, p.carrier, p.tracking_code, p.packed_at, p.shipped_at, p.delivered_at, p.deliver_by, p.sscc,"
    " p.version"
)


def list_parcels(
    tx: Tx, query: ParcelQuery, *, sites: Collection[str] | None = None, channels: Collection[str] | None = None
) -> Page[ParcelRow]:
    """A page of parcels, newest first. sites, channels: only these; None: all. One statement."""
    only = "" if channels is None else (
        "AND EXISTS (SELECT FROM orders o WHERE o.id = parcel.order_id AND o.channel = ANY(%(channels)s::text[]))"
    )  # fmt: skip
    after = read_mark(query.after, tuple[datetime, UUID]) if query.after else None
    asked = [query.site] if query.site is not None else None
    if sites is not None:
        asked = sorted(sites if asked is None else set(sites) & set(asked))
    rows = tx.rows(
        f"""
        SELECT {_ROW}
        FROM site s CROSS JOIN LATERAL (
            SELECT * FROM parcel WHERE site = s.code AND state = %(state)s
            {only}
            {"AND (packed_at, id) < (%(packed_at)s, %(id)s::uuid)" if after else ""}
            ORDER BY packed_at DESC, id DESC LIMIT %(limit)s) p
        JOIN orders o ON o.id = p.order_id
        WHERE %(sites)s::text[] IS NULL OR s.code = ANY(%(sites)s::text[])
        ORDER BY p.packed_at DESC, p.id DESC LIMIT %(limit)s
        """,
        sites=None if asked is None else array(asked), channels=array(sorted(channels or ())), state=query.state,
        limit=query.limit + 1,
        packed_at=after[0] if after else None, id=str(after[1]) if after else None,
    )  # fmt: skip
    items = [ParcelRow(*row) for row in rows[: query.limit]]
    return Page(items, mark(items[-1].packed_at, items[-1].id) if len(rows) > query.limit else None)


def get_parcel(tx: Tx, parcel_id: str) -> ParcelShown:
    """A parcel by its id. Refuses not_found."""
    row = is_id(parcel_id) and tx.row(
        f"SELECT {_ROW}, p.expected_weight_g, p.carton, p.packer, p.checked, p.checked_by FROM parcel p"
        " JOIN orders o ON o.id = p.order_id WHERE p.id = %(id)s",
        id=parcel_id,
    )
    if not row:
        raise Refusal("not_found", parcel_id=parcel_id)
    lines = tx.rows(
        """
        SELECT coalesce(nullif(o.reference, ''), o.position::text), l.sku, l.lot, l.quantity
        FROM parcel_line l JOIN demand d ON d.id = l.demand_id
        JOIN order_line o ON o.order_id = d.order_id AND o.position = d.position
        WHERE l.parcel_id = %(id)s ORDER BY o.position, l.sku, l.lot
        """,
        id=parcel_id,
    )
    contents = [ContentShown(*line) for line in lines]
    return ParcelShown(ParcelRow(*row[:-5]), row.expected_weight_g, contents, _events(tx, parcel_id), *row[-4:])


def _events(tx: Tx, parcel_id: str) -> list[EventShown]:
    rows = tx.rows(
        "SELECT milestone, detail, occurred_at FROM tracking_event WHERE parcel_id = %(id)s"
        " ORDER BY occurred_at DESC, id DESC LIMIT 200",
        id=parcel_id,
    )
    return [EventShown(*row) for row in rows]


def get_label(tx: Tx, parcel_id: str) -> LabelShown:
    """The live label of a parcel, for the printer. Refuses not_found and no_label."""
    row = is_id(parcel_id) and tx.row(
        "SELECT p.id::text, l.carrier, l.tracking_code, l.content FROM parcel p"
        " LEFT JOIN label l ON l.parcel_id = p.id AND l.state = 'live' WHERE p.id = %(id)s",
        id=parcel_id,
    )
    if not row:
        raise Refusal("not_found", parcel_id=parcel_id)
    if row.carrier is None:
        raise Refusal("no_label", parcel_id=parcel_id)
    return LabelShown(*row)


class ItemShown(msgspec.Struct, frozen=True):
    """What the customer finds in the parcel."""

    title: str
    quantity: int


class SeenAt(msgspec.Struct, frozen=True):
    """Where the parcel got to, and when."""

    milestone: str
    occurred_at: datetime


class CustomerView(msgspec.Struct, frozen=True):
    """A parcel as whoever has its token may see it: no names, no addresses, no words of the carrier's people."""

    order: str
    parcel: str
    state: str
    service: str
    carrier: str | None
    tracking_code: str | None
    deliver_by: date
    shipped_at: datetime | None
    delivered_at: datetime | None
    items: Sequence[ItemShown]
    seen: Sequence[SeenAt]


def order_tracked(tx: Tx, token: str) -> str | None:
    """The id of the order a parcel's tracking token is of; None when it is nothing's."""
    row = tx.row(
        "SELECT order_id::text AS id FROM parcel WHERE token_hash = %(hash)s AND state <> 'unpacked'",
        hash=token_hash(token),
    )
    return None if row is None else str(row.id)


def track(tx: Tx, token: str) -> CustomerView:
    """The parcel a customer's tracking token opens. Refuses not_found."""
    row: Any = tx.row(
        "SELECT p.id::text, o.number AS order_number, p.number, p.state, p.service, p.carrier, p.tracking_code,"
        " p.deliver_by, p.shipped_at, p.delivered_at FROM parcel p JOIN orders o ON o.id = p.order_id"
        " WHERE p.token_hash = %(hash)s AND p.state <> 'unpacked'",
        hash=token_hash(token),
    )
    if row is None:
        raise Refusal("not_found")
    items = tx.rows(
        """
        SELECT CASE WHEN o.sku = l.sku AND o.title <> '' THEN o.title ELSE g.title END AS title,
               sum(l.quantity)::bigint AS quantity
        FROM parcel_line l JOIN demand d ON d.id = l.demand_id JOIN product g ON g.sku = l.sku
        JOIN order_line o ON o.order_id = d.order_id AND o.position = d.position
        WHERE l.parcel_id = %(id)s GROUP BY d.position, l.sku, 1 ORDER BY d.position, l.sku
        """,
        id=row.id,
    )
    seen = [SeenAt(each.milestone, each.occurred_at) for each in _events(tx, row.id)]
    return CustomerView(*[*row[1:], [ItemShown(*item) for item in items], seen])


def seen_of(tx: Tx, order_id: str) -> dict[str, list[SeenAt]]:
    """Where an order's parcels got to, latest first, by parcel; of each the latest 50."""
    rows = tx.rows(
        "SELECT p.id::text, e.milestone, e.occurred_at FROM parcel p CROSS JOIN LATERAL ("
        "  SELECT milestone, occurred_at, id FROM tracking_event WHERE parcel_id = p.id"
        "  ORDER BY occurred_at DESC, id DESC LIMIT 50) AS e"
        " WHERE p.order_id = %(id)s ORDER BY p.id, e.occurred_at DESC, e.id DESC",
        id=order_id,
    )
    found: dict[str, list[SeenAt]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(SeenAt(row.milestone, row.occurred_at))
    return found


def store_of(token: str) -> str:
    """The store a customer's tracking token names."""
    return token.partition(".")[0]


def tokens_of(tx: Tx, parcel_ids: Sequence[str]) -> list[str]:
    """The customers' tracking tokens of parcels, in order: always the same, and 128 bits nobody can guess."""
    seals = seals_of(tx, "tracking token", parcel_ids)
    return [f"{tx.store.name}.{urlsafe_b64encode(seal[:TOKEN_BYTES]).decode().rstrip('=')}" for seal in seals]


def token_hash(token: str) -> bytes:
    """What is kept of a customer's tracking token."""
    return sha256(token.encode(errors="replace")).digest()
