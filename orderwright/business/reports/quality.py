"""What goes wrong: rates by product for the risk of orders, learned by schedule, and the few causes of most errors."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from orderwright.database.rows import array
from orderwright.database.tx import Tx

REMEMBERED_FOR = timedelta(days=90)
MOST_PERMILLE = 800
"""The share of all errors that the causes on top make together: 80 %."""
WRONG_PICKS = ("wrong_item", "wrong_lot")
"""Refusals of scans that would have been errors."""


def product_rates(tx: Tx) -> list[tuple[str, int, int, int, int]]:
    """(sku, units shipped, returned, picked, picked wrong) of the last 90 days, of products with any of it."""
    return tx.tuples(_PRODUCTS, since=tx.now - REMEMBERED_FOR, wrong=array(WRONG_PICKS), causes=array(PICK_CAUSES))


def picker_units(tx: Tx) -> list[tuple[str, int]]:
    """(person, units picked in the last 90 days) of everybody who picked: who was away for long is new again."""
    return tx.tuples(
        "SELECT picker, sum(picked)::bigint FROM pick_task"
        " WHERE ended_at >= %(since)s AND picker IS NOT NULL AND picked > 0 GROUP BY picker ORDER BY picker",
        since=tx.now - REMEMBERED_FOR,
    )


PICK_CAUSES = ("wrong_item", "missing_item", "extra_item", "wrong_quantity")
"""Causes of errors found that began with a pick."""
_PRODUCTS = """
    SELECT sku, sum(shipped)::bigint, sum(returned)::bigint, sum(picked)::bigint, sum(wrong)::bigint FROM (
        SELECT l.sku, l.quantity AS shipped, 0 AS returned, 0 AS picked, 0 AS wrong
        FROM parcel p JOIN parcel_line l ON l.parcel_id = p.id WHERE p.shipped_at >= %(since)s
        UNION ALL SELECT l.sku, 0, l.received, 0, 0
        FROM return_request r JOIN return_line l ON l.return_id = r.id WHERE r.received_at >= %(since)s
        UNION ALL SELECT t.sku, 0, 0, t.picked, 0 FROM pick_task t WHERE t.ended_at >= %(since)s AND t.picked > 0
        UNION ALL SELECT s.sku, 0, 0, 0, 1 FROM scan s
        WHERE s.recorded_at >= %(since)s AND s.sku <> '' AND s.refusal = ANY(%(wrong)s::text[])
        UNION ALL SELECT e.sku, 0, 0, 0, e.units FROM error_found e
        WHERE e.recorded_at >= %(since)s AND e.sku IS NOT NULL AND e.cause = ANY(%(causes)s::text[])
    ) AS told GROUP BY sku ORDER BY sku
"""


class Cause(msgspec.Struct, frozen=True):
    """A cause of errors. permille: of all errors; so_far: with those above it. is_vital: of the few that make most."""

    cause: str
    errors: int
    permille: int
    so_far_permille: int
    is_vital: bool
    by_source: dict[str, int]
    worst: list[str]


class Causes(msgspec.Struct, frozen=True):
    """Errors of a span of time by cause, the most frequent first; vital: how many causes make 80 % of them."""

    errors: int
    vital: int
    causes: list[Cause]


def error_causes(tx: Tx, start: datetime, end: datetime, sites: Sequence[str] | None = None) -> Causes:
    """Errors found from `start` until before `end`, by cause: those people told, returns for a reason that is ours,
    parcels whose weight was off, scans that were refused as wrong. worst: products with most of it."""
    rows = tx.rows(_CAUSES, start=start, end=end, wrong=array(WRONG_PICKS), any_site=sites is None,
                   sites=array(sites or ()))  # fmt: skip
    counts: dict[str, dict[str, int]] = {}
    products: dict[str, dict[str, int]] = {}
    for row in rows:
        mine = counts.setdefault(row.cause, {})
        mine[row.source] = mine.get(row.source, 0) + row.errors
        if row.sku:
            theirs = products.setdefault(row.cause, {})
            theirs[row.sku] = theirs.get(row.sku, 0) + row.errors
    return pareto(counts, products)


def pareto(counts: dict[str, dict[str, int]], products: dict[str, dict[str, int]]) -> Causes:
    """Causes by how many errors they make (then by name), with the fewest that make 80 % marked."""
    total = sum(sum(mine.values()) for mine in counts.values())
    order = sorted(counts, key=lambda cause: (-sum(counts[cause].values()), cause))
    causes: list[Cause] = []
    before = 0
    for cause in order:
        errors = sum(counts[cause].values())
        is_vital = before * 1_000 < total * MOST_PERMILLE
        before += errors
        theirs = products.get(cause, {})
        worst = sorted(theirs, key=lambda sku: (-theirs[sku], sku))[:5]
        causes.append(
            Cause(cause, errors, errors * 1_000 // total, before * 1_000 // total, is_vital, counts[cause], worst)
        )
    return Causes(total, sum(each.is_vital for each in causes), causes)


_CAUSES = """
    SELECT cause, source, sku, sum(units)::bigint AS errors FROM (
        SELECT e.cause, 'told' AS source, coalesce(e.sku, '') AS sku, e.units, coalesce(p.site, '') AS site
        FROM error_found e LEFT JOIN parcel p ON p.id = e.parcel_id
        WHERE e.recorded_at >= %(start)s AND e.recorded_at < %(end)s
        UNION ALL SELECT l.reason, 'return', l.sku, l.received, r.site
        FROM return_request r JOIN return_line l ON l.return_id = r.id
        WHERE r.received_at >= %(start)s AND r.received_at < %(end)s AND l.received > 0
          AND l.reason IN ('wrong_item', 'damaged', 'defective', 'not_as_described')
        UNION ALL SELECT 'weight_off', 'scale', coalesce(e.document::jsonb ->> 'sku', ''), 1, p.site
        FROM exception e JOIN parcel p ON p.id = e.subject
        WHERE e.kind = 'weight_off' AND e.opened_at >= %(start)s AND e.opened_at < %(end)s
        UNION ALL SELECT s.refusal, 'scan', s.sku, 1, f.site
        FROM scan s JOIN floor_session f ON f.id = s.session_id
        WHERE s.recorded_at >= %(start)s AND s.recorded_at < %(end)s AND s.refusal = ANY(%(wrong)s::text[])
    ) AS told WHERE units > 0 AND (%(any_site)s OR site = ANY(%(sites)s::text[])) GROUP BY cause, source, sku
"""
