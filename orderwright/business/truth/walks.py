"""What must be true of walks and totes."""

from orderwright.database.invariants import Invariant

INVARIANTS = (
    Invariant(
        "walks_hold_open_work_of_their_site",
        "What is still to be picked on a walk is of the walk's site, and its walk is planned or under way.",
        """
        SELECT t.id, f.site, b.number, b.site AS walked_at, b.state
        FROM {pick_task by order} AS t
        JOIN {fulfilment by order} AS f ON f.id = t.fulfilment_id
        LEFT JOIN pick_batch b ON b.id = t.batch_id
        WHERE t.batch_id IS NOT NULL
          AND (b.id IS NULL OR b.site <> f.site OR t.state = 'open' AND b.state NOT IN ('planned', 'walking'))
        """,
        "pick task {id} at {site}: on walk {number} at {walked_at}, which is {state}",
    ),
    Invariant(
        "a_picker_walks_one_walk",
        "Nobody is on two walks of a site at once, and every walk under way has its picker and its beginning.",
        """
        SELECT site, picker, count(*) AS walks FROM pick_batch WHERE state = 'walking'
        GROUP BY site, picker HAVING count(*) > 1 OR picker IS NULL OR bool_or(claimed_at IS NULL)
        """,
        "{picker} at {site}: {walks} walks",
    ),
    Invariant(
        "walks_end_when_they_are_over",
        "A walk that is done or dropped has ended, and no other has.",
        """
        SELECT number, state, ended_at FROM pick_batch
        WHERE (state IN ('done', 'dropped')) <> (ended_at IS NOT NULL)
        """,
        "walk {number} is {state}, ended {ended_at}",
        in_sweeps=False,
    ),
    Invariant(
        "totes_in_use_hold_or_await_something",
        "A tote in use holds picked units or units to be put back, or is on the cart of a walk under way.",
        """
        SELECT t.site, t.code, b.number, b.state FROM tote t LEFT JOIN pick_batch b ON b.id = t.batch_id
        WHERE b.state IS DISTINCT FROM 'walking'
          AND NOT EXISTS (SELECT FROM pick_task k WHERE k.fulfilment_id = t.fulfilment_id AND k.tote = t.code
                          AND k.picked > k.packed + k.taken_back)
          AND NOT EXISTS (SELECT FROM pick_task k WHERE t.fulfilment_id IS NULL AND k.batch_id = t.batch_id
                          AND k.tote = t.code AND k.picked > k.packed + k.taken_back)
          AND NOT EXISTS (SELECT FROM put_back p WHERE p.site = t.site AND p.tote = t.code AND p.state = 'open')
        """,
        "tote {code} at {site}: empty, of walk {number}, which is {state}",
    ),
    Invariant(
        "units_lie_in_totes_of_their_order",
        "Picked units, and units to be put back, that lie in a tote lie in one in use: their order's, or a mixed one "
        "of their walk.",
        """
        SELECT t.id, f.site, t.tote, o.fulfilment_id AS whose
        FROM {pick_task by order} AS t
        JOIN {fulfilment by order} AS f ON f.id = t.fulfilment_id
        LEFT JOIN tote o ON o.site = f.site AND o.code = t.tote
        WHERE t.tote <> '' AND t.picked > t.packed + t.taken_back
          AND (o.code IS NULL OR o.fulfilment_id <> t.fulfilment_id
               OR o.fulfilment_id IS NULL AND o.batch_id IS DISTINCT FROM t.batch_id)
        UNION ALL
        SELECT p.id, p.site, p.tote, NULL
        FROM put_back p LEFT JOIN tote o ON o.site = p.site AND o.code = p.tote
        WHERE p.state = 'open' AND p.tote <> '' AND o.code IS NULL
        """,
        "{id} at {site}: in tote {tote}, which is for {whose}",
    ),
)
