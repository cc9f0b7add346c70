"""What the books say of a moment that is past: for what was counted then."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from orderwright.business.stock import tables
from orderwright.business.stock.goods import goods_findings
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding


class Seen(NamedTuple):
    """Units of one lot of a product in a place of a site, looked at by somebody at that moment."""

    sku: str
    site: str
    place_id: int
    lot: str
    at: datetime


class Lying(NamedTuple):
    """What the books say lies there: now, and at the moment it was looked at."""

    now: int
    then: int


def lock_seen(tx: Tx, seen: Iterable[Seen]) -> dict[Seen, Lying]:
    """What the books say of each, its rows locked: nothing of it moves until the transaction ends.

    What moved since is taken off again by when it happened (`occurred_at`), not by when it was written down. What was
    only put right since (units lost or found: the other end of the move is on paper) moved nothing: it was as true of
    that moment as of now, and counts for both.
    """
    asked = sorted(set(seen))
    tables.lock_counters(tx, [(each.sku, each.site) for each in asked])
    lying = tables.lock_lying(tx, [(each.sku, each.place_id, each.lot) for each in asked])
    moved = _moved_since(tx, asked)
    return {
        each: Lying(now, now - moved.get(each, 0))
        for each in asked
        for now in (lying.get((each.sku, each.place_id, each.lot), (0, 0))[0],)
    }


def _moved_since(tx: Tx, asked: list[Seen]) -> dict[Seen, int]:
    """In less out since each was looked at."""
    rows = tx.rows(
        """
        SELECT asked.n, sum(CASE WHEN m.to_place = asked.place_id THEN m.quantity ELSE -m.quantity END)::bigint AS units
        FROM unnest(%(skus)s::text[], %(places)s::bigint[], %(lots)s::text[], %(times)s::timestamptz[])
             WITH ORDINALITY AS asked(sku, place_id, lot, at, n)
        -- Nothing is written down before it happened: the first condition is the one with an index.
        JOIN stock_move m ON m.sku = asked.sku AND m.recorded_at > asked.at AND m.occurred_at > asked.at
             AND m.lot = asked.lot AND asked.place_id IN (m.from_place, m.to_place)
        JOIN place other ON other.id = CASE WHEN m.to_place = asked.place_id THEN m.from_place ELSE m.to_place END
        WHERE other.kind NOT IN ('lost', 'found')
        GROUP BY asked.n
        """,
        skus=array(each.sku for each in asked), places=array(each.place_id for each in asked),
        lots=array(each.lot for each in asked), times=array(each.at for each in asked),
    )  # fmt: skip
    return {asked[row.n - 1]: row.units for row in rows}


def goods_problems(tx: Tx, lots: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Finding]]:
    """What is wrong with goods named as (sku, lot): see `goods.goods_findings`; those without a fault are left out."""
    asked = set(lots)
    known = tables.goods(tx, [sku for sku, _ in asked])
    found = {key: list(goods_findings("", *key, known)) for key in asked}
    return {key: findings for key, findings in found.items() if findings}
