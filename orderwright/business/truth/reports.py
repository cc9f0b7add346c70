"""What must be true of what days were told to come to."""

from datetime import timedelta

from orderwright.business.reports.days.asking import days_told
from orderwright.business.reports.days.changes import changed_days
from orderwright.business.reports.days.stock import SEEN
from orderwright.database.invariants import Invariant, Offending, Scope
from orderwright.database.rows import array
from orderwright.database.tx import Tx

LOOKED_BACK = timedelta(days=10)
"""So many days are added up anew; of all older ones only the orders are counted."""
_OLDER = """
    SELECT d.day, d.counted AS told, coalesce(o.orders, 0) AS found
    FROM (SELECT day, sum(counted)::bigint AS counted FROM report_day
          WHERE scope = '' AND figure = 'orders_in' GROUP BY day) d
    LEFT JOIN (SELECT (placed_at AT TIME ZONE %(zone)s)::date AS day, count(*) AS orders
               FROM orders GROUP BY 1) o USING (day)
    WHERE d.counted <> coalesce(o.orders, 0) AND d.day <> ALL(%(changed)s::date[])
    ORDER BY d.day
"""


def _wrong_days(tx: Tx, scope: Scope) -> Offending:
    watch = tx.row("SELECT seen_until, zone FROM report_watch")
    if watch is None:
        return Offending(0, [])
    changed = {*changed_days(tx, watch.seen_until, watch.zone)}
    changed |= {row.day for row in tx.rows("SELECT day FROM report_told WHERE is_stale")}
    told_days = {row.day for row in tx.rows(
        "SELECT day FROM report_told WHERE day >= %(since)s", since=(tx.now - LOOKED_BACK).date()
    )}  # fmt: skip
    days = sorted(told_days - changed)
    stored = set(tx.tuples(
        "SELECT scope, day, figure, part, counted, judged, pending FROM report_day"
        " WHERE day = ANY(%(days)s::date[]) AND figure <> ALL(%(seen)s::text[])",
        days=array(str(day) for day in days), seen=array(SEEN),
    ))  # fmt: skip
    found = set(days_told(tx, days, watch.zone))
    wrong = [
        f"{figure} of {day} is told as {counted} of {judged} for '{scope}' '{part}', and the rows say otherwise"
        for scope, day, figure, part, counted, judged, _ in sorted(stored - found)
    ]
    missing = [
        f"{figure} of {day} comes to {counted} of {judged} for '{scope}' '{part}', and is not told so"
        for scope, day, figure, part, counted, judged, _ in sorted(found - stored)
    ]
    older = [
        f"{row.told} orders are told of {row.day}, and there are {row.found}"
        for row in tx.rows(_OLDER, zone=watch.zone, changed=array(str(day) for day in changed | set(days)))
    ]
    all_wrong = [*wrong, *missing, *older]
    return Offending(len(all_wrong), all_wrong[:20])


INVARIANTS = (
    Invariant(
        "days_are_told_as_they_were",
        "What a day was told to come to is what its rows come to, unless it changed and is about to be told again.",
        _wrong_days,
        in_sweeps=False,
    ),
)
