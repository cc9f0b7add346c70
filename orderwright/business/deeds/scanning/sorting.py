"""Sorting a wave by scans: what lies in its mixed totes, and what its scans want done."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.deeds.picking.tote_units import sort_units
from orderwright.business.deeds.scanning.asking import Asking, Wanted
from orderwright.business.deeds.scanning.outcomes import Outcomes
from orderwright.business.warehouse.sessions.forms import Notice, OpenSession
from orderwright.business.warehouse.sessions.sort import Lot, PutIn, SortView
from orderwright.business.warehouse.walk_forms import SortUnits
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal

_OF_ITS_WAVE = "w.site = b.site AND (w.id = b.id OR b.wave <> '' AND w.wave = b.wave)"


def begin(tx: Tx, commands: Sequence[OpenSession]) -> list[str | Refusal]:
    """A walk of the wave: all walks of that wave are sorted together. Refuses no_walk."""
    rows = tx.rows(
        "SELECT id::text, site FROM pick_batch WHERE id = ANY(%(ids)s::uuid[]) AND strategy = 'wave'",
        ids=array(sorted({each.subject for each in commands if is_id(each.subject)})),
    )
    known = {(row.id, row.site) for row in rows}
    return [
        each.subject if (each.subject, each.site) in known else Refusal("no_walk", walk=each.subject)
        for each in commands
    ]  # fmt: skip


def read(tx: Tx, asking: Sequence[Asking]) -> dict[str, SortView]:
    """What lies in the mixed totes of waves, by session id. Two statements."""
    walks = array(sorted({each.session.subject for each in asking}))
    lots: dict[str, list[Lot]] = {}
    for row in _lots(tx, walks):
        lots.setdefault(row.asked, []).append(Lot(*row[1:]))
    done = {
        row.asked: row.units
        for row in tx.rows(
            f"""
            SELECT b.id::text AS asked, sum(t.picked - t.taken_back)::bigint AS units
            FROM pick_batch b JOIN pick_batch w ON {_OF_ITS_WAVE}
            JOIN pick_task t ON t.batch_id = w.id AND t.picked > 0
            JOIN tote x ON x.site = b.site AND x.code = t.tote AND x.fulfilment_id = t.fulfilment_id
            WHERE b.id = ANY(%(ids)s::uuid[]) GROUP BY b.id
            """,
            ids=walks,
        )
    }
    return {
        each.session.id: SortView(tuple(lots.get(each.session.subject, ())), done.get(each.session.subject, 0))
        for each in asking
    }


def do(tx: Tx, wanted: Sequence[Wanted]) -> list[list[Notice] | Refusal]:
    """Put units into the totes of their orders."""
    outcomes = Outcomes(wanted)
    outcomes.run(
        PutIn, lambda each, want: SortUnits(
            task_id=want.task_id, tote=want.tote, quantity=want.units, actor=each.session.person),
        lambda commands: sort_units(tx, commands),
    )  # fmt: skip
    return outcomes.results


def _lots(tx: Tx, walks: str) -> list[Any]:
    return tx.rows(
        f"""
        SELECT b.id::text AS asked, t.id::text, t.fulfilment_id::text, o.number, t.sku, g.title, t.lot,
               t.tote, t.picked - t.packed - t.taken_back AS units,
               coalesce((SELECT min(y.code) FROM tote y
                         WHERE y.fulfilment_id = t.fulfilment_id AND y.site = b.site), '') AS target
        FROM pick_batch b JOIN pick_batch w ON {_OF_ITS_WAVE}
        JOIN pick_task t ON t.batch_id = w.id AND t.picked > t.packed + t.taken_back
        JOIN tote x ON x.site = b.site AND x.code = t.tote AND x.fulfilment_id IS NULL
        JOIN fulfilment f ON f.id = t.fulfilment_id JOIN orders o ON o.id = f.order_id
        JOIN product g ON g.sku = t.sku
        WHERE b.id = ANY(%(ids)s::uuid[]) ORDER BY b.id, t.walk, t.id
        """,
        ids=walks,
    )
