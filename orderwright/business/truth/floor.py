"""What must be true of the floor: work exists for what is released, parcels hold what was packed."""

from orderwright.database.invariants import Invariant

# GS1 General Specifications 7.9.1: digits weigh 3 and 1 in turns.
_WEIGHTED = " + ".join(f"{3 if at % 2 else 1} * substr(sscc, {at}, 1)::int" for at in range(1, 18))

INVARIANTS = (
    Invariant(
        "fulfilments_say_how_far_they_are",
        "A fulfilment's state is that of its units that are furthest behind.",
        """
        SELECT f.id, f.order_id, f.state, h.allocated, h.picked, h.packed, h.shipped
        FROM {fulfilment by order} AS f
        LEFT JOIN (
            SELECT fulfilment_id, bool_or(allocated > 0) AS allocated, bool_or(picked > 0) AS picked,
                   bool_or(packed > 0) AS packed, bool_or(shipped > 0) AS shipped
            FROM {allocation by order} AS x GROUP BY fulfilment_id
        ) AS h ON h.fulfilment_id = f.id
        WHERE f.state <> CASE WHEN h.allocated AND f.released_at IS NOT NULL THEN 'released'
                              WHEN h.allocated THEN 'planned' WHEN h.picked THEN 'picked' WHEN h.packed THEN 'packed'
                              WHEN h.shipped THEN 'shipped' ELSE 'cancelled' END
           OR f.released_at IS NULL AND (h.picked OR h.packed OR h.shipped)
        """,
        "fulfilment {id} of order {order_id} is {state}: allocated {allocated}, picked {picked}, packed {packed}, "
        "shipped {shipped}",
    ),
    Invariant(
        "sites_count_their_days",
        "A site's day counts the fulfilments it is to ship that day and their units.",
        """
        SELECT site, day, coalesce(c.orders, 0) AS orders, coalesce(c.units, 0) AS units,
               coalesce(f.orders, 0) AS planned_orders, coalesce(f.units, 0) AS planned_units
        FROM (SELECT site, day, sum(orders) AS orders, sum(units) AS units FROM site_load GROUP BY site, day) AS c
        FULL JOIN (
            SELECT f.site, f.ship_day AS day, count(DISTINCT f.id) FILTER (WHERE f.state <> 'cancelled') AS orders,
                   sum(x.allocated + x.picked + x.packed + x.shipped) AS units
            FROM fulfilment f LEFT JOIN allocation x ON x.fulfilment_id = f.id
            WHERE f.ship_day >= (%(now)s - interval '1 day')::date GROUP BY f.site, f.ship_day
        ) AS f USING (site, day)
        WHERE day >= (%(now)s - interval '1 day')::date
          AND (coalesce(c.orders, 0) <> coalesce(f.orders, 0) OR coalesce(c.units, 0) <> coalesce(f.units, 0))
        """,
        "{site} on {day}: counts {orders} orders of {units} units, has {planned_orders} of {planned_units}",
        in_sweeps=False,
    ),
    Invariant(
        "picks_account_for_their_units",
        "What pick lists took is in totes, in parcels, or was taken back, unit by unit.",
        """
        SELECT fulfilment_id, demand_id, coalesce(x.picked, 0) AS picked, coalesce(t.in_tote, 0) AS in_tote,
               coalesce(x.packed + x.shipped, 0) AS packed, coalesce(t.packed, 0) AS in_parcels
        FROM {allocation by order} AS x
        FULL JOIN (
            SELECT fulfilment_id, demand_id, total(picked - packed - taken_back) AS in_tote, total(packed) AS packed
            FROM {pick_task by order} AS t WHERE picked > 0 GROUP BY fulfilment_id, demand_id
        ) AS t USING (fulfilment_id, demand_id)
        WHERE coalesce(x.picked, 0) <> coalesce(t.in_tote, 0)
           OR coalesce(x.packed + x.shipped, 0) <> coalesce(t.packed, 0)
        """,
        "demand {demand_id} in fulfilment {fulfilment_id}: {picked} picked, {in_tote} in totes; {packed} packed, "
        "{in_parcels} of them from totes",
    ),
    Invariant(
        "released_units_are_on_pick_lists",
        "Every unit released and not yet picked is on one open pick list, and nothing else is.",
        """
        SELECT fulfilment_id, demand_id, coalesce(x.units, 0) AS released, coalesce(t.units, 0) AS listed
        FROM (
            SELECT x.fulfilment_id, x.demand_id, x.allocated AS units
            FROM {fulfilment by order} AS f JOIN {allocation by order} AS x ON x.fulfilment_id = f.id
            WHERE f.state = 'released' AND x.allocated > 0
        ) AS x
        FULL JOIN (
            SELECT fulfilment_id, demand_id, total(quantity - picked) AS units
            FROM {pick_task by order} AS t WHERE state = 'open' GROUP BY fulfilment_id, demand_id
        ) AS t USING (fulfilment_id, demand_id)
        WHERE coalesce(x.units, 0) <> coalesce(t.units, 0)
        """,
        "demand {demand_id} in fulfilment {fulfilment_id}: {released} released, {listed} on open lists",
    ),
    Invariant(
        "parcels_hold_what_was_packed",
        "What is packed lies in parcels still here, what is shipped in parcels that left, unit by unit.",
        """
        SELECT fulfilment_id, demand_id, coalesce(x.packed, 0) AS packed, coalesce(c.here, 0) AS here,
               coalesce(x.shipped, 0) AS shipped, coalesce(c.gone, 0) AS gone
        FROM {allocation by order} AS x
        FULL JOIN (
            SELECT p.fulfilment_id, l.demand_id,
                   total(CASE WHEN p.state IN ('packed', 'labelled') THEN l.quantity ELSE 0 END) AS here,
                   total(CASE WHEN p.state IN ('packed', 'labelled') THEN 0 ELSE l.quantity END) AS gone
            FROM {parcel_line by order} AS l JOIN {parcel by order} AS p ON p.id = l.parcel_id
            WHERE p.state <> 'unpacked' GROUP BY p.fulfilment_id, l.demand_id
        ) AS c USING (fulfilment_id, demand_id)
        WHERE coalesce(x.packed, 0) <> coalesce(c.here, 0) OR coalesce(x.shipped, 0) <> coalesce(c.gone, 0)
        """,
        "demand {demand_id} in fulfilment {fulfilment_id}: {packed} packed, {here} in parcels here; "
        "{shipped} shipped, {gone} in parcels gone",
    ),
    Invariant(
        "delivered_is_what_parcels_brought",
        "What was delivered of an order is what its delivered parcels held.",
        """
        SELECT coalesce(d.id, b.demand_id) AS demand_id, d.delivered, coalesce(b.units, 0) AS brought
        FROM {demand by order} AS d
        FULL JOIN (
            SELECT l.demand_id, total(l.quantity) AS units
            FROM {parcel_line by order} AS l JOIN {parcel by order} AS p ON p.id = l.parcel_id
            WHERE p.state = 'delivered' GROUP BY l.demand_id
        ) AS b ON b.demand_id = d.id
        WHERE coalesce(d.delivered, 0) <> coalesce(b.units, 0)
        """,
        "demand {demand_id}: {delivered} delivered, {brought} in delivered parcels",
    ),
    Invariant(
        "parcels_carry_the_times_of_their_state",
        "A parcel has left when it was handed over, and arrived when it is delivered.",
        """
        SELECT number, state, shipped_at, delivered_at FROM {parcel by order} AS p
        WHERE (shipped_at IS NULL) <> (state IN ('packed', 'labelled', 'unpacked'))
           OR (delivered_at IS NULL) <> (state <> 'delivered')
        """,
        "parcel {number} is {state}: shipped {shipped_at}, delivered {delivered_at}",
    ),
    Invariant(
        "ssccs_come_from_their_series",
        "A parcel's SSCC has its check digit, and is one its company prefix has given out.",
        f"""
        SELECT number, sscc FROM {{parcel by order}} AS p WHERE sscc IS NOT NULL
          AND (right(sscc, 1) <> ((10 - ({_WEIGHTED}) %% 10) %% 10)::text
               OR NOT EXISTS (SELECT FROM sscc_series s
                              WHERE substr(p.sscc, 2, length(s.company_prefix)) = s.company_prefix
                              AND s.next > (left(p.sscc, 1) || substr(p.sscc, 2 + length(s.company_prefix),
                                                                      16 - length(s.company_prefix)))::bigint))
        """,
        "parcel {number} has SSCC {sscc}",
    ),
    Invariant(
        "print_jobs_are_of_their_subjects",
        "A print job is of the site and order of its parcel or pick list, and a label's job of its parcel's label.",
        """
        SELECT j.id, j.kind, j.subject FROM {print_job by order} AS j
        WHERE NOT CASE j.kind
            WHEN 'pick_list' THEN EXISTS (SELECT FROM fulfilment f WHERE f.id = j.subject AND f.site = j.site
                                          AND f.order_id = j.order_id)
            ELSE EXISTS (SELECT FROM parcel p LEFT JOIN label l ON l.id = j.label_id WHERE p.id = j.subject
                         AND p.site = j.site AND p.order_id = j.order_id AND (j.label_id IS NULL OR l.parcel_id = p.id))
        END
        """,
        "print job {id}: its {kind} is not of {subject}",
    ),
    Invariant(
        "one_live_label_per_parcel",
        "No parcel has two labels that count.",
        """
        SELECT parcel_id, count(*) AS labels FROM {label by order} AS l WHERE state = 'live'
        GROUP BY parcel_id HAVING count(*) > 1
        """,
        "parcel {parcel_id} has {labels}",
    ),
    Invariant(
        "labels_agree_with_parcels",
        "A parcel carries the label it was bought, from the label desk on; one without is not labelled.",
        """
        SELECT p.number, p.state, p.carrier, p.tracking_code, l.tracking_code AS label
        FROM {parcel by order} AS p
        LEFT JOIN {label by order} AS l ON l.parcel_id = p.id AND l.state = 'live'
        WHERE (l.id IS NULL) <> (p.state IN ('packed', 'unpacked'))
           OR l.id IS NOT NULL AND (l.carrier, l.tracking_code) IS DISTINCT FROM (p.carrier, p.tracking_code)
        """,
        "parcel {number} is {state} with {carrier} {tracking_code}; its live label is {label}",
    ),
    Invariant(
        "every_label_was_bought_once",
        "Each label comes from one finished purchase for its parcel, and each purchase brought one label.",
        """
        SELECT coalesce(l.intent_id, i.id) AS intent_id, count(l.id) AS labels, count(i.id) AS purchases
        FROM {label by order} AS l
        FULL JOIN (SELECT id, subject FROM {intent by order} AS i WHERE kind = 'buy_label' AND state = 'done') AS i
             ON i.id = l.intent_id AND i.subject = l.parcel_id
        GROUP BY 1 HAVING count(l.id) <> 1 OR count(i.id) <> 1
        """,
        "purchase {intent_id}: {purchases} finished, {labels} labels",
    ),
    Invariant(
        "tracking_is_noted_once",
        "Each of a carrier's scans is kept once, and belongs to a parcel of ours or to none.",
        """
        SELECT carrier, external_id, count(*) AS times FROM {tracking_event by order} AS e
        GROUP BY carrier, external_id HAVING count(*) > 1
        UNION ALL
        SELECT e.carrier, e.external_id, 1 FROM {tracking_event by order} AS e
        LEFT JOIN {parcel by order} AS p ON p.id = e.parcel_id
        WHERE e.parcel_id IS NOT NULL AND p.id IS NULL
        """,
        "{carrier} {external_id}: kept {times} times",
    ),
)  # fmt: skip
