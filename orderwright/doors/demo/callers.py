"""Customers who call or write: whose parcel is late, who got something wrong, and some who just want to know.

Support writes each down on the morning after, once an order and reason.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from orderwright.business.orders.contacts import ContactForm, RecordContact, Way, Why, record_contacts
from orderwright.database.rows import array
from orderwright.database.store import Store
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.people import People
from orderwright.doors.demo.window import ZONE

ACTOR = "support"
CONTACTS_A_TIME = 200
FIRST_HOUR, OPEN_MINUTES = 9, 9 * 60
"""When customers get in touch, by the clock of the shop."""
WAYS: tuple[Way, ...] = ("email", "email", "email", "phone", "phone", "chat")
SETTLED = 80_000
"""Of contacts, the share (of WHOLE) that was enough."""


class Cause(NamedTuple):
    """Why customers get in touch. rate: how many of them do, of WHOLE; said: what they say."""

    reason: Why
    rate: int
    said: str


CAUSES: dict[str, Cause] = {
    "late": Cause("where_is_it", 40_000, "It should have come yesterday."),
    "waiting": Cause("where_is_it", 15_000, "Three days, and it has not left you?"),
    "wrong": Cause("wrong_or_damaged", 50_000, "This is not what I ordered."),
    "new": Cause("where_is_it", 400, "When will it come?"),
    "second thoughts": Cause("change_or_cancel", 200, "May I still change it?"),
    "curious": Cause("question", 200, "How is it washed?"),
}
# One row for each order and cause of the last day, whether its customer gets in touch or not.
_CONCERNED = """
    SELECT DISTINCT o.number, o.reference, c.cause FROM (
        SELECT order_id, 'late' AS cause FROM parcel WHERE state = 'shipped' AND deliver_by = %(yesterday)s::date - 1
        UNION ALL
        SELECT order_id, 'wrong' FROM return_request WHERE made_at > %(now)s - interval '1 day' AND made_at <= %(now)s
            AND EXISTS (SELECT FROM return_line WHERE return_id = id AND reason IN ('wrong_item', 'wrong_quantity'))
        UNION ALL
        SELECT id, 'waiting' FROM orders WHERE placed_at > %(now)s - interval '4 days'
            AND placed_at <= %(now)s - interval '3 days' AND state IN ('waiting', 'partially_allocated')
        UNION ALL
        SELECT id, cause FROM orders, unnest(ARRAY['new', 'second thoughts', 'curious']) AS cause
            WHERE placed_at > %(now)s - interval '2 days' AND placed_at <= %(now)s - interval '1 day'
    ) AS c JOIN orders o ON o.id = c.order_id ORDER BY o.number, c.cause
"""


class Callers:
    """All customers who have something to say."""

    def __init__(self, store: Store, people: People) -> None:
        self._store, self._draws = store, people.draws

    def hear(self, now: datetime) -> None:
        """Write down who got in touch since yesterday. What was written down before is not written again."""
        yesterday = now.astimezone(ZONE).replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0) - timedelta(days=1)
        with self._store.read() as tx:
            concerned = tx.rows(_CONCERNED, now=now, yesterday=yesterday.date())
            calling = [row for row in concerned if self._draws.happens(CAUSES[row.cause].rate, "calls", *row[1:])]
            heard = {
                (row.number, row.reason)
                for row in tx.rows(
                    "SELECT o.number, c.reason FROM contact c JOIN orders o ON o.id = c.order_id"
                    " WHERE o.number = ANY(%(numbers)s)",
                    numbers=array(row.number for row in calling),
                )
            }
        fresh = {(row.number, CAUSES[row.cause].reason): row for row in calling}
        commands = [self._told(row, yesterday) for key, row in fresh.items() if key not in heard]
        in_parts(self._store, record_contacts, commands, CONTACTS_A_TIME)

    def _told(self, row: Any, opening: datetime) -> RecordContact:
        cause, about = CAUSES[row.cause], (row.reference, row.cause)
        form = ContactForm(
            channel=self._draws.one_of(WAYS, "way", *about),
            reason=cause.reason,
            words=cause.said,
            asked_at=opening + timedelta(minutes=self._draws.between(0, OPEN_MINUTES, "asked", *about)),
            is_settled=self._draws.happens(SETTLED, "settled", *about),
        )
        return RecordContact(number=row.number, form=form, actor=ACTOR)
