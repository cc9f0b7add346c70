"""Walks cost the same statements for one command as for several, and read no big table through."""

from collections.abc import Sequence
from typing import Any

import pytest

from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.picking.planning import read_snapshot
from orderwright.business.deeds.picking.tote_units import sort_units, split_task
from orderwright.business.deeds.picking.walks import assign_totes, end_walk, give_up_walks
from orderwright.business.reports.picking import pick_figures
from orderwright.business.warehouse.plan_forms import PlanWalks
from orderwright.business.warehouse.walk_forms import AssignTote, ClaimWork, DropWalk, EndWalk, SortUnits, SplitTask
from orderwright.business.warehouse.walk_reads import WalkQuery, get_walk, list_walks
from tests.floor import done
from tests.walks.aisles import FRIDAY, Aisles
from tests.walks.test_planning import plan
from tests.warehouse.test_set_based import watched


def cost(
    aisles: Aisles, monkeypatch: pytest.MonkeyPatch, action: Any, commands: Sequence[Any]
) -> tuple[list[Any], int]:
    with watched(monkeypatch) as seen:
        results = done(aisles.run(action, *commands))
    assert seen.read_through == []
    return results, seen.count


def walked(aisles: Aisles, monkeypatch: pytest.MonkeyPatch, count: int, crew: str) -> dict[str, int]:
    """Statements per deed when so many pickers walk one order each."""
    numbers = aisles.released(*[{"MUG": 3}] * count)
    told: dict[str, int] = {}

    def run(action: Any, commands: Sequence[Any]) -> list[Any]:
        results, told[action.__name__] = cost(aisles, monkeypatch, action, commands)
        return results

    def ask(n: int) -> ClaimWork:
        totes = (f"{crew}{n}-A",)
        return ClaimWork(site="LEEDS", picker=f"{crew}{n}", totes=totes, cart="HAND", actor="x")

    walks = run(claim_work, [ask(n) for n in range(count)])
    tasks = [aisles.tasks(number)[0] for number in numbers]
    for task in tasks:
        aisles.pick(task, 1)
    run(split_task, [SplitTask(task_id=t.task_id, tote=f"{crew}{n}-B", actor="x") for n, t in enumerate(tasks)])
    run(assign_totes, [AssignTote(walk_id=w.id, tote=f"{crew}{n}-M", actor="x") for n, w in enumerate(walks)])
    rests = [task for number in numbers for task in aisles.tasks(number) if task.state == "open"]
    for rest in rests:
        with aisles.begin() as tx:
            tx.write("UPDATE pick_task SET tote = '' WHERE id = %(id)s", id=rest.task_id)
    for walk in walks:
        for rest in rests:
            if str(rest.batch_id) == walk.id:
                aisles.pick(rest, tote=f"{walk.picker}-M")
    run(end_walk, [EndWalk(walk_id=walk.id, actor="x") for walk in walks])
    run(
        sort_units,
        [SortUnits(task_id=t.task_id, tote=f"{crew}{n}-C", quantity=1, actor="x") for n, t in enumerate(rests)],
    )
    return told


def test_five_pickers_cost_the_statements_of_one(aisles: Aisles, monkeypatch: pytest.MonkeyPatch) -> None:
    one = walked(aisles, monkeypatch, 1, "a")
    assert walked(aisles, monkeypatch, 5, "b") == one


def test_planned_walks_cost_the_statements_of_one(aisles: Aisles, monkeypatch: pytest.MonkeyPatch) -> None:
    aisles.released(*[{"MUG": 1}] * 12)
    plan(aisles, "single")
    ids = [row.id for row in aisles.rows("SELECT id::text FROM pick_batch WHERE state = 'planned' ORDER BY id")]
    asks = [ClaimWork(site="LEEDS", picker=f"p{n}", actor="x") for n in range(6)]
    _, one = cost(aisles, monkeypatch, claim_work, asks[:1])
    walks, five = cost(aisles, monkeypatch, claim_work, asks[1:])
    assert [walk.strategy for walk in walks] == ["single"] * 5
    assert five == one
    drops = [DropWalk(walk_id=id_, actor="x") for id_ in ids[6:]]
    _, one = cost(aisles, monkeypatch, give_up_walks, drops[:1])
    _, five = cost(aisles, monkeypatch, give_up_walks, drops[1:])
    assert five == one


def test_looking_at_walks_reads_through_nothing(aisles: Aisles, monkeypatch: pytest.MonkeyPatch) -> None:
    aisles.released({"MUG": 1})
    walk = aisles.claim()
    with watched(monkeypatch) as seen, aisles.store.read() as tx:
        get_walk(tx, walk.id)
        list_walks(tx, WalkQuery(site="LEEDS", state="walking"))
        read_snapshot(tx, PlanWalks(site="LEEDS", actor="x"))
        pick_figures(tx, "LEEDS", FRIDAY, FRIDAY)
    assert seen.read_through == []
