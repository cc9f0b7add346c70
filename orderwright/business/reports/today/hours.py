"""How the work went hour by hour, kept by schedule; and what limits it, judged from that."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from orderwright.business.reports.today.rules import Bottleneck, StageFlow, bottleneck_of
from orderwright.business.reports.today.standing import stages_now
from orderwright.database.clock import find_simulated
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx

HOUR = timedelta(hours=1)
KEPT_FOR = timedelta(days=14)
CAUGHT_UP_MAX = timedelta(hours=24)
"""So far back hours are told that nobody looked at, as when no worker ran."""
SHOWN_HOURS = 24
JUDGED_HOURS = 8
FRESH = timedelta(hours=2)
"""Older hours of work say nothing about what limits now."""

DONE = {
    "hold_released": "desk", "fulfilment_released": "release", "units_picked": "pick", "fulfilment_packed": "pack",
    "label_bought": "label", "parcel_handed_over": "hand_over",
}  # fmt: skip
"""Fact type -> the stage that finished something. Of picking and packing those that finished a fulfilment."""
QUEUES = {
    "desk": "held", "release": "planned", "pick": "released", "pack": "picked", "label": "packed",
    "hand_over": "labelled",
}  # fmt: skip
"""Stage -> what waits before it."""
LIMITING = ("desk", "release", "pick", "pack", "label")
"""Stages that may limit. Parcels wait for their truck on purpose, and all day."""


class Hour(NamedTuple):
    """What one stage finished in an hour, and what waited before it at its end."""

    hour: datetime
    stage: str
    done: int
    queue: int


def keep_hours(tx: Tx, tasks: Sequence[Task] = ()) -> None:
    """The scheduled task: tell this hour, and those before it that were not told to their end.

    The queue of an hour nobody looked at is taken to be that of the next look. A store whose clock is moved by hand
    lives through weeks in seconds: its hours are told when it goes with the real time.
    """
    if find_simulated(tx) is not None:
        return
    hour = tx.now.replace(minute=0, second=0, microsecond=0)
    last = tx.row("SELECT max(hour) AS hour FROM today_hour").hour
    since = max(last, hour - CAUGHT_UP_MAX) if last else hour - CAUGHT_UP_MAX
    waiting = {each.stage: each.waiting for each in stages_now(tx)}
    tx.write(
        _KEEP, since=since, hour=hour, last=last, types=list(DONE), names=list(DONE.values()), stages=list(QUEUES),
        queues=[waiting[QUEUES[stage]] for stage in QUEUES],
    )  # fmt: skip
    tx.write("DELETE FROM today_hour WHERE hour < %(before)s", before=hour - KEPT_FOR)


# An hour that was told before its end keeps its queue until it is looked at again within that hour.
_KEEP = """
    INSERT INTO today_hour (hour, stage, done, queue)
    SELECT h.hour, q.stage, coalesce(d.done, 0), q.queue
    FROM generate_series(%(since)s::timestamptz, %(hour)s::timestamptz, interval '1 hour') AS h(hour)
    CROSS JOIN unnest(%(stages)s::text[], %(queues)s::bigint[]) AS q(stage, queue)
    LEFT JOIN (
        SELECT date_trunc('hour', f.recorded_at, 'UTC') AS hour, t.stage, count(*) AS done
        FROM fact f JOIN unnest(%(types)s::text[], %(names)s::text[]) AS t(type, stage) ON t.type = f.type
        WHERE f.recorded_at >= %(since)s
          AND (f.type NOT IN ('units_picked', 'fulfilment_packed') OR f.body::json ->> 'is_complete' = 'true')
        GROUP BY 1, 2) AS d ON d.hour = h.hour AND d.stage = q.stage
    ON CONFLICT (hour, stage) DO UPDATE
    SET done = excluded.done, queue = CASE WHEN today_hour.hour = %(hour)s THEN excluded.queue ELSE today_hour.queue END
"""


def hours_kept(tx: Tx) -> list[Hour]:
    """The last 24 hours as they were told, oldest first."""
    rows = tx.tuples(
        "SELECT hour, stage, done, queue FROM today_hour WHERE hour > %(since)s ORDER BY hour, stage",
        since=tx.now - SHOWN_HOURS * HOUR,
    )
    return [Hour(*row) for row in rows]


def limiting(hours: Sequence[Hour], now: datetime) -> Bottleneck | None:
    """The stage that limits, by the last eight hours in which anybody worked; None when none does, or nobody works."""
    worked = sorted({each.hour for each in hours if each.done})[-JUDGED_HOURS:]
    if not worked or now - worked[-1] > FRESH:
        return None
    return bottleneck_of([_flow(stage, hours, worked) for stage in LIMITING])


def _flow(stage: str, hours: Sequence[Hour], worked: Sequence[datetime]) -> StageFlow:
    """What came to a stage is what it finished and what its queue grew by."""
    mine = {each.hour: each for each in hours if each.stage == stage}
    queues = [mine[hour].queue if hour in mine else 0 for hour in worked]
    done = sum(mine[hour].done for hour in worked if hour in mine)
    return StageFlow(stage, max(0, done + queues[-1] - queues[0]), done, queues)
