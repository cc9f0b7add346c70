"""Routing units that wait: when stock arrives, a site falls short, or a product becomes known."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from orderwright.business.catalog.reads import Channel, catalog_of
from orderwright.business.orders.actions import Delta, move_units, refresh_states
from orderwright.business.orders.facts import BackorderFilled
from orderwright.business.routing.actions import NewFulfilment, next_decision_numbers, plan_fulfilments
from orderwright.business.routing.lanes import Departures, Destination, lanes_to
from orderwright.business.routing.planning import Lane, Plan, Policy, Want, consume, plan_order, takes_of
from orderwright.business.routing.reads import loads, rate_card
from orderwright.business.stock.promises import allocate_freely, wait_less, wait_more
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids

encode = msgspec.json.encode


class WaitingOrder(NamedTuple):
    """An order with units that wait. `demands`: per want, its (demand id, sku, units in one)."""

    id: str
    destination: Destination
    policy: Policy
    wants: list[Want]
    demands: list[list[tuple[str, str, int]]]
    claims: bool
    cancel_until: datetime | None = None  # no floor gets it before


class Routed(NamedTuple):
    """What was promised to one order now."""

    order: WaitingOrder
    plan: Plan
    fulfilment_ids: list[str]


def route_waiting(
    tx: Tx,
    order_ids: Sequence[str],
    *,
    kind: str,
    actor: str,
    barred: Mapping[str, set[str]] | None = None,
    missing: Mapping[tuple[str, str], int] | None = None,
    behind_others: bool = False,
) -> list[Routed]:
    """Promise what can be promised of the orders' waiting units, in the order of `order_ids`.

    The orders' rows are locked by the caller. Locks the availability rows of everything they wait for, so
    what was decided still holds when it is written. `barred`: sites an order must not be sent to. `missing`:
    units by (sku, site) that the books still have and nobody can have. `behind_others`: leave what other
    backorders claim. Safety stock and what channels withhold limit promising, not the keeping of promises, and
    do not count here.
    """
    catalog = catalog_of(tx)
    orders = _read_waiting(tx, order_ids, catalog.channels)
    if not orders:
        return []
    skus = {sku for order in orders for want in order.wants for sku, _ in want.components}
    own = _claims_of(orders)
    free = {
        key: units - (missing or {}).get(key, 0) - (claimed - own.get(key[0], 0) if behind_others else 0)
        for key, (units, claimed) in _lock_free(tx, skus).items()
    }
    card, departures = rate_card(tx), Departures(catalog.sites, loads(tx), tx.now)
    routed = []
    for order in orders:
        closed = (barred or {}).get(order.id, set())
        ready = departures.ready_at(order.cancel_until)
        open_sites = [each for each in ready if each.site.code not in closed]
        plan = _plan(order, lanes_to(order.destination, open_sites, card), free)
        if plan is not None:
            routed.append(Routed(order, plan, new_ids(len(plan.parts))))
    _write(tx, routed, kind, actor)
    return routed


def _read_waiting(tx: Tx, order_ids: Sequence[str], channels: Mapping[str, Channel]) -> list[WaitingOrder]:
    rows = tx.rows(
        """
        SELECT o.id::text AS order_id, o.channel, o.country, o.postal_code, o.service, o.split, o.ship_complete,
               o.cancel_until, d.id::text, d.position, d.sku, d.per_unit, d.waiting, d.claims, l.quantity,
               l.amount_minor, p.weight_g
        FROM orders o JOIN demand d ON d.order_id = o.id
        JOIN order_line l ON l.order_id = o.id AND l.position = d.position
        JOIN product p ON p.sku = d.sku
        WHERE o.id = ANY(%(ids)s::uuid[]) AND d.waiting > 0
        ORDER BY o.id, d.position, d.sku
        """,
        ids=array(order_ids),
    )
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.order_id, []).append(row)
    return [_waiting_order(grouped[id_], channels) for id_ in order_ids if id_ in grouped]


def _waiting_order(rows: list[Any], channels: Mapping[str, Channel]) -> WaitingOrder:
    head = rows[0]
    channel = channels.get(head.channel)
    least_minor = (channel.policy.split_value_min_minor if channel else None) or 0
    wants: list[Want] = []
    demands: list[list[tuple[str, str, int]]] = []
    for position in sorted({row.position for row in rows}):
        mine = [row for row in rows if row.position == position]
        units = min(row.waiting // row.per_unit for row in mine)
        value_minor = mine[0].amount_minor // mine[0].quantity
        if units:
            components = tuple((row.sku, row.per_unit) for row in mine)
            weight_g = sum(row.weight_g * row.per_unit for row in mine)
            wants.append(Want(position, units, components, weight_g, value_minor))
            demands.append([(row.id, row.sku, row.per_unit) for row in mine])
        for row in mine:
            # The rest of kits that lost some of their components: each of these comes by itself.
            if loose := row.waiting - units * row.per_unit:
                wants.append(Want(position, loose, ((row.sku, 1),), row.weight_g, value_minor // row.per_unit))
                demands.append([(row.id, row.sku, 1)])
    policy = Policy("backorder", head.split, head.ship_complete, least_minor)
    destination = Destination(head.country, head.postal_code, head.service)
    return WaitingOrder(head.order_id, destination, policy, wants, demands, head.claims, head.cancel_until)


def _lock_free(tx: Tx, skus: Iterable[str]) -> dict[tuple[str, str], tuple[int, int]]:
    """(sku, site) -> (units not allocated, units backorders claim), the rows locked in that order."""
    rows = tx.rows(
        "SELECT sku, site, on_hand - allocated AS free, waiting FROM availability"
        " WHERE sku = ANY(%(skus)s::text[]) ORDER BY sku, site FOR UPDATE",
        skus=array(sorted(skus)),
    )
    return {(row.sku, row.site): (row.free, row.waiting) for row in rows}


def _claims_of(orders: Sequence[WaitingOrder]) -> dict[str, int]:
    claims: dict[str, int] = {}
    for order in orders:
        for want in order.wants if order.claims else ():
            for sku, per_unit in want.components:
                claims[sku] = claims.get(sku, 0) + want.quantity * per_unit
    return claims


def _plan(order: WaitingOrder, lanes: list[Lane], free: dict[tuple[str, str], int]) -> Plan | None:
    plan = plan_order(order.wants, lanes, free, order.policy)
    if not plan.parts:
        return None
    consume(takes_of(order.wants, plan), free)
    return plan


def _write(tx: Tx, routed: Sequence[Routed], kind: str, actor: str) -> None:
    if not routed:
        return
    planned: list[NewFulfilment] = []
    deltas: dict[str, Delta] = {}
    takes: dict[tuple[str, str], int] = {}
    claimed: dict[str, int] = {}
    for each in routed:
        for key, units in takes_of(each.order.wants, each.plan).items():
            takes[key] = takes.get(key, 0) + units
        for id_, part in zip(each.fulfilment_ids, each.plan.parts, strict=True):
            moved: dict[str, int] = {}  # a kit and the rest of another may want the same demand
            for index, quantity in part.units:
                for demand_id, sku, per_unit in each.order.demands[index]:
                    units = quantity * per_unit
                    moved[demand_id] = moved.get(demand_id, 0) + units
                    so_far = deltas.get(demand_id, Delta())
                    deltas[demand_id] = Delta(so_far.waiting - units, so_far.allocated + units)
                    if each.order.claims:
                        claimed[sku] = claimed.get(sku, 0) + units
            service, units_moved = each.order.destination.service, list(moved.items())
            planned.append(NewFulfilment(id_, each.order.id, part.lane, service, part.cost_minor, units_moved))
    wait_less(tx, claimed)
    allocate_freely(tx, takes)
    move_units(tx, deltas)
    plan_fulfilments(tx, planned)
    _claim_what_still_waits(tx, routed)
    _tell(tx, routed, kind, actor)
    refresh_states(tx, [each.order.id for each in routed])


def _claim_what_still_waits(tx: Tx, routed: Sequence[Routed]) -> None:
    """An order that waited whole and now got a part claims the rest, like any backorder."""
    ids = [each.order.id for each in routed if not each.order.claims and each.plan.waiting]
    if not ids:
        return
    rows = tx.rows(
        "UPDATE demand SET claims = true WHERE order_id = ANY(%(ids)s::uuid[]) AND NOT claims AND waiting > 0"
        " RETURNING sku, waiting",
        ids=array(ids),
    )
    waits: dict[str, int] = {}
    for row in rows:
        waits[row.sku] = waits.get(row.sku, 0) + row.waiting
    wait_more(tx, waits)


def _tell(tx: Tx, routed: Sequence[Routed], kind: str, actor: str) -> None:
    currency = rate_card(tx).currency
    numbers = next_decision_numbers(tx, [each.order.id for each in routed])
    tx.copy(
        "decision",
        "order_id, seq, kind, made_at, document",
        [
            (each.order.id, numbers[each.order.id], kind, tx.now,
             encode({"outcome": each.plan.outcome, "candidates": each.plan.candidates, "currency": currency}).decode())
            for each in routed
        ],
    )  # fmt: skip
    for each in routed:
        tx.record("order", each.order.id, BackorderFilled(parts=parts_of(each)), actor=actor)


def parts_of(routed: Routed) -> list[tuple[str, str, list[tuple[int, int]]]]:
    """What was promised, as facts tell it: (fulfilment, site, [(line, units)])."""
    wants = routed.order.wants
    return [
        (id_, part.lane.site, [(wants[i].position, quantity) for i, quantity in part.units])
        for id_, part in zip(routed.fulfilment_ids, routed.plan.parts, strict=True)
    ]
