"""Planning walks: read what nobody walks yet, choose the way to pick it, write walks of what is still nobody's.

In three steps, so that no transaction waits for the search. Between reading and writing pickers may claim, orders
may be cancelled or held: what is not free any more is left out of the walks, and told as `left_out`.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from orderwright.business.deeds.picking.candidates import Candidate, lock_candidates, read_candidates
from orderwright.business.deeds.picking.plans import add_plans, asked_of, end_plan, find_plan
from orderwright.business.deeds.picking.trips_written import Drawn, drawn_trips, write_trips
from orderwright.business.warehouse.batching.choosing import choose_strategy
from orderwright.business.warehouse.batching.figures import Figures
from orderwright.business.warehouse.floors import SiteFloor, floors_of
from orderwright.business.warehouse.plan_forms import PlanWalks, WalkPlan, Weighed
from orderwright.business.warehouse.walking.baselines import s_shape_mm
from orderwright.business.warehouse.walks import Ending, drop_walks, lock_walks, take_off_walks, tasks_on
from orderwright.database.rows import array
from orderwright.database.store import Store
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx

MOVES_MAX = 120_000
"""Moves of orders between carts that a planning of many orders may try, over all ways it weighs: 2,000 orders take less
than 10 s of one core with four ways. A count of work ends the search and no clock, so that the same orders get the same
walks on every machine; a set that is searched as one is bounded by its effort."""


class Snapshot(NamedTuple):
    """What one planning works on."""

    asked: PlanWalks
    floor: SiteFloor
    candidates: list[Candidate]
    begins_at: datetime


class Chosen(NamedTuple):
    """What the search found: the walks, and the figures of every way that was weighed."""

    snapshot: Snapshot
    strategy: str
    trips: list[Drawn]
    weighed: list[Weighed]
    first_come: Weighed


def plan_walks(store: Store, command: PlanWalks) -> WalkPlan | None:
    """Plan a site's walks now, in three steps; None when there is no such site, or one is under way.

    For the command line, the demo and tests: who asks over the API has the worker do it.
    """
    with store.begin() as tx:
        made = list(add_plans(tx, [command])) if command.site in floors_of(tx, [command.site]) else []
    if not made:
        return None
    with store.read() as tx:
        snapshot = read_snapshot(tx, command)
    chosen = choose(snapshot) if snapshot is not None else None
    with store.begin() as tx:
        write_plan(tx, made[0], chosen, command.actor)
    with store.read() as tx:
        return find_plan(tx, command.site)


def read_snapshot(tx: Tx, asked: PlanWalks) -> Snapshot | None:
    """What nobody walks at the site; None for nothing. Reads without locks."""
    floor = floors_of(tx, [asked.site]).get(asked.site)
    candidates = read_candidates(tx, [asked.site], asked.limit, planned_too=True).get(asked.site, [])
    return Snapshot(asked, floor, candidates, tx.now) if floor is not None and candidates else None


def choose(snapshot: Snapshot) -> Chosen:
    """Search: no transaction waits for it."""
    asked, floor, candidates, begins_at = snapshot
    works = [each.work for each in candidates]
    policy = replace(floor.policy, allowed=(asked.strategy,)) if asked.strategy else floor.policy
    moves_max = MOVES_MAX if len(works) > policy.effort.group_orders else math.inf
    choice = choose_strategy(
        works, floor.layout, floor.carts, asked.pickers or floor.form.pickers, floor.pace, policy,
        begins_at=begins_at, moves_max=moves_max,
    )  # fmt: skip
    trips = drawn_trips(floor, choice, candidates, asked.wave)
    weighed = [_weighed(each) for each in choice.candidates]
    return Chosen(snapshot, choice.strategy, trips, weighed, _first_come(snapshot))


def _weighed(told: Figures) -> Weighed:
    return Weighed(
        told.strategy, told.cart, told.trips, told.orders, told.stops, told.units, told.metres, told.minutes,
        -(-told.makespan_s // 60), told.picks_per_hour, told.late_orders,
    )  # fmt: skip


def _first_come(snapshot: Snapshot) -> Weighed:
    """The same orders one by one as they came, each walked aisle by aisle."""
    floor, pickers = snapshot.floor, snapshot.asked.pickers or snapshot.floor.form.pickers
    lengths = [s_shape_mm(floor.layout, [stop.at for stop in each.work.stops]) for each in snapshot.candidates]
    stops = [len({stop.code for stop in each.work.stops}) for each in snapshot.candidates]
    units = [each.work.units for each in snapshot.candidates]
    seconds = [floor.pace.seconds(*each) for each in zip(lengths, stops, units, strict=True)]
    ends: list[int] = [0] * pickers
    late = 0
    for each, needed in zip(snapshot.candidates, seconds, strict=True):
        at = ends.index(min(ends))
        ends[at] += needed
        late += snapshot.begins_at.timestamp() + ends[at] > each.work.ship_by.timestamp()
    return Weighed(
        "first_come", "", len(lengths), len(lengths), sum(stops), sum(units), -(-sum(lengths) // 1000),
        -(-sum(seconds) // 60), -(-max(ends) // 60), sum(units) * 3600 // (sum(seconds) or 1), late,
    )  # fmt: skip


def write_plan(tx: Tx, plan_id: str, chosen: Chosen | None, actor: str) -> None:
    """Drop the planned walks these replace and write those found, of what is nobody's now. Ends the planning."""
    if chosen is None:
        end_plan(tx, plan_id, {})
        return
    snapshot = chosen.snapshot
    free = lock_candidates(
        tx,
        {each.order_id for each in snapshot.candidates},
        {each.work.fulfilment_id for each in snapshot.candidates},
        planned_too=True,
    )
    dropped = _drop_planned(tx, free, actor)
    walks, left_out = write_trips(tx, snapshot.floor, chosen.strategy, chosen.trips, free, actor)
    came = {
        "strategy": chosen.strategy, "pickers": snapshot.asked.pickers or snapshot.floor.form.pickers, "walks": walks,
        "dropped": dropped, "left_out": left_out, "weighed": chosen.weighed, "first_come": chosen.first_come,
    }  # fmt: skip
    end_plan(tx, plan_id, came)


def _drop_planned(tx: Tx, free: dict[str, Candidate], actor: str) -> int:
    """Take what is locked off the planned walks it is on; how many of them are given up, nothing being left on them.

    What is on walks that were claimed meanwhile leaves `free`.
    """
    rows = tx.rows(
        "SELECT id::text, batch_id::text FROM pick_task WHERE id = ANY(%(ids)s::uuid[]) AND batch_id IS NOT NULL"
        " ORDER BY pick_task.id",
        ids=array(task for each in free.values() for task in each.tasks),
    )
    locked = lock_walks(tx, {row.batch_id for row in rows})
    claimed = {row.id for row in rows if locked[row.batch_id].state != "planned"}
    for id_, each in list(free.items()):
        if claimed & set(each.tasks):
            free[id_] = each.without(claimed)
    mine: dict[str, list[str]] = {}
    for row in rows:
        if row.id not in claimed:
            mine.setdefault(row.batch_id, []).append(row.id)
    # What others lock an order of at the moment, or hold, stays on its walk.
    staying = {row.batch_id for row in tasks_on(tx, mine) if row.state == "open" and row.id not in mine[row.batch_id]}
    take_off_walks(tx, [task for walk_id in staying for task in mine[walk_id]])
    drop_walks(tx, [Ending(walk_id, actor, mine[walk_id]) for walk_id in sorted(mine) if walk_id not in staying])
    return len(mine) - len(staying)


def start_planning(tx: Tx, tasks: Sequence[Task]) -> list[Snapshot | None]:
    """What each planning works on; None where there is nothing to plan, which ends it."""
    asked = asked_of(tx, [task.body["plan"] for task in tasks])
    snapshots: list[Snapshot | None] = []
    for task in tasks:
        command = asked.get(task.body["plan"])
        snapshot = read_snapshot(tx, command) if command is not None else None
        if command is not None and snapshot is None:
            end_plan(tx, task.body["plan"], {})
        snapshots.append(snapshot)
    return snapshots


def search_again(snapshot: Snapshot) -> None:
    """What became of a search whose worker died: nothing, so it is made once more."""


def finish_planning(tx: Tx, tasks: Sequence[Task], answers: Sequence[Chosen]) -> None:
    """Write the walks, in the transaction in which the task is done."""
    for task, chosen in zip(tasks, answers, strict=True):
        write_plan(tx, task.body["plan"], chosen, chosen.snapshot.asked.actor)


def give_up_planning(tx: Tx, task: Task, error: str) -> None:
    """The task died: nothing was planned, and who asked is told so."""
    end_plan(tx, task.body["plan"], {}, state="failed")
