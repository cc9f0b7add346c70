"""What must be true of counts: the books changed by what they found, and by nothing else in their name."""

from orderwright.database.invariants import Invariant

INVARIANTS = (
    Invariant(
        "counts_changed_the_books_by_what_they_found",
        "What counts say they changed is what moved in their name, lot by lot, in the bins that were counted.",
        """
        SELECT coalesce(l.count_id, m.count_id) AS count_id, sku, lot, coalesce(l.posted, 0) AS posted,
               coalesce(m.units, 0) AS moved
        FROM (SELECT count_id, sku, lot, total(posted) AS posted FROM count_line
              WHERE posted IS NOT NULL GROUP BY count_id, sku, lot) AS l
        FULL JOIN (
            SELECT c.id AS count_id, m.sku, m.lot,
                   total(CASE WHEN m.to_place = c.place_id THEN m.quantity
                              WHEN m.from_place = c.place_id THEN -m.quantity ELSE 0 END) AS units
            FROM stock_move m
            JOIN count_task c ON c.id::text = split_part(split_part(m.cause, '/count:', 2), ':', 1)
            WHERE m.kind = 'adjust' AND strpos(m.cause, '/count:') > 0 GROUP BY c.id, m.sku, m.lot
        ) AS m USING (count_id, sku, lot)
        WHERE coalesce(l.posted, 0) <> coalesce(m.units, 0)
        """,
        "count {count_id}, {sku} lot '{lot}': {posted} by its lines, {moved} by the journal",
        in_sweeps=False,
    ),
    Invariant(
        "counts_are_done_when_their_last_round_is",
        "A count that is done was counted to the last lot, only its last round changed the books, and nobody counted "
        "two of its rounds.",
        """
        SELECT c.id, c.state, c.round, l.round AS of_round, l.sku
        FROM count_task c LEFT JOIN count_line l ON l.count_id = c.id
        WHERE l.round > c.round
           OR l.posted IS NOT NULL AND (c.state <> 'done' OR l.round <> c.round)
           OR c.state = 'done' AND l.round = c.round AND l.counted IS NULL
           OR cardinality(c.counted_by) <> (SELECT count(DISTINCT person) FROM unnest(c.counted_by) AS person)
        """,
        "count {id} is {state} in round {round}: {sku} of round {of_round}",
        in_sweeps=False,
    ),
)
