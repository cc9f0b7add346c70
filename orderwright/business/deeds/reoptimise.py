"""Routing orders again, all together, before they are released: whoever came first may have the wrong site by now.

In three steps, so that no transaction waits for the solver: read what stands, solve, carry out what still fits.
A promise made is kept: no piece moves where it would arrive later, nothing that has a site is left waiting, and a
group of orders that take each other's place moves only if it is cheaper as a whole and none of it has changed.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from orderwright.business.catalog.reads import Catalog, catalog_of
from orderwright.business.deeds.placing.reading import read_free
from orderwright.business.deeds.reoptimising.runs import add_run, end_run, tell_looked_at
from orderwright.business.deeds.reoptimising.solving import Batch, Group, saving, solve_batch
from orderwright.business.deeds.reoptimising.standing import (
    Standing,
    Ways,
    choose_orders,
    promised_by,
    read_standing,
    ways_of,
)
from orderwright.business.deeds.reoptimising.writing import write_moves
from orderwright.business.orders.actions import lock_orders
from orderwright.business.routing.lanes import Departures
from orderwright.business.routing.reads import loads, rate_card
from orderwright.business.routing.reoptimise import WorkLimits
from orderwright.business.stock.reads import withheld_at
from orderwright.database.settings import Setting, value_of
from orderwright.database.store import Store
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx

ORDERS_MAX = 500
BY_SCHEDULE = Setting(
    "routing.reoptimise",
    bool,
    False,
    "Whether orders not yet released are routed again every quarter of an hour, all together.",
)
SETTINGS = (BY_SCHEDULE,)


class Reoptimised(NamedTuple):
    """What came of it: orders looked at, orders moved, orders that could have moved but had changed; the saving."""

    looked_at: int
    moved: int
    skipped: int
    saved_minor: int


def reoptimise_orders(
    store: Store, *, limit: int = ORDERS_MAX, limits: WorkLimits | None = None, actor: str = "worker"
) -> Reoptimised:
    """Read up to `limit` orders, those due first; solve; carry out. For the command line and tests."""
    with store.read() as tx:
        batch = read_batch(tx, limit)
    groups = solve_batch(batch, limits)
    with store.begin() as tx:
        moved, skipped, saved = apply_moves(tx, groups, actor)
    return Reoptimised(len(batch.orders), moved, skipped, saved)


def read_batch(tx: Tx, limit: int) -> Batch:
    """Orders that may be routed again, their ways, and the stock they may use; reads without locks."""
    catalog = catalog_of(tx)
    standing = read_standing(tx, catalog, choose_orders(tx, limit))
    ways = _ways(tx, catalog, standing)
    orders = [(order, ways[order.id]) for order in standing if order.id in ways]
    skus = {piece.sku for order, _ in orders for piece in order.pieces}
    free = read_free(tx, skus, lock=False)
    stock: dict[str, dict[str, int]] = {}
    kept = _kept(catalog, [order for order, _ in orders], free)
    for (sku, site), units in free.items():
        stock.setdefault(site, {})[sku] = max(0, units - kept[sku, site])
    for order, _ in orders:
        for piece in order.pieces:
            at_site = stock.setdefault(piece.site, {})
            at_site[piece.sku] = at_site.get(piece.sku, 0) + piece.units
    return Batch(orders, stock)


def apply_moves(tx: Tx, groups: Sequence[Group], actor: str) -> tuple[int, int, int]:
    """Carry out groups that still are as they were read and still fit; (orders moved, skipped, minor units saved).

    Locks the orders, then the availability of what moves.
    """
    ids = sorted({move.order.id for group in groups for move in group})
    if not ids:
        return 0, 0, 0
    lock_orders(tx, ids)
    catalog = catalog_of(tx)
    now = {order.id: order for order in read_standing(tx, catalog, ids)}
    ways = _ways(tx, catalog, list(now.values()))
    free = read_free(tx, {piece.sku for each in now.values() for piece in each.pieces}, lock=True)
    kept = _kept(catalog, list(now.values()), free)
    going: list[Group] = []
    for group in groups:
        if _stands(group, now, ways) and _fits(group, free, kept):
            _take(group, free)
            going.append(group)
    moves = [move for group in going for move in group]
    if moves:
        write_moves(tx, moves, ways, actor)
    return len(moves), len(ids) - len(moves), sum(saving(group) for group in going)


def _ways(tx: Tx, catalog: Catalog, standing: Sequence[Standing]) -> dict[str, Ways]:
    card, departures = rate_card(tx), Departures(catalog.sites, loads(tx), tx.now)
    found = {order.id: ways_of(order, departures.ready_at(order.cancel_until), card) for order in standing}
    return {order_id: ways for order_id, ways in found.items() if ways is not None}


def _kept(
    catalog: Catalog, orders: Sequence[Standing], free: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], int]:
    """What is withheld from any of the orders' channels: none of them may take it."""
    rules = [catalog.channels[code].withheld for code in sorted({order.channel for order in orders})]
    return {(sku, site): max((withheld_at(each, sku, site) for each in rules), default=0) for sku, site in free}


def _stands(group: Group, now: Mapping[str, Standing], ways: Mapping[str, Ways]) -> bool:
    """Whether no order of a group has changed, and each piece still arrives in time."""
    for move in group:
        if now.get(move.order.id) != move.order or move.order.id not in ways:
            return False
        mine, promised = ways[move.order.id], promised_by(move.order)
        if not all(to in mine.lanes and mine.may_take(piece, to, promised) for piece, to in move.moved):
            return False
    return True


def _change(group: Group) -> dict[tuple[str, str], int]:
    """Units a group needs more of (or, negative, less), by (sku, site)."""
    change: dict[tuple[str, str], int] = {}
    for move in group:
        for piece, to in move.moved:
            change[piece.sku, piece.site] = change.get((piece.sku, piece.site), 0) - piece.units
            change[piece.sku, to] = change.get((piece.sku, to), 0) + piece.units
    return change


def _fits(group: Group, free: Mapping[tuple[str, str], int], kept: Mapping[tuple[str, str], int]) -> bool:
    return all(
        units <= 0 or units <= free.get(place, 0) - kept.get(place, 0) for place, units in _change(group).items()
    )


def _take(group: Group, free: dict[tuple[str, str], int]) -> None:
    for place, units in _change(group).items():
        free[place] = free.get(place, 0) - units


def start_reoptimising(tx: Tx, tasks: Sequence[Task]) -> list[Batch | None]:
    """What the solver is given; the first task of several does for all.

    None where nothing is planned, and where the clock asks while the setting says no: whoever asks, gets it.
    """
    wanted = [task for task in tasks if "run" in task.body or value_of(tx, BY_SCHEDULE)]
    batch = read_batch(tx, ORDERS_MAX) if wanted else Batch([], {})
    if not batch.orders:
        for task in wanted:
            end_run(tx, _run_of(task), currency=rate_card(tx).currency)
        return [None] * len(tasks)
    for task in wanted:
        add_run(tx, _run_of(task), "worker")
    tell_looked_at(tx, [_run_of(task) for task in wanted], len(batch.orders))
    return [batch if task is wanted[0] else None for task in tasks]


def ask_nobody(batch: Batch) -> None:
    """What became of a solution whose worker died: nothing, so it is found once more."""


def finish_reoptimising(tx: Tx, tasks: Sequence[Task], answers: Sequence[list[Group]]) -> None:
    """Carry out what was found, in the transaction in which the task is done."""
    for task, groups in zip(tasks, answers, strict=True):
        moved, skipped, saved_minor = apply_moves(tx, groups, "worker")
        currency = rate_card(tx).currency
        end_run(tx, _run_of(task), moved=moved, skipped=skipped, saved_minor=saved_minor, currency=currency)


def give_up_reoptimising(tx: Tx, task: Task, error: str) -> None:
    """The task died: nothing was moved, and who asked is told so."""
    end_run(tx, _run_of(task), state="failed")


def _run_of(task: Task) -> str:
    return str(task.body.get("run", task.id))
