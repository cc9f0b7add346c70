"""What single orders are judged by, as SQL over `orders o`: figures of a span and of a day ask for the same."""

from datetime import timedelta

JUDGED_AFTER = timedelta(days=14)
"""A delivered order counts as accurate once so long passed without a complaint."""

WRONG = ("wrong_item", "wrong_quantity")
DAMAGED = ("damaged", "defective")
OURS = (*WRONG, *DAMAGED, "not_as_described")
"""Reasons of returns that are nobody's fault but ours."""

IS_GONE = "o.state IN ('shipped', 'partially_delivered', 'delivered', 'partially_returned', 'returned')"
"""Every unit that was not cancelled has left."""
IS_DELIVERED = "o.state IN ('delivered', 'partially_returned', 'returned')"

OUTCOME = "(SELECT d.document::json ->> 'outcome' FROM decision d WHERE d.order_id = o.id AND d.seq = 1)"
"""What placing it came to: whole, split, partial or waiting."""
PROMISED_AT = "(SELECT max(f.ship_by) FROM fulfilment f WHERE f.order_id = o.id AND f.made_at = o.taken_at)"
"""By when it was to leave, as it was promised when it was placed."""
HAS_LEFT_AT = f"CASE WHEN {IS_GONE} THEN (SELECT max(p.shipped_at) FROM parcel p WHERE p.order_id = o.id) END"

PARCELS = """(SELECT max(shipped_at) AS last_shipped, min(shipped_at) AS first_shipped,
                     max(delivered_at) AS delivered_at FROM parcel WHERE order_id = o.id)"""
IN_PIECES = "p.last_shipped - p.first_shipped > interval '12 hours'"
"""Over PARCELS as p: its parcels did not leave together."""
COULD_BE_JUDGED = "p.delivered_at <= %(old)s"


def _complained_of(reasons: str) -> str:
    return f"""EXISTS (SELECT 1 FROM return_request r JOIN return_line l ON l.return_id = r.id
                        WHERE r.order_id = o.id AND l.reason = ANY(%({reasons})s::text[]))"""


IS_WRONG = _complained_of("wrong")
IS_DAMAGED = _complained_of("damaged")
# Counted, for EXISTS might be answered by reading every exception of the store once instead of an order's own.
HAS_FAILED = """(SELECT count(*) > 0 FROM exception e WHERE e.order_id = o.id
                 AND e.kind IN ('delivery_failed', 'parcel_lost'))"""
UNITS_ORDERED = "(SELECT coalesce(sum(quantity), 0)::bigint FROM order_line WHERE order_id = o.id AND sku IS NOT NULL)"
UNITS_MADE_TO_WAIT = """(SELECT coalesce(sum((pair ->> 1)::bigint), 0)::bigint
                         FROM fact f, json_array_elements(f.body::json -> 'waiting') AS pair
                         WHERE f.subject = o.id AND f.seq = 1)"""
UNITS_SHIPPED = "(SELECT coalesce(sum(d.shipped), 0)::bigint FROM demand d WHERE d.order_id = o.id)"
