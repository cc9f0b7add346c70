"""What the floor reads of places and lots."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from orderwright.database.rows import array
from orderwright.database.tx import Tx


def expiries(tx: Tx, lots: Iterable[tuple[str, str]]) -> dict[tuple[str, str], date]:
    """When lots expire, by (sku, lot); only those that do."""
    asked = sorted({(sku, lot) for sku, lot in lots if lot})
    if not asked:
        return {}
    rows = tx.rows(
        "SELECT sku, lot, l.expires_on FROM unnest(%(skus)s::text[], %(lots)s::text[]) AS asked(sku, lot)"
        " JOIN lot l USING (sku, lot) WHERE l.expires_on IS NOT NULL",
        skus=array(sku for sku, _ in asked), lots=array(lot for _, lot in asked),
    )  # fmt: skip
    return {(row.sku, row.lot): row.expires_on for row in rows}


def stops_of(tx: Tx, place_ids: Iterable[int]) -> dict[int, Any]:
    """Rows (id, site, zone, aisle, bay, level, code) of places by id."""
    rows = tx.rows(
        "SELECT id, site, zone, aisle, bay, level, code FROM place WHERE id = ANY(%(ids)s::bigint[])",
        ids=array(sorted(set(place_ids))),
    )
    return {row.id: row for row in rows}


def place_ids(tx: Tx, keys: Iterable[tuple[str, str]], kinds: Sequence[str] = ()) -> dict[tuple[str, str], int]:
    """Place id by (site, code), those that exist; with kinds, only places of these."""
    asked = sorted(set(keys))
    rows = tx.rows(
        "SELECT p.id, site, code FROM unnest(%(sites)s::text[], %(codes)s::text[]) AS asked(site, code)"
        " JOIN place p USING (site, code) WHERE %(any)s OR p.kind = ANY(%(kinds)s::text[])",
        sites=array(site for site, _ in asked), codes=array(code for _, code in asked), any=not kinds,
        kinds=array(kinds),
    )  # fmt: skip
    return {(row.site, row.code): row.id for row in rows}


def bins_of(tx: Tx, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Place id by (site, code) of those places that are bins: goods are sold from there."""
    return place_ids(tx, keys, ("bin",))
