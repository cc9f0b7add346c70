"""Figures of the orders that were placed on a day, whenever they are judged."""

from orderwright.business.reports.days.source import Source, day_of, minutes_part
from orderwright.business.reports.order_rows import (
    COULD_BE_JUDGED,
    HAS_FAILED,
    IN_PIECES,
    IS_DAMAGED,
    IS_DELIVERED,
    IS_GONE,
    IS_WRONG,
    OUTCOME,
    PARCELS,
    PROMISED_AT,
    UNITS_MADE_TO_WAIT,
    UNITS_ORDERED,
    UNITS_SHIPPED,
)

BY_PEOPLE = "{who} <> ALL(%(machines)s::text[]) AND {who} NOT LIKE ALL('{{key:%%,dial:%%}}')"
"""Whether somebody at a desk did something: no machine of ours, no program with a key, no dial."""
_ROWS = f"""
    placed AS MATERIALIZED (
        SELECT o.id, o.id::text AS about, o.channel, o.state, o.taken_at, o.currency, o.total_minor, o.line_count,
               {OUTCOME} AS outcome, {PROMISED_AT} AS promised,
               coalesce((SELECT f.site FROM fulfilment f WHERE f.order_id = o.id ORDER BY f.made_at, f.id LIMIT 1), '')
                 AS site, {IS_GONE} AS is_gone, {IS_DELIVERED} AS is_delivered, p.*, {IN_PIECES} AS in_pieces,
               CASE WHEN {IS_GONE} THEN p.last_shipped END AS left_at, {COULD_BE_JUDGED} AS is_old
        FROM orders o CROSS JOIN LATERAL {PARCELS} p
        WHERE o.placed_at >= %(start)s AND o.placed_at < %(end)s
    ), judged_orders AS MATERIALIZED (
        SELECT o.*, {IS_WRONG} AS is_wrong, {IS_DAMAGED} AS is_damaged, {HAS_FAILED} AS has_failed
        FROM placed o WHERE o.is_delivered AND o.is_old IS NOT NULL
    ), touched_holds AS MATERIALIZED (
        SELECT DISTINCT o.id, h.kind FROM placed o JOIN hold h ON h.order_id = o.id
        WHERE o.is_gone AND {BY_PEOPLE.format(who="h.released_by")}
    ), touched AS MATERIALIZED ( -- what stands in the queue for a hold (or as manual) is no cause beside it
        SELECT id, 'hold:' || kind AS cause FROM touched_holds
        UNION
        SELECT o.id, 'exception:' || e.kind FROM placed o JOIN exception e ON e.order_id = o.id
        WHERE o.is_gone AND {BY_PEOPLE.format(who="e.closed_by")}
          AND NOT EXISTS (SELECT 1 FROM touched_holds h WHERE h.id = o.id AND e.kind IN (h.kind, 'manual'))
        UNION
        SELECT o.id, 'desk:' || f.type FROM placed o JOIN fact f ON f.subject = o.id
        WHERE o.is_gone AND f.type IN ('order_edited', 'order_cancelled', 'order_held')
          AND {BY_PEOPLE.format(who="f.actor")}
    )"""

_NO_PART = "site, channel, '' AS part"


def _judged(good: str) -> str:
    return f"""SELECT {_NO_PART}, (is_old AND {good})::int AS counted, is_old::int AS judged,
                      (NOT is_old)::int AS pending, about FROM judged_orders"""


PLACED = Source(
    _ROWS,
    {
        "orders_in": "SELECT site, channel, state AS part, 1 AS counted, 0 AS judged, 0 AS pending, about FROM placed",
        "order_lines": f"SELECT {_NO_PART}, line_count, 0, 0, about FROM placed",
        "order_value": "SELECT site, channel, currency, total_minor, 0, 0, about FROM placed",
        "cancelled": f"""
            SELECT {_NO_PART}, 0, 1, 0, about FROM placed
            UNION ALL SELECT site, channel, coalesce((SELECT f.body::json ->> 'reason' FROM fact f
                WHERE f.subject = o.id AND f.type = 'order_cancelled' ORDER BY f.seq DESC LIMIT 1), ''), 1, 0, 0, about
            FROM placed o WHERE state = 'cancelled'""",
        "held": f"""
            SELECT {_NO_PART}, EXISTS (SELECT 1 FROM hold h WHERE h.order_id = o.id)::int, 1, 0, about FROM placed o
            UNION ALL SELECT site, channel, kind, 1, 0, 0, about
            FROM placed o CROSS JOIN LATERAL (SELECT DISTINCT h.kind FROM hold h WHERE h.order_id = o.id) k""",
        "backordered": f"""SELECT {_NO_PART}, coalesce(outcome IN ('partial', 'waiting'), false)::int, 1, 0, about
            FROM placed""",
        "fill_rate": f"""
            SELECT {_NO_PART}, ordered - least(ordered, waiting), ordered, 0, about
            FROM (SELECT o.*, {UNITS_ORDERED} AS ordered, {UNITS_MADE_TO_WAIT} AS waiting FROM placed o) w""",
        "shipped_on_time": f"""
            SELECT {_NO_PART}, coalesce(left_at <= promised, false)::int,
                   coalesce(left_at IS NOT NULL OR promised < %(now)s, false)::int,
                   coalesce(left_at IS NULL AND promised >= %(now)s, false)::int, about
            FROM placed WHERE state <> 'cancelled' AND outcome IN ('whole', 'split')""",
        "same_day": f"""SELECT {_NO_PART}, coalesce({day_of("left_at")} = {day_of("taken_at")}, false)::int, 1, 0, about
            FROM placed WHERE state <> 'cancelled'""",
        "time_per_order": f"""
            SELECT site, channel, {minutes_part("extract(epoch FROM left_at - taken_at)")}, 1, 0, 0, about
            FROM placed WHERE left_at IS NOT NULL""",
        "order_accuracy": _judged("NOT (is_wrong OR has_failed)"),
        "perfect_orders": _judged(
            "NOT (is_wrong OR has_failed OR is_damaged OR coalesce(last_shipped > promised, true) OR in_pieces)"
        ),
        "return_rate": f"""
            SELECT {_NO_PART}, 0, {UNITS_SHIPPED}, 0, about FROM placed o
            UNION ALL SELECT o.site, channel, l.reason, l.received, 0, 0, about FROM placed o
            JOIN return_request r ON r.order_id = o.id JOIN return_line l ON l.return_id = r.id WHERE l.received > 0""",
        "zero_touch": f"""
            SELECT {_NO_PART}, (id NOT IN (SELECT id FROM touched))::int, 1, 0, about FROM placed WHERE is_gone
            UNION ALL SELECT site, channel, cause, 1, 0, 0, about FROM placed o JOIN touched t ON t.id = o.id""",
    },
)
