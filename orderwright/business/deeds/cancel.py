"""Cancelling: units that have not been packed leave the order, and their stock is free for others."""

from collections.abc import Sequence
from typing import Any

import msgspec

from orderwright.business.deeds.by_customer import begun_orders
from orderwright.business.deeds.fill import want_filling
from orderwright.business.orders.actions import (
    Delta,
    close_all_exceptions,
    move_units,
    refresh_states,
    release_all_holds,
)
from orderwright.business.orders.commands import CancelOrder, LineUnits
from orderwright.business.orders.facts import OrderCancelled
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.business.routing.actions import drop_units
from orderwright.business.stock.promises import give_back, wait_less
from orderwright.business.warehouse.actions import cancel_picks, take_out_of_picked
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


class CancelledLine(msgspec.Struct, frozen=True):
    """Units of a line that were cancelled; of a kit, whole kits."""

    position: int
    reference: str
    quantity: int


class Cancelled(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a cancellation did, and the order's state now. `is_free`: it came within the order's cancel window."""

    number: str
    state: str
    lines: list[CancelledLine]
    is_free: bool = False


def cancel_orders(tx: Tx, commands: Sequence[CancelOrder]) -> list[Any]:
    """Cancel whole orders or units of lines; one `Cancelled` or Refusal per command.

    A whole cancellation takes all that is not packed yet; with nothing left to take it refuses
    nothing_to_cancel. By a customer, once something is on a floor, it refuses too_late_for_customer. Named lines
    are taken fully or the command refuses: unknown_line, order_step (packed or shipped already: (position, asked,
    possible)), kit_whole (a component of a kit, whose price is one: kits go whole). Refuses not_found. What waited
    stops waiting, what was allocated is given back, what was picked is to be put back before it can be sold again.

    Within the cancel window that is promised to cost nothing, since the gate kept the order off every floor. After
    it the rule is the same, what is not packed can be cancelled, but nothing is promised.
    """
    orders = lock_by_number(tx, [each.number for each in commands])
    book = _Book(tx, [order.id for order in orders.values()])
    free = {order.id for order in orders.values() if order.cancel_until is not None and tx.now < order.cancel_until}
    begun = begun_orders(
        tx, [orders[each.number].id for each in commands if each.by_customer and each.number in orders]
    )
    results: list[Any] = []
    done: list[tuple[CancelOrder, str, dict[int, int]]] = []
    for each in commands:
        order = orders.get(each.number)
        if order is None:
            results.append(Refusal("not_found", number=each.number))
            continue
        if each.by_customer and order.id in begun:
            results.append(Refusal("too_late_for_customer", number=each.number))
            continue
        units = book.units_to_cancel(each, order.id)
        results.append(units)
        if not isinstance(units, Refusal):
            book.cancel(order.id, units)
            done.append((each, order.id, units))
    if done:
        book.write(done)
        states = _close(tx, done, free)
        results = [
            _told(orders[each.number], result, states, book, free) if isinstance(result, dict) else result
            for each, result in zip(commands, results, strict=True)
        ]
    return results


def _told(order: Any, units: dict[int, int], states: dict[str, str], book: "_Book", free: set[str]) -> Cancelled:
    lines = [CancelledLine(position, book.reference(order.id, position), count) for position, count in units.items()]
    return Cancelled(order.number, states[order.id], lines, order.id in free)


def _close(tx: Tx, done: Sequence[tuple[CancelOrder, str, dict[int, int]]], free: set[str]) -> dict[str, str]:
    states = refresh_states(tx, [order_id for _, order_id, _ in done])
    gone = sorted({order_id for order_id, state in states.items() if state == "cancelled"})
    release_all_holds(tx, gone, actor=done[0][0].actor)
    close_all_exceptions(tx, gone, actor=done[0][0].actor, resolution="cancelled")
    if gone:
        states.update(refresh_states(tx, gone))
    for each, order_id, units in done:
        is_whole = states[order_id] == "cancelled"
        fact = OrderCancelled(
            reason=each.reason, units=sorted(units.items()), is_whole=is_whole, is_free=order_id in free
        )
        tx.record("order", order_id, fact, actor=each.actor)
    return states


class _Piece:
    """Units of one demand in one fulfilment that are not packed yet."""

    def __init__(self, row: Any) -> None:
        self.fulfilment_id: str = row.fulfilment_id
        self.site: str = row.site
        self.is_released: bool = row.is_released
        self.allocated: int = row.allocated
        self.picked: int = row.picked


class _Demand:
    """One demand with what can still be taken from it, piece by piece."""

    def __init__(self, row: Any) -> None:
        self.id: str = row.id
        self.sku: str = row.sku
        self.per_unit: int = row.per_unit
        self.waiting: int = row.waiting
        self.claims: bool = row.claims
        self.pieces: list[_Piece] = []  # the latest planned first

    def open_units(self) -> int:
        return (self.waiting + sum(each.allocated + each.picked for each in self.pieces)) // self.per_unit


class _Line:
    def __init__(self) -> None:
        self.reference = ""
        self.sku = ""
        self.demands: list[_Demand] = []
        self.unresolved = 0

    def other_refusal(self, asked: LineUnits) -> Refusal | None:
        """Why units of another product than the line's cannot be cancelled with it."""
        if asked.sku in ("", self.sku):
            return None
        if any(each.sku == asked.sku for each in self.demands):
            return Refusal("kit_whole", position=asked.position, kit=self.sku, sku=asked.sku)
        return Refusal("unknown_line", position=asked.position, sku=asked.sku)

    def open_units(self) -> int:
        if not self.demands:
            return self.unresolved
        return min(each.open_units() for each in self.demands)


class _Book:
    """The units of the orders at hand, and what cancelling takes from where."""

    def __init__(self, tx: Tx, order_ids: Sequence[str]) -> None:
        self._tx = tx
        self._lines: dict[str, dict[int, _Line]] = {order_id: {} for order_id in order_ids}
        self._deltas: dict[str, Delta] = {}
        self._dropped: dict[tuple[str, str], int] = {}
        self._unpicked: dict[tuple[str, str], int] = {}
        self._released: dict[tuple[str, str], int] = {}
        self._freed: dict[tuple[str, str], int] = {}
        self._waits: dict[str, int] = {}
        self._given_up: dict[tuple[str, int], int] = {}
        self._skus: set[str] = set()
        self._read(order_ids)

    def units_to_cancel(self, command: CancelOrder, order_id: str) -> "dict[int, int] | Refusal":
        """Units by position, or why not."""
        lines = self._lines[order_id]
        if command.lines is None:
            units = {position: line.open_units() for position, line in sorted(lines.items())}
            units = {position: count for position, count in units.items() if count}
            return units or Refusal("nothing_to_cancel", number=command.number)
        asked: dict[int, int] = {}
        for each in command.lines:
            asked[each.position] = asked.get(each.position, 0) + each.quantity
            if (line := lines.get(each.position)) is not None and (refusal := line.other_refusal(each)) is not None:
                return refusal
        for position, count in asked.items():
            if position not in lines:
                return Refusal("unknown_line", position=position)
            possible = lines[position].open_units()
            if possible < count:
                return Refusal("order_step", position=position, asked=count, possible=possible)
        return asked

    def reference(self, order_id: str, position: int) -> str:
        """What the order's sender calls a line."""
        return self._lines[order_id][position].reference

    def cancel(self, order_id: str, units: dict[int, int]) -> None:
        """Take units: first those that wait, then the latest planned, then picked ones."""
        for position, count in units.items():
            line = self._lines[order_id][position]
            if not line.demands:
                line.unresolved -= count
                self._given_up[order_id, position] = self._given_up.get((order_id, position), 0) + count
            for demand in line.demands:
                self._take(demand, count * demand.per_unit)

    def _take(self, demand: _Demand, units: int) -> None:
        waiting = min(demand.waiting, units)
        demand.waiting -= waiting
        units -= waiting
        if demand.claims and waiting:
            self._waits[demand.sku] = self._waits.get(demand.sku, 0) + waiting
        allocated = picked = 0
        for piece in demand.pieces:
            part = min(piece.allocated, units - allocated)
            if part > 0:
                allocated += part
                self._free(demand, piece, part)
        for piece in demand.pieces:
            part = min(piece.picked, units - allocated - picked)
            if part > 0:
                picked += part
                piece.picked -= part
                key = (piece.fulfilment_id, demand.id)
                self._unpicked[key] = self._unpicked.get(key, 0) + part
        old = self._deltas.get(demand.id, Delta())
        self._deltas[demand.id] = Delta(
            waiting=old.waiting - waiting, allocated=old.allocated - allocated, picked=old.picked - picked,
            cancelled=old.cancelled + waiting + allocated + picked,
        )  # fmt: skip
        self._skus.add(demand.sku)

    def _free(self, demand: _Demand, piece: _Piece, units: int) -> None:
        key = (piece.fulfilment_id, demand.id)
        piece.allocated -= units
        self._dropped[key] = self._dropped.get(key, 0) + units
        self._freed[demand.sku, piece.site] = self._freed.get((demand.sku, piece.site), 0) + units
        if piece.is_released:
            self._released[key] = self._released.get(key, 0) + units

    def write(self, done: Sequence[tuple[CancelOrder, str, dict[int, int]]]) -> None:
        """Write everything that was taken, in one go."""
        tx = self._tx
        move_units(tx, self._deltas)
        if self._given_up:
            tx.write(
                "UPDATE order_line l SET cancelled = l.cancelled + g.units"
                " FROM unnest(%(orders)s::uuid[], %(positions)s::int[], %(units)s::bigint[])"
                " AS g(order_id, position, units) WHERE l.order_id = g.order_id AND l.position = g.position",
                orders=array(order_id for order_id, _ in self._given_up),
                positions=array(position for _, position in self._given_up), units=array(self._given_up.values()),
            )  # fmt: skip
        actor = done[0][0].actor
        if self._released:
            cancel_picks(tx, self._released)
        if self._dropped:
            drop_units(tx, self._dropped)
        if self._unpicked:
            take_out_of_picked(tx, self._unpicked, actor=actor)
        give_back(tx, self._freed)
        wait_less(tx, self._waits)
        want_filling(tx, self._skus)

    def _read(self, order_ids: Sequence[str]) -> None:
        ids = array(sorted(order_ids))
        for row in self._tx.rows(
            "SELECT order_id::text, position, reference, sku, quantity - cancelled AS open FROM order_line"
            " WHERE order_id = ANY(%(ids)s::uuid[])",
            ids=ids,
        ):
            line = self._lines[row.order_id].setdefault(row.position, _Line())
            line.reference = row.reference
            line.sku = row.sku or ""
            line.unresolved = row.open if row.sku is None else 0
        demands: dict[str, _Demand] = {}
        for row in self._tx.rows(
            "SELECT id::text, order_id::text, position, sku, per_unit, waiting, claims FROM demand"
            " WHERE order_id = ANY(%(ids)s::uuid[]) ORDER BY order_id, position, sku",
            ids=ids,
        ):
            demands[row.id] = _Demand(row)
            self._lines[row.order_id][row.position].demands.append(demands[row.id])
        for row in self._tx.rows(
            """
            SELECT a.fulfilment_id::text, a.demand_id::text, f.site, f.released_at IS NOT NULL AS is_released,
                   a.allocated, a.picked
            FROM fulfilment f JOIN allocation a ON a.fulfilment_id = f.id
            WHERE f.order_id = ANY(%(ids)s::uuid[]) AND a.allocated + a.picked > 0
            ORDER BY f.released_at IS NOT NULL, f.ship_by DESC, f.id DESC
            """,
            ids=ids,
        ):
            demands[row.demand_id].pieces.append(_Piece(row))
