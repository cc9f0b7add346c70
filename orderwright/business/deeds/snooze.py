"""Exceptions put off until a time: out of the queue until then, and back by themselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.business.orders.actions import lock_orders
from orderwright.business.orders.exception_queue import ExceptionShown, exceptions_now
from orderwright.business.orders.exceptions import lock_exceptions, orders_of, put_off
from orderwright.business.orders.facts import ExceptionSnoozed
from orderwright.database.tx import Tx
from orderwright.values.forms import Command, Form
from orderwright.values.refusal import Refusal

Instant = Annotated[datetime, Meta(tz=True)]
SNOOZE_MAX = timedelta(days=30)


class SnoozeForm(Form, frozen=True):
    """Until when nobody needs to look at it; null: look at it again now."""

    until: Instant | None = None


class SnoozeException(Command, frozen=True):
    """An exception is put off, or taken up again."""

    id: str
    until: datetime | None = None


def snooze_exceptions(tx: Tx, commands: Sequence[SnoozeException]) -> list[ExceptionShown | Refusal]:
    """Put exceptions off; one as it stands, or a Refusal, per command. As it is already: `repeated`.

    Its due time stays: when that passes it is escalated, and comes back with that. Refuses not_found,
    exception_step (it is closed), snooze_time (not to come, or more than 30 days away; `latest`).
    """
    homes = orders_of(tx, [each.id for each in commands])
    lock_orders(tx, [id_ for id_ in homes.values() if id_])
    rows = lock_exceptions(tx, homes)
    standing = {id_: row.snoozed_until for id_, row in rows.items()}
    results: list[Any] = []
    changed: dict[str, tuple[datetime, str]] = {}
    for each in commands:
        row = rows.get(each.id)
        refusal = _refusal(tx, row, each)
        if row is None or refusal is not None:
            results.append(refusal)
            continue
        before = standing[each.id]
        is_off = before is not None and before > tx.now
        is_repeated = before == each.until if each.until is not None else not is_off
        results.append(is_repeated)
        if is_repeated:
            continue
        until = each.until or tx.now
        standing[each.id] = until
        changed[each.id] = (until, each.actor)
        if row.order_id:
            tx.record("order", row.order_id, ExceptionSnoozed(kind=row.kind, until=until), actor=each.actor)
    if changed:
        put_off(tx, changed)
    now = exceptions_now(tx, [each.id for each in commands])
    return [
        each if isinstance(each, Refusal) else msgspec.structs.replace(now[command.id], repeated=each)
        for command, each in zip(commands, results, strict=True)
    ]


def _refusal(tx: Tx, row: Any, command: SnoozeException) -> Refusal | None:
    if row is None:
        return Refusal("not_found", exception_id=command.id)
    if row.closed_at is not None:
        return Refusal("exception_step", closed_at=row.closed_at)
    latest = tx.now + SNOOZE_MAX
    until = command.until
    if until is not None and (until.tzinfo is None or not tx.now < until <= latest):
        return Refusal("snooze_time", latest=latest)
    return None
