"""The list of ghosts of a site, beside what one would count by the calendar."""

from datetime import timedelta
from typing import Any

from orderwright.business.warehouse.ghosts.evidence import gather
from orderwright.business.warehouse.ghosts.forms import GhostList, GhostShown, Uncounted
from orderwright.business.warehouse.ghosts.rules import Ghost, rank, sentences
from orderwright.database.rows import array
from orderwright.database.tx import Tx

LOOKS_BACK = timedelta(days=90)


def ghost_list(tx: Tx, site: str, limit: int) -> GhostList:
    """What the books of a site may have wrong, the likeliest first, at most `limit`; with the evidence in words.

    Evidence is what happened in the last 90 days, and since the product was last counted in its bin.
    """
    ghosts = rank(gather(tx, site, tx.now - LOOKS_BACK))[:limit]
    places = _places(tx, ghosts)
    return GhostList(
        site,
        [
            GhostShown(
                places[each.place_id, each.sku].code, each.sku, each.kind, each.evidence.booked, each.score,
                sentences(each), places[each.place_id, each.sku].counted_at,
            )
            for each in ghosts
        ],
        [Uncounted(*row) for row in _longest_uncounted(tx, site, limit)],
    )  # fmt: skip


def _places(tx: Tx, ghosts: list[Ghost]) -> dict[tuple[int, str], Any]:
    rows = tx.rows(
        """
        SELECT a.place_id, a.sku, p.code, (
            SELECT max(l.counted_at) FROM count_task c JOIN count_line l ON l.count_id = c.id AND l.sku = a.sku
            WHERE c.place_id = a.place_id AND c.state = 'done') AS counted_at
        FROM unnest(%(places)s::bigint[], %(skus)s::text[]) AS a(place_id, sku) JOIN place p ON p.id = a.place_id
        """,
        places=array(each.place_id for each in ghosts), skus=array(each.sku for each in ghosts),
    )  # fmt: skip
    return {(row.place_id, row.sku): row for row in rows}


def _longest_uncounted(tx: Tx, site: str, limit: int) -> list[Any]:
    return tx.rows(
        """
        SELECT p.code, l.sku, l.units, c.at
        FROM (SELECT s.place_id, s.sku, sum(s.quantity)::bigint AS units
              FROM place p JOIN stock s ON s.place_id = p.id AND s.quantity > 0
              WHERE p.site = %(site)s AND p.kind = 'bin' GROUP BY s.place_id, s.sku) AS l
        JOIN place p ON p.id = l.place_id
        LEFT JOIN (SELECT c.place_id, n.sku, max(n.counted_at) AS at
                   FROM count_task c JOIN count_line n ON n.count_id = c.id
                   WHERE c.site = %(site)s AND c.state = 'done' GROUP BY c.place_id, n.sku) AS c
             ON c.place_id = l.place_id AND c.sku = l.sku
        ORDER BY c.at NULLS FIRST, l.place_id, l.sku LIMIT %(limit)s
        """,
        site=site, limit=limit,
    )  # fmt: skip
