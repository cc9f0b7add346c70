"""Totes in use: a row from the moment one goes on a cart until nothing is in it and nobody waits to fill it."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable

Key = tuple[str, str]
"""(site, code)."""


class NewTote(NamedTuple):
    """A tote that goes on the cart of a walk. fulfilment_id: None for one whose units are sorted later."""

    site: str
    code: str
    batch_id: str
    fulfilment_id: str | None
    slot: int


class WaveToSort(NamedTuple):
    """A walk of a wave that is over, with the mixed totes of it that wait to be sorted."""

    walk_id: str
    walk: str
    totes: list[str]


def waves_to_sort(tx: Tx, site: str, limit: int) -> list[WaveToSort]:
    """Waves of a site whose mixed totes wait, what leaves first at the top."""
    rows = tx.rows(
        """
        SELECT b.id::text, b.number, array_agg(t.code ORDER BY t.code) AS totes
        FROM tote t JOIN pick_batch b ON b.id = t.batch_id
        WHERE t.site = %(site)s AND t.fulfilment_id IS NULL AND b.strategy = 'wave' AND b.state = 'done'
        GROUP BY b.id ORDER BY b.due_at, b.id LIMIT %(limit)s
        """,
        site=site, limit=limit,
    )  # fmt: skip
    return [WaveToSort(*row) for row in rows]


def totes_in_use(tx: Tx, keys: Iterable[Key]) -> dict[Key, Any]:
    """Rows (site, code, batch_id, fulfilment_id, order, walk, slot, stands_at) of totes in use, locked.

    `order` is the number of the order whose units it is for, None for several.
    """
    asked = sorted({(site, code) for site, code in keys if len(askable((site, code))) == len({site, code})})
    if not asked:
        return {}
    rows = tx.rows(
        """
        SELECT t.site, t.code, t.batch_id::text, t.fulfilment_id::text, o.number AS "order", b.number AS walk,
               t.slot, t.stands_at
        FROM unnest(%(sites)s::text[], %(codes)s::text[]) AS asked(site, code)
        JOIN tote t ON t.site = asked.site AND t.code = asked.code
        JOIN pick_batch b ON b.id = t.batch_id
        LEFT JOIN fulfilment f ON f.id = t.fulfilment_id LEFT JOIN orders o ON o.id = f.order_id
        ORDER BY t.site, t.code FOR UPDATE OF t
        """,
        sites=array(site for site, _ in asked), codes=array(code for _, code in asked),
    )  # fmt: skip
    return {(row.site, row.code): row for row in rows}


def totes_of_walks(tx: Tx, walk_ids: Iterable[str]) -> list[Any]:
    """Rows (batch_id, site, code, slot, fulfilment_id, order, stands_at) of the totes walks took, by slot."""
    return tx.rows(
        """
        SELECT t.batch_id::text, t.site, t.code, t.slot, t.fulfilment_id::text, o.number AS "order", t.stands_at
        FROM tote t LEFT JOIN fulfilment f ON f.id = t.fulfilment_id LEFT JOIN orders o ON o.id = f.order_id
        WHERE t.batch_id = ANY(%(ids)s::uuid[]) ORDER BY t.batch_id, t.slot, t.code
        """,
        ids=array(sorted(set(walk_ids))),
    )


def totes_of_fulfilments(tx: Tx, fulfilment_ids: Iterable[str]) -> list[Any]:
    """Rows (fulfilment_id, site, code, batch_id, walk_state, stands_at) of the totes that are theirs alone, by code."""
    return tx.rows(
        """
        SELECT t.fulfilment_id::text, t.site, t.code, t.batch_id::text, b.state AS walk_state, t.stands_at
        FROM tote t JOIN pick_batch b ON b.id = t.batch_id
        WHERE t.fulfilment_id = ANY(%(ids)s::uuid[]) ORDER BY t.fulfilment_id, t.code
        """,
        ids=array(sorted(set(fulfilment_ids))),
    )


def insert_totes(tx: Tx, new: Sequence[NewTote]) -> None:
    """Write totes that are in use from now on. Two at once meet at the key: the second is run again, and refused."""
    tx.copy(
        "tote",
        "site, code, batch_id, fulfilment_id, slot, taken_at",
        [(*each, tx.now) for each in sorted(new, key=lambda tote: (tote.site, tote.code))],
    )


def move_totes(tx: Tx, walk_of: dict[Key, tuple[str, int]]) -> None:
    """Totes that stood at a hand-over point go on the cart of another walk: (walk, slot) by (site, code)."""
    if not walk_of:
        return
    tx.write(
        "UPDATE tote t SET batch_id = n.walk_id, slot = n.slot, stands_at = ''"
        " FROM unnest(%(sites)s::text[], %(codes)s::text[], %(walks)s::uuid[], %(slots)s::int[])"
        " AS n(site, code, walk_id, slot) WHERE t.site = n.site AND t.code = n.code",
        sites=array(site for site, _ in walk_of), codes=array(code for _, code in walk_of),
        walks=array(walk for walk, _ in walk_of.values()), slots=array(slot for _, slot in walk_of.values()),
    )  # fmt: skip


def name_totes(tx: Tx, fulfilment_of: dict[Key, tuple[str | None, int]]) -> None:
    """Totes of a walk are for other units from now on: (fulfilment or None, slot) by (site, code)."""
    if not fulfilment_of:
        return
    tx.write(
        "UPDATE tote t SET fulfilment_id = n.fulfilment_id, slot = n.slot"
        " FROM unnest(%(sites)s::text[], %(codes)s::text[], %(ids)s::uuid[], %(slots)s::int[])"
        " AS n(site, code, fulfilment_id, slot) WHERE t.site = n.site AND t.code = n.code",
        sites=array(site for site, _ in fulfilment_of), codes=array(code for _, code in fulfilment_of),
        ids=array(id_ for id_, _ in fulfilment_of.values()), slots=array(slot for _, slot in fulfilment_of.values()),
    )  # fmt: skip


def leave_totes_at(tx: Tx, stands_at: dict[str, str]) -> None:
    """The totes of walks (by id) stand at these hand-over points now."""
    left = {id_: place for id_, place in stands_at.items() if place}
    if not left:
        return
    tx.write(
        "UPDATE tote t SET stands_at = n.place FROM unnest(%(ids)s::uuid[], %(places)s::text[]) AS n(walk_id, place)"
        " WHERE t.batch_id = n.walk_id",
        ids=array(left), places=array(left.values()),
    )  # fmt: skip


def free_totes(tx: Tx, totes: Iterable[tuple[str, str]]) -> None:
    """Free the totes of these (fulfilment id, code) that are empty and awaited by nobody; code "" is none."""
    asked = sorted({(id_, code) for id_, code in totes if code})
    if not asked:
        return
    rows = tx.rows(
        "SELECT DISTINCT f.site, a.code FROM unnest(%(ids)s::uuid[], %(codes)s::text[]) AS a(id, code)"
        " JOIN fulfilment f ON f.id = a.id",
        ids=array(id_ for id_, _ in asked), codes=array(code for _, code in asked),
    )  # fmt: skip
    free_totes_at(tx, {(row.site, row.code) for row in rows})


def free_totes_at(tx: Tx, keys: Iterable[Key]) -> None:
    """Free the totes of these (site, code) that are empty and awaited by nobody.

    In use stays what holds picked units or units to be put back, and on a walk under way what is for nobody in
    particular, or for a fulfilment of which something is still to be picked on it.
    """
    asked = sorted({(site, code) for site, code in keys if code})
    if not asked:
        return
    told = {"sites": array(site for site, _ in asked), "codes": array(code for _, code in asked)}
    # Locked first: of two who each take the last of theirs out of it, the second must see what the first did.
    tx.rows(
        "SELECT FROM unnest(%(sites)s::text[], %(codes)s::text[]) AS a(site, code)"
        " JOIN tote t ON t.site = a.site AND t.code = a.code ORDER BY t.site, t.code FOR UPDATE OF t",
        **told,
    )
    tx.write(
        """
        DELETE FROM tote t USING unnest(%(sites)s::text[], %(codes)s::text[]) AS a(site, code), pick_batch b
        WHERE t.site = a.site AND t.code = a.code AND b.id = t.batch_id
          AND NOT (b.state = 'walking' AND t.fulfilment_id IS NULL)
          AND NOT EXISTS (SELECT FROM pick_task k WHERE k.fulfilment_id = t.fulfilment_id
                          AND (k.tote = t.code AND k.picked > k.packed + k.taken_back
                               OR k.state = 'open' AND b.state = 'walking' AND k.batch_id = b.id))
          AND NOT EXISTS (SELECT FROM pick_task k WHERE t.fulfilment_id IS NULL AND k.batch_id = t.batch_id
                          AND k.tote = t.code AND k.picked > k.packed + k.taken_back)
          AND NOT EXISTS (SELECT FROM put_back p WHERE p.site = t.site AND p.tote = t.code AND p.state = 'open')
        """,
        **told,
    )
