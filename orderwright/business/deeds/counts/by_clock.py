"""The day's counts, planned by the worker when a site's day begins."""

from collections.abc import Sequence

from orderwright.business.warehouse.counts import settings
from orderwright.business.warehouse.counts.rolling import CountPlan, PlanCounts, plan_counts
from orderwright.database.rows import array
from orderwright.database.settings import value_of
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx


def plan_todays_counts(tx: Tx, tasks: Sequence[Task]) -> None:
    """Plan the counts of every active site where it is `counts.plan_at` or later, once a day of the site."""
    plan_at = value_of(tx, settings.PLAN_AT)
    if not plan_at:
        return
    rows = tx.rows(
        """
        SELECT s.code, (%(now)s::timestamptz AT TIME ZONE s.time_zone)::date AS day FROM site s
        WHERE s.is_active AND to_char(%(now)s::timestamptz AT TIME ZONE s.time_zone, 'HH24:MI') >= %(plan_at)s
          AND NOT EXISTS (SELECT FROM count_plan p WHERE p.site = s.code
                          AND p.day = (%(now)s::timestamptz AT TIME ZONE s.time_zone)::date)
        ORDER BY s.code
        """,
        now=tx.now, plan_at=plan_at,
    )  # fmt: skip
    limit = value_of(tx, settings.PLAN_LIMIT)
    plans = plan_counts(tx, [PlanCounts(site=row.code, limit=limit, actor="worker") for row in rows])
    tx.write(
        "INSERT INTO count_plan (site, day, wanted, planned_at)"
        " SELECT site, day, wanted, %(now)s FROM unnest(%(sites)s::text[], %(days)s::date[], %(wanted)s::int[])"
        " AS n(site, day, wanted) ON CONFLICT DO NOTHING",
        now=tx.now, sites=array(row.code for row in rows), days=array(str(row.day) for row in rows),
        wanted=array(plan.wanted if isinstance(plan, CountPlan) else 0 for plan in plans),
    )  # fmt: skip
