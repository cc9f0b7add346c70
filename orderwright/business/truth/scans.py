"""What must be true of scans, and of single units they named."""

from orderwright.database.invariants import Invariant

INVARIANTS = (
    Invariant(
        "named_units_are_where_their_product_is",
        "Where units named by serial lie, are picked or packed, at least that many of their product are.",
        """
        SELECT 'pick task' AS what, u.task_id::text AS id, u.sku, count(*) AS named,
               coalesce(max(t.picked - t.packed - t.taken_back), 0) AS units
        FROM serial_unit u LEFT JOIN pick_task t ON t.id = u.task_id AND t.sku = u.sku
        WHERE u.task_id IS NOT NULL GROUP BY u.task_id, u.sku
        HAVING count(*) > coalesce(max(t.picked - t.packed - t.taken_back), 0)
        UNION ALL
        SELECT 'parcel', n.parcel_id::text, n.sku, n.named, coalesce(c.units, 0)
        FROM (SELECT parcel_id, sku, count(*) AS named FROM serial_unit
              WHERE parcel_id IS NOT NULL GROUP BY parcel_id, sku) AS n
        LEFT JOIN LATERAL (
            SELECT sum(l.quantity) AS units FROM parcel_line l JOIN parcel p ON p.id = l.parcel_id
            WHERE l.parcel_id = n.parcel_id AND l.sku = n.sku AND p.state <> 'unpacked') AS c ON true
        WHERE n.named > coalesce(c.units, 0)
        UNION ALL
        SELECT 'place', p.site || '/' || p.code, n.sku, n.named, coalesce(s.units, 0)
        FROM (SELECT place_id, sku, count(*) AS named FROM serial_unit
              WHERE place_id IS NOT NULL GROUP BY place_id, sku) AS n
        JOIN place p ON p.id = n.place_id
             AND p.kind IN ('bin', 'packing', 'quarantine', 'returns', 'receiving')
        LEFT JOIN LATERAL (SELECT sum(quantity) AS units FROM stock
                           WHERE place_id = n.place_id AND sku = n.sku) AS s ON true
        WHERE n.named > coalesce(s.units, 0)
        """,
        "{what} {id}: {named} units of {sku} are named, {units} are there",
        in_sweeps=False,
    ),
    Invariant(
        "named_units_are_in_transit_with_their_dispatch",
        "Of a product tracked by serial, the units of a dispatch that are named in transit are those under way.",
        """
        SELECT coalesce(w.id, n.id) AS id, coalesce(w.sku, n.sku) AS sku, coalesce(n.named, 0) AS named,
               coalesce(w.units, 0) AS units
        FROM (SELECT u.dispatch_id::text AS id, u.sku, count(*) AS named FROM serial_unit u
              WHERE u.dispatch_id IS NOT NULL GROUP BY u.dispatch_id, u.sku) AS n
        FULL JOIN (
            SELECT split_part(m.cause, ':', 2) AS id, m.sku, min(m.recorded_at) AS since,
                   total(CASE WHEN m.to_place = p.id THEN m.quantity ELSE -m.quantity END) AS units
            FROM place p JOIN stock_move m ON p.id IN (m.from_place, m.to_place)
            WHERE p.kind = 'transit' GROUP BY split_part(m.cause, ':', 2), m.sku) AS w USING (id, sku)
        LEFT JOIN product p ON p.sku = w.sku
        WHERE coalesce(n.named, 0) <> coalesce(w.units, 0)
          AND (n.named IS NOT NULL OR (p.tracking = 'serial' AND p.changed_at <= w.since))
        UNION ALL
        SELECT u.dispatch_id::text, u.sku, 1, 0 FROM serial_unit u JOIN place p ON p.id = u.place_id
        WHERE (p.kind = 'transit') <> (u.dispatch_id IS NOT NULL)
        """,
        "dispatch {id}: {named} units of {sku} are named in transit, {units} are under way",
        in_sweeps=False,
    ),
    Invariant(
        "scans_are_done_in_their_order",
        "Of each session the scans before the next are done, each once, and later ones wait.",
        """
        SELECT s.id, s.next_n, coalesce(c.done, 0) AS done, coalesce(c.last_done, 0) AS last_done, c.first_waiting
        FROM floor_session s
        LEFT JOIN (
            SELECT session_id, count(*) FILTER (WHERE outcome <> 'waiting') AS done,
                   max(n) FILTER (WHERE outcome <> 'waiting') AS last_done,
                   min(n) FILTER (WHERE outcome = 'waiting') AS first_waiting
            FROM scan GROUP BY session_id
        ) AS c ON c.session_id = s.id
        WHERE coalesce(c.done, 0) <> s.next_n - 1 OR coalesce(c.last_done, 0) <> s.next_n - 1
           OR c.first_waiting <= s.next_n
        """,
        "session {id} goes on at {next_n}: {done} scans are done, up to {last_done}; {first_waiting} waits",
        in_sweeps=False,
    ),
)  # fmt: skip
