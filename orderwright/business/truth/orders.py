"""What must be true of orders: lines, demand, promises, state, holds, the keys twins meet at."""

from collections.abc import Mapping
from typing import Any

from orderwright.business.orders.rules import EXCEPTIONS, FINDINGS, Quantities, state_of
from orderwright.database.invariants import SAMPLE_MAX, Invariant, Offending, Scope, sliced
from orderwright.database.rows import array
from orderwright.database.tx import Tx

_UNITS = """
    SELECT order_id, total(ordered) AS ordered, total(waiting) AS waiting, total(allocated) AS allocated,
           total(picked) AS picked, total(packed) AS packed, total(shipped) AS shipped, total(cancelled) AS cancelled,
           total(delivered) AS delivered, total(returned) AS returned
    FROM {demand by order} AS d GROUP BY order_id
"""
# A line without a product waits for one. There are few, and an index of their own.
_UNKNOWN = """
    SELECT order_id, total(quantity) AS ordered, total(quantity - cancelled) AS waiting, total(cancelled) AS cancelled
    FROM {order_line by order} AS l WHERE sku IS NULL GROUP BY order_id
"""


def _find_wrong_states(tx: Tx, scope: Scope) -> Offending:
    """Ask the rule once for each combination of quantities there is: a few thousand among a million orders."""
    combined = f"""
        SELECT o.number, o.state, o.is_held, coalesce(u.ordered, 0) + coalesce(n.ordered, 0) AS ordered,
               coalesce(u.waiting, 0) + coalesce(n.waiting, 0) AS waiting, u.allocated, u.picked, u.packed, u.shipped,
               coalesce(u.cancelled, 0) + coalesce(n.cancelled, 0) AS cancelled, u.delivered, u.returned
        FROM {{orders by order}} AS o LEFT JOIN ({_UNITS}) AS u ON u.order_id = o.id
        LEFT JOIN ({_UNKNOWN}) AS n ON n.order_id = o.id
    """
    kinds = tx.rows(
        sliced(
            f"SELECT state, is_held, {', '.join(Quantities._fields)}, count(*) AS orders, min(number) AS number"
            f" FROM ({combined}) AS combined GROUP BY {', '.join(('state', 'is_held', *Quantities._fields))}",
            scope,
        ),
        **scope.values,
    )
    count, rows = 0, []
    for kind in kinds:
        right = state_of(Quantities(*[getattr(kind, name) or 0 for name in Quantities._fields]), kind.is_held)
        if right != kind.state:
            count += kind.orders
            more = f" and {kind.orders - 1} like it" if kind.orders > 1 else ""
            rows.append(f"order {kind.number}{more}: '{kind.state}', its units say '{right}'")
    return Offending(count, rows[:SAMPLE_MAX])


def _hold_kinds(tx: Tx, scope: Scope) -> Mapping[str, Any]:
    """Kinds of holds with an exception of their own; every other kind is worked on as `manual`."""
    kinds = {finding.hold for finding in FINDINGS.values() if finding.hold} | {"manual"}
    return {"kinds": array(sorted(kinds)), "known": array(EXCEPTIONS)}


INVARIANTS = (
    Invariant(
        "state_is_what_units_say",
        "An order's state is the one its units and holds give.",
        _find_wrong_states,
    ),
    Invariant(
        "lines_become_demand",
        "Every line with a product is demanded in full, component by component; one without is not.",
        """
        SELECT order_id, position, coalesce(l.sku, '') AS sku, l.quantity, d.sku AS demanded, d.ordered, d.per_unit
        FROM {order_line by order} AS l
        FULL JOIN (
            SELECT order_id, position, sku, total(ordered) AS ordered, min(per_unit) AS per_unit
            FROM {demand by order} AS d GROUP BY order_id, position, sku
        ) AS d USING (order_id, position)
        WHERE (l.sku IS NULL) <> (d.sku IS NULL) OR l.quantity * d.per_unit <> d.ordered
        """,
        "order {order_id} line {position}: {quantity} of '{sku}' became {ordered} of {demanded}, {per_unit} each",
    ),
    Invariant(
        "every_unit_is_in_one_position",
        "Units waiting, allocated, picked, packed, shipped and cancelled add up to what was ordered.",
        """
        SELECT order_id, position, sku, ordered,
               waiting + allocated + picked + packed + shipped + cancelled AS placed
        FROM {demand by order} AS d
        WHERE ordered <> waiting + allocated + picked + packed + shipped + cancelled
           OR least(waiting, allocated, picked, packed, shipped, cancelled, delivered, returned) < 0
           OR delivered > shipped OR returned > shipped
        """,
        "order {order_id} line {position} {sku}: {ordered} ordered, {placed} accounted for",
    ),
    Invariant(
        "demand_is_where_fulfilments_say",
        "What is allocated, picked, packed and shipped of an order is what its fulfilments say.",
        """
        SELECT d.order_id, coalesce(d.id, x.demand_id) AS demand_id,
               ARRAY[d.allocated, d.picked, d.packed, d.shipped] AS ordered,
               ARRAY[x.allocated, x.picked, x.packed, x.shipped] AS fulfilled
        FROM {demand by order} AS d
        FULL JOIN (
            SELECT demand_id, total(allocated) AS allocated, total(picked) AS picked, total(packed) AS packed,
                   total(shipped) AS shipped
            FROM {allocation by order} AS x GROUP BY demand_id
        ) AS x ON x.demand_id = d.id
        WHERE d.id IS NULL OR d.allocated <> coalesce(x.allocated, 0) OR d.picked <> coalesce(x.picked, 0)
           OR d.packed <> coalesce(x.packed, 0) OR d.shipped <> coalesce(x.shipped, 0)
        """,
        "demand {demand_id} of order {order_id}: {ordered}, its fulfilments {fulfilled} "
        "(allocated, picked, packed, shipped)",
    ),
    Invariant(
        "held_means_an_open_hold",
        "An order is marked held exactly while it has an open hold on the whole of it.",
        """
        SELECT coalesce(o.number, h.order_id::text) AS number, o.id IS NOT NULL AS is_held
        FROM (SELECT id, number FROM {orders by order} AS o WHERE is_held) AS o
        FULL JOIN (SELECT DISTINCT order_id FROM {hold by order} AS h
                   WHERE released_at IS NULL AND fulfilment_id IS NULL) AS h ON h.order_id = o.id
        WHERE o.id IS NULL OR h.order_id IS NULL
        """,
        "order {number}: marked {is_held}",
    ),
    Invariant(
        "open_holds_are_somebodys_work",
        "Every open hold but that of an exchange has its open exception, and the exception of a hold closes with it.",
        """
        SELECT order_id, kind, h.kind IS NOT NULL AS is_held
        FROM (SELECT DISTINCT order_id, CASE WHEN kind = ANY(%(known)s::text[]) THEN kind ELSE 'manual' END AS kind
              FROM {hold by order} AS h WHERE released_at IS NULL AND kind <> 'exchange') AS h
        FULL JOIN (SELECT order_id, kind FROM {exception by order} AS e
                   WHERE closed_at IS NULL AND subject = order_id) AS e USING (order_id, kind)
        WHERE e.kind IS NULL OR h.kind IS NULL AND e.kind = ANY(%(kinds)s::text[])
        """,
        "order {order_id} '{kind}': held {is_held}, the exception says otherwise",
        values=_hold_kinds,
    ),
    Invariant(
        "line_count_is_counted",
        "An order has as many lines as it says, numbered without gaps.",
        """
        SELECT coalesce(o.number, l.order_id::text) AS number, o.line_count, l.lines, l.last
        FROM {orders by order} AS o
        FULL JOIN (SELECT order_id, count(*) AS lines, max(position) AS last FROM {order_line by order} AS l
                   GROUP BY order_id) AS l ON l.order_id = o.id
        WHERE o.line_count IS DISTINCT FROM l.lines OR l.last <> l.lines
        """,
        "order {number}: says {line_count}, has {lines}, the last is number {last}",
    ),
    Invariant(
        "one_order_per_reference",
        "Each channel's reference is one order, and each order has one.",
        """
        SELECT coalesce(k.channel, o.channel) AS channel, coalesce(k.reference, o.reference) AS reference, o.number,
               k.order_id
        FROM {order_key by order} AS k FULL JOIN {orders by order} AS o ON o.id = k.order_id
        WHERE (k.channel, k.reference) IS DISTINCT FROM (o.channel, o.reference)
        """,
        "{channel} {reference}: order {number}, the key says {order_id}",
    ),
)  # fmt: skip
