"""What must be true of the bench: cartons are accounted for, what was to be checked was, photos belong somewhere."""

from orderwright.database.invariants import Invariant

INVARIANTS = (
    Invariant(
        "cartons_add_up",
        "A site has as many cartons of a kind as arrived and were counted, less those that parcels took.",
        """
        SELECT carton, site, coalesce(s.quantity, 0) AS quantity, coalesce(m.moved, 0) AS moved
        FROM carton_stock s
        FULL JOIN (SELECT carton, site, sum(quantity) AS moved FROM carton_move GROUP BY carton, site) AS m
             USING (carton, site)
        WHERE coalesce(s.quantity, 0) <> coalesce(m.moved, 0)
        """,
        "{site} has {quantity} of carton {carton}, and {moved} by what was booked",
        in_sweeps=False,
    ),
    Invariant(
        "parcels_took_their_cartons",
        "Every parcel in a carton of ours took one of that kind from its site, and nobody else did.",
        """
        SELECT p.id AS parcel_id, p.number, p.carton, m.carton AS taken, m.quantity
        FROM (SELECT * FROM parcel WHERE carton IS NOT NULL) AS p
        FULL JOIN (SELECT * FROM carton_move WHERE kind = 'pack') AS m ON m.parcel_id = p.id
        WHERE (p.carton, p.site, -1) IS DISTINCT FROM (m.carton, m.site, m.quantity)
        """,
        "parcel {number} is in carton {carton}; taken for it: {quantity} of {taken}",
        in_sweeps=False,
    ),
    Invariant(
        "checked_parcels_were_scanned",
        "Of a parcel that was to be scanned in full, every unit was; no parcel has more units scanned than it holds.",
        """
        WITH looked_at AS (  -- most parcels are packed without a scan, and need not be added up
            SELECT parcel_id AS id FROM {parcel_scan by order} AS s
            UNION SELECT id FROM {parcel by order} AS p WHERE checked IN ('scan_all', 'photo', 'second_person')
        )
        SELECT p.number, p.checked, x.sku, x.held, x.scanned
        FROM {parcel by order} AS p JOIN (
            SELECT parcel_id, sku, sum(held) AS held, sum(scanned) AS scanned FROM (
                SELECT parcel_id, sku, quantity AS held, 0 AS scanned FROM {parcel_line by order} AS l
                WHERE parcel_id IN (SELECT id FROM looked_at)
                UNION ALL SELECT parcel_id, sku, 0, units FROM {parcel_scan by order} AS s
            ) AS both_ways GROUP BY parcel_id, sku
        ) AS x ON x.parcel_id = p.id
        WHERE x.scanned > x.held OR x.scanned < x.held AND p.checked IN ('scan_all', 'photo', 'second_person')
        """,
        "parcel {number}, checked by {checked}, holds {held} of {sku}, {scanned} of them scanned",
    ),
    Invariant(
        "checked_parcels_were_looked_at",
        "A parcel that was to be photographed has a photo, and one for two people was looked at by two.",
        """
        SELECT p.number, p.checked, p.packer, p.checked_by
        FROM {parcel by order} AS p
        WHERE p.checked IN ('photo', 'second_person')
              AND NOT EXISTS (SELECT 1 FROM photo x WHERE x.fulfilment_id = p.fulfilment_id AND x.parcel_id IS NOT NULL)
           OR p.checked = 'second_person' AND p.checked_by IN ('', p.packer)
        """,
        "parcel {number}, checked by {checked}: packed by '{packer}', looked at by '{checked_by}', or no photo",
    ),
    Invariant(
        "photos_belong_to_their_parcels",
        "A photo's parcel is of the photo's fulfilment, and both of its order.",
        """
        SELECT x.id, x.parcel_id, x.fulfilment_id
        FROM {photo by order} AS x LEFT JOIN parcel p ON p.id = x.parcel_id
        LEFT JOIN fulfilment f ON f.id = x.fulfilment_id
        WHERE f.order_id IS DISTINCT FROM x.order_id
           OR x.parcel_id IS NOT NULL AND p.fulfilment_id IS DISTINCT FROM x.fulfilment_id
        """,
        "photo {id} of parcel {parcel_id} and fulfilment {fulfilment_id}",
    ),
)
