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
from orderwright.values.findings import askable
from orderwright.values.floor_codes import name_of
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal

_OF_ITS_WAVE = "w.site = b.site AND (w.id = b.id OR b.wave <> '' AND w.wave = b.wave)"


def begin(tx: Tx, commands: Sequence[OpenSession]) -> list[str | Refusal]:
    """A walk of the wave, by its id, list or number, or a mixed tote of it: all walks of that wave are sorted together.

    Refuses no_walk.
    """
    named = [name_of(each.subject, "tote", "work") for each in commands]
    rows = tx.rows(
        """
        SELECT w.site, w.id::text, a.name FROM unnest(%(names)s::text[]) AS a(name)
        JOIN pick_batch w ON w.strategy = 'wave' AND w.number = upper(a.name)
        UNION ALL
        SELECT w.site, w.id::text, w.id::text FROM pick_batch w
        WHERE w.strategy = 'wave' AND w.id = ANY(%(ids)s::uuid[])
        UNION ALL
        SELECT w.site, w.id::text, a.name FROM unnest(%(names)s::text[]) AS a(name)
        JOIN tote t ON t.code IN (a.name, upper(a.name)) AND t.fulfilment_id IS NULL
        JOIN pick_batch w ON w.id = t.batch_id AND w.strategy = 'wave'
        """,
        names=array(askable(named)), ids=array(sorted({name for name in named if is_id(name)})),
    )  # fmt: skip
    found = {(row.site, row.name): row.id for row in rows}
    return [
        found.get((each.site, name)) or Refusal("no_walk", walk=each.subject)
        for each, name in zip(commands, named, strict=True)
    ]


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
