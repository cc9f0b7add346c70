"""Which sites could help out others that run low: read from levels, nothing is written."""

from typing import Any

from orderwright.business.deeds.supply.low import levels_of, work_out
from orderwright.business.purchasing.forms import LevelNow
from orderwright.business.purchasing.rules import wanted_units
from orderwright.business.warehouse.transferring.forms import ShareNow, ShareQuery
from orderwright.business.warehouse.transferring.rows import on_the_way
from orderwright.business.warehouse.transferring.rules import Stand, even_out, spare_units
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.pages import Page

_SKUS_MAX = 2_000


def list_shares(tx: Tx, query: ShareQuery) -> Page[ShareNow]:
    """What sites have beyond their own need that others run low on; the neediest first, at most `limit`.

    A site runs low by its level (at or below the reorder point, counting what is on its way). A site's own need is its
    target, or without a level what its picks ask for.
    """
    rows = tx.rows(
        "SELECT sku, site FROM reorder_level WHERE %(site)s IN ('', site) ORDER BY sku, site", site=query.to_site
    )
    low = sorted({each.sku for each in levels_of(tx, [(row.sku, row.site) for row in rows]) if each.is_low})
    stands = _stands(tx, low[:_SKUS_MAX])
    found = [
        ShareNow(sku, each.site, each.to_site, each.units, _of(mine, each.site).spare, _of(mine, each.to_site).wanted)
        for sku, mine in stands.items()
        for each in even_out(mine)
        if query.to_site in ("", each.to_site)
    ]
    return Page(sorted(found, key=lambda each: (-each.wanted, each.sku, each.to_site, each.site))[: query.limit])


def _of(stands: list[Stand], site: str) -> Stand:
    return next(each for each in stands if each.site == site)


def _stands(tx: Tx, skus: list[str]) -> dict[str, list[Stand]]:
    rows = tx.rows(
        """
        SELECT v.sku, v.site, v.on_hand - v.allocated - v.safety_stock AS free, l.sku IS NOT NULL AS has_level
        FROM availability v JOIN site s ON s.code = v.site AND s.is_active
        LEFT JOIN reorder_level l ON l.sku = v.sku AND l.site = v.site
        WHERE v.sku = ANY(%(skus)s::text[]) ORDER BY v.sku, v.site
        """,
        skus=array(skus),
    )
    needs = work_out(tx, [(row.sku, row.site) for row in rows if not row.has_level])
    levels = {(each.sku, each.site): each for each in levels_of(tx, [(row.sku, row.site) for row in rows])}
    _, leaving = on_the_way(tx, skus)
    found: dict[str, list[Stand]] = {}
    for row in rows:
        pair = (row.sku, row.site)
        found.setdefault(row.sku, []).append(_stand(row, levels[pair], needs.get(pair), leaving.get(pair, 0)))
    return found


def _stand(row: Any, level: LevelNow, need: tuple[int, int] | None, leaving: int) -> Stand:
    if row.has_level and (wanted := wanted_units(level.position, level.reorder_point, level.target)):
        return Stand(row.site, wanted, 0)
    goal = level.target if row.has_level else need[1] if need else 0
    return Stand(row.site, 0, spare_units(row.free - level.waiting, leaving, goal))
