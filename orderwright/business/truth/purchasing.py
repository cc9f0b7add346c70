"""What must be true of buying and receiving: what came is counted once and lies where it is said."""

from orderwright.database.invariants import Invariant

INVARIANTS = (
    Invariant(
        "purchase_lines_count_their_deliveries",
        "What a purchase order has accepted and rejected is what its deliveries brought.",
        """
        SELECT p.number, l.sku, l.accepted, l.rejected, coalesce(d.accepted, 0) AS came, coalesce(d.rejected, 0) AS bad
        FROM purchase_line l JOIN purchase_order p ON p.id = l.purchase_id
        FULL JOIN (
            SELECT d.purchase_id, x.position, total(x.accepted) AS accepted, total(x.rejected) AS rejected
            FROM delivery d JOIN delivery_line x ON x.delivery_id = d.id
            WHERE d.purchase_id IS NOT NULL AND x.position IS NOT NULL GROUP BY d.purchase_id, x.position
        ) AS d ON d.purchase_id = l.purchase_id AND d.position = l.position
        WHERE (coalesce(l.accepted, 0), coalesce(l.rejected, 0))
              IS DISTINCT FROM (coalesce(d.accepted, 0), coalesce(d.rejected, 0))
        """,
        "{sku} of {number}: {accepted} accepted and {rejected} rejected, deliveries brought {came} and {bad}",
        in_sweeps=False,
    ),
    Invariant(
        "purchase_orders_are_what_their_lines_say",
        "The state of a purchase order follows from its quantities, and lines are open while something is to come.",
        """
        SELECT p.number, p.state, s.says FROM purchase_order p
        CROSS JOIN LATERAL (
            SELECT CASE WHEN p.state = 'cancelled' AND NOT coalesce(bool_or(l.accepted > 0), false) THEN 'cancelled'
                        WHEN p.sent_at IS NULL THEN 'draft'
                        WHEN coalesce(bool_and(l.quantity - l.cancelled - l.accepted <= 0), true)
                             THEN CASE WHEN bool_or(l.accepted > 0) THEN 'received' ELSE 'cancelled' END
                        WHEN bool_or(l.accepted > 0) THEN 'part_received'
                        WHEN p.confirmed_at IS NOT NULL THEN 'confirmed' ELSE 'sent' END AS says,
                   coalesce(bool_or(l.is_open <> (p.state IN ('sent', 'confirmed', 'part_received')
                                                  AND l.quantity - l.cancelled - l.accepted > 0)), false) AS wrong_line
            FROM purchase_line l WHERE l.purchase_id = p.id) AS s
        WHERE p.state <> s.says OR s.wrong_line
        """,
        "{number} is {state}, its lines say {says}",
        in_sweeps=False,
    ),
    Invariant(
        "what_came_in_moved_in",
        "What deliveries brought is what moved from suppliers to the receiving bench and to quarantine, line by line.",
        """
        SELECT coalesce(d.id, m.id) AS id, coalesce(d.sku, m.sku) AS sku, coalesce(d.good, 0) AS good,
               coalesce(d.bad, 0) AS bad, coalesce(m.bench, 0) AS bench, coalesce(m.quarantine, 0) AS quarantine
        FROM (SELECT delivery_id AS id, sku, lot, total(accepted) AS good, total(rejected + held) AS bad
              FROM delivery_line GROUP BY delivery_id, sku, lot) AS d
        FULL JOIN (
            SELECT substr(m.cause, 10)::uuid AS id, m.sku, m.lot,
                   total(m.quantity) FILTER (WHERE p.kind = 'receiving') AS bench,
                   total(m.quantity) FILTER (WHERE p.kind = 'quarantine') AS quarantine
            FROM stock_move m JOIN place p ON p.id = m.to_place
            WHERE m.kind = 'receive' AND m.cause LIKE 'delivery:%%' GROUP BY m.cause, m.sku, m.lot
        ) AS m USING (id, sku, lot)
        WHERE (coalesce(d.good, 0), coalesce(d.bad, 0))
              IS DISTINCT FROM (coalesce(m.bench, 0), coalesce(m.quarantine, 0))
        """,
        "{sku} of delivery {id}: {good} good and {bad} not, {bench} moved to the bench and {quarantine} to quarantine",
        in_sweeps=False,
    ),
    Invariant(
        "what_lies_at_receiving_is_to_be_put_away",
        "What lies on a receiving bench is what is still to be put away there, by product and lot.",
        """
        SELECT site, sku, lot, coalesce(l.units, 0) AS lies, coalesce(w.units, 0) AS wanted
        FROM (SELECT p.site, s.sku, s.lot, total(s.quantity) AS units FROM stock s JOIN place p ON p.id = s.place_id
              WHERE p.kind = 'receiving' GROUP BY p.site, s.sku, s.lot) AS l
        FULL JOIN (SELECT site, sku, lot, total(quantity - placed) AS units FROM put_away WHERE state = 'open'
                   GROUP BY site, sku, lot) AS w USING (site, sku, lot)
        WHERE coalesce(l.units, 0) <> coalesce(w.units, 0)
        """,
        "{sku} lot '{lot}' at {site}: {lies} on the bench, {wanted} to put away",
        in_sweeps=False,
    ),
    Invariant(
        "what_is_in_transit_was_sent",
        "What is in transit between sites was sent by a dispatch, and of a dispatch no more arrives than was sent.",
        """
        SELECT p.site, m.sku, m.cause, m.units FROM (
            SELECT p.id AS place_id, m.sku, m.lot, min(m.cause) AS cause,
                   total(CASE WHEN m.to_place = p.id THEN m.quantity ELSE -m.quantity END) AS units,
                   bool_and(m.kind = 'transfer' AND split_part(m.cause, ':', 1) = ANY(
                       CASE WHEN m.to_place = p.id THEN ARRAY['transfer_out']
                            ELSE ARRAY['transfer_in', 'transfer_close'] END)) AS is_sent
            FROM place p JOIN stock_move m ON p.id IN (m.from_place, m.to_place)
            WHERE p.kind = 'transit' GROUP BY p.id, m.sku, m.lot, split_part(m.cause, ':', 2)
        ) AS m JOIN place p ON p.id = m.place_id WHERE m.units < 0 OR NOT m.is_sent
        """,
        "{units} of {sku} are in transit at {site} by {cause}, which no dispatch sent",
        in_sweeps=False,
    ),
    Invariant(
        "transfers_end_when_all_came",
        "A transfer between sites is done when all it loaded came or was written off, and not before.",
        """
        SELECT t.number, t.state, u.loaded, u.loaded - u.ended AS units FROM site_transfer t
        CROSS JOIN LATERAL (
            SELECT coalesce(total(m.quantity) FILTER (WHERE c.kind = 'transfer_out'), 0) AS loaded,
                   coalesce(total(m.quantity) FILTER (WHERE c.kind <> 'transfer_out'), 0) AS ended
            FROM site_transfer_load l
            CROSS JOIN unnest(ARRAY['transfer_out', 'transfer_in', 'transfer_close']) AS c(kind)
            JOIN stock_move m ON m.kind = 'transfer' AND m.cause = c.kind || ':' || l.document_id::text
            WHERE l.transfer_id = t.id) AS u
        WHERE (t.state = 'done' AND u.loaded <> u.ended) OR (t.state IN ('sent', 'done') AND u.loaded = 0)
           OR (t.state IN ('planned', 'cancelled') AND u.loaded > 0)
        """,
        "{number} is {state}: {loaded} loaded, {units} under way",
        in_sweeps=False,
    ),
    Invariant(
        "days_are_told_to_who_waits",
        "An order is told a day only for units that wait, or once did: never for a demand that is not there.",
        """
        SELECT e.demand_id, e.expected_on FROM expectation e LEFT JOIN demand d ON d.id = e.demand_id
        WHERE d.id IS NULL OR d.order_id <> e.order_id
        """,
        "demand {demand_id} was told {expected_on}",
        in_sweeps=False,
    ),
    Invariant(
        "requests_become_purchase_lines",
        "A request for more is open once per product and site; one that was ordered stands on a purchase order there.",
        """
        SELECT r.id, r.sku, r.site, 'is open twice' AS what FROM replenishment r
        WHERE r.state = 'open' AND EXISTS (SELECT 1 FROM replenishment o WHERE o.state = 'open' AND o.sku = r.sku
                                           AND o.site = r.site AND o.id < r.id)
        UNION ALL
        SELECT r.id, r.sku, r.site, 'stands on no purchase order of its site' FROM replenishment r
        LEFT JOIN purchase_order p ON p.id = r.purchase_id AND p.site = r.site
        WHERE r.state = 'ordered' AND p.id IS NULL
        """,
        "request {id} for {sku} at {site} {what}",
        in_sweeps=False,
    ),
)  # fmt: skip
