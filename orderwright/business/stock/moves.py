"""Double entry: every unit that changes place is one row from a place to a place, and the counters follow."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from orderwright.business.stock import tables
from orderwright.business.stock.rules import PHYSICAL, SELLABLE, Place
from orderwright.database import crash
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal

_Lying = tuple[str, int, str]
"""(sku, place id, lot)."""


class Move(NamedTuple):
    """Units of one lot ('' where none is kept) from one place to another.

    kind: receive, adjust, transfer, pick, put_back, ship, return, restock, quarantine, scrap or expire. (kind, cause,
    cause_line) is unique for ever: one stock effect per cause. uncommits: how many of these units were on a
    pick list at the place they leave; they are taken off it in the same step. occurred_at: now, unless a
    scan comes late.
    """

    sku: str
    lot: str
    from_place_id: int
    to_place_id: int
    quantity: int
    kind: str
    cause: str
    cause_line: int
    actor: str
    uncommits: int = 0
    unit_cost_micro: int | None = None
    occurred_at: datetime | None = None


class _Change(NamedTuple):
    quantity: int = 0
    committed: int = 0


def move_units(tx: Tx, moves: Sequence[Move], places: Mapping[int, Place] | None = None) -> dict[_Lying, int]:
    """Move units: journal rows, what lies where, and what is on hand at the sites (bins and packing).

    The net effect per (sku, place, lot) counts, so a unit may pass through several places in one call. Raises
    Refusal short_stock when a place does not hold that much, or units on open pick lists would be missing,
    or fewer units would be on hand than are allocated there: callers check before, so that undoes the
    whole transaction. At most seven statements, however many moves. places: those of the moves by id, where the
    caller knows them. Answers what lies at the places now, by (sku, place id, lot).
    """
    moves = [move for move in moves if move.quantity]
    if not moves:
        return {}
    if places is None:
        places = tables.places_by_id(tx, {id_ for move in moves for id_ in (move.from_place_id, move.to_place_id)})
    lying: dict[_Lying, _Change] = {}
    on_hand: dict[tuple[str, str], int] = {}
    for move in moves:
        for id_, units, uncommits in (
            (move.from_place_id, -move.quantity, move.uncommits),
            (move.to_place_id, move.quantity, 0),
        ):
            place = places[id_]
            if place.kind in PHYSICAL:
                key = (move.sku, id_, move.lot)
                quantity, committed = lying.get(key, _Change())
                lying[key] = _Change(quantity + units, committed - uncommits)
            if place.kind in SELLABLE:
                pair = (move.sku, place.site)
                on_hand[pair] = on_hand.get(pair, 0) + units
    on_hand = {pair: units for pair, units in on_hand.items() if units}
    _check_counters(tx, on_hand)
    left, missing = _check_lying(tx, lying)
    _write_journal(tx, moves)
    if missing:
        _open_lying(tx, missing)
    _write_lying(tx, lying)
    _write_counters(tx, on_hand)
    crash.point("after stock")
    return left


def _check_counters(tx: Tx, changes: Mapping[tuple[str, str], int]) -> None:
    if not changes:
        return
    counters = tables.lock_counters(tx, changes)
    for (sku, site), units in sorted(changes.items()):
        row = counters[sku, site]
        if units < 0 and row.on_hand + units < row.allocated:
            raise Refusal("short_stock", sku=sku, site=site, wanted=-units, free=row.on_hand - row.allocated)


def _check_lying(tx: Tx, changes: Mapping[_Lying, _Change]) -> tuple[dict[_Lying, int], list[_Lying]]:
    """Lock the rows and check them; returns what will lie there, and the keys that have no row yet."""
    lying = tables.lock_lying(tx, changes)
    units: dict[_Lying, int] = {}
    for (sku, place_id, lot), change in sorted(changes.items()):
        quantity, committed = lying.get((sku, place_id, lot), (0, 0))
        left = _Change(quantity + change.quantity, committed + change.committed)
        if not 0 <= left.committed <= left.quantity:
            raise Refusal(
                "short_stock", sku=sku, place_id=place_id, lot=lot, wanted=-change.quantity, free=quantity - committed
            )
        units[sku, place_id, lot] = left.quantity
    return units, sorted(changes.keys() - lying.keys())


def _write_journal(tx: Tx, moves: Sequence[Move]) -> None:
    tx.copy(
        "stock_move",
        "id, sku, lot, from_place, to_place, quantity, kind, cause, cause_line, unit_cost_micro, actor,"
        " occurred_at, recorded_at",
        [
            (id_, move.sku, move.lot, move.from_place_id, move.to_place_id, move.quantity, move.kind, move.cause,
             move.cause_line, move.unit_cost_micro, move.actor, move.occurred_at or tx.now, tx.now)
            for id_, move in zip(new_ids(len(moves)), moves, strict=True)
        ],
    )  # fmt: skip


def _open_lying(tx: Tx, keys: Sequence[_Lying]) -> None:
    # In key order like the locked rows, so that two transactions meet in one order.
    tx.write(
        """
        INSERT INTO stock (sku, place_id, lot, quantity)
        SELECT sku, place_id, lot, 0
        FROM unnest(%(skus)s::text[], %(places)s::bigint[], %(lots)s::text[]) AS opened(sku, place_id, lot)
        ON CONFLICT (sku, place_id, lot) DO NOTHING
        """,
        skus=array(sku for sku, _, _ in keys), places=array(place_id for _, place_id, _ in keys),
        lots=array(lot for _, _, lot in keys),
    )  # fmt: skip


def _write_lying(tx: Tx, changes: Mapping[_Lying, _Change]) -> None:
    keys = sorted(changes)
    tx.write(
        """
        UPDATE stock s SET quantity = s.quantity + change.quantity, committed = s.committed + change.committed
        FROM unnest(%(skus)s::text[], %(places)s::bigint[], %(lots)s::text[], %(quantities)s::bigint[],
                    %(committed)s::bigint[]) AS change(sku, place_id, lot, quantity, committed)
        WHERE s.sku = change.sku AND s.place_id = change.place_id AND s.lot = change.lot
        """,
        skus=array(sku for sku, _, _ in keys), places=array(place_id for _, place_id, _ in keys),
        lots=array(lot for _, _, lot in keys), quantities=array(changes[key].quantity for key in keys),
        committed=array(changes[key].committed for key in keys),
    )  # fmt: skip


def _write_counters(tx: Tx, changes: Mapping[tuple[str, str], int]) -> None:
    keys = sorted(changes)
    if not keys:
        return
    tx.write(
        """
        UPDATE availability a SET on_hand = a.on_hand + change.units
        FROM unnest(%(skus)s::text[], %(sites)s::text[], %(units)s::bigint[]) AS change(sku, site, units)
        WHERE a.sku = change.sku AND a.site = change.site
        """,
        skus=array(sku for sku, _ in keys), sites=array(site for _, site in keys),
        units=array(changes[key] for key in keys),
    )  # fmt: skip
