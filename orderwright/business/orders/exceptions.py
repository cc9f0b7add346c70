"""The exception queue looks after itself: what is late goes one step up."""

from datetime import timedelta

from orderwright.business.orders.rules import ESCALATES_TO
from orderwright.database.rows import array
from orderwright.database.tx import Tx


def escalate_due(tx: Tx) -> int:
    """Raise exceptions past their due time one step: severity urgent, owner the next one up."""
    return tx.write(
        """
        UPDATE exception SET severity = 'urgent', escalated_at = %(now)s, due_at = %(next)s,
               owner = coalesce((SELECT up.next FROM unnest(%(owners)s::text[], %(nexts)s::text[])
                                 AS up(owner, next) WHERE up.owner = exception.owner), owner)
        WHERE id IN (SELECT id FROM exception WHERE closed_at IS NULL AND due_at < %(now)s
                     ORDER BY due_at LIMIT 1000 FOR UPDATE SKIP LOCKED)
        """,
        now=tx.now, next=tx.now + timedelta(hours=24), owners=array(ESCALATES_TO), nexts=array(ESCALATES_TO.values()),
    )  # fmt: skip
