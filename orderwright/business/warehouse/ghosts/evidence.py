"""What happened around the products and bins of a site in 90 days, as evidence: own SQL, a statement for each kind."""

from datetime import datetime
from typing import Any

from orderwright.business.warehouse.ghosts.rules import Evidence, worst_run
from orderwright.database.rows import array
from orderwright.database.tx import Tx

Pair = tuple[int, str]
"""(place id, sku)."""
_PICKS_MAX = 500
"""Of each bin with a short pick the latest so many picks are looked at."""

# When each product was last counted in each bin, and each bin as a whole.
_COUNTED = """
    counted AS (
        SELECT c.place_id, l.sku, max(l.counted_at) AS at FROM count_task c JOIN count_line l ON l.count_id = c.id
        WHERE c.site = %(site)s AND c.state = 'done' AND l.round = c.round AND l.counted IS NOT NULL
        GROUP BY c.place_id, l.sku
    )
"""
_TAKEN = """
    taken AS (
        SELECT m.sku, m.from_place AS place_id, m.occurred_at AS at, m.kind <> 'pick' AS is_short
        FROM stock_move m JOIN place p ON p.id = m.from_place AND p.site = %(site)s AND p.kind = 'bin'
        WHERE m.recorded_at > %(since)s AND m.kind IN ('pick', 'adjust')
          AND (m.kind = 'pick' OR starts_with(m.cause, 'short:'))
    )
"""
_NEXT_DOOR = (
    "n.site = p.site AND n.id <> p.id AND n.kind = 'bin' AND n.zone = p.zone AND n.aisle = p.aisle"
    " AND abs(n.bay - p.bay) <= 1"
)


def gather(tx: Tx, site: str, since: datetime) -> list[Evidence]:
    """Evidence of every product in a bin of the site of which anything speaks for a ghost."""
    found: dict[Pair, Evidence] = {}
    told = {"site": site, "since": since, "now": tx.now}
    for row in tx.rows(_SHORTS, **told, most=_PICKS_MAX):
        shorts, full = worst_run(row.picks)
        _add(found, row, shorts=shorts, full=full)
    for row in tx.rows(_QUIET, **told):
        _add(
            found, row, quiet_days=row.quiet_days, picks_before=row.picks_before, days_before=row.days_before,
            passed_over=row.passed_over, all_before=row.all_before,
        )  # fmt: skip
    for row in tx.rows(_SURPLUS, **told):
        _add(found, row, surplus_near=row.bins)
    for row in tx.rows(
        _OFF_HERE, **told, places=array(place for place, _ in found), skus=array(sku for _, sku in found)
    ):
        _add(found, row, off_here=row.products)
    for row in tx.rows(_STRANGE, **told):
        found[row.place_id, row.sku] = Evidence(
            row.place_id, row.sku, 0, strange=row.times, is_next_door=row.is_next_door, missed=row.missed,
            not_strange=max(0, row.picks - row.times),
        )  # fmt: skip
    return _with_booked(tx, found)


def _add(found: dict[Pair, Evidence], row: Any, **told: Any) -> None:
    pair = (row.place_id, row.sku)
    found[pair] = found.get(pair, Evidence(*pair, 0))._replace(**told)


def _with_booked(tx: Tx, found: dict[Pair, Evidence]) -> list[Evidence]:
    """With what is booked now: what was not and is by now is not hidden, what no longer is booked is not missing."""
    rows = tx.rows(
        "SELECT a.place_id, a.sku, coalesce(sum(s.quantity), 0)::bigint AS units"
        " FROM unnest(%(places)s::bigint[], %(skus)s::text[]) AS a(place_id, sku)"
        " LEFT JOIN stock s ON s.place_id = a.place_id AND s.sku = a.sku GROUP BY a.place_id, a.sku",
        places=array(place for place, _ in found), skus=array(sku for _, sku in found),
    )  # fmt: skip
    return [found[row.place_id, row.sku]._replace(booked=row.units) for row in rows]


_SHORTS = f"""
    WITH {_COUNTED}, {_TAKEN},
    fresh AS (
        SELECT t.*, row_number() OVER (PARTITION BY t.place_id, t.sku ORDER BY t.at DESC) AS n
        FROM taken t LEFT JOIN counted c USING (place_id, sku) WHERE c.at IS NULL OR t.at > c.at
    )
    SELECT place_id, sku, array_agg(is_short ORDER BY at, is_short) AS picks FROM fresh WHERE n <= %(most)s
    GROUP BY place_id, sku HAVING bool_or(is_short)
"""
_QUIET = f"""
    WITH {_COUNTED}, {_TAKEN},
    here AS (
        SELECT t.place_id, t.sku, count(*) AS picks, max(t.at) AS last, greatest(max(t.at), max(c.at)) AS quiet_from
        FROM taken t LEFT JOIN counted c USING (place_id, sku) WHERE NOT t.is_short GROUP BY t.place_id, t.sku
    ),
    told AS (
        SELECT h.place_id, h.sku, h.picks AS picks_before,
               floor(extract(epoch FROM %(now)s - h.quiet_from) / 86400)::int AS quiet_days,
               ceil(extract(epoch FROM h.last - %(since)s) / 86400)::int AS days_before,
               count(*) FILTER (WHERE t.at <= h.last) AS all_before,
               count(*) FILTER (WHERE t.at > h.quiet_from) AS passed_over
        FROM here h JOIN taken t ON t.sku = h.sku AND NOT t.is_short
        GROUP BY h.place_id, h.sku, h.picks, h.last, h.quiet_from
    )
    SELECT * FROM told WHERE passed_over > 0 OR quiet_days * picks_before > days_before
"""
_SURPLUS = f"""
    WITH {_COUNTED}
    SELECT s.place_id, s.sku, count(DISTINCT n.id)::int AS bins
    FROM count_line l JOIN count_task c ON c.id = l.count_id AND c.site = %(site)s JOIN place n ON n.id = c.place_id
    JOIN place p ON {_NEXT_DOOR}
    JOIN stock s ON s.place_id = p.id AND s.sku = l.sku AND s.quantity > 0
    LEFT JOIN counted k ON k.place_id = s.place_id AND k.sku = s.sku
    WHERE l.posted > 0 AND l.counted_at > %(since)s AND (k.at IS NULL OR l.counted_at > k.at)
    GROUP BY s.place_id, s.sku
"""
_OFF_HERE = """
    SELECT a.place_id, a.sku, count(DISTINCT l.sku)::int AS products
    FROM unnest(%(places)s::bigint[], %(skus)s::text[]) AS a(place_id, sku)
    JOIN count_task c ON c.place_id = a.place_id AND c.state = 'done' AND c.ended_at > %(since)s
    JOIN count_line l ON l.count_id = c.id AND l.sku <> a.sku AND l.posted <> 0
    GROUP BY a.place_id, a.sku
"""
# A unit that was refused at a bin because it is another product than the one that lies there by the books.
_STRANGE = f"""
    WITH {_COUNTED}, {_TAKEN},
    scanned AS (
        SELECT p.id AS place_id, s.answer::jsonb #>> '{{instruction,facts,scanned}}' AS sku, s.occurred_at AS at,
               p.zone, p.aisle, p.bay, p.site, p.kind
        FROM scan s JOIN floor_session f ON f.id = s.session_id AND f.site = %(site)s AND f.kind = 'pick'
        JOIN place p ON p.site = f.site AND p.code = s.answer::jsonb #>> '{{instruction,where}}' AND p.kind = 'bin'
        WHERE s.recorded_at > %(since)s AND s.refusal = 'wrong_item'
    )
    SELECT p.place_id, p.sku, count(*)::int AS times,
           (SELECT count(*) FROM taken t WHERE t.place_id = p.place_id AND t.at >= min(p.at))::int AS picks,
           (SELECT count(*) FROM taken t LEFT JOIN counted k USING (place_id, sku)
            WHERE t.sku = p.sku AND t.is_short AND (k.at IS NULL OR t.at > k.at))::int AS missed,
           bool_or(EXISTS (SELECT FROM place n JOIN stock s ON s.place_id = n.id AND s.sku = p.sku AND s.quantity > 0
                           WHERE {_NEXT_DOOR.replace("p.id", "p.place_id")})) AS is_next_door
    FROM scanned p
    WHERE NOT EXISTS (SELECT FROM stock s WHERE s.place_id = p.place_id AND s.sku = p.sku AND s.quantity > 0)
      AND NOT EXISTS (SELECT FROM count_task c WHERE c.place_id = p.place_id AND c.state = 'done'
                      AND c.sku IN ('', p.sku) AND c.started_at > p.at)
    GROUP BY p.place_id, p.sku
"""
