"""The floor's lists: what is to be done at a site, the walk of one pick list, the returns bench."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.forms import Form
from orderwright.values.ids import is_id
from orderwright.values.pages import After, Limit, Page, mark, read_mark
from orderwright.values.refusal import Refusal

FulfilmentState = Literal["planned", "released", "picked", "packed", "shipped", "cancelled"]
_OF_CHANNELS = "(SELECT FROM orders o WHERE o.id = {}.order_id AND o.channel = ANY(%(channels)s::text[]))"
AT_WORK: tuple[FulfilmentState, ...] = ("planned", "released", "picked", "packed")


class FulfilmentQuery(Form, frozen=True):
    """Which fulfilments: of one site or all, in one state or in all that are still at work."""

    site: Annotated[str, Meta(max_length=64)] | None = None
    state: FulfilmentState | None = None
    after: After | None = None
    limit: Limit = 50


class FulfilmentShown(msgspec.Struct, frozen=True):
    """Planned work at a site. Units by how far they are; `is_held`: a hold stops the order, or just this."""

    id: str
    order: str
    site: str
    state: str
    service: str
    ship_by: datetime
    deliver_by: date
    priority: int
    is_held: bool
    allocated: int
    picked: int
    packed: int
    shipped: int
    version: int


def list_fulfilments(
    tx: Tx, query: FulfilmentQuery, *, sites: Collection[str] | None = None, channels: Collection[str] | None = None
) -> Page[FulfilmentShown]:
    """A page of fulfilments, what leaves first at the top. sites, channels: only these; None: all. One statement."""
    after = read_mark(query.after, tuple[datetime, UUID]) if query.after else None
    asked = [query.site] if query.site is not None else None
    if sites is not None:
        asked = sorted(sites if asked is None else set(sites) & set(asked))
    beyond = " AND (ship_by, id) > (%(ship_by)s, %(id)s::uuid)" if after else ""
    if channels is not None:
        beyond += f" AND EXISTS {_OF_CHANNELS.format('fulfilment')}"
    # One branch per state, each named in words, so that each can use the index of that state alone.
    branches = " UNION ALL ".join(
        f"(SELECT * FROM fulfilment WHERE site = s.code AND state = '{state}'{beyond}"
        " ORDER BY ship_by, id LIMIT %(limit)s)"
        for state in ([query.state] if query.state else AT_WORK)
    )
    rows = tx.rows(
        f"""
        SELECT f.id::text, o.number, f.site, f.state, f.service, f.ship_by, f.deliver_by, o.priority,
               o.is_held OR EXISTS (SELECT 1 FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL),
               u.allocated, u.picked, u.packed, u.shipped, f.version
        FROM (SELECT f.* FROM site s CROSS JOIN LATERAL ({branches}) f
              WHERE %(sites)s::text[] IS NULL OR s.code = ANY(%(sites)s::text[])
              ORDER BY f.ship_by, f.id LIMIT %(limit)s) f
        JOIN orders o ON o.id = f.order_id
        CROSS JOIN LATERAL (SELECT coalesce(sum(allocated), 0)::bigint AS allocated,
                                   coalesce(sum(picked), 0)::bigint AS picked,
                                   coalesce(sum(packed), 0)::bigint AS packed,
                                   coalesce(sum(shipped), 0)::bigint AS shipped
                            FROM allocation a WHERE a.fulfilment_id = f.id) u
        ORDER BY f.ship_by, f.id
        """,
        sites=None if asked is None else array(asked), channels=array(sorted(channels or ())), limit=query.limit + 1,
        ship_by=after[0] if after else None, id=str(after[1]) if after else None,
    )  # fmt: skip
    items = [FulfilmentShown(*row) for row in rows[: query.limit]]
    return Page(items, mark(items[-1].ship_by, items[-1].id) if len(rows) > query.limit else None)


class TaskShown(msgspec.Struct, frozen=True):
    """One stop of a walk: take `quantity` units in all, of which `picked` are in the tote."""

    id: str
    walk: int
    place: str
    zone: str
    aisle: int
    bay: int
    level: int
    sku: str
    title: str
    lot: str
    expires_on: date | None
    quantity: int
    picked: int
    state: str


class PickList(msgspec.Struct, frozen=True):
    """What to pick for a fulfilment, in walking order. A held one is picked but not packed."""

    fulfilment_id: str
    order: str
    site: str
    state: str
    is_held: bool
    ship_by: datetime
    tasks: list[TaskShown]


def get_pick_list(tx: Tx, fulfilment_id: str) -> PickList:
    """The pick list of a fulfilment. Refuses not_found."""
    head = _head(tx, fulfilment_id) if is_id(fulfilment_id) else None
    if head is None:
        raise Refusal("not_found", fulfilment_id=fulfilment_id)
    rows = tx.rows(
        """
        SELECT t.id::text, t.walk, p.code, p.zone, p.aisle, p.bay, p.level, t.sku, g.title, t.lot, l.expires_on,
               t.quantity, t.picked, t.state
        FROM pick_task t JOIN place p ON p.id = t.place_id JOIN product g ON g.sku = t.sku
        LEFT JOIN lot l ON l.sku = t.sku AND l.lot = t.lot
        WHERE t.fulfilment_id = %(id)s AND t.state <> 'cancelled' ORDER BY t.walk
        """,
        id=fulfilment_id,
    )
    return PickList(*[*head, [TaskShown(*row) for row in rows]])


def _head(tx: Tx, fulfilment_id: str) -> Any:
    return tx.row(
        """
        SELECT f.id::text, o.number, f.site, f.state,
               o.is_held OR EXISTS (SELECT 1 FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL),
               f.ship_by
        FROM fulfilment f JOIN orders o ON o.id = f.order_id WHERE f.id = %(id)s
        """,
        id=fulfilment_id,
    )


class PutBackShown(msgspec.Struct, frozen=True):
    """Units on the returns bench that are to go into a bin."""

    site: str
    sku: str
    lot: str
    quantity: int
    since: datetime


def list_put_backs(
    tx: Tx, site: str, *, limit: int = 200, channels: Collection[str] | None = None
) -> Sequence[PutBackShown]:
    """What lies on a site's returns bench to be put back, what lies longest first. channels: of their orders only."""
    only = "" if channels is None else f"AND EXISTS {_OF_CHANNELS.format('put_back')}"
    rows = tx.rows(
        f"""
        SELECT site, sku, lot, sum(quantity - placed)::bigint AS quantity, min(made_at) AS since
        FROM put_back WHERE site = %(site)s AND state = 'open' {only}
        GROUP BY site, sku, lot ORDER BY min(made_at), sku, lot LIMIT %(limit)s
        """,
        site=site, limit=limit, channels=array(sorted(channels or ())),
    )  # fmt: skip
    return [PutBackShown(*row) for row in rows]
