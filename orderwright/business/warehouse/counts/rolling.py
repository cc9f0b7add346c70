"""Counts in turn: what is picked often is counted often; and what a pick makes worth a look at once."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.business.catalog.reads import known_sites
from orderwright.business.warehouse.counting import WantedCount, want_counts
from orderwright.business.warehouse.counts import settings
from orderwright.business.warehouse.counts.rules import A_PERMILLE, B_PERMILLE
from orderwright.database.rows import array
from orderwright.database.settings import value_of
from orderwright.database.tx import Tx
from orderwright.values.forms import Command, Form, Word
from orderwright.values.refusal import Refusal

PICKS_OF = timedelta(days=90)
_ROLLING, _LARGE, _ZERO = 10, 20, 40  # priorities; between them stands what people ask for


class PlanForm(Form, frozen=True):
    """How many counts of a site are to be open at most."""

    site: Word
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 100


class PlanCounts(Command, frozen=True):
    """A site's counts are to be planned."""

    site: Word
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 100


class CountPlan(msgspec.Struct, frozen=True):
    """What was planned: counts asked for now, by class; and how many more are due that found no room."""

    site: str
    wanted: int
    a: int
    b: int
    c: int
    left: int


def plan_counts(tx: Tx, commands: Sequence[PlanCounts]) -> list[CountPlan | Refusal]:
    """Ask for the counts that are due at sites; one `CountPlan` or Refusal per command.

    Products are ranked by how often they were picked at the site in 90 days: the first fifth is class A, the next
    three tenths B, the rest C, and what was never picked is C. A product in a bin is due when its class's days have
    passed since it was counted there, and first of all when it never was; of the others what is overdue most in
    proportion. At most `limit` counts of the kind are open then. Refuses unknown_site.
    """
    sites = known_sites(tx, (each.site for each in commands))
    known = {each.site: each.limit for each in commands if each.site in sites}
    due: dict[str, list[Any]] = {site: [] for site in known}
    for row in _due(tx, known):
        due[row.site].append(row)
    want_counts(tx, [
        WantedCount(row.site, row.place_id, row.sku, "rolling", _ROLLING)
        for site, rows in due.items() for row in rows[: _room(rows, known[site])]
    ])  # fmt: skip
    return [
        _plan(each.site, due[each.site], known[each.site])
        if each.site in known
        else Refusal("unknown_site", site=each.site)
        for each in commands
    ]


def _room(rows: Sequence[Any], limit: int) -> int:
    return max(0, limit - rows[0].open_now) if rows else 0


def _plan(site: str, rows: Sequence[Any], limit: int) -> CountPlan:
    wanted = rows[: _room(rows, limit)]
    counts = [sum(row.class_ == name for row in wanted) for name in "ABC"]
    return CountPlan(
        site, len(wanted), a=counts[0], b=counts[1], c=counts[2], left=(rows[0].due_in_all if rows else 0) - len(wanted)
    )


def _due(tx: Tx, limits: dict[str, int]) -> list[Any]:
    """Rows (site, place_id, sku, class_, open_now, due_in_all) that are due, what is wanted most first."""
    return tx.rows(
        """
        WITH asked AS (SELECT * FROM unnest(%(sites)s::text[], %(limits)s::int[]) AS a(site, most)),
        lying AS (
            SELECT p.site, s.place_id, s.sku FROM asked JOIN place p ON p.site = asked.site AND p.kind = 'bin'
            JOIN stock s ON s.place_id = p.id AND s.quantity > 0 GROUP BY p.site, s.place_id, s.sku
        ),
        picked AS (
            SELECT p.site, m.sku, count(*) AS picks FROM stock_move m JOIN place p ON p.id = m.from_place
            WHERE m.kind = 'pick' AND m.recorded_at > %(since)s AND p.site IN (SELECT site FROM asked)
            GROUP BY p.site, m.sku
        ),
        classed AS (
            SELECT l.site, l.sku, CASE WHEN k.picks IS NULL THEN 'C'
                   WHEN 1000 * (row_number() OVER best - 1) < %(a)s * count(*) OVER (PARTITION BY l.site) THEN 'A'
                   WHEN 1000 * (row_number() OVER best - 1) < %(b)s * count(*) OVER (PARTITION BY l.site) THEN 'B'
                   ELSE 'C' END AS class_
            FROM (SELECT DISTINCT site, sku FROM lying) AS l LEFT JOIN picked k USING (site, sku)
            WINDOW best AS (PARTITION BY l.site ORDER BY coalesce(k.picks, 0) DESC, l.sku)
        ),
        counted AS (
            SELECT c.place_id, l.sku, max(l.counted_at) AS at FROM count_task c JOIN count_line l ON l.count_id = c.id
            WHERE c.site IN (SELECT site FROM asked) AND c.state = 'done' AND l.counted IS NOT NULL
            GROUP BY c.place_id, l.sku
        ),
        open_ones AS (
            SELECT site, place_id, sku, reason FROM count_task
            WHERE site IN (SELECT site FROM asked) AND state IN ('open', 'counting')
        ),
        due AS (
            SELECT l.site, l.place_id, l.sku, k.class_, n.at,
                   extract(epoch FROM %(now)s - n.at) / CASE k.class_ WHEN 'A' THEN %(days_a)s
                   WHEN 'B' THEN %(days_b)s ELSE %(days_c)s END AS waited
            FROM lying l JOIN classed k USING (site, sku) LEFT JOIN counted n USING (place_id, sku)
            WHERE NOT EXISTS (SELECT FROM open_ones o WHERE o.place_id = l.place_id AND o.sku IN ('', l.sku))
        )
        SELECT t.site, t.place_id, t.sku, t.class_, t.due_in_all,
               (SELECT count(*) FROM open_ones o WHERE o.site = t.site AND o.reason = 'rolling') AS open_now
        FROM (
            SELECT d.*, count(*) OVER (PARTITION BY d.site) AS due_in_all, row_number() OVER (
                   PARTITION BY d.site ORDER BY d.at IS NOT NULL, CASE WHEN d.at IS NULL THEN d.class_ END,
                   d.waited DESC, d.class_, p.zone, p.aisle, p.bay, p.level, d.place_id, d.sku) AS n
            FROM due d JOIN place p ON p.id = d.place_id WHERE d.at IS NULL OR d.waited >= 86400
        ) AS t JOIN asked USING (site) WHERE t.n <= asked.most ORDER BY t.site, t.n
        """,
        sites=array(limits), limits=array(limits.values()), since=tx.now - PICKS_OF, now=tx.now, a=A_PERMILLE,
        b=A_PERMILLE + B_PERMILLE, days_a=value_of(tx, settings.DAYS_A), days_b=value_of(tx, settings.DAYS_B),
        days_c=value_of(tx, settings.DAYS_C),
    )  # fmt: skip


def want_counts_after(tx: Tx, picks: Iterable[tuple[str, int, int, int]]) -> None:
    """Ask for counts of bins that picks (sku, place id, units, left of the lot) emptied just now, or took much from.

    No statement where each bin has more of what was taken, one where a lot is gone, three where a count is wanted.
    """
    taken: dict[tuple[str, int], int] = {}
    emptied: set[tuple[str, int]] = set()
    for sku, place_id, units, left in picks:
        taken[sku, place_id] = max(units, taken.get((sku, place_id), 0))
        emptied |= set() if left else {(sku, place_id)}
    large, after_zero = value_of(tx, settings.LARGE_PICK_UNITS), value_of(tx, settings.AFTER_ZERO)
    looked = [key for key in sorted(taken) if (after_zero and key in emptied) or 0 < large <= taken[key]]
    if not looked:
        return
    rows = tx.rows(
        """
        SELECT a.sku, a.place_id, p.site, sum(s.quantity) > 0 AS has_more
        FROM unnest(%(skus)s::text[], %(places)s::bigint[]) AS a(sku, place_id)
        JOIN stock s ON s.sku = a.sku AND s.place_id = a.place_id JOIN place p ON p.id = a.place_id AND p.kind = 'bin'
        GROUP BY a.sku, a.place_id, p.site
        """,
        skus=array(sku for sku, _ in looked), places=array(place_id for _, place_id in looked),
    )  # fmt: skip
    wanted = [
        WantedCount(row.site, row.place_id, row.sku, "zero", _ZERO) if not row.has_more
        else WantedCount(row.site, row.place_id, row.sku, "large_order", _LARGE)
        for row in rows
        if (after_zero and not row.has_more) or 0 < large <= taken[row.sku, row.place_id]
    ]  # fmt: skip
    want_counts(tx, wanted)
