"""The exception queue's rows: what is late goes one step up, what was looked at is closed or given to another."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from orderwright.business.orders.rules import ESCALATES_TO
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id


class Closing(NamedTuple):
    """How an exception ends: in one word, and what whoever closed it had to say."""

    resolution: str
    note: str
    actor: str


def escalate_due(tx: Tx) -> int:
    """Raise exceptions past their due time one step: severity urgent, owner the next one up.

    What was put off comes back with that: nobody puts off what somebody else waits for.
    """
    return tx.write(
        """
        UPDATE exception SET severity = 'urgent', escalated_at = %(now)s, due_at = %(next)s,
               owner = coalesce((SELECT up.next FROM unnest(%(owners)s::text[], %(nexts)s::text[])
                                 AS up(owner, next) WHERE up.owner = exception.owner), owner),
               snoozed_until = CASE WHEN snoozed_until > %(now)s THEN %(now)s ELSE snoozed_until END
        WHERE id IN (SELECT id FROM exception WHERE closed_at IS NULL AND due_at < %(now)s
                     ORDER BY due_at LIMIT 1000 FOR UPDATE SKIP LOCKED)
        """,
        now=tx.now, next=tx.now + timedelta(hours=24), owners=array(ESCALATES_TO), nexts=array(ESCALATES_TO.values()),
    )  # fmt: skip


def orders_of(tx: Tx, exception_ids: Iterable[str]) -> dict[str, str]:
    """Order id by exception id, '' of what is about a site, read without a lock; unknown ones are left out."""
    rows = tx.rows(
        "SELECT id::text, coalesce(order_id::text, '') AS order_id FROM exception WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(sorted({id_ for id_ in exception_ids if is_id(id_)})),
    )
    return {row.id: row.order_id for row in rows}


def lock_exceptions(tx: Tx, exception_ids: Iterable[str]) -> dict[str, Any]:
    """Rows (id, order_id, subject, kind, owner, closed_at, snoozed_until), locked in id order, by id.

    Their orders' rows are locked by the caller.
    """
    rows = tx.rows(
        "SELECT id::text, coalesce(order_id::text, '') AS order_id, subject::text, kind, owner, closed_at,"
        " snoozed_until FROM exception"
        " WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE",
        ids=array(sorted(set(exception_ids))),
    )
    return {row.id: row for row in rows}


def close_by_id(tx: Tx, closed: Mapping[str, Closing]) -> None:
    """Close locked exceptions, by id."""
    tx.write(
        """
        UPDATE exception e SET closed_at = %(now)s, closed_by = c.actor, resolution = c.resolution, note = c.note
        FROM unnest(%(ids)s::uuid[], %(resolutions)s::text[], %(notes)s::text[], %(actors)s::text[])
             AS c(id, resolution, note, actor)
        WHERE e.id = c.id
        """,
        now=tx.now, ids=array(closed), resolutions=array(each.resolution for each in closed.values()),
        notes=array(each.note for each in closed.values()), actors=array(each.actor for each in closed.values()),
    )  # fmt: skip


def set_owners(tx: Tx, owners: Mapping[str, str]) -> None:
    """Give locked exceptions to somebody, by id; what was put off comes back with that."""
    tx.write(
        "UPDATE exception e SET owner = n.owner,"
        " snoozed_until = CASE WHEN e.snoozed_until > %(now)s THEN %(now)s ELSE e.snoozed_until END"
        " FROM unnest(%(ids)s::uuid[], %(owners)s::text[]) AS n(id, owner) WHERE e.id = n.id",
        ids=array(owners), owners=array(owners.values()), now=tx.now,
    )  # fmt: skip


def put_off(tx: Tx, until: Mapping[str, tuple[datetime, str]]) -> None:
    """Put locked exceptions off until a time, by whom, by id."""
    tx.write(
        "UPDATE exception e SET snoozed_until = n.until, snoozed_by = n.actor"
        " FROM unnest(%(ids)s::uuid[], %(untils)s::timestamptz[], %(actors)s::text[]) AS n(id, until, actor)"
        " WHERE e.id = n.id",
        ids=array(until), untils=array(at for at, _ in until.values()), actors=array(by for _, by in until.values()),
    )  # fmt: skip
