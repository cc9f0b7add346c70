"""Deeds that are meant for what the caller saw: refused when it has changed since."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, NamedTuple

from orderwright.business.deeds.floor import lock_work
from orderwright.business.orders.actions import lock_orders
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.business.returns.actions import lock_returns
from orderwright.business.returns.actions import orders_of as orders_of_returns
from orderwright.business.shipping.parcels import lock_parcels
from orderwright.business.shipping.parcels import orders_of as orders_of_parcels
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal

Deed = Callable[[Tx, Sequence[Any]], list[Any]]
Lock = Callable[[Tx, Sequence[str]], Mapping[str, int]]
"""Locks subjects, their orders first, and tells their versions; unknown ones are left out."""


class AtVersion(NamedTuple):
    """A command about one subject (an order's number, an id), as it was at `version`; None: as it is."""

    subject: str
    version: int | None
    command: Any


def at_version(lock: Lock, deed: Deed) -> Deed:
    """The same deed, for commands that say which version they are meant for. Refuses stale (version).

    A second command about the same subject in one call is stale by then, if it names a version.
    """

    @wraps(deed)
    def checked(tx: Tx, commands: Sequence[AtVersion]) -> list[Any]:
        refusals = _stale(tx, lock, commands)
        sound = [each.command for each, stale in zip(commands, refusals, strict=True) if stale is None]
        answers = iter(deed(tx, sound) if sound else [])
        return [stale or next(answers) for stale in refusals]

    return checked


def _stale(tx: Tx, lock: Lock, commands: Sequence[AtVersion]) -> list[Refusal | None]:
    if all(each.version is None for each in commands):
        return [None] * len(commands)
    # All subjects of the call, not just those with a version: locks are taken once, in one order.
    versions = lock(tx, [each.subject for each in commands])
    seen: set[str] = set()
    refusals: list[Refusal | None] = []
    for each in commands:
        now = versions.get(each.subject)
        is_stale = now is not None and each.version is not None and (each.version != now or each.subject in seen)
        refusals.append(Refusal("stale", version=now) if is_stale else None)
        seen.add(each.subject)
    return refusals


def order_versions(tx: Tx, numbers: Sequence[str]) -> Mapping[str, int]:
    """Versions of orders by number, locked."""
    return {number: row.version for number, row in lock_by_number(tx, numbers).items()}


def fulfilment_versions(tx: Tx, ids: Sequence[str]) -> Mapping[str, int]:
    """Versions of fulfilments by id, locked."""
    return _versions(tx, "fulfilment", lock_work(tx, ids))


def parcel_versions(tx: Tx, ids: Sequence[str]) -> Mapping[str, int]:
    """Versions of parcels by id, locked."""
    homes = orders_of_parcels(tx, ids)
    lock_work(tx, [fulfilment_id for _, fulfilment_id in homes.values()])
    return _versions(tx, "parcel", lock_parcels(tx, homes))


def return_versions(tx: Tx, ids: Sequence[str]) -> Mapping[str, int]:
    """Versions of returns by id, locked."""
    homes = orders_of_returns(tx, ids)
    lock_orders(tx, homes.values())
    return _versions(tx, "return_request", lock_returns(tx, homes))


def _versions(tx: Tx, table: str, ids: Iterable[str]) -> Mapping[str, int]:
    rows = tx.rows(f"SELECT id::text, version FROM {table} WHERE id = ANY(%(ids)s::uuid[])", ids=array(ids))
    return {row.id: row.version for row in rows}
