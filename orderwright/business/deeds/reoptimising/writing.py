"""Carrying moves out: pieces join what is planned at their new site, or a new plan there, in one go."""

from collections.abc import Mapping, Sequence

import msgspec

from orderwright.business.deeds.reoptimising.solving import OrderMove
from orderwright.business.deeds.reoptimising.standing import Ways
from orderwright.business.orders.actions import refresh_states
from orderwright.business.orders.facts import OrderRerouted
from orderwright.business.routing.actions import (
    NewFulfilment,
    drop_units,
    join_fulfilments,
    next_decision_numbers,
    plan_fulfilments,
)
from orderwright.business.routing.reads import rate_card
from orderwright.business.stock.promises import allocate_freely, give_back
from orderwright.database.tx import Tx
from orderwright.values.ids import new_id

WHY = "cheaper together"


def write_moves(tx: Tx, moves: Sequence[OrderMove], ways: Mapping[str, Ways], actor: str) -> None:
    """Write moves that were checked under locks; units stay allocated, only elsewhere."""
    planned: list[NewFulfilment] = []
    joining: dict[tuple[str, str], int] = {}
    dropped: dict[tuple[str, str], int] = {}
    freed: dict[tuple[str, str], int] = {}
    taken: dict[tuple[str, str], int] = {}
    at: dict[str, dict[str, str]] = {}
    for move in moves:
        at[move.order.id], new = _homes(move, ways[move.order.id])
        planned += new
        for piece, to in move.moved:
            dropped[piece.fulfilment_id, piece.demand_id] = piece.units
            freed[piece.sku, piece.site] = freed.get((piece.sku, piece.site), 0) + piece.units
            taken[piece.sku, to] = taken.get((piece.sku, to), 0) + piece.units
            if to in move.order.sites:
                key = (at[move.order.id][to], piece.demand_id)
                joining[key] = joining.get(key, 0) + piece.units
    plan_fulfilments(tx, planned)
    # Joining goes first: a plan that gives all it has away while it gets other units was never empty.
    join_fulfilments(tx, joining, _costs(moves, ways, at))
    drop_units(tx, dropped)
    give_back(tx, freed)
    allocate_freely(tx, taken)
    _tell(tx, moves, ways, at, actor)
    refresh_states(tx, [move.order.id for move in moves])


def _homes(move: OrderMove, ways: Ways) -> tuple[dict[str, str], list[NewFulfilment]]:
    """Fulfilment by site for all the order ships from after the move, and those to be made."""
    homes, new = {site: id_ for site, id_ in move.order.sites.items() if site in move.to}, []
    for site in sorted(set(move.to) - homes.keys()):
        units: dict[str, int] = {}
        weight_g = 0
        for piece, to in zip(move.order.pieces, move.to, strict=True):
            if to == site:
                units[piece.demand_id] = units.get(piece.demand_id, 0) + piece.units
                weight_g += piece.weight_g
        homes[site] = new_id()
        cost = ways.parcel_minor(site, weight_g)
        service = move.order.destination.service
        new.append(NewFulfilment(homes[site], move.order.id, ways.lanes[site], service, cost, list(units.items())))
    return homes, new


def _costs(moves: Sequence[OrderMove], ways: Mapping[str, Ways], at: Mapping[str, Mapping[str, str]]) -> dict[str, int]:
    """What the parcels of plans that stay will cost with what they hold now."""
    costs = {}
    for move in moves:
        weights: dict[str, int] = {}
        for piece, to in zip(move.order.pieces, move.to, strict=True):
            weights[to] = weights.get(to, 0) + piece.weight_g
        for site in weights.keys() & move.order.sites.keys():
            costs[at[move.order.id][site]] = ways[move.order.id].parcel_minor(site, weights[site])
    return costs


def _tell(
    tx: Tx,
    moves: Sequence[OrderMove],
    ways: Mapping[str, Ways],
    at: Mapping[str, Mapping[str, str]],
    actor: str,
) -> None:
    numbers = next_decision_numbers(tx, [move.order.id for move in moves])
    currency = rate_card(tx).currency
    rows = []
    for move in moves:
        order = move.order
        document = {
            "outcome": "whole" if len(set(move.to)) == 1 else "split",
            "candidates": _candidates(move, ways[order.id]),
            "currency": currency,
            "cost_before_minor": move.before_minor,
            "cost_after_minor": move.after_minor,
            "moved": [(piece.position, piece.sku, piece.units, piece.site, to) for piece, to in move.moved],
        }
        rows.append((order.id, numbers[order.id], "reoptimised", tx.now, msgspec.json.encode(document).decode()))
        parts: dict[str, list[tuple[int, int]]] = {}
        for piece, to in zip(order.pieces, move.to, strict=True):
            parts.setdefault(to, []).append((piece.position, piece.units))
        told = [(at[order.id][site], site, units) for site, units in sorted(parts.items())]
        tx.record("order", order.id, OrderRerouted(why=WHY, parts=told), actor=actor)
    tx.copy("decision", "order_id, seq, kind, made_at, document", rows)


def _candidates(move: OrderMove, ways: Ways) -> list[tuple[str, int, int, int, str]]:
    """Each site with what all of it would cost from there, as `explain` shows them."""
    weight_g = sum(piece.weight_g for piece in move.order.pieces)
    found = []
    for site, lane in ways.lanes.items():
        units = sum(piece.units for piece, to in zip(move.order.pieces, move.to, strict=True) if to == site)
        reason = "chosen" if units else "not chosen among all orders together"
        found.append((site, lane.distance_km, ways.parcel_minor(site, weight_g), units, reason))
    return found
