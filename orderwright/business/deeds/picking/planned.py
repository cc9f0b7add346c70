"""Planned walks, given to those who ask for work."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from orderwright.business.warehouse.walk_forms import ClaimWork
from orderwright.business.warehouse.walks import take_off_walks
from orderwright.database.rows import array
from orderwright.database.tx import Tx


class Asked(NamedTuple):
    """Who asks, the zones they may not pick in, and how many totes their cart has."""

    command: ClaimWork
    barred: Sequence[str]
    totes: int


_GOES = """
    SELECT FROM pick_task t JOIN fulfilment f ON f.id = t.fulfilment_id JOIN orders o ON o.id = f.order_id
    WHERE t.batch_id = b.id AND t.state = 'open' AND NOT o.is_held
      AND NOT EXISTS (SELECT FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL)
"""


def planned_walks(tx: Tx, asked: Mapping[int, Asked]) -> dict[int, str]:
    """The most urgent planned walk for each who asks, by whatever the caller calls them. The walks stay locked.

    Passed over are walks others are taking, or changing an order of, at the moment. Orders on hold leave a walk
    when it is claimed; one with nothing but those is left for later.
    """
    alike: dict[tuple[str, str, str, int], list[int]] = {}
    for i, each in asked.items():
        alike.setdefault((each.command.site, each.command.zone, array(each.barred), each.totes), []).append(i)
    keys = list(alike)
    rows = tx.rows(
        f"""
        SELECT a.n, w.id FROM unnest(%(sites)s::text[], %(zones)s::text[], %(barred)s::text[], %(totes)s::int[],
                                     %(counts)s::int[]) WITH ORDINALITY AS a(site, zone, barred, totes, count, n)
        CROSS JOIN LATERAL (
            SELECT b.id::text FROM pick_batch b
            WHERE b.site = a.site AND b.state = 'planned' AND (a.zone = '' OR b.zone = a.zone) AND b.totes <= a.totes
              AND EXISTS ({_GOES})
              AND NOT EXISTS (SELECT FROM pick_task t JOIN place p ON p.id = t.place_id
                              WHERE t.batch_id = b.id AND t.state = 'open' AND p.zone = ANY(a.barred::text[]))
            ORDER BY b.due_at, b.id LIMIT a.count FOR UPDATE OF b SKIP LOCKED) AS w
        ORDER BY a.n
        """,
        sites=array(key[0] for key in keys), zones=array(key[1] for key in keys), barred=array(k[2] for k in keys),
        totes=array(key[3] for key in keys), counts=array(len(alike[key]) for key in keys),
    )  # fmt: skip
    given: dict[int, str] = {}
    waiting = {n: list(alike[key]) for n, key in enumerate(keys, 1)}
    for row in rows:
        if waiting[row.n] and row.id not in given.values():
            given[waiting[row.n].pop(0)] = row.id
    return _without_held(tx, given) if given else {}


def _without_held(tx: Tx, given: Mapping[int, str]) -> dict[int, str]:
    """Lock the orders of walks and take held ones off; the walks of which somebody locks an order are left out."""
    rows = tx.rows(
        "SELECT t.id::text, t.batch_id::text, t.fulfilment_id::text, f.order_id::text FROM pick_task t"
        " JOIN fulfilment f ON f.id = t.fulfilment_id WHERE t.batch_id = ANY(%(ids)s::uuid[]) AND t.state = 'open'",
        ids=array(given.values()),
    )
    # Never waits: who changes an order may be waiting for its walk, which is locked here.
    locked = tx.rows(
        "SELECT id::text, is_held FROM orders WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED",
        ids=array(sorted({row.order_id for row in rows})),
    )
    apart = tx.rows(
        "SELECT fulfilment_id::text AS id FROM hold WHERE fulfilment_id = ANY(%(ids)s::uuid[]) AND released_at IS NULL",
        ids=array(sorted({row.fulfilment_id for row in rows})),
    )
    held = {row.id for row in locked if row.is_held} | {row.id for row in apart}
    mine = {row.id for row in locked}
    busy = {row.batch_id for row in rows if row.order_id not in mine}
    staying = {row.batch_id for row in rows if not {row.order_id, row.fulfilment_id} & held} - busy
    take_off_walks(tx, [row.id for row in rows if row.batch_id in staying and {row.order_id, row.fulfilment_id} & held])
    return {i: walk_id for i, walk_id in given.items() if walk_id in staying}
