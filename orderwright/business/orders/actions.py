"""Moving units along, and keeping the order's state, holds and exceptions in step with them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
from psycopg.errors import LockNotAvailable

from orderwright.business.orders.rules import EXCEPTIONS, Quantities, state_of
from orderwright.database.rows import array
from orderwright.database.tx import Collision, Tx
from orderwright.values.ids import new_ids


class Delta(NamedTuple):
    """How many units of a demand enter (or, negative, leave) each position. The first six sum to zero."""

    waiting: int = 0
    allocated: int = 0
    picked: int = 0
    packed: int = 0
    shipped: int = 0
    cancelled: int = 0
    delivered: int = 0
    returned: int = 0


def lock_orders(tx: Tx, order_ids: Iterable[str]) -> dict[str, Any]:
    """Lock orders in id order; their rows (id, number, state, is_held, version, ...) by id."""
    rows = tx.rows(
        "SELECT id::text, number, channel, reference, state, is_held, version, currency, total_minor, placed_at,"
        " cancel_until"
        " FROM orders WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE",
        ids=array(sorted(set(order_ids))),
    )
    return {row.id: row for row in rows}


def lock_orders_at_once(tx: Tx, order_ids: Iterable[str]) -> None:
    """Lock orders without waiting, for who holds stock rows already. Raises Collision when one is busy."""
    try:
        tx.rows(
            "SELECT FROM orders WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE NOWAIT",
            ids=array(sorted(set(order_ids))),
        )
    except LockNotAvailable as busy:
        raise Collision from busy


def orders_of_customers(tx: Tx, customer_ids: Iterable[str]) -> list[str]:
    """The ids of customers' orders, in order."""
    rows = tx.rows(
        "SELECT id::text FROM orders WHERE customer_id = ANY(%(ids)s::uuid[]) ORDER BY id",
        ids=array(sorted(set(customer_ids))),
    )
    return [row.id for row in rows]


def move_orders(tx: Tx, customers: Mapping[str, str]) -> None:
    """Let the orders of customers be those of others, by id. The orders' rows are locked by the caller."""
    if customers:
        tx.write(
            "UPDATE orders o SET customer_id = m.into_id"
            " FROM unnest(%(ids)s::uuid[], %(into)s::uuid[]) AS m(id, into_id) WHERE o.customer_id = m.id",
            ids=array(customers), into=array(customers.values()),
        )  # fmt: skip


def give_orders(tx: Tx, customers: Mapping[str, str]) -> None:
    """Let orders, by id, be those of customers. The orders' rows are locked by the caller."""
    if customers:
        tx.write(
            "UPDATE orders o SET customer_id = g.customer_id"
            " FROM unnest(%(ids)s::uuid[], %(customers)s::uuid[]) AS g(id, customer_id) WHERE o.id = g.id",
            ids=array(customers), customers=array(customers.values()),
        )  # fmt: skip


def move_units(tx: Tx, deltas: Mapping[str, Delta]) -> None:
    """Add deltas to demands, by id. The orders' rows are locked by the caller; positions never go below zero."""
    if any(any(delta) for delta in deltas.values()):
        tx.write(_MOVE, **_moved(deltas))


_MOVE = f"""
    UPDATE demand m SET {", ".join(f"{name} = m.{name} + d.{name}" for name in Delta._fields)}
    FROM unnest(%(demands)s::uuid[], {", ".join(f"%({name})s::bigint[]" for name in Delta._fields)})
         AS d(id, {", ".join(Delta._fields)})
    WHERE m.id = d.id
"""


def _moved(deltas: Mapping[str, Delta]) -> dict[str, str]:
    changed = sorted((id_, delta) for id_, delta in deltas.items() if any(delta))
    return {
        "demands": array(id_ for id_, _ in changed),
        **{name: array(getattr(delta, name) for _, delta in changed) for name in Delta._fields},
    }


def refresh_states(
    tx: Tx, order_ids: Iterable[str], moved: Mapping[str, Mapping[str, Delta]] | None = None
) -> dict[str, str]:
    """Recompute the state of orders from their units and holds; the state by id. Raises their version.

    moved: deltas by demand, by order, to be added in the same statement; that costs one less than `move_units` before.
    """
    deltas = {id_: delta for mine in (moved or {}).values() for id_, delta in mine.items()}
    # What is read together with what is written is as it was before.
    rows = tx.rows(
        (f"WITH moved AS ({_MOVE}) " if deltas else "") + """
        SELECT o.id::text, coalesce(u.unresolved, 0)::bigint AS unresolved,
               coalesce(u.given_up, 0)::bigint AS given_up, d.*, h.is_held
        FROM orders o
        CROSS JOIN LATERAL (SELECT coalesce(sum(ordered), 0)::bigint AS ordered,
            coalesce(sum(waiting), 0)::bigint AS waiting, coalesce(sum(allocated), 0)::bigint AS allocated,
            coalesce(sum(picked), 0)::bigint AS picked, coalesce(sum(packed), 0)::bigint AS packed,
            coalesce(sum(shipped), 0)::bigint AS shipped, coalesce(sum(cancelled), 0)::bigint AS cancelled,
            coalesce(sum(delivered), 0)::bigint AS delivered, coalesce(sum(returned), 0)::bigint AS returned
            FROM demand WHERE order_id = o.id) d
        CROSS JOIN LATERAL (SELECT sum(quantity - cancelled) AS unresolved, sum(cancelled) AS given_up
                            FROM order_line
                            WHERE order_id = o.id AND sku IS NULL) u
        CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM hold WHERE order_id = o.id AND released_at IS NULL
                                              AND fulfilment_id IS NULL) AS is_held) h
        WHERE o.id = ANY(%(ids)s::uuid[])
        """,
        ids=array(sorted(set(order_ids))), **(_moved(deltas) if deltas else {}),
    )  # fmt: skip
    states, held = {}, {}
    for row in rows:
        more = Delta(*map(sum, zip(*(moved or {}).get(row.id, {"": Delta()}).values(), strict=True)))
        units = Quantities(
            row.ordered + row.unresolved + row.given_up, row.waiting + more.waiting + row.unresolved,
            row.allocated + more.allocated, row.picked + more.picked, row.packed + more.packed,
            row.shipped + more.shipped, row.cancelled + more.cancelled + row.given_up,
            row.delivered + more.delivered, row.returned + more.returned,
        )  # fmt: skip
        states[row.id] = state_of(units, row.is_held)
        held[row.id] = row.is_held
    tx.write(
        "UPDATE orders o SET state = n.state, is_held = n.is_held, version = o.version + 1"
        " FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(held)s::boolean[]) AS n(id, state, is_held)"
        " WHERE o.id = n.id",
        ids=array(states), states=array(states.values()), held=array(held.values()),
    )  # fmt: skip
    return {id_: str(state) for id_, state in states.items()}


class NewException(NamedTuple):
    """Something a person must look at; `subject` is the order, fulfilment, parcel, payment or return.

    What is about no order (order_id '') is about a site: a count, damaged goods, a zone that is too warm.
    """

    order_id: str
    subject: str
    kind: str
    document: Mapping[str, object]
    site: str = ""


def open_exceptions(tx: Tx, new: Sequence[NewException]) -> None:
    """Open exceptions; one that is open already for the same subject and kind stays as it is."""
    if not new:
        return
    starts = [EXCEPTIONS[each.kind] for each in new]
    tx.write(
        """
        INSERT INTO exception (id, order_id, site, subject, kind, severity, owner, document, opened_at, due_at)
        SELECT id, order_id, site, subject, kind, severity, owner, document, %(now)s, due_at
        FROM unnest(%(ids)s::uuid[], %(orders)s::uuid[], %(sites)s::text[], %(subjects)s::uuid[], %(kinds)s::text[],
                    %(severities)s::text[], %(owners)s::text[], %(documents)s::text[], %(dues)s::timestamptz[])
             AS new(id, order_id, site, subject, kind, severity, owner, document, due_at)
        ON CONFLICT (subject, kind) WHERE closed_at IS NULL DO NOTHING
        """,
        now=tx.now, ids=array(new_ids(len(new))), orders=array(each.order_id or None for each in new),
        sites=array("" if each.order_id else each.site for each in new),
        subjects=array(each.subject for each in new), kinds=array(each.kind for each in new),
        severities=array(start.severity for start in starts), owners=array(start.owner for start in starts),
        documents=array(msgspec.json.encode(each.document).decode() for each in new),
        dues=array(tx.now + timedelta(hours=start.due_hours) for start in starts),
    )  # fmt: skip


def close_exceptions(tx: Tx, closed: Sequence[tuple[str, str]], *, actor: str, resolution: str) -> int:
    """Close the open exceptions of (subject, kind); how many were open."""
    if not closed:
        return 0
    return tx.write(
        """
        UPDATE exception e SET closed_at = %(now)s, closed_by = %(actor)s, resolution = %(resolution)s
        FROM unnest(%(subjects)s::uuid[], %(kinds)s::text[]) AS c(subject, kind)
        WHERE e.subject = c.subject AND e.kind = c.kind AND e.closed_at IS NULL
        """,
        now=tx.now, actor=actor, resolution=resolution,
        subjects=array(subject for subject, _ in closed), kinds=array(kind for _, kind in closed),
    )  # fmt: skip


def close_all_exceptions(tx: Tx, order_ids: Sequence[str], *, actor: str, resolution: str) -> None:
    """Close every open exception of orders that are over."""
    tx.write(
        "UPDATE exception SET closed_at = %(now)s, closed_by = %(actor)s, resolution = %(resolution)s"
        " WHERE order_id = ANY(%(ids)s::uuid[]) AND closed_at IS NULL",
        now=tx.now, actor=actor, resolution=resolution, ids=array(order_ids),
    )  # fmt: skip


def release_all_holds(tx: Tx, order_ids: Sequence[str], *, actor: str) -> None:
    """Release every open hold of orders that are over."""
    tx.write(
        "UPDATE hold SET released_at = %(now)s, released_by = %(actor)s"
        " WHERE order_id = ANY(%(ids)s::uuid[]) AND released_at IS NULL",
        now=tx.now, actor=actor, ids=array(order_ids),
    )  # fmt: skip
