"""Stock's own SQL. Rows are locked availability first, by (sku, site), then stock, by (sku, place, lot).

A LATERAL subquery that locks is run for one row asked for after the other, in their order and by the primary key,
however many they are.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from orderwright.business.stock.rules import Books, Place
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable


class Goods(NamedTuple):
    """What booking needs to know of a product."""

    tracking: str
    is_kit: bool
    is_retired: bool
    asks_expiry: bool


class Counter(NamedTuple):
    """A locked availability row."""

    on_hand: int
    allocated: int
    cost_micro: int


def goods(tx: Tx, skus: Iterable[str]) -> dict[str, Goods]:
    """Products by sku, those that exist."""
    rows = tx.rows(
        "SELECT sku, tracking, is_kit, is_retired, asks_expiry FROM product WHERE sku = ANY(%(skus)s::text[])",
        skus=array(askable(skus)),
    )
    return {row.sku: Goods(row.tracking, row.is_kit, row.is_retired, row.asks_expiry) for row in rows}


def time_zones(tx: Tx, sites: Iterable[str]) -> dict[str, str]:
    """Time zone by code of the sites that exist."""
    rows = tx.rows("SELECT code, time_zone FROM site WHERE code = ANY(%(sites)s::text[])", sites=array(askable(sites)))
    return {row.code: row.time_zone for row in rows}


def places(tx: Tx, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Place]:
    """Places by (site, code), those that exist."""
    asked = _askable(keys)
    rows = tx.rows(
        """
        SELECT p.id, p.site, p.code, p.kind
        FROM unnest(%(sites)s::text[], %(codes)s::text[]) AS asked(site, code) JOIN place p USING (site, code)
        """,
        sites=array(site for site, _ in asked), codes=array(code for _, code in asked),
    )  # fmt: skip
    return {(row.site, row.code): Place(*row) for row in rows}


def places_by_id(tx: Tx, ids: Iterable[int]) -> dict[int, Place]:
    """Places by id."""
    rows = tx.rows(
        "SELECT id, site, code, kind FROM place WHERE id = ANY(%(ids)s::bigint[])", ids=array(sorted(set(ids)))
    )
    return {row.id: Place(*row) for row in rows}


def lock_counters(tx: Tx, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Counter]:
    """Availability rows by (sku, site), locked in that order."""
    asked = _askable(pairs)
    rows = tx.rows(
        """
        SELECT row.*
        FROM (SELECT * FROM unnest(%(skus)s::text[], %(sites)s::text[]) AS asked(sku, site)
              ORDER BY sku, site) AS asked
        CROSS JOIN LATERAL (
            SELECT a.sku, a.site, a.on_hand, a.allocated, a.cost_micro
            FROM availability a WHERE a.sku = asked.sku AND a.site = asked.site FOR UPDATE) AS row
        """,
        skus=array(sku for sku, _ in asked), sites=array(site for _, site in asked),
    )  # fmt: skip
    return {(row.sku, row.site): Counter(row.on_hand, row.allocated, row.cost_micro) for row in rows}


def lock_lying(tx: Tx, keys: Iterable[tuple[str, int, str]]) -> dict[tuple[str, int, str], tuple[int, int]]:
    """(quantity, committed) by (sku, place id, lot), the rows locked in that order."""
    asked = [key for key in sorted(set(keys)) if len(askable((key[0], key[2]))) == len({key[0], key[2]})]
    rows = tx.rows(
        """
        SELECT row.*
        FROM (SELECT * FROM unnest(%(skus)s::text[], %(places)s::bigint[], %(lots)s::text[])
                       AS asked(sku, place_id, lot) ORDER BY sku, place_id, lot) AS asked
        CROSS JOIN LATERAL (
            SELECT s.sku, s.place_id, s.lot, s.quantity, s.committed FROM stock s
            WHERE s.sku = asked.sku AND s.place_id = asked.place_id AND s.lot = asked.lot FOR UPDATE) AS row
        """,
        skus=array(sku for sku, _, _ in asked), places=array(place for _, place, _ in asked),
        lots=array(lot for _, _, lot in asked),
    )  # fmt: skip
    return {(row.sku, row.place_id, row.lot): (row.quantity, row.committed) for row in rows}


def open_books(
    counters: Mapping[tuple[str, str], Counter], lying: Mapping[tuple[str, int, str], tuple[int, int]]
) -> Books:
    """Books over locked rows."""
    return Books(lying, {pair: (row.on_hand, row.allocated) for pair, row in counters.items()})


def expiries(tx: Tx, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], date | None]:
    """When lots expire, by (sku, lot); only lots that are known."""
    asked = _askable(keys)
    rows = tx.rows(
        """
        SELECT l.sku, l.lot, l.expires_on
        FROM unnest(%(skus)s::text[], %(lots)s::text[]) AS asked(sku, lot) JOIN lot l USING (sku, lot)
        """,
        skus=array(sku for sku, _ in asked), lots=array(lot for _, lot in asked),
    )  # fmt: skip
    return {(row.sku, row.lot): row.expires_on for row in rows}


def keep_lots(tx: Tx, lots: Mapping[tuple[str, str], date | None]) -> None:
    """Make lots known; a date that was missing is filled in. Those that teach nothing new are not locked."""
    keys = sorted(lots)
    if not keys:
        return
    tx.write(
        """
        INSERT INTO lot (sku, lot, expires_on)
        SELECT asked.* FROM unnest(%(skus)s::text[], %(lots)s::text[], %(days)s::date[])
             AS asked(sku, lot, expires_on) LEFT JOIN lot l USING (sku, lot)
        WHERE l.sku IS NULL OR (l.expires_on IS NULL AND asked.expires_on IS NOT NULL)
        ORDER BY sku, lot
        ON CONFLICT (sku, lot) DO UPDATE SET expires_on = excluded.expires_on
        WHERE lot.expires_on IS NULL AND excluded.expires_on IS NOT NULL
        """,
        skus=array(sku for sku, _ in keys), lots=array(lot for _, lot in keys),
        days=array(lots[key] for key in keys),
    )  # fmt: skip


def lock_undated(tx: Tx, keys: Iterable[tuple[str, str]]) -> None:
    """Lock lots without a date of products that ask for it, by (sku, lot), in that order."""
    asked = sorted(set(keys))
    if not asked:
        return
    tx.rows(
        """
        SELECT FROM unnest(%(skus)s::text[], %(lots)s::text[]) AS asked(sku, lot)
        JOIN product p ON p.sku = asked.sku AND p.asks_expiry
        JOIN lot l ON l.sku = asked.sku AND l.lot = asked.lot AND l.expires_on IS NULL
        ORDER BY l.sku, l.lot FOR NO KEY UPDATE OF l
        """,
        skus=array(sku for sku, _ in asked), lots=array(lot for _, lot in asked),
    )  # fmt: skip


def save_costs(tx: Tx, costs: Mapping[tuple[str, str], int]) -> None:
    """Set average unit costs by (sku, site); the rows are locked."""
    keys = sorted(costs)
    if not keys:
        return
    tx.write(
        """
        UPDATE availability a SET cost_micro = new.cost_micro
        FROM unnest(%(skus)s::text[], %(sites)s::text[], %(costs)s::bigint[]) AS new(sku, site, cost_micro)
        WHERE a.sku = new.sku AND a.site = new.site
        """,
        skus=array(sku for sku, _ in keys), sites=array(site for _, site in keys),
        costs=array(costs[key] for key in keys),
    )  # fmt: skip


def documents(tx: Tx, kind: str, keys: Iterable[tuple[str, str]], *, lock: bool = False) -> dict[tuple[str, str], Any]:
    """(body_hash, answer) by (site, reference) of documents booked before. lock: until the transaction ends."""
    asked = _askable(keys)
    rows = tx.rows(
        """
        SELECT d.site, d.reference, d.body_hash, d.answer
        FROM unnest(%(sites)s::text[], %(references)s::text[]) AS asked(site, reference)
        JOIN stock_document d ON d.kind = %(kind)s AND d.site = asked.site AND d.reference = asked.reference
        ORDER BY d.site, d.reference
        """
        + ("FOR UPDATE OF d" if lock else ""),
        kind=kind, sites=array(site for site, _ in asked), references=array(reference for _, reference in asked),
    )  # fmt: skip
    return {(row.site, row.reference): (bytes(row.body_hash), row.answer) for row in rows}


def _askable(keys: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [key for key in sorted(set(keys)) if len(askable(key)) == len(set(key))]


class UnderWay:
    """What of a transfer between sites has not arrived: units and cost by (sku, lot), arrival lines so far."""

    def __init__(self) -> None:
        self.left: dict[tuple[str, str], int] = {}
        self.costs: dict[tuple[str, str], int] = {}
        self.arrivals = 0


def under_way(tx: Tx, transfer_ids: Iterable[str]) -> dict[str, UnderWay]:
    """What is under way, by transfer id; the transfers' documents are locked by the caller."""
    found = {id_: UnderWay() for id_ in transfer_ids}
    rows = tx.rows(
        """
        SELECT split_part(cause, ':', 1) AS kind, split_part(cause, ':', 2) AS id, sku, lot,
               sum(quantity)::bigint AS units, max(unit_cost_micro) AS cost_micro, max(cause_line) AS last
        FROM stock_move WHERE kind = 'transfer' AND cause = ANY(%(causes)s::text[])
        GROUP BY cause, sku, lot ORDER BY cause DESC, sku, lot
        """,
        causes=array(f"{kind}:{id_}" for kind in ("transfer_out", "transfer_in", "transfer_close") for id_ in found),
    )
    for row in rows:
        way, key = found[row.id], (row.sku, row.lot)
        if row.kind == "transfer_out":
            way.left[key], way.costs[key] = row.units, row.cost_micro  # first, by the order of the rows
        else:
            way.left[key] -= row.units
            way.arrivals = max(way.arrivals, row.last) if row.kind == "transfer_in" else way.arrivals
    return found


def piles_past(tx: Tx, days: Mapping[str, date], limit: int) -> list[Any]:
    """Rows (sku, lot, id, site, code, kind) of lots in bins past their date on the site's day; `limit` a site."""
    sites = sorted(days)
    return tx.rows(
        """
        SELECT pile.* FROM unnest(%(sites)s::text[], %(days)s::date[]) AS asked(site, day)
        CROSS JOIN LATERAL (
            SELECT s.sku, s.lot, p.id, p.site, p.code, p.kind
            FROM place p JOIN stock s ON s.place_id = p.id AND s.lot <> '' AND s.quantity > 0
            JOIN lot l ON l.sku = s.sku AND l.lot = s.lot AND l.expires_on < asked.day
            WHERE p.site = asked.site AND p.kind = 'bin'
            ORDER BY s.sku, s.place_id, s.lot LIMIT %(limit)s) AS pile
        """,
        sites=array(sites), days=array(days[site] for site in sites), limit=limit,
    )  # fmt: skip
