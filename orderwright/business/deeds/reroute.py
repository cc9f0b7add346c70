"""Taking units out of a fulfilment and routing them again: short picks, refusing sites, books set right."""

from collections.abc import Sequence
from typing import Any

import msgspec

from orderwright.business.deeds.waiting import parts_of, route_waiting
from orderwright.business.orders.actions import Delta, lock_orders, move_units, refresh_states
from orderwright.business.orders.facts import OrderRerouted
from orderwright.business.routing.actions import drop_units
from orderwright.business.stock.promises import give_back, wait_more
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


class Reroute(msgspec.Struct, frozen=True):
    """Still allocated units, (demand id, quantity), to leave a fulfilment.

    bar_site: the units are not where they should be; do not send the order there again, nor others of this call.
    """

    order_id: str
    fulfilment_id: str
    units: list[tuple[str, int]]
    why: str
    actor: str
    bar_site: bool = True


def reroute(tx: Tx, commands: Sequence[Reroute]) -> list[Any]:
    """Route units again; what no other site has waits, ahead of nobody. One None or Refusal per command.

    Refuses order_step when the fulfilment does not hold that many units still to be picked. The caller has
    already put the site's books right: the units go back to the site's unallocated stock first.
    """
    orders = lock_orders(tx, [each.order_id for each in commands])
    allocated = _allocated(tx, [each.fulfilment_id for each in commands])
    results: list[Any] = []
    taken: list[Reroute] = []
    for each in commands:
        fits = all(
            allocated.get((each.fulfilment_id, id_), (0, "", "", False))[0] >= units for id_, units in each.units
        )
        if each.order_id not in orders or not fits:
            results.append(Refusal("order_step", order_id=each.order_id))
            continue
        taken.append(each)
        results.append(None)
    _release(tx, taken, allocated)
    barred: dict[str, set[str]] = {}
    missing: dict[tuple[str, str], int] = {}
    for each in taken:
        for id_, units in each.units if each.bar_site else ():
            _, sku, site, _ = allocated[each.fulfilment_id, id_]
            barred.setdefault(each.order_id, set()).add(site)
            missing[sku, site] = missing.get((sku, site), 0) + units
    ids = sorted({each.order_id for each in taken})
    routed = {each.order.id: each for each in route_waiting(
        tx, ids, kind="rerouted", actor="worker", barred=barred, missing=missing, behind_others=True)}  # fmt: skip
    refresh_states(tx, ids)
    for each in taken:
        moved = routed.get(each.order_id)
        parts = [] if moved is None else parts_of(moved)
        tx.record("order", each.order_id, OrderRerouted(why=each.why, parts=parts), actor=each.actor)
    return results


def _allocated(tx: Tx, fulfilment_ids: Sequence[str]) -> dict[tuple[str, str], tuple[int, str, str, bool]]:
    """(fulfilment, demand) -> (units still allocated, sku, site, whether its waiting units claim)."""
    rows = tx.rows(
        "SELECT a.fulfilment_id::text, a.demand_id::text, a.allocated, d.sku, f.site, d.claims"
        " FROM allocation a JOIN fulfilment f ON f.id = a.fulfilment_id JOIN demand d ON d.id = a.demand_id"
        " WHERE a.fulfilment_id = ANY(%(ids)s::uuid[])",
        ids=array(sorted(set(fulfilment_ids))),
    )
    return {(row.fulfilment_id, row.demand_id): (row.allocated, row.sku, row.site, row.claims) for row in rows}


def _release(tx: Tx, commands: Sequence[Reroute], allocated: dict[tuple[str, str], tuple[int, str, str, bool]]) -> None:
    dropped: dict[tuple[str, str], int] = {}
    freed: dict[tuple[str, str], int] = {}
    deltas: dict[str, Delta] = {}
    waits: dict[str, int] = {}
    for each in commands:
        for demand_id, units in each.units:
            _, sku, site, claims = allocated[each.fulfilment_id, demand_id]
            key = (each.fulfilment_id, demand_id)
            dropped[key] = dropped.get(key, 0) + units
            freed[sku, site] = freed.get((sku, site), 0) + units
            so_far = deltas.get(demand_id, Delta())
            deltas[demand_id] = Delta(so_far.waiting + units, so_far.allocated - units)
            if claims:
                waits[sku] = waits.get(sku, 0) + units
    if not dropped:
        return
    move_units(tx, deltas)
    drop_units(tx, dropped)
    give_back(tx, freed)
    wait_more(tx, waits)
