"""Taking a service away: not while orders or open quotes ask for it, a truck takes it, or it is the usual one."""

from collections.abc import Sequence

import msgspec

from orderwright.business.orders.form import USUAL_SERVICE
from orderwright.business.routing.carriers import ServiceForm, ServiceShown, forget_services, lock_service
from orderwright.database.changes import Change, note
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.forms import Command
from orderwright.values.refusal import Refusal

OPEN = ("held", "waiting", "partially_allocated", "allocated", "picking", "packed", "partially_shipped")
"""States of orders of which something is still to be sent."""


class DropServiceTerms(Command, frozen=True):
    """Take a service away."""

    code: str


class ServiceDropped(msgspec.Struct, frozen=True):
    """A service that is no more."""

    code: str


def drop_services(tx: Tx, commands: Sequence[DropServiceTerms]) -> list[ServiceDropped | Refusal]:
    """Take services away; one `ServiceDropped` or Refusal per command.

    Refuses not_found, service_in_use (why: usual, orders, quotes, truck; of: an order, a quote or the site).
    """
    results: list[ServiceDropped | Refusal] = []
    gone: dict[str, str] = {}
    for command in commands:
        known = None if command.code in gone else lock_service(tx, command.code)
        refusal = Refusal("not_found", service=command.code) if known is None else _in_use(tx, command.code)
        if known is not None and refusal is None:
            gone[command.code] = command.actor
            note(tx, [Change("service", command.code, _form(known), None, command.actor)])
        results.append(refusal or ServiceDropped(command.code))
    if gone:
        forget_services(tx, list(gone))
    return results


def _form(shown: ServiceShown) -> dict[str, object]:
    return {name: getattr(shown, name) for name in ServiceForm.__struct_fields__}


def _in_use(tx: Tx, code: str) -> Refusal | None:
    """Why a service cannot go yet, with the first that needs it."""
    if code == USUAL_SERVICE:
        return Refusal("service_in_use", why="usual", of="")
    row = tx.row(
        """
        SELECT * FROM (
            (SELECT 'orders' AS why, number AS of FROM orders WHERE service = %(code)s AND state = ANY(%(open)s::text[])
             LIMIT 1)
            UNION ALL (SELECT 'quotes', number FROM quote
             WHERE ordered_at IS NULL AND withdrawn_at IS NULL AND expires_at > %(now)s
             AND CASE WHEN form LIKE '{%%' THEN form::json ->> 'service' END = %(code)s LIMIT 1)
            UNION ALL (SELECT 'truck', site FROM truck WHERE service = %(code)s LIMIT 1)
        ) AS used LIMIT 1
        """,
        code=code, open=array(OPEN), now=tx.now,
    )  # fmt: skip
    return Refusal("service_in_use", why=row.why, of=row.of) if row is not None else None
