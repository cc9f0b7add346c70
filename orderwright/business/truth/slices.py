"""What a sweep looks at: the rows of each table that belong to the orders, products and subjects touched."""

from collections.abc import Mapping

from orderwright.database.facts import SUBJECTS
from orderwright.database.invariants import Scope
from orderwright.database.rows import array
from orderwright.database.sweep import Watermark
from orderwright.database.tx import Tx

TOUCHED_MAX = 20_000
"""With more subjects than this to look at, looking at everything is hardly slower."""

_ORDERS = "= ANY(%(orders)s::uuid[])"
_OF_FULFILMENTS = f"fulfilment_id IN (SELECT id FROM fulfilment WHERE order_id {_ORDERS})"
_SKUS = "sku = ANY(%(skus)s::text[])"

SLICES: Mapping[str, str] = {
    "orders by order": f"id {_ORDERS}",
    # Its key is (channel, reference), so the way to it leads over the orders.
    "order_key by order": f"(channel, reference) IN (SELECT channel, reference FROM orders WHERE id {_ORDERS})",
    **{
        f"{table} by order": f"order_id {_ORDERS}"
        for table in ("order_line", "demand", "decision", "hold", "exception", "fulfilment", "parcel", "payment",
                      "intent", "paper", "ledger_entry", "return_request", "print_job", "photo")
    },
    "allocation by order": _OF_FULFILMENTS,
    "pick_task by order": _OF_FULFILMENTS,
    "parcel_line by order": f"parcel_id IN (SELECT id FROM parcel WHERE order_id {_ORDERS})",
    "parcel_scan by order": f"parcel_id IN (SELECT id FROM parcel WHERE order_id {_ORDERS})",
    "label by order": f"intent_id IN (SELECT id FROM intent WHERE order_id {_ORDERS})",
    "tracking_event by order": f"parcel_id IN (SELECT id FROM parcel WHERE order_id {_ORDERS})",
    "return_line by order": f"return_id IN (SELECT id FROM return_request WHERE order_id {_ORDERS})",
    "stock by sku": _SKUS,
    "stock_move by sku": _SKUS,
    # What was booked since, with what was booked for the same before.
    "stock_move by cause": (
        "(kind, cause, cause_line) IN (SELECT kind, cause, cause_line FROM stock_move WHERE id >= %(first_id)s::uuid)"
    ),
    "availability by sku": _SKUS,
    "demand by sku": _SKUS,
    "pick_task by sku": _SKUS,
    # What is promised lies with fulfilments still at work; only in full is it asked whether others hold units.
    "fulfilment at work": "state = 'planned' OR state IN ('released', 'picked', 'packed')",
    "fact by subject": "subject = ANY(%(subjects)s::uuid[])",
    "task by subject": "subject = ANY(%(subjects)s::uuid[])",
    **{
        f"{table} by subject": "id = ANY(%(subjects)s::uuid[])"
        for table in SUBJECTS.values()
    },
}  # fmt: skip


def touched_since(tx: Tx, since: Watermark) -> Scope | None:
    """What facts and stock moves touched since a watermark. None when that is more than a sweep is for."""
    subjects = [
        row.subject
        for row in tx.rows(
            "SELECT DISTINCT subject::text FROM fact WHERE xid >= %(xid)s::xid8"
            # A fact brought along from another server may carry a number that is still to come here.
            " AND xid < pg_snapshot_xmax(pg_current_snapshot()) LIMIT %(limit)s",
            xid=since.xid, limit=TOUCHED_MAX + 1,
        )
    ]  # fmt: skip
    if len(subjects) > TOUCHED_MAX:
        return None
    values: dict[str, object] = {"subjects": array(subjects), "first_id": since.first_id}
    values["orders"] = array(row.id for row in tx.rows(_TOUCHED_ORDERS, **values))
    skus = [row.sku for row in tx.rows(_TOUCHED_SKUS, **values)]
    return Scope(SLICES, {**values, "skus": array(skus)})


_TOUCHED_ORDERS = """
    SELECT id::text FROM orders WHERE id = ANY(%(subjects)s::uuid[])
    UNION SELECT order_id::text FROM fulfilment WHERE id = ANY(%(subjects)s::uuid[])
    UNION SELECT order_id::text FROM parcel WHERE id = ANY(%(subjects)s::uuid[])
    UNION SELECT order_id::text FROM return_request WHERE id = ANY(%(subjects)s::uuid[])
"""
_TOUCHED_SKUS = """
    SELECT sku FROM demand WHERE order_id = ANY(%(orders)s::uuid[])
    UNION SELECT sku FROM stock_move WHERE id >= %(first_id)s::uuid
"""
