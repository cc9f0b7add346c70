"""Cross-docking: units from the receiving bench go straight to the orders that wait for them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.deeds.fill import waiting_queue
from orderwright.business.deeds.pick import pick
from orderwright.business.deeds.receiving.stow import bring_off_bench, key_of
from orderwright.business.deeds.release import release_fulfilments
from orderwright.business.deeds.waiting import Routed, route_waiting
from orderwright.business.orders.actions import lock_orders
from orderwright.business.warehouse.forms import Pick, Release
from orderwright.business.warehouse.places import place_ids
from orderwright.business.warehouse.putaway.forms import CrossDock, CrossDocked, DockedOrder
from orderwright.business.warehouse.putaway.rows import lock_piles, take_off
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import refusal_of, text_findings
from orderwright.values.refusal import Refusal

ORDERS_A_TIME = 50
THROUGH = "STOCK"
"""The place the units pass through: from there they are allocated, and picked at once where that may be."""


class _Got(NamedTuple):
    """What an order got of the units at this site."""

    number: str
    fulfilment_id: str
    units: int


def cross_dock(tx: Tx, commands: Sequence[CrossDock]) -> list[CrossDocked | Refusal]:
    """Give units on the bench to who waits, in the order of the queue; one `CrossDocked` or Refusal per command.

    What an order gets is allocated, let out to the floor and picked in one: the units lie at packing. Where something
    else keeps the order from the floor (a hold, the rest of it still waiting, the site's day is full), they are kept
    for it in STOCK, and `why` says so. Refuses malformed, nothing_to_put_away (fewer lie there), nobody_waits (fewer
    are waited for than asked).
    """
    results: list[CrossDocked | Refusal] = []
    if len(commands) > 1:
        # Each would lock orders after what the one before moved.
        sound = [each.form for each in commands if next(text_findings(each.form), None) is None]
        lock_waiting(tx, {form.sku for form in sound})
        lock_piles(tx, {key_of(form) for form in sound})
    for command in commands:  # each one's orders are what the one before left: one after the other
        findings = list(text_findings(command.form))
        results.append(refusal_of(findings) if findings else _dock(tx, command))
    return results


def lock_waiting(tx: Tx, skus: Iterable[str]) -> None:
    """Lock the orders that may be served of these products, all in one order."""
    lock_orders(tx, {row.id for sku in sorted(set(skus)) for row in _queue(tx, sku)})


def _queue(tx: Tx, sku: str) -> list[Any]:
    return waiting_queue(tx, [sku], None, ORDERS_A_TIME)


def _dock(tx: Tx, command: CrossDock) -> CrossDocked | Refusal:
    form = command.form
    ids = [row.id for row in _queue(tx, form.sku)]
    lock_orders(tx, ids)
    piles = lock_piles(tx, [key_of(form)]).get(key_of(form), [])
    lying = sum(pile.left for pile in piles)
    if form.quantity > lying:
        return Refusal("nothing_to_put_away", sku=form.sku, lot=form.lot, asked=form.quantity, lying=lying)
    waits = _waiting(tx, ids, form.sku)
    if form.quantity > sum(waits.values()):
        return Refusal("nobody_waits", sku=form.sku, asked=form.quantity, waiting=sum(waits.values()))
    through = place_ids(tx, [(form.site, THROUGH)])[form.site, THROUGH]
    parts = take_off(piles, form.quantity)
    bring_off_bench(tx, [(form, part, through, command.actor) for part in parts])
    routed = route_waiting(tx, [id_ for id_ in ids if waits.get(id_)], kind="cross_docked", actor=command.actor)
    got = _got(tx, routed, form.site, form.sku)
    orders = _bring_to_packing(tx, got, through, form.sku, command.actor)
    return CrossDocked(form.site, form.sku, form.lot, form.quantity, orders, lying - form.quantity)


def _waiting(tx: Tx, ids: Sequence[str], sku: str) -> dict[str, int]:
    rows = tx.rows(
        "SELECT order_id::text AS id, sum(waiting)::bigint AS units FROM demand"
        " WHERE order_id = ANY(%(ids)s::uuid[]) AND sku = %(sku)s AND waiting > 0 GROUP BY order_id",
        ids=array(ids), sku=sku,
    )  # fmt: skip
    return {row.id: row.units for row in rows}


def _got(tx: Tx, routed: Sequence[Routed], site: str, sku: str) -> list[_Got]:
    """What orders got of a product at a site, in the order they were served."""
    mine = [
        id_ for each in routed for id_, part in zip(each.fulfilment_ids, each.plan.parts, strict=True)
        if part.lane.site == site
    ]  # fmt: skip
    rows = tx.rows(
        """
        SELECT f.id::text, o.number, sum(a.allocated)::bigint AS units
        FROM fulfilment f JOIN orders o ON o.id = f.order_id JOIN allocation a ON a.fulfilment_id = f.id
        JOIN demand d ON d.id = a.demand_id AND d.sku = %(sku)s
        WHERE f.id = ANY(%(ids)s::uuid[]) GROUP BY f.id, o.number
        """,
        ids=array(mine), sku=sku,
    )  # fmt: skip
    found = {row.id: _Got(row.number, row.id, row.units) for row in rows}
    return [found[id_] for id_ in mine if id_ in found]


def _bring_to_packing(tx: Tx, got: Sequence[_Got], through: int, sku: str, actor: str) -> list[DockedOrder]:
    answers = release_fulfilments(tx, [Release(fulfilment_id=each.fulfilment_id, actor=actor) for each in got])
    why: dict[str, str] = {
        each.fulfilment_id: answer.code
        for each, answer in zip(got, answers, strict=True)
        if isinstance(answer, Refusal)
    }
    tasks = _tasks(tx, [each.fulfilment_id for each in got if each.fulfilment_id not in why], through, sku)
    flat = [(id_, task) for id_, mine in tasks.items() for task in mine]
    picks = [Pick(task_id=task.id, quantity=task.quantity, sku=sku, lot=task.lot, actor=actor) for _, task in flat]
    for (id_, _), answer in zip(flat, pick(tx, picks) if picks else [], strict=True):
        if isinstance(answer, Refusal):
            why[id_] = answer.code
    at_packing = {id_: sum(task.quantity for task in mine) for id_, mine in tasks.items() if id_ not in why}
    return [
        DockedOrder(each.number, each.units, "PACKING" if at_packing.get(each.fulfilment_id) else THROUGH,
                    why.get(each.fulfilment_id, ""))
        for each in got
    ]  # fmt: skip


def _tasks(tx: Tx, ids: Sequence[str], place_id: int, sku: str) -> Mapping[str, list[Any]]:
    rows = tx.rows(
        "SELECT id::text, fulfilment_id::text, quantity, lot FROM pick_task WHERE fulfilment_id = ANY(%(ids)s::uuid[])"
        " AND place_id = %(place)s AND sku = %(sku)s AND state = 'open' ORDER BY id",
        ids=array(ids), place=place_id, sku=sku,
    )  # fmt: skip
    tasks: dict[str, list[Any]] = {}
    for row in rows:
        tasks.setdefault(row.fulfilment_id, []).append(row)
    return tasks
