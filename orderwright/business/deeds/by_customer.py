"""What a customer may do to their order without asking anybody, and until when."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from orderwright.database.rows import array
from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx

RETURN_DAYS: Setting[int] = Setting(
    "returns.days", Annotated[int, Meta(ge=0, le=3_650)], 30,
    "Days after an order's last parcel arrived for which its customer can ask to send something back.",
)  # fmt: skip
SETTINGS = (RETURN_DAYS,)
ROAD_DAYS = 7
"""A parcel nobody told the arrival of is taken to have arrived so many days after it left."""


def begun_orders(tx: Tx, order_ids: Iterable[str]) -> set[str]:
    """Those of the orders of which something is on a floor: a customer can neither cancel nor change them now."""
    asked = sorted(set(order_ids))
    if not asked:
        return set()
    rows = tx.rows(
        "SELECT DISTINCT order_id::text FROM fulfilment WHERE order_id = ANY(%(ids)s::uuid[])"
        " AND state IN ('released', 'picked', 'packed')",
        ids=array(asked),
    )
    return {row.order_id for row in rows}


def returns_end(tx: Tx, order_ids: Iterable[str]) -> dict[str, datetime]:
    """When the customers of orders can no longer ask for returns; orders nothing of which left are left out."""
    asked = sorted(set(order_ids))
    if not asked:
        return {}
    rows = tx.rows(
        "SELECT order_id::text, max(coalesce(delivered_at, shipped_at + make_interval(days => %(road)s))) AS arrived_at"
        " FROM parcel WHERE order_id = ANY(%(ids)s::uuid[]) AND shipped_at IS NOT NULL GROUP BY order_id",
        ids=array(asked), road=ROAD_DAYS,
    )  # fmt: skip
    days = timedelta(days=value_of(tx, RETURN_DAYS))
    return {row.order_id: row.arrived_at + days for row in rows}
