"""What must be true of the gate: no floor gets what its customer can still cancel for nothing."""

from orderwright.database.invariants import Invariant

INVARIANTS = (
    Invariant(
        "no_floor_gets_an_open_cancel_window",
        "No fulfilment was let out before the end of its order's cancel window; who skips it has none.",
        """
        SELECT o.number, f.id, f.released_at, o.cancel_until
        FROM {fulfilment by order} AS f JOIN {orders by order} AS o ON o.id = f.order_id
        WHERE f.released_at < o.cancel_until
        """,
        "order {number}: fulfilment {id} let out at {released_at}, to be cancelled for nothing until {cancel_until}",
    ),
)
