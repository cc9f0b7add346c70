"""What an hour of work brings, and how many minutes of people an order costs."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.business.shipping.facts import OrderDelivered, ParcelDelivered, ParcelLost, TrackingRecorded
from orderwright.business.warehouse.labour.rules import Stretch, per_hour, worked_s
from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx

IDLE_CAP_S = Setting(
    "labour.idle_cap_s", Annotated[int, Meta(ge=1, le=86_400)], 300,
    "Seconds between two acts of a person that count as work on the second, at most; the rest is idle.",
)  # fmt: skip
SETTINGS = (IDLE_CAP_S,)

STEPS = {
    "fulfilment_released": "release",
    "units_picked": "pick", "pick_short": "pick",
    "fulfilment_packed": "pack", "parcel_packed": "pack", "parcel_unpacked": "pack", "parcel_weighed": "pack",
    "parcel_handed_over": "hand_over",
    "put_back_done": "put_back",
    "return_received": "returns", "return_inspected": "returns", "return_settled": "returns",
}  # fmt: skip
"""Fact type -> step of the work; what people do else to an order is desk work."""

MACHINES = ("worker", "carrier", "clock", "customer", "catalogue", "inbox", "reship", "import", "scale")
"""Actors that are no people of the shop: their acts take nobody's minutes. Nor do those of dials (`dial:...`)."""
ON_THE_ROAD = (TrackingRecorded.TYPE, ParcelDelivered.TYPE, ParcelLost.TYPE, OrderDelivered.TYPE)
"""What carriers tell of parcels, each by its own name: nobody's minutes either."""


TOUCHES = """act AS MATERIALIZED (
            SELECT actor, occurred_at, type, kind, subject, seq, id FROM fact
            WHERE recorded_at >= %(start)s AND recorded_at < %(end)s + interval '2 days'
              AND occurred_at >= %(start)s AND occurred_at < %(end)s
              AND recorded_at < occurred_at + interval '2 days'
              AND kind IN ('fulfilment', 'parcel', 'return', 'order') AND type <> 'order_placed'
              AND NOT actor = ANY(%(machines)s::text[]) AND actor NOT LIKE 'dial:%%'
              AND NOT type = ANY(%(on_the_road)s::text[])
        ), lapse AS MATERIALIZED (
            SELECT *, CASE WHEN seconds IS NOT NULL THEN round(least(seconds, %(cap)s))::bigint END AS spent_s,
                   lpad(id::text, 19, '0') AS turn FROM (
                SELECT kind, subject, type, id, extract(epoch FROM occurred_at - lag(occurred_at)
                         OVER (PARTITION BY actor ORDER BY occurred_at, subject, seq)) AS seconds
                FROM act) AS a
        ), gap AS MATERIALIZED (
            SELECT coalesce(w.order_id, p.order_id, r.order_id, l.subject) AS order_id, l.type,
                   coalesce(w.site, p.site, r.site) AS site, l.seconds, l.spent_s, l.turn
            FROM (SELECT * FROM lapse
                  WHERE %(behind)s::bigint IS NULL OR (-spent_s, turn) > (%(behind)s::bigint, %(behind_turn)s)
                  ORDER BY spent_s DESC NULLS LAST, turn LIMIT %(most)s::bigint) AS l
            LEFT JOIN fulfilment w ON w.id = CASE l.kind WHEN 'fulfilment' THEN l.subject END
            LEFT JOIN parcel p ON p.id = CASE l.kind WHEN 'parcel' THEN l.subject END
            LEFT JOIN return_request r ON r.id = CASE l.kind WHEN 'return' THEN l.subject END
        )"""
"""What people did from `start` until before `end`, and how long after their act before it; a first act has none. Whose
they are is asked for the `most` longest of them alone (all where it is null), those behind `behind` and `behind_turn`
where these are told: a day has thousands."""


class TaskHours(msgspec.Struct, frozen=True):
    """Hours clocked on one task, and what was done in them: pick and pack in units, others None."""

    task: str
    people: int
    clocked_s: int
    units: int | None
    per_hour: int | None


class StepMinutes(msgspec.Struct, frozen=True):
    """What one step takes of people: acts, orders touched, seconds in all, seconds for each touched order."""

    step: str
    acts: int
    orders: int
    touch_s: int
    per_order_s: int


class Labour(msgspec.Struct, frozen=True):
    """Work at a site over a span of time. touch: over all orders that a person touched."""

    site: str
    start: datetime
    end: datetime
    hours: list[TaskHours]
    touch: list[StepMinutes]
    idle_cap_s: int


def labour(tx: Tx, site: str, start: datetime, end: datetime) -> Labour:
    """Hours clocked and touch time at a site, from one moment until before another; four statements.

    Units count when they happened. Touch time of an act is the time since the same person's act before it, at most
    the idle cap (setting `labour.idle_cap_s`); a first act has only its cap to go by and counts nothing.
    """
    cap = value_of(tx, IDLE_CAP_S)
    return Labour(site, start, end, hours_of(tx, site, start, end), _touch(tx, site, start, end, cap), cap)


def hours_of(tx: Tx, site: str, start: datetime, end: datetime) -> list[TaskHours]:
    """Hours clocked at a site from one moment until before another, by task, and what was done in them."""
    until = min(end, tx.now)
    clocked = tx.rows(
        "SELECT person, task, started_at, ended_at FROM work_clock WHERE site = %(site)s AND started_at < %(end)s"
        " AND coalesce(ended_at, %(end)s) > %(start)s",
        site=site, start=start, end=until,
    )  # fmt: skip
    units = _units(tx, site, start, end)
    by_task: dict[str, list[Stretch]] = {task: [] for task in units if units[task]}
    people: dict[str, set[str]] = {}
    for row in clocked:
        by_task.setdefault(row.task, []).append(Stretch(row.started_at, row.ended_at))
        people.setdefault(row.task, set()).add(row.person)
    hours = []
    for task, stretches in sorted(by_task.items()):
        seconds, done = worked_s(stretches, start, until), units.get(task)
        rate = None if done is None else per_hour(done, seconds)
        hours.append(TaskHours(task, len(people.get(task, ())), seconds, done, rate))
    return hours


def _units(tx: Tx, site: str, start: datetime, end: datetime) -> dict[str, int]:
    """Units picked and packed at a site, by when it happened; scans told up to two days later count in time."""
    row = tx.row(
        """
        SELECT (SELECT coalesce(sum(m.quantity), 0)::bigint FROM stock_move m JOIN place p ON p.id = m.from_place
                WHERE p.site = %(site)s AND m.kind = 'pick' AND m.occurred_at >= %(start)s AND m.occurred_at < %(end)s
                  AND m.recorded_at >= %(start)s AND m.recorded_at < %(end)s + interval '2 days'
                  AND m.recorded_at < m.occurred_at + interval '2 days') AS picked,
               (SELECT coalesce(sum(l.quantity), 0)::bigint FROM parcel p JOIN parcel_line l ON l.parcel_id = p.id
                WHERE p.site = %(site)s AND p.state <> 'unpacked' AND p.packed_at >= %(start)s
                  AND p.packed_at < %(end)s) AS packed
        """,
        site=site, start=start, end=end,
    )  # fmt: skip
    return {"pick": row.picked, "pack": row.packed}


def _touch(tx: Tx, site: str, start: datetime, end: datetime, cap_s: int) -> list[StepMinutes]:
    rows = tx.rows(
        f"""
        WITH {TOUCHES}
        SELECT coalesce(s.step, 'desk') AS step, count(*) AS acts, count(DISTINCT order_id) AS orders,
               coalesce(round(sum(least(seconds, %(cap)s)) FILTER (WHERE seconds IS NOT NULL)), 0)::bigint
                 AS touch_s
        FROM gap LEFT JOIN unnest(%(types)s::text[], %(steps)s::text[]) AS s(type, step) USING (type)
        WHERE gap.site = %(site)s OR gap.site IS NULL
        GROUP BY 1 ORDER BY 1
        """,
        site=site, start=start, end=end, cap=cap_s, machines=list(MACHINES),
        on_the_road=list(ON_THE_ROAD), types=list(STEPS),
        steps=list(STEPS.values()), most=None, behind=None, behind_turn=None,
    )  # fmt: skip
    return [StepMinutes(row.step, row.acts, row.orders, row.touch_s, row.touch_s // row.orders) for row in rows]
