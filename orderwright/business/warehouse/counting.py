"""Counts: bins, or one product in them, that somebody is to count."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids

DUE_IN = {"pick_short": timedelta(hours=4)}
"""How soon a count for that reason is wanted; for others see DUE_LATER."""
DUE_LATER = timedelta(days=1)


class WantedCount(NamedTuple):
    """A bin to be counted. sku: one product alone; '' all that lies there. priority: the highest is counted first."""

    site: str
    place_id: int
    sku: str
    reason: str
    priority: int = 0


def want_counts(tx: Tx, wanted: Sequence[WantedCount]) -> None:
    """Ask for counts; where the same is to be counted already, that stays the one, at the higher priority.

    Never waits for who counts: whoever asks may hold stock that the count is about to put right.
    """
    unique = {(each.place_id, each.sku): each for each in sorted(wanted, key=lambda each: each.priority)}
    new = [unique[key] for key in sorted(unique)]
    if not new:
        return
    tx.write(
        """
        UPDATE count_task c SET priority = greatest(c.priority, n.priority), due_at = least(c.due_at, n.due_at)
        FROM (
            SELECT t.id, n.priority, n.due_at
            FROM unnest(%(places)s::bigint[], %(skus)s::text[], %(priorities)s::smallint[], %(due)s::timestamptz[])
                 AS n(place_id, sku, priority, due_at)
            JOIN count_task t ON t.place_id = n.place_id AND t.sku = n.sku AND t.state IN ('open', 'counting')
            WHERE t.priority < n.priority OR t.due_at > n.due_at
            ORDER BY t.id FOR UPDATE OF t SKIP LOCKED
        ) AS n WHERE c.id = n.id
        """,
        places=array(each.place_id for each in new), skus=array(each.sku for each in new),
        priorities=array(each.priority for each in new), due=array(_due(tx, each) for each in new),
    )  # fmt: skip
    tx.write(
        """
        INSERT INTO count_task (id, site, place_id, sku, reason, state, priority, made_at, due_at)
        SELECT id, site, place_id, sku, reason, 'open', priority, %(now)s, due_at
        FROM unnest(%(ids)s::uuid[], %(sites)s::text[], %(places)s::bigint[], %(skus)s::text[], %(reasons)s::text[],
                    %(priorities)s::smallint[], %(due)s::timestamptz[])
             AS new(id, site, place_id, sku, reason, priority, due_at)
        ON CONFLICT (place_id, sku) WHERE state IN ('open', 'counting') DO NOTHING
        """,
        now=tx.now, ids=array(new_ids(len(new))), sites=array(each.site for each in new),
        places=array(each.place_id for each in new), skus=array(each.sku for each in new),
        reasons=array(each.reason for each in new), priorities=array(each.priority for each in new),
        due=array(_due(tx, each) for each in new),
    )  # fmt: skip


def _due(tx: Tx, wanted: WantedCount) -> datetime:
    return tx.now + DUE_IN.get(wanted.reason, DUE_LATER)
