"""Every row belongs to something, and nothing crosses from one order to another."""

from orderwright.database.invariants import Invariant

# Lines without their order stand out in line_count_is_counted, demand without its line in lines_become_demand.
_OF_ORDERS = (
    "decision", "hold", "exception", "fulfilment", "parcel", "payment", "intent",
    "paper", "ledger_entry", "return_request",
)  # fmt: skip

INVARIANTS = (
    Invariant(
        "rows_belong_to_orders",
        "Every decision, fulfilment, parcel, payment and paper belongs to an order that exists.",
        "SELECT r.what, r.order_id FROM ("
        + " UNION ALL ".join(
            f"SELECT '{table}' AS what, order_id FROM {{{table} by order}} AS {table}" for table in _OF_ORDERS
        )
        + ") AS r LEFT JOIN {orders by order} AS o ON o.id = r.order_id WHERE o.id IS NULL AND r.order_id IS NOT NULL",
        "{what} of order {order_id}",
    ),
    Invariant(
        "allocations_stay_in_their_order",
        "What a fulfilment holds is demanded by the order it fulfils.",
        """
        SELECT x.fulfilment_id, x.demand_id, f.order_id, d.order_id AS demanded_by
        FROM {allocation by order} AS x
        LEFT JOIN {fulfilment by order} AS f ON f.id = x.fulfilment_id
        LEFT JOIN {demand by order} AS d ON d.id = x.demand_id
        WHERE f.order_id IS DISTINCT FROM d.order_id OR f.id IS NULL
        """,
        "fulfilment {fulfilment_id} of order {order_id} holds demand {demand_id} of order {demanded_by}",
    ),
    Invariant(
        "parcels_stay_in_their_order",
        "What lies in a parcel is demanded by the order it goes out for, from the site of its fulfilment.",
        """
        SELECT p.number, l.demand_id, l.sku, d.sku AS demanded
        FROM {parcel_line by order} AS l
        LEFT JOIN {parcel by order} AS p ON p.id = l.parcel_id
        LEFT JOIN {fulfilment by order} AS f ON f.id = p.fulfilment_id
        LEFT JOIN {demand by order} AS d ON d.id = l.demand_id
        WHERE (f.order_id, f.site, d.order_id, d.sku) IS DISTINCT FROM (p.order_id, p.site, p.order_id, l.sku)
           OR p.id IS NULL
        """,
        "parcel {number}: {sku} for demand {demand_id}, which wants {demanded}",
    ),
    Invariant(
        "pick_lists_stay_in_their_order",
        "A pick list takes what its fulfilment holds, at the fulfilment's site.",
        """
        SELECT t.id, t.sku, t.fulfilment_id, t.demand_id
        FROM {pick_task by order} AS t
        LEFT JOIN {fulfilment by order} AS f ON f.id = t.fulfilment_id
        LEFT JOIN {demand by order} AS d ON d.id = t.demand_id
        LEFT JOIN place p ON p.id = t.place_id
        WHERE (d.order_id, d.sku, p.site) IS DISTINCT FROM (f.order_id, t.sku, f.site) OR f.id IS NULL
        """,
        "pick task {id}: {sku} for demand {demand_id} and fulfilment {fulfilment_id}",
    ),
)
