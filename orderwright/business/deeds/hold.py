"""Holds: several at once, each typed and released by itself; the order moves when the last is gone."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from orderwright.business.deeds.partial_hold import Parts
from orderwright.business.orders.actions import NewException, close_exceptions, open_exceptions, refresh_states
from orderwright.business.orders.commands import HoldOrder, ReleaseHold
from orderwright.business.orders.facts import HoldReleased, OrderHeld
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.business.orders.rules import EXCEPTIONS, EXCHANGE
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal

TOO_LATE = ("shipped", "partially_delivered", "delivered", "partially_returned", "returned", "cancelled")


class HoldsNow(msgspec.Struct, frozen=True):
    """An order after a hold was placed or released: its state, and the kinds of holds still open."""

    number: str
    state: str
    holds: list[str]


def hold_orders(tx: Tx, commands: Sequence[HoldOrder]) -> list[Any]:
    """Stop orders, or some units of their lines; one `HoldsNow` or Refusal per command.

    Refuses not_found, hold_exists, order_step (nothing left to stop), unknown_line. Units of lines are set
    apart into a fulfilment of their own, so that the rest goes on.
    """
    orders = lock_by_number(tx, [each.number for each in commands])
    holds = _open_holds(tx, [order.id for order in orders.values()])
    parts = Parts(tx, [orders[each.number].id for each in commands if each.lines is not None and each.number in orders])
    results: list[Any] = []
    placed: list[tuple[HoldOrder, str, str | None]] = []
    for each in commands:
        order = orders.get(each.number)
        refusal = None
        fulfilment_id = None
        if order is None:
            refusal = Refusal("not_found", number=each.number)
        elif order.state in TOO_LATE:
            refusal = Refusal("order_step", state=order.state)
        elif (each.kind, "") in holds[order.id] and each.lines is None:
            refusal = Refusal("hold_exists", kind=each.kind)
        elif each.lines is not None:
            apart = parts.set_apart(order.id, each.lines)
            refusal, fulfilment_id = (apart, None) if isinstance(apart, Refusal) else (None, apart)
        results.append(refusal)
        if refusal is None and order is not None:
            holds[order.id].add((each.kind, fulfilment_id or ""))
            placed.append((each, order.id, fulfilment_id))
    parts.write(tx)
    if placed:
        _write(tx, placed)
    return _now(tx, commands, results, orders, holds, [order_id for _, order_id, _ in placed])


def _write(tx: Tx, placed: Sequence[tuple[HoldOrder, str, str | None]]) -> None:
    ids = new_ids(len(placed))
    tx.copy(
        "hold",
        "id, order_id, kind, fulfilment_id, placed_at, placed_by, document",
        [
            (id_, order_id, each.kind, fulfilment_id, tx.now, each.actor,
             msgspec.json.encode({"note": each.note}).decode())
            for id_, (each, order_id, fulfilment_id) in zip(ids, placed, strict=True)
        ],
    )  # fmt: skip
    open_exceptions(tx, [
        NewException(order_id, order_id, kind, {"note": each.note, "held_by": each.actor})
        for each, order_id, _ in placed if (kind := exception_of(each.kind))
    ])  # fmt: skip
    for each, order_id, _ in placed:
        tx.record("order", order_id, OrderHeld(hold=each.kind), actor=each.actor)


def place_kinds(tx: Tx, placed: Sequence[tuple[str, str, Mapping[str, object]]], *, actor: str) -> None:
    """Place holds, (order id, kind, document), that are not open on orders whose rows the caller has locked.

    Each opens its exception. States and facts are the caller's: used by what finds something wrong in passing.
    """
    if not placed:
        return
    tx.copy(
        "hold",
        "id, order_id, kind, placed_at, placed_by, document",
        [
            (id_, order_id, kind, tx.now, actor, msgspec.json.encode(document).decode())
            for id_, (order_id, kind, document) in zip(new_ids(len(placed)), placed, strict=True)
        ],
    )
    open_exceptions(tx, [NewException(order_id, order_id, kind, document) for order_id, kind, document in placed])


def release_holds(tx: Tx, commands: Sequence[ReleaseHold]) -> list[Any]:
    """Release holds by kind; one `HoldsNow` or Refusal per command.

    Refuses not_found and no_such_hold. The exception of the hold closes with it.
    """
    orders = lock_by_number(tx, [each.number for each in commands])
    holds = _open_holds(tx, [order.id for order in orders.values()])
    results: list[Any] = []
    released: list[tuple[ReleaseHold, str]] = []
    for each in commands:
        order = orders.get(each.number)
        if order is None:
            results.append(Refusal("not_found", number=each.number))
        elif each.kind not in {kind for kind, _ in holds[order.id]}:
            results.append(Refusal("no_such_hold", kind=each.kind, open=sorted({k for k, _ in holds[order.id]})))
        else:
            holds[order.id] = {(kind, part) for kind, part in holds[order.id] if kind != each.kind}
            released.append((each, order.id))
            results.append(None)
    for actor in sorted({each.actor for each, _ in released}):
        release_kinds(tx, [(order_id, each.kind) for each, order_id in released if each.actor == actor], actor=actor)
    return _now(tx, commands, results, orders, holds, [])


def release_kinds(tx: Tx, released: Sequence[tuple[str, str]], *, actor: str) -> None:
    """Release (order id, kind) holds that are open, close their exceptions, refresh the orders' states.

    The orders' rows are locked by the caller. Used by people (release_holds) and by what makes a hold
    pointless: a payment that arrived, a product that became known.
    """
    if not released:
        return
    rows = tx.rows(
        "UPDATE hold h SET released_at = %(now)s, released_by = %(actor)s"
        " FROM unnest(%(ids)s::uuid[], %(kinds)s::text[]) AS r(order_id, kind)"
        " WHERE h.order_id = r.order_id AND h.kind = r.kind AND h.released_at IS NULL"
        " RETURNING h.order_id::text, h.kind",
        now=tx.now, actor=actor, ids=array(order_id for order_id, _ in released),
        kinds=array(kind for _, kind in released),
    )  # fmt: skip
    gone = sorted({(row.order_id, row.kind) for row in rows})
    if not gone:
        return
    left = _open_holds(tx, [order_id for order_id, _ in gone])
    still_work = {(order_id, exception_of(kind)) for order_id, open_ in left.items() for kind, _ in open_}
    close = sorted({(order_id, exception_of(kind)) for order_id, kind in gone} - still_work)
    close_exceptions(tx, close, actor=actor, resolution="released")
    refresh_states(tx, [order_id for order_id, _ in gone])
    for order_id, kind in gone:
        still = sorted({each for each, _ in left[order_id]})
        tx.record("order", order_id, HoldReleased(hold=kind, still_held_by=still), actor=actor)


def exception_of(hold: str) -> str:
    """The kind of exception a hold is worked on as, '' for none: its own, or `manual`, which several may share."""
    return "" if hold == EXCHANGE else hold if hold in EXCEPTIONS else "manual"


def _open_holds(tx: Tx, order_ids: Sequence[str]) -> dict[str, set[tuple[str, str]]]:
    """(kind, fulfilment id or '') of the open holds, by order."""
    found: dict[str, set[tuple[str, str]]] = {order_id: set() for order_id in order_ids}
    for row in tx.rows(
        "SELECT order_id::text, kind, coalesce(fulfilment_id::text, '') AS part FROM hold"
        " WHERE order_id = ANY(%(ids)s::uuid[]) AND released_at IS NULL",
        ids=array(order_ids),
    ):
        found[row.order_id].add((row.kind, row.part))
    return found


def _now(
    tx: Tx,
    commands: Sequence[HoldOrder | ReleaseHold],
    results: Sequence[Any],
    orders: dict[str, Any],
    holds: dict[str, set[tuple[str, str]]],
    changed: Sequence[str],
) -> list[Any]:
    states = refresh_states(tx, changed) if changed else {}
    ids = [order.id for order in orders.values()]
    for row in tx.rows("SELECT id::text, state FROM orders WHERE id = ANY(%(ids)s::uuid[])", ids=array(ids)):
        states.setdefault(row.id, row.state)
    answers: list[Any] = []
    for each, result in zip(commands, results, strict=True):
        if result is None:
            order_id = orders[each.number].id
            kinds = sorted({kind for kind, _ in holds[order_id]})
            result = HoldsNow(each.number, states[order_id], kinds)
        answers.append(result)
    return answers
