"""Locks a replay takes before its first step, each kind in one order: its scans come in any.

One scan by itself locks in order all that its deed touches. Several scans are several deeds, and the second would lock
what comes before that of the first: somebody who holds it and waits for the first would wait for ever.
"""

from collections.abc import Iterable, Sequence

from orderwright.business.deeds.scanning.asking import Asking
from orderwright.business.deeds.scanning.lying import skus_of
from orderwright.business.stock.actions import lock_counters, lock_lying
from orderwright.business.warehouse.places import place_ids
from orderwright.database.rows import array
from orderwright.database.tx import Tx

Goods = tuple[str, int, str]
"""(site, place id, sku); a sku of '' is whatever lies there."""


def is_replay(tx: Tx, asking: Sequence[Asking]) -> bool:
    """Whether several deeds may follow each other in this transaction, or it met somebody the first time."""
    return tx.is_again or any(len(each.told) > 1 for each in asking)


def goods_scanned(tx: Tx, asking: Sequence[Asking], *also: str) -> set[Goods]:
    """The products that sessions have in hand or scan, in every place they scan and in the places `also` (codes)."""
    sites = {each.session.site for each in asking}
    ids = place_ids(tx, [(site, code) for site in sites for code in also])
    found: set[Goods] = set()
    for each in asking:
        site = each.session.site
        places = {told.found.place.id for told in each.told if told.found.place} | {ids[site, code] for code in also}
        found |= {(site, id_, sku) for id_ in places for sku in skus_of(each)}
    return found


def lock_goods(tx: Tx, goods: Iterable[Goods], *, is_counted: bool = True) -> None:
    """Lock what lies there, whatever its lot; before it what is on hand of it (is_counted), as everybody does."""
    asked = sorted(set(goods))
    rows = tx.rows(
        """
        SELECT a.site, s.sku, s.place_id, s.lot
        FROM unnest(%(sites)s::text[], %(places)s::bigint[], %(skus)s::text[]) AS a(site, place_id, sku)
        JOIN stock s ON s.place_id = a.place_id AND (s.sku = a.sku OR a.sku = '')
        """,
        sites=array(site for site, _, _ in asked), places=array(place for _, place, _ in asked),
        skus=array(sku for _, _, sku in asked),
    )  # fmt: skip
    if is_counted:
        lock_counters(tx, {(sku, site) for site, _, sku in asked if sku} | {(row.sku, row.site) for row in rows})
    lock_lying(tx, [(row.sku, row.place_id, row.lot) for row in rows])
