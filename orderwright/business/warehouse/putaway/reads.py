"""What is known of goods and bins when something is put away."""

from collections.abc import Iterable, Mapping
from typing import Any

from orderwright.business.warehouse.putaway.rules import Bin, Goods
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable

NEVER_PICKED = 1000


def goods_of(tx: Tx, asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Goods]:
    """What products ask of a bin and how often they are picked, by (site, sku); of one unit, without a lot."""
    pairs = sorted({pair for pair in asked if len(askable(pair)) == len(set(pair))})
    rows = tx.rows(
        """
        SELECT a.site, p.sku, p.storage_class, p.weight_g,
               ceil(p.length_mm::numeric * p.width_mm * p.height_mm / 1000)::bigint AS unit_cm3,
               coalesce(t.rank_permille, %(never)s) AS rank_permille
        FROM unnest(%(sites)s::text[], %(skus)s::text[]) AS a(site, sku) JOIN product p ON p.sku = a.sku
        LEFT JOIN turnover t ON t.site = a.site AND t.sku = a.sku
        """,
        never=NEVER_PICKED, sites=array(site for site, _ in pairs), skus=array(sku for _, sku in pairs),
    )  # fmt: skip
    return {
        (row.site, row.sku): Goods(row.sku, "", 1, row.storage_class, row.unit_cm3, row.weight_g, row.rank_permille)
        for row in rows
    }


def bins_for(
    tx: Tx, site: str, goods: Mapping[str, Goods], places: Iterable[str] | None = None
) -> dict[str, list[Bin]]:
    """Bins of a site that the goods may go to, by key of `goods`: those of their storage class; or the places named.

    What lies in a bin counts with its sizes; what was never measured takes no room.
    """
    named = None if places is None else array(askable(places))
    rows = tx.rows(
        _BINS, site=site, named=named, classes=array(sorted({each.storage_class for each in goods.values()}))
    )
    walks = sorted({(row.aisle, row.bay, row.level) for row in rows})
    permille = {walk: 1000 * i // max(1, len(walks) - 1) for i, walk in enumerate(walks)}
    holds = _holding(tx, site, sorted({each.sku for each in goods.values()}))
    return {
        key: [_bin(row, each, permille[row.aisle, row.bay, row.level], holds)
              for row in rows if named is not None or row.storage_class == each.storage_class]
        for key, each in goods.items()
    }  # fmt: skip


_BINS = """
    SELECT p.id, p.code, p.storage_class, p.room_cm3, p.load_g, p.aisle, p.bay, p.level,
           coalesce(l.used_cm3, 0) AS used_cm3, coalesce(l.used_g, 0) AS used_g, coalesce(l.skus, 0) AS skus
    FROM place p
    LEFT JOIN (
        SELECT s.place_id, count(DISTINCT s.sku) AS skus, sum(s.quantity * g.weight_g)::bigint AS used_g,
               sum(s.quantity * ceil(g.length_mm::numeric * g.width_mm * g.height_mm / 1000))::bigint AS used_cm3
        FROM stock s JOIN product g ON g.sku = s.sku JOIN place h ON h.id = s.place_id AND h.site = %(site)s
        WHERE s.quantity > 0 GROUP BY s.place_id) AS l ON l.place_id = p.id
    WHERE p.site = %(site)s AND p.kind = 'bin' AND CASE WHEN %(named)s::text[] IS NULL
          THEN p.storage_class = ANY(%(classes)s::text[]) ELSE p.code = ANY(%(named)s::text[]) END
    ORDER BY p.code
"""


def _holding(tx: Tx, site: str, skus: list[str]) -> set[tuple[str, str, int]]:
    """(sku, lot, place id) of what lies in the site's bins, and (sku, '*', place id) of any lot."""
    rows = tx.rows(
        "SELECT s.sku, s.lot, s.place_id FROM stock s JOIN place p ON p.id = s.place_id AND p.site = %(site)s"
        " WHERE s.sku = ANY(%(skus)s::text[]) AND s.quantity > 0",
        site=site, skus=array(skus),
    )  # fmt: skip
    return {(row.sku, lot, row.place_id) for row in rows for lot in (row.lot, "*")}


def _bin(row: Any, goods: Goods, permille: int, holds: set[tuple[str, str, int]]) -> Bin:
    return Bin(
        row.code, row.storage_class, row.room_cm3, row.load_g, row.used_cm3, row.used_g, row.skus,
        (goods.sku, "*", row.id) in holds, (goods.sku, goods.lot, row.id) in holds, permille,
    )  # fmt: skip
