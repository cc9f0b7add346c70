"""Walks as people look at them: a page of them, one as a whole, and its stops in the order of the way."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from orderwright.business.warehouse.totes import totes_of_walks
from orderwright.business.warehouse.walk_forms import Walk, WalkState, WalkTote
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.forms import Form
from orderwright.values.ids import is_id
from orderwright.values.pages import After, Limit, Page, mark, read_mark
from orderwright.values.refusal import Refusal

_COUNTS = """
    SELECT count(DISTINCT t.fulfilment_id)::int AS orders, count(*)::int AS lines,
           count(*) FILTER (WHERE t.state = 'open')::int AS lines_open,
           coalesce(sum(CASE t.state WHEN 'open' THEN t.quantity ELSE t.picked END), 0)::bigint AS units
    FROM pick_task t WHERE t.batch_id = b.id AND t.state <> 'cancelled'
"""
_WALK = f"""
    SELECT b.id::text, b.number, b.site, b.strategy, b.state, b.zone, b.wave, b.cart, coalesce(b.picker, '') AS picker,
           b.totes, c.orders, c.lines, c.lines_open, c.units, b.predicted_mm, b.predicted_s, b.first_come_mm,
           b.due_at, b.made_at, b.claimed_at, b.ended_at, b.end_reason
    FROM pick_batch b CROSS JOIN LATERAL ({_COUNTS}) c
"""


class WalkQuery(Form, frozen=True):
    """Which walks: of one site or all, in one state or any, of one picker or all."""

    site: Annotated[str, Meta(max_length=64)] | None = None
    state: WalkState | None = None
    picker: Annotated[str, Meta(max_length=64)] | None = None
    after: After | None = None
    limit: Limit = 50


class WalkStop(msgspec.Struct, frozen=True):
    """One stop: take `quantity` units in all, of which `picked` are in the tote. x_mm, y_mm: of the bin."""

    task_id: str
    walk: int
    place: str
    zone: str
    aisle: int
    bay: int
    level: int
    x_mm: int
    y_mm: int
    sku: str
    title: str
    lot: str
    expires_on: date | None
    quantity: int
    picked: int
    tote: str
    order: str
    fulfilment_id: str
    state: str


class WalkShown(msgspec.Struct, frozen=True):
    """A walk with its stops in the order of the way; cancelled ones are left out."""

    walk: Walk
    stops: list[WalkStop]


def walks_by_id(tx: Tx, ids: Iterable[str]) -> dict[str, Walk]:
    """Walks as a whole, by id, with the totes they took."""
    asked = array(sorted(set(ids)))
    rows = tx.rows(f"{_WALK} WHERE b.id = ANY(%(ids)s::uuid[])", ids=asked)
    return {each.id: each for each in _walks(tx, rows)}


def _walks(tx: Tx, rows: list[Any]) -> list[Walk]:
    totes: dict[str, list[WalkTote]] = {}
    for row in totes_of_walks(tx, [row.id for row in rows]):
        tote = WalkTote(row.code, row.slot, row.fulfilment_id or "", row.order or "", row.stands_at)
        totes.setdefault(row.batch_id, []).append(tote)
    return [Walk(*[*row, totes.get(row.id, [])]) for row in rows]


def list_walks(
    tx: Tx, query: WalkQuery, *, sites: Collection[str] | None = None, channels: Collection[str] | None = None
) -> Page[Walk]:
    """A page of walks, newest first. sites: only these; None: all. channels: of whose orders alone all on it is."""
    after = read_mark(query.after, tuple[UUID]) if query.after else None
    asked = [query.site] if query.site is not None else None
    if sites is not None:
        asked = sorted(sites if asked is None else set(sites) & set(asked))
    wheres = ["true"]
    if asked is not None:
        wheres.append("b.site = ANY(%(sites)s::text[])")
    if query.state is not None:
        wheres.append("b.state = %(state)s")
    if query.picker is not None:
        wheres.append("b.picker = %(picker)s")
    if channels is not None:
        wheres.append(
            "NOT EXISTS (SELECT FROM pick_task t JOIN fulfilment f ON f.id = t.fulfilment_id"
            " JOIN orders o ON o.id = f.order_id WHERE t.batch_id = b.id AND o.channel <> ALL(%(channels)s::text[]))"
        )
    if after:
        wheres.append("b.id < %(id)s::uuid")
    rows = tx.rows(
        f"{_WALK} WHERE {' AND '.join(wheres)} ORDER BY b.id DESC LIMIT %(limit)s",
        sites=array(asked or ()), channels=array(sorted(channels or ())), state=query.state, picker=query.picker,
        limit=query.limit + 1,
        id=str(after[0]) if after else None,
    )  # fmt: skip
    items = _walks(tx, rows[: query.limit])
    return Page(items, mark(items[-1].id) if len(rows) > query.limit else None)


def get_walk(tx: Tx, walk_id: str) -> WalkShown:
    """A walk with its stops. Refuses not_found."""
    walk = walks_by_id(tx, [walk_id]).get(walk_id) if is_id(walk_id) else None
    if walk is None:
        raise Refusal("not_found", walk_id=walk_id)
    rows = tx.rows(
        """
        SELECT t.id::text, t.walk, p.code, p.zone, p.aisle, p.bay, p.level, p.x_mm, p.y_mm, t.sku, g.title, t.lot,
               l.expires_on, t.quantity, t.picked, t.tote, o.number, t.fulfilment_id::text, t.state
        FROM pick_task t JOIN place p ON p.id = t.place_id JOIN product g ON g.sku = t.sku
        JOIN fulfilment f ON f.id = t.fulfilment_id JOIN orders o ON o.id = f.order_id
        LEFT JOIN lot l ON l.sku = t.sku AND l.lot = t.lot
        WHERE t.batch_id = %(id)s AND t.state <> 'cancelled' ORDER BY t.walk, t.id
        """,
        id=walk_id,
    )
    return WalkShown(walk, [WalkStop(*row) for row in rows])
