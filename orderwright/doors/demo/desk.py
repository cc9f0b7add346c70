"""The clerks: they look at what is held, take their time, sometimes forget one, and let it go."""

from datetime import datetime, timedelta
from typing import Any

from orderwright.business.deeds.hold import release_holds
from orderwright.business.orders.commands import ReleaseHold
from orderwright.database.store import Store
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.left import PREFIX
from orderwright.doors.demo.people import People

SOONEST_MINUTES, LATEST_MINUTES = 10, 150
A_DAY = timedelta(days=1)
HOLDS_A_TIME = 200


class Desk:
    """The order desk. What nobody can judge (an order to an unknown country) stays held, and so does the visitor's."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people

    def work(self, now: datetime) -> None:
        """Release the holds whose time has come."""
        with self._store.read() as tx:
            rows = tx.rows(
                "SELECT h.kind, h.placed_at, h.placed_by, o.number, o.reference, o.country FROM hold h"
                " JOIN orders o ON o.id = h.order_id"
                " WHERE h.released_at IS NULL AND h.fulfilment_id IS NULL AND o.is_held"
                " AND o.reference NOT LIKE %(left)s ORDER BY h.placed_at, h.id",
                left=f"{PREFIX}%",
            )
        commands = [
            ReleaseHold(number=row.number, kind=row.kind, actor="clerk:desk")
            for row in rows
            if row.country and self._looked_at(row) <= now
        ]
        in_parts(self._store, release_holds, commands, HOLDS_A_TIME)

    def _looked_at(self, row: Any) -> datetime:
        draws, about = self._people.draws, ("hold", row.kind, row.reference)
        at: datetime = row.placed_at + timedelta(minutes=draws.between(SOONEST_MINUTES, LATEST_MINUTES, *about))
        is_forgotten = draws.happens(self._people.rates.forgotten_hold, "forgotten", *about)
        return at + A_DAY if is_forgotten else at
