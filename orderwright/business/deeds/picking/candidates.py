"""Released work that is on nobody's walk yet, as the floor's rules see it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from orderwright.business.warehouse.batching.work import PickStop, Work
from orderwright.business.warehouse.walking.layout import Bin
from orderwright.database.rows import array
from orderwright.database.tx import Tx


class Candidate(NamedTuple):
    """Open pick tasks of one fulfilment: `tasks` are their ids, one for each stop of `work`, `lines` their rows."""

    work: Work
    order_id: str
    order_number: str
    site: str
    tasks: tuple[str, ...]

    @property
    def zones(self) -> set[str]:
        """The zones it is picked in."""
        return {stop.at.zone for stop in self.work.stops}

    def in_zone(self, zone: str) -> "Candidate | None":
        """Its part in one zone, or None where it has none."""
        mine = [i for i, stop in enumerate(self.work.stops) if stop.at.zone == zone]
        return self._part(mine) if mine else None

    def without(self, tasks: Collection[str]) -> "Candidate":
        """All but some of its tasks."""
        return self._part([i for i, task in enumerate(self.tasks) if task not in tasks])

    def _part(self, mine: Sequence[int]) -> "Candidate":
        stops = tuple(self.work.stops[i] for i in mine)
        work = Work(self.work.fulfilment_id, stops, self.work.ship_by, self.work.priority)
        return self._replace(work=work, tasks=tuple(self.tasks[i] for i in mine))


_FREE = "t.state = 'open' AND t.batch_id IS NULL"
_UNCLAIMED = (
    "t.state = 'open' AND (t.batch_id IS NULL"
    " OR EXISTS (SELECT FROM pick_batch b WHERE b.id = t.batch_id AND b.state = 'planned'))"
)


def _may_go(free: str) -> str:
    return f"""
        f.state = 'released' AND NOT o.is_held
        AND NOT EXISTS (SELECT FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL)
        AND EXISTS (SELECT FROM pick_task t WHERE t.fulfilment_id = f.id AND {free})
    """


def read_candidates(
    tx: Tx, sites: Iterable[str], limit: int, *, planned_too: bool = False
) -> dict[str, list[Candidate]]:
    """What waits for a picker at each site, the most urgent first: by ship-by, then priority, then id. Unlocked.

    At most `limit` fulfilments a site; held ones are left out. planned_too: what is on walks nobody walks yet as well.
    """
    free = _UNCLAIMED if planned_too else _FREE
    rows = tx.rows(
        f"""
        SELECT due.* FROM unnest(%(sites)s::text[]) AS asked(site)
        CROSS JOIN LATERAL (
            SELECT f.id::text, f.order_id::text, f.site, f.ship_by, o.number, o.priority
            FROM fulfilment f JOIN orders o ON o.id = f.order_id
            WHERE f.site = asked.site AND {_may_go(free)}
            ORDER BY f.ship_by, o.priority DESC, f.id LIMIT %(limit)s) AS due
        """,
        sites=array(sorted(set(sites))), limit=limit,
    )  # fmt: skip
    return _by_site(rows, _free_tasks(tx, [row.id for row in rows], free))


def lock_candidates(
    tx: Tx, order_ids: Collection[str], fulfilment_ids: Collection[str], *, planned_too: bool = False
) -> dict[str, Candidate]:
    """What of these fulfilments may be picked, by id; their orders are locked by now, all but those others hold."""
    free = _UNCLAIMED if planned_too else _FREE
    ids = array(sorted(order_ids))
    locked = tx.rows(
        "SELECT id::text FROM orders WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED", ids=ids
    )
    # A statement of its own: it sees what those who held the orders before did to them.
    rows = tx.rows(
        f"""
        SELECT f.id::text, f.order_id::text, f.site, f.ship_by, o.number, o.priority
        FROM fulfilment f JOIN orders o ON o.id = f.order_id
        WHERE f.id = ANY(%(ids)s::uuid[]) AND f.order_id = ANY(%(orders)s::uuid[]) AND {_may_go(free)}
        """,
        ids=array(sorted(fulfilment_ids)), orders=array(row.id for row in locked),
    )  # fmt: skip
    found = _by_site(rows, _free_tasks(tx, [row.id for row in rows], free))
    return {each.work.fulfilment_id: each for mine in found.values() for each in mine}


def _free_tasks(tx: Tx, fulfilment_ids: Sequence[str], free: str) -> dict[str, list[Any]]:
    rows = tx.rows(
        f"""
        SELECT t.id::text, t.fulfilment_id::text, t.quantity - t.picked AS units, p.code, p.zone, p.aisle, p.bay,
               g.weight_g, g.length_mm::bigint * g.width_mm * g.height_mm AS volume_mm3
        FROM pick_task t JOIN place p ON p.id = t.place_id JOIN product g ON g.sku = t.sku
        WHERE t.fulfilment_id = ANY(%(ids)s::uuid[]) AND {free} ORDER BY t.fulfilment_id, t.walk, t.id
        """,
        ids=array(fulfilment_ids),
    )
    tasks: dict[str, list[Any]] = {}
    for row in rows:
        tasks.setdefault(row.fulfilment_id, []).append(row)
    return tasks


def _by_site(rows: Sequence[Any], tasks: Mapping[str, Sequence[Any]]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for row in rows:
        mine = tasks.get(row.id, ())
        if mine:
            found.setdefault(row.site, []).append(_candidate(row, mine))
    return found


def _candidate(row: Any, tasks: Sequence[Any]) -> Candidate:
    due: datetime = row.ship_by
    stops = tuple(_stop(task) for task in tasks)
    ids = tuple(str(task.id) for task in tasks)
    return Candidate(Work(row.id, stops, due, row.priority), row.order_id, row.number, row.site, ids)


def _stop(task: Any) -> PickStop:
    weight_g = task.units * task.weight_g if task.weight_g else None
    volume_cm3 = -(-task.units * task.volume_mm3 // 1000) if task.volume_mm3 else None
    return PickStop(task.code, Bin(task.zone, task.aisle, task.bay), task.units, weight_g, volume_cm3)
