"""What is planned and due, as the gate finds it: in which order, and with which units."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from orderwright.business.stock.bins import OpenBins, Pick, Want
from orderwright.business.warehouse.gate import Due
from orderwright.business.warehouse.trucks import Timetable
from orderwright.database.rows import array
from orderwright.database.tx import Tx


class Unit(NamedTuple):
    """Units of one demand to be picked."""

    demand_id: str
    sku: str
    quantity: int


class Contents(NamedTuple):
    """What a fulfilment is to ship. `is_incomplete`: its order ships complete and some of it waits."""

    lines: list[Unit]
    is_incomplete: bool

    @property
    def units(self) -> int:
        """All its units."""
        return sum(line.quantity for line in self.lines)


class Asked(NamedTuple):
    """Look for what is due first at a site. shut: products of which nothing could be let out."""

    site: str
    limit: int
    due_by: datetime | None
    timetable: Timetable
    services: Sequence[str]  # that have trucks of their own
    shut: Iterable[str] = ()


def contents_of(tx: Tx, fulfilment_ids: Iterable[str]) -> dict[str, Contents]:
    """Units still to be released of fulfilments, by id; one without any has no lines."""
    ids = list(fulfilment_ids)
    rows = tx.rows(
        """
        SELECT a.fulfilment_id::text, a.demand_id::text, d.sku, a.allocated,
               o.ship_complete AND EXISTS (SELECT 1 FROM demand w WHERE w.order_id = o.id AND w.waiting > 0)
                 AS is_incomplete
        FROM allocation a JOIN demand d ON d.id = a.demand_id JOIN orders o ON o.id = d.order_id
        WHERE a.fulfilment_id = ANY(%(ids)s::uuid[]) AND a.allocated > 0
        ORDER BY a.fulfilment_id, d.position, d.sku
        """,
        ids=array(ids),
    )
    contents: dict[str, Contents] = {id_: Contents([], False) for id_ in ids}
    for row in rows:
        lines = contents[row.fulfilment_id].lines
        lines.append(Unit(row.demand_id, row.sku, row.allocated))
        contents[row.fulfilment_id] = Contents(lines, row.is_incomplete)
    return contents


def choose_picks(bins: OpenBins, site: str, lines: Sequence[Unit]) -> dict[str, list[Pick]]:
    """The bins a fulfilment's units would be picked from now, by demand."""
    return bins.choose([Want(line.demand_id, line.sku, site, line.quantity) for line in lines])


def due_first(tx: Tx, asked: Sequence[Asked]) -> list[list[Due]]:
    """What may leave the gate and is due first at sites, in its turn, `limit` of each. One statement.

    Left out: what is held, in whole or in part, incomplete orders that ship complete, open cancel windows.
    A service with trucks of its own is looked for by itself, all others together: within one of these the turn
    is that of the ship-by, so that each is read off the index of planned work until the limit.
    """
    groups: list[tuple[int, Asked, str | None]] = [
        (n, each, service) for n, each in enumerate(asked) for service in (None, *sorted({*each.services} - {""}))
    ]
    shut = {f"{each.site}\n{sku}" for each in asked for sku in each.shut}
    rows = tx.rows(
        _DUE.replace("{shut}", _SHUT if shut else ""),
        now=tx.now, shut=array(sorted(shut)), numbers=array(n for n, _, _ in groups),
        sites=array(each.site for _, each, _ in groups), limits=array(each.limit for _, each, _ in groups),
        due_by=array(each.due_by or "infinity" for _, each, _ in groups),
        services=array(service for _, _, service in groups),
        others=array("\n".join(each.services) for _, each, _ in groups),
    )  # fmt: skip
    found: list[list[Due]] = [[] for _ in asked]
    for row in rows:
        leaves_at = asked[row.n].timetable.leaves_at(row.service, row.ship_by)
        found[row.n].append(Due(leaves_at, row.ship_by, -row.priority, row.id))
    return [sorted(mine)[: each.limit] for mine, each in zip(found, asked, strict=True)]


_DUE = """
    SELECT asked.n, due.*
    FROM unnest(%(numbers)s::int[], %(sites)s::text[], %(limits)s::int[], %(due_by)s::timestamptz[],
                %(services)s::text[], %(others)s::text[]) AS asked(n, site, most, due_by, service, others)
    CROSS JOIN LATERAL (
        SELECT f.id::text, f.service, f.ship_by, o.priority
        FROM fulfilment f JOIN orders o ON o.id = f.order_id
        WHERE f.site = asked.site AND f.state = 'planned' AND f.ship_by <= asked.due_by
          AND CASE WHEN asked.service IS NULL THEN f.service <> ALL(string_to_array(asked.others, E'\\n'))
                   ELSE f.service = asked.service END
          AND NOT o.is_held AND (o.cancel_until IS NULL OR o.cancel_until <= %(now)s)
          AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL)
          AND NOT (o.ship_complete AND EXISTS (SELECT 1 FROM demand d WHERE d.order_id = o.id AND d.waiting > 0))
          {shut}
        ORDER BY f.ship_by, o.priority DESC, f.id LIMIT asked.most) AS due
"""
_SHUT = """
          AND NOT EXISTS (SELECT 1 FROM allocation a JOIN demand d ON d.id = a.demand_id
                          WHERE a.fulfilment_id = f.id AND a.allocated > 0
                            AND f.site || E'\\n' || d.sku = ANY(%(shut)s::text[]))"""


def shut_products(tx: Tx, zones: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Products whose free units lie in these zones of sites alone, by site: while the zones are full, none can go."""
    pairs = [(site, zone) for site, mine in sorted(zones.items()) for zone in mine]
    shut: dict[str, list[str]] = {site: [] for site in zones}
    if not pairs:
        return shut
    rows = tx.rows(
        """
        SELECT p.site, s.sku FROM place p JOIN stock s ON s.place_id = p.id AND s.quantity > s.committed
        WHERE p.kind = 'bin' AND p.site = ANY(%(sites)s::text[])
        GROUP BY p.site, s.sku
        HAVING bool_and((p.site, p.zone) IN (SELECT * FROM unnest(%(of)s::text[], %(zones)s::text[])))
        """,
        sites=array(sorted(zones)), of=array(site for site, _ in pairs), zones=array(zone for _, zone in pairs),
    )  # fmt: skip
    for row in rows:
        shut[row.site].append(row.sku)
    return shut
