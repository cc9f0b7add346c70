"""Transfers between sites as rows: own SQL. What is under way is read from the moves of their loads."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from orderwright.business.warehouse.transferring.forms import (
    PlanTransfer,
    SiteTransferNow,
    SiteTransferQuery,
    TransferUnits,
)
from orderwright.business.warehouse.transferring.rules import State
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable
from orderwright.values.pages import Page, mark, read_mark
from orderwright.values.refusal import Refusal

_UNITS = """
    SELECT u.id::text, u.sku, u.lot, sum(u.asked)::bigint AS asked, sum(u.loaded)::bigint AS loaded,
           sum(u.arrived)::bigint AS arrived, sum(u.lost)::bigint AS lost
    FROM (
        SELECT transfer_id AS id, sku, '' AS lot, units AS asked, 0 AS loaded, 0 AS arrived, 0 AS lost
        FROM site_transfer_line WHERE transfer_id = ANY(%(ids)s::uuid[])
        UNION ALL
        SELECT l.transfer_id, m.sku, m.lot, 0, CASE c.kind WHEN 'transfer_out' THEN m.quantity ELSE 0 END,
               CASE c.kind WHEN 'transfer_in' THEN m.quantity ELSE 0 END,
               CASE c.kind WHEN 'transfer_close' THEN m.quantity ELSE 0 END
        FROM site_transfer_load l
        CROSS JOIN unnest(ARRAY['transfer_out', 'transfer_in', 'transfer_close']) AS c(kind)
        JOIN stock_move m ON m.kind = 'transfer' AND m.cause = c.kind || ':' || l.document_id::text
        WHERE l.transfer_id = ANY(%(ids)s::uuid[])
    ) AS u GROUP BY u.id, u.sku, u.lot ORDER BY u.id, u.sku, u.lot
"""
# Only transfers that are open and about these products are looked at; what they loaded is read by its causes.
_ON_THE_WAY = """
    SELECT u.sku, t.site, t.to_site, total(u.under_way) AS under_way,
           total(CASE WHEN t.state IN ('planned', 'loading') THEN greatest(0, u.unloaded) ELSE 0 END) AS unloaded
    FROM (
        SELECT p.id, p.sku, total(p.asked - p.loaded) AS unloaded, total(p.under_way) AS under_way
        FROM (
            SELECT l.transfer_id AS id, l.sku, l.units AS asked, 0 AS loaded, 0 AS under_way
            FROM site_transfer t JOIN site_transfer_line l ON l.transfer_id = t.id
            WHERE t.ended_at IS NULL AND l.sku = ANY(%(skus)s::text[])
            UNION ALL
            SELECT l.transfer_id, m.sku, 0, CASE c.kind WHEN 'transfer_out' THEN m.quantity ELSE 0 END,
                   CASE c.kind WHEN 'transfer_out' THEN m.quantity ELSE -m.quantity END
            FROM site_transfer t JOIN site_transfer_load l ON l.transfer_id = t.id
            CROSS JOIN unnest(ARRAY['transfer_out', 'transfer_in', 'transfer_close']) AS c(kind)
            JOIN stock_move m ON m.kind = 'transfer' AND m.cause = c.kind || ':' || l.document_id::text
            WHERE t.ended_at IS NULL AND m.sku = ANY(%(skus)s::text[])
        ) AS p GROUP BY p.id, p.sku
    ) AS u JOIN site_transfer t ON t.id = u.id
    GROUP BY u.sku, t.site, t.to_site ORDER BY u.sku, t.site, t.to_site
"""
_HEAD = "t.id::text, t.number, t.site, t.to_site, t.state, t.made_by, t.made_at, t.sent_at, t.ended_at"


class Head(NamedTuple):
    """A transfer's row."""

    id: str
    number: str
    site: str
    to_site: str
    state: State
    made_by: str
    made_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None


class Load(NamedTuple):
    """A dispatch of a transfer. reference: its document's."""

    number: int
    document_id: str
    reference: str


def next_transfer_numbers(tx: Tx, count: int) -> list[str]:
    """Numbers for transfers."""
    rows = tx.tuples("SELECT nextval('site_transfer_number') FROM generate_series(1, %(count)s::int)", count=count)
    return [f"TR-{number:06}" for (number,) in rows]


def insert_transfers(tx: Tx, new: Sequence[tuple[str, str, PlanTransfer]]) -> None:
    """New transfers (id, number, plan)."""
    tx.copy(
        "site_transfer", "id, number, site, to_site, state, made_by, made_at",
        [(id_, number, each.form.site, each.form.to_site, "planned", each.actor, tx.now) for id_, number, each in new],
    )  # fmt: skip
    tx.copy(
        "site_transfer_line", "transfer_id, sku, units",
        [(id_, line.sku, line.quantity) for id_, _, each in new for line in each.form.lines],
    )  # fmt: skip


def lock_transfers(tx: Tx, numbers: Iterable[str]) -> dict[str, Head]:
    """Transfers by number, locked in the order of their ids; unknown ones are left out."""
    rows = tx.rows(
        f"SELECT {_HEAD} FROM site_transfer t WHERE t.number = ANY(%(numbers)s::text[]) ORDER BY t.id FOR UPDATE",
        numbers=array(askable(numbers)),
    )
    return {row.number: Head(*row) for row in rows}


def list_heads(tx: Tx, *, numbers: Iterable[str] = (), ids: Iterable[str] = (), is_locked: bool = False) -> list[Head]:
    """Transfers by number or id, in the order of their ids; is_locked: until the transaction ends."""
    rows = tx.rows(
        f"SELECT {_HEAD} FROM site_transfer t WHERE t.number = ANY(%(numbers)s::text[])"
        " OR t.id::text = ANY(%(numbers)s::text[]) OR t.id = ANY(%(ids)s::uuid[]) ORDER BY t.id"
        + (" FOR UPDATE" if is_locked else ""),
        numbers=array(askable(numbers)), ids=array(ids),
    )  # fmt: skip
    return [Head(*row) for row in rows]


def loads_of(tx: Tx, ids: Iterable[str]) -> dict[str, list[Load]]:
    """The dispatches of transfers, by transfer id, the first loaded first."""
    rows = tx.rows(
        "SELECT l.transfer_id::text AS id, l.number, l.document_id::text, t.number || '/' || l.number AS reference"
        " FROM site_transfer_load l JOIN site_transfer t ON t.id = l.transfer_id"
        " WHERE l.transfer_id = ANY(%(ids)s::uuid[]) ORDER BY l.transfer_id, l.number",
        ids=array(sorted(set(ids))),
    )  # fmt: skip
    found: dict[str, list[Load]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(Load(*row[1:]))
    return found


def units_of(tx: Tx, ids: Iterable[str]) -> dict[str, list[TransferUnits]]:
    """What of transfers was asked for, loaded, came and was lost, by transfer id, then product and lot."""
    found: dict[str, list[TransferUnits]] = {}
    for row in tx.rows(_UNITS, ids=array(sorted(set(ids)))):
        left = row.loaded - row.arrived - row.lost
        found.setdefault(row.id, []).append(
            TransferUnits(row.sku, row.lot, row.asked, row.loaded, row.arrived, row.lost, left)
        )
    return found


def add_loads(tx: Tx, new: Sequence[tuple[str, int, str]]) -> None:
    """Dispatches (transfer id, number, document id) of locked transfers."""
    tx.copy("site_transfer_load", "transfer_id, number, document_id", list(new))


def save_states(tx: Tx, states: Mapping[str, State]) -> None:
    """Locked transfers, by id, stand otherwise now."""
    tx.write(
        """
        UPDATE site_transfer t SET state = n.state,
            sent_at = CASE WHEN n.state IN ('sent', 'done') THEN coalesce(t.sent_at, %(now)s) END,
            ended_at = CASE WHEN n.state IN ('done', 'cancelled') THEN %(now)s END
        FROM unnest(%(ids)s::uuid[], %(states)s::text[]) AS n(id, state) WHERE t.id = n.id
        """,
        now=tx.now, ids=array(states), states=array(states.values()),
    )  # fmt: skip


def transfers_now(tx: Tx, numbers: Iterable[str]) -> dict[str, SiteTransferNow]:
    """Transfers as they stand, by number."""
    rows = tx.rows(
        f"SELECT {_HEAD} FROM site_transfer t WHERE t.number = ANY(%(numbers)s::text[]) ORDER BY t.id",
        numbers=array(askable(numbers)),
    )
    return {each.number: each for each in _shown(tx, rows)}


def get_site_transfer(tx: Tx, number: str) -> SiteTransferNow:
    """A transfer as it stands. Refuses not_found."""
    found = transfers_now(tx, [number]).get(number)
    if found is None:
        raise Refusal("not_found", transfer=number)
    return found


def list_site_transfers(tx: Tx, query: SiteTransferQuery) -> Page[SiteTransferNow]:
    """A page of transfers, newest first."""
    told: dict[str, Any] = {}
    wanted = [f"t.ended_at IS {'NULL' if query.state == 'open' else 'NOT NULL'}"]
    if query.site:
        wanted.append("%(site)s IN (t.site, t.to_site)")
        told["site"] = query.site
    if query.after:
        told["at"], told["id"] = read_mark(query.after, tuple[datetime, UUID])
        wanted.append("(t.made_at, t.id) < (%(at)s, %(id)s)")
    rows = tx.rows(
        f"SELECT {_HEAD} FROM site_transfer t WHERE {' AND '.join(wanted)}"
        " ORDER BY t.made_at DESC, t.id DESC LIMIT %(limit)s",
        limit=query.limit + 1, **told,
    )  # fmt: skip
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    return Page(_shown(tx, rows[: query.limit]), mark(last.made_at, last.id) if last else None)


def on_the_way(tx: Tx, skus: Iterable[str]) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """Units that open transfers bring to, and are still to take from, a site: two counts by (sku, site).

    What is asked for counts as coming from the moment it is planned, so that nobody asks for it twice.
    """
    rows = tx.rows(_ON_THE_WAY, skus=array(askable(skus)))
    coming: dict[tuple[str, str], int] = {}
    leaving: dict[tuple[str, str], int] = {}
    for row in rows:
        here, there = (row.sku, row.site), (row.sku, row.to_site)
        leaving[here] = leaving.get(here, 0) + row.unloaded
        coming[there] = coming.get(there, 0) + row.unloaded + row.under_way
    return coming, leaving


def _shown(tx: Tx, rows: Sequence[Any]) -> list[SiteTransferNow]:
    units = units_of(tx, [row.id for row in rows]) if rows else {}
    return [
        SiteTransferNow(
            row.number, row.site, row.to_site, row.state, row.made_by, row.made_at, units.get(row.id, []),
            row.sent_at, row.ended_at,
        )
        for row in rows
    ]  # fmt: skip
