"""What must be true of returns: what came back is counted once, and every unit of it is accounted for."""

from orderwright.database.invariants import Invariant

INVARIANTS = (
    Invariant(
        "returned_is_what_came_back",
        "What an order has returned is what its returns received.",
        """
        SELECT coalesce(d.id, r.demand_id) AS demand_id, d.returned, coalesce(r.units, 0) AS received
        FROM (SELECT id, returned FROM {demand by order} AS d WHERE returned <> 0) AS d
        FULL JOIN (SELECT demand_id, total(received) AS units FROM {return_line by order} AS l GROUP BY demand_id) AS r
             ON r.demand_id = d.id
        WHERE coalesce(d.returned, 0) <> coalesce(r.units, 0)
        """,
        "demand {demand_id}: {returned} returned, {received} received",
    ),
    Invariant(
        "no_more_comes_back_than_shipped",
        "No more units come back, or are asked to and have not come yet, than were shipped.",
        """
        SELECT d.id AS demand_id, d.shipped, d.returned, r.asked
        FROM {demand by order} AS d
        JOIN (
            SELECT l.demand_id, total(CASE r.state WHEN 'asked' THEN l.asked ELSE l.received END) AS asked
            FROM {return_line by order} AS l JOIN {return_request by order} AS r ON r.id = l.return_id
            WHERE r.state <> 'refused' GROUP BY l.demand_id
        ) AS r ON r.demand_id = d.id
        WHERE r.asked > d.shipped
        """,
        "demand {demand_id}: {shipped} shipped, {returned} returned, {asked} asked back",
    ),
    Invariant(
        "inspected_units_are_accounted_for",
        "Every unit received is restocked, scrapped or in quarantine once it was inspected, and none before it came.",
        """
        SELECT r.number, l.line, r.state, l.received, l.restocked, l.scrapped, l.quarantined
        FROM {return_line by order} AS l LEFT JOIN {return_request by order} AS r ON r.id = l.return_id
        WHERE l.restocked + l.scrapped + l.quarantined > l.received
           OR r.state IN ('inspected', 'settled') AND l.restocked + l.scrapped + l.quarantined <> l.received
           OR r.state IN ('asked', 'refused') AND l.received > 0 OR r.id IS NULL
        """,
        "return {number} line {line} is {state}: {received} received, {restocked} restocked, {scrapped} scrapped,"
        " {quarantined} in quarantine",
    ),
    Invariant(
        "what_came_back_entered_the_stock",
        "What returns received is what moved from customers to the returns bench, by product.",
        """
        SELECT sku, coalesce(m.units, 0) AS moved, coalesce(r.units, 0) AS received
        FROM (SELECT sku, total(quantity) AS units FROM stock_move WHERE kind = 'return' GROUP BY sku) AS m
        FULL JOIN (
            SELECT sku, total(received) AS units FROM return_line WHERE received > 0 GROUP BY sku
        ) AS r USING (sku)
        WHERE coalesce(m.units, 0) <> coalesce(r.units, 0)
        """,
        "{sku}: {received} received, {moved} moved",
        in_sweeps=False,
    ),
    Invariant(
        "returns_are_credited_once",
        "A settled return has a credit note for the amount it says, unless that is nothing; no other return has one.",
        """
        SELECT r.number, r.state, r.refund_minor, p.total_minor
        FROM {return_request by order} AS r
        LEFT JOIN {paper by order} AS p ON p.cause = 'return:' || r.id
        WHERE (r.state = 'settled' AND r.refund_minor > 0) <> (p.cause IS NOT NULL)
           OR r.refund_minor <> coalesce(p.total_minor, 0) OR (r.settled_at IS NULL) <> (r.state <> 'settled')
        """,
        "return {number} is {state}: refund {refund_minor}, credited {total_minor}",
    ),
    Invariant(
        "return_labels_were_bought_once",
        "Each label of a return comes from the last purchase for it, and is there exactly when that was finished.",
        """
        SELECT coalesce(l.return_id, i.subject) AS return_id, l.state, i.state AS purchase
        FROM return_label l
        FULL JOIN (SELECT DISTINCT ON (subject) id, subject, state FROM intent WHERE kind = 'buy_return_label'
                   ORDER BY subject, id DESC) AS i ON i.id = l.intent_id AND i.subject = l.return_id
        WHERE (l.state = 'bought') IS DISTINCT FROM (i.state = 'done') OR i.id IS NULL
        """,
        "return {return_id}: its label is {state}, the purchase {purchase}",
        in_sweeps=False,
    ),
    Invariant(
        "exchanges_end_with_their_returns",
        "An exchange waits only while its return is not settled, and is kept only once it is.",
        """
        SELECT coalesce(r.number, e.return_id::text) AS number, r.state, e.state AS exchange
        FROM exchange e LEFT JOIN return_request r ON r.id = e.return_id
        WHERE r.id IS NULL OR e.state = 'waiting' AND r.state = 'settled' OR e.state = 'kept' AND r.state <> 'settled'
        """,
        "return {number} is {state}, its exchange {exchange}",
        in_sweeps=False,
    ),
    Invariant(
        "money_of_exchanges_arrives",
        "What an exchange says was carried over is what its replacement has of it, and what other orders gave up.",
        """
        SELECT coalesce(e.order_id, p.order_id) AS order_id, coalesce(e.carried_minor, 0) AS says,
               coalesce(p.arrived, 0) AS arrived, coalesce(p.given, 0) AS given
        FROM (SELECT order_id, carried_minor FROM exchange WHERE carried_minor <> 0) AS e
        FULL JOIN (
            SELECT p.order_id, total(p.given_captured_minor) AS arrived, total(i.amount_minor) AS given
            FROM (SELECT id, order_id, given_captured_minor FROM payment WHERE carried_from IS NOT NULL) AS p
            FULL JOIN (SELECT key, amount_minor FROM intent WHERE provider = 'carried' AND state = 'done') AS i
                 ON i.key = 'carry:' || p.id
            GROUP BY p.order_id
        ) AS p ON p.order_id = e.order_id
        WHERE coalesce(e.carried_minor, 0) <> coalesce(p.arrived, 0)
           OR coalesce(p.arrived, 0) <> coalesce(p.given, 0)
        """,
        "order {order_id}: {says} carried over, {arrived} arrived, {given} given up",
        in_sweeps=False,
    ),
)
