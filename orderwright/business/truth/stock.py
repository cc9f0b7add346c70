"""What must be true of units: none appears, none is promised twice, every counter says what the rows say."""

from orderwright.database.invariants import Invariant

INVARIANTS = (
    Invariant(
        "stock_is_what_moved",
        "What lies in a place is what moved in less what moved out, by product and lot; places on paper hold nothing.",
        """
        SELECT sku, lot, p.site, p.code, p.kind, coalesce(s.quantity, 0) AS lies, coalesce(m.units, 0) AS moved
        FROM (
            SELECT sku, lot, leg.place_id, total(leg.units) AS units
            FROM (SELECT sku, lot, from_place, to_place, total(quantity) AS quantity
                  FROM {stock_move by sku} AS moves GROUP BY sku, lot, from_place, to_place) AS totals
            CROSS JOIN LATERAL (VALUES (to_place, quantity), (from_place, -quantity)) AS leg(place_id, units)
            GROUP BY sku, lot, leg.place_id
        ) AS m
        FULL JOIN {stock by sku} AS s USING (sku, lot, place_id)
        LEFT JOIN place p ON p.id = place_id
        WHERE CASE WHEN p.kind IN ('bin', 'packing', 'quarantine', 'returns', 'receiving')
                   THEN coalesce(s.quantity, 0) <> coalesce(m.units, 0) ELSE s.sku IS NOT NULL END
        """,
        "{sku} lot '{lot}' in {code} ({kind}) at {site}: {lies} lie there, {moved} moved in",
    ),
    Invariant(
        "on_hand_is_what_lies_there",
        "A site has on hand what lies in its bins and on its packing tables.",
        """
        SELECT sku, site, coalesce(a.on_hand, 0) AS on_hand, coalesce(l.units, 0) AS lies
        FROM {availability by sku} AS a
        FULL JOIN (
            SELECT s.sku, p.site, total(s.quantity) AS units
            FROM {stock by sku} AS s JOIN place p ON p.id = s.place_id
            WHERE p.kind IN ('bin', 'packing') GROUP BY s.sku, p.site
        ) AS l USING (sku, site)
        WHERE coalesce(a.on_hand, 0) <> coalesce(l.units, 0)
        """,
        "{sku} at {site}: {on_hand} on hand, {lies} lie there",
    ),
    Invariant(
        "nothing_is_promised_beyond_stock",
        "No quantity is negative, no more is promised than on hand, no more is on pick lists than lies there.",
        """
        SELECT sku, site, on_hand AS there, allocated AS wanted, 'promised' AS what FROM {availability by sku} AS a
        WHERE on_hand < 0 OR allocated < 0 OR waiting < 0 OR allocated > on_hand
        UNION ALL
        SELECT s.sku, p.site || ' ' || p.code, s.quantity, s.committed, 'on pick lists'
        FROM {stock by sku} AS s JOIN place p ON p.id = s.place_id
        WHERE s.quantity < 0 OR s.committed < 0 OR s.committed > s.quantity
        """,
        "{sku} at {site}: {there} there, {wanted} {what}",
    ),
    Invariant(
        "allocated_is_what_fulfilments_hold",
        "What a site has promised is what its fulfilments hold and have not shipped.",
        """
        SELECT sku, site, coalesce(a.allocated, 0) AS allocated, coalesce(h.units, 0) AS held
        FROM {availability by sku} AS a
        FULL JOIN (
            SELECT d.sku, f.site, total(x.allocated + x.picked + x.packed) AS units
            FROM {fulfilment at work} AS f
            JOIN allocation x ON x.fulfilment_id = f.id
            JOIN {demand by sku} AS d ON d.id = x.demand_id
            WHERE x.allocated > 0 OR x.picked > 0 OR x.packed > 0 GROUP BY d.sku, f.site
        ) AS h USING (sku, site)
        WHERE coalesce(a.allocated, 0) <> coalesce(h.units, 0)
        """,
        "{sku} at {site}: {allocated} promised, fulfilments hold {held}",
    ),
    Invariant(
        "waiting_is_what_backorders_claim",
        "What is kept free for backorders is what waiting orders claim, the same at every site.",
        """
        SELECT a.sku, a.site, a.waiting, coalesce(d.units, 0) AS claimed
        FROM {availability by sku} AS a
        LEFT JOIN (
            SELECT sku, total(waiting) AS units FROM {demand by sku} AS d WHERE waiting > 0 AND claims GROUP BY sku
        ) AS d USING (sku)
        WHERE a.waiting <> coalesce(d.units, 0)
        """,
        "{sku} at {site}: {waiting} kept, {claimed} claimed",
    ),
    Invariant(
        "committed_is_on_open_pick_lists",
        "What is committed in a place is what open pick lists still take from it.",
        """
        SELECT sku, lot, place_id, coalesce(s.committed, 0) AS committed, coalesce(t.units, 0) AS listed
        FROM {stock by sku} AS s
        FULL JOIN (
            SELECT sku, lot, place_id, total(quantity - picked) AS units
            FROM {pick_task by sku} AS t WHERE state = 'open' GROUP BY sku, lot, place_id
        ) AS t USING (sku, lot, place_id)
        WHERE coalesce(s.committed, 0) <> coalesce(t.units, 0)
        """,
        "{sku} lot '{lot}' in place {place_id}: {committed} committed, {listed} on open lists",
    ),
    Invariant(
        "picked_units_lie_at_packing",
        "Every unit picked or packed and not yet gone lies on a packing table of its site.",
        """
        SELECT h.sku, h.site, h.units AS worked, coalesce(l.units, 0) AS lies
        FROM (
            SELECT d.sku, f.site, total(x.picked + x.packed) AS units
            FROM {fulfilment at work} AS f
            JOIN allocation x ON x.fulfilment_id = f.id
            JOIN {demand by sku} AS d ON d.id = x.demand_id
            WHERE x.picked > 0 OR x.packed > 0 GROUP BY d.sku, f.site
        ) AS h
        LEFT JOIN (
            SELECT s.sku, p.site, total(s.quantity) AS units FROM {stock by sku} AS s JOIN place p ON p.id = s.place_id
            WHERE p.kind = 'packing' GROUP BY s.sku, p.site
        ) AS l USING (sku, site)
        WHERE h.units > coalesce(l.units, 0)
        """,
        "{sku} at {site}: {worked} picked or packed, {lies} at packing",
    ),
    Invariant(
        "units_to_put_back_lie_on_the_bench",
        "Every unit that is to be put back into a bin lies on the returns bench of its site.",
        """
        SELECT w.sku, w.lot, w.site, w.units AS wanted, coalesce(l.units, 0) AS lies
        FROM (SELECT sku, lot, site, total(quantity - placed) AS units FROM put_back WHERE state = 'open'
              GROUP BY sku, lot, site) AS w
        LEFT JOIN (
            SELECT s.sku, s.lot, p.site, total(s.quantity) AS units FROM stock s JOIN place p ON p.id = s.place_id
            WHERE p.kind = 'returns' GROUP BY s.sku, s.lot, p.site
        ) AS l USING (sku, lot, site)
        WHERE w.units > coalesce(l.units, 0)
        """,
        "{sku} lot '{lot}' at {site}: {wanted} to put back, {lies} on the bench",
    ),
    Invariant(
        "what_shipped_left_the_stock",
        "What left a site for customers is what its parcels took along, by product.",
        """
        SELECT sku, site, coalesce(m.units, 0) AS moved, coalesce(g.units, 0) AS shipped
        FROM (
            SELECT m.sku, p.site, total(m.units) AS units
            FROM (SELECT sku, from_place, total(quantity) AS units FROM stock_move WHERE kind = 'ship'
                  GROUP BY sku, from_place) AS m
            JOIN place p ON p.id = m.from_place GROUP BY m.sku, p.site
        ) AS m
        FULL JOIN (
            SELECT l.sku, p.site, total(l.quantity) AS units FROM parcel_line l JOIN parcel p ON p.id = l.parcel_id
            WHERE p.state NOT IN ('packed', 'labelled', 'unpacked') GROUP BY l.sku, p.site
        ) AS g USING (sku, site)
        WHERE coalesce(m.units, 0) <> coalesce(g.units, 0)
        """,
        "{sku} from {site}: {moved} left the stock, {shipped} went in parcels",
        in_sweeps=False,
    ),
    Invariant(
        "one_move_per_cause",
        "Nothing that happened moved its units twice.",
        """
        SELECT kind, cause, cause_line, count(*) AS times FROM {stock_move by cause} AS m
        GROUP BY kind, cause, cause_line HAVING count(*) > 1
        """,
        "{kind} for {cause} line {cause_line} was booked {times} times",
    ),
    Invariant(
        "every_product_can_be_promised_everywhere",
        "Every stocked product has its row of availability at every site.",
        """
        SELECT p.sku, s.code AS site FROM product p CROSS JOIN site s
        LEFT JOIN availability a ON a.sku = p.sku AND a.site = s.code
        WHERE NOT p.is_kit AND a.sku IS NULL
        """,
        "{sku} at {site} has none",
        in_sweeps=False,
    ),
    Invariant(
        "lots_are_known",
        "Every lot that lies somewhere is one we know, with its date.",
        """
        SELECT s.sku, s.lot, s.place_id FROM {stock by sku} AS s LEFT JOIN lot USING (sku, lot)
        WHERE s.lot <> '' AND lot.sku IS NULL
        """,
        "{sku} lot '{lot}' in place {place_id}",
    ),
)  # fmt: skip
