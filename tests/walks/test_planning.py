"""Planning walks: the way to pick is chosen by its figures, and can be chosen otherwise until somebody walks."""

from typing import Any

import pytest

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.picking.planning import (
    choose,
    finish_planning,
    give_up_planning,
    plan_walks,
    read_snapshot,
    search_again,
    start_planning,
    write_plan,
)
from orderwright.business.deeds.picking.plans import add_plans, find_plan, list_plans, want_walks
from orderwright.business.deeds.picking.walks import end_walk, give_up_walks
from orderwright.business.orders.commands import CancelOrder, HoldOrder
from orderwright.business.warehouse.floor_forms import CartForm
from orderwright.business.warehouse.plan_forms import PlanWalks, WalkPlan
from orderwright.business.warehouse.walk_forms import ClaimWork, DropWalk, EndWalk
from orderwright.database import tasks
from orderwright.doors.worker.kinds import CallKind
from tests.floor import done, refused
from tests.walks.aisles import Aisles

ALL = ("single", "batch", "zone", "wave")


def plan(aisles: Aisles, strategy: Any = None, **told: Any) -> WalkPlan:
    found = plan_walks(aisles.store, PlanWalks(site="LEEDS", strategy=strategy, actor="lead", **told))
    assert found is not None
    return found


def open_walks(aisles: Aisles) -> list[tuple[str, str, str, int]]:
    """(strategy, zone, wave, lines) of planned walks, in the order they are due."""
    rows = aisles.rows(
        "SELECT b.strategy, b.zone, b.wave, (SELECT count(*) FROM pick_task t WHERE t.batch_id = b.id AND t.state ="
        " 'open')::int FROM pick_batch b WHERE b.state = 'planned' ORDER BY b.due_at, b.id"
    )
    return [tuple(row) for row in rows]


def test_a_plan_shows_what_every_way_to_pick_would_cost_and_takes_the_best(aisles: Aisles) -> None:
    aisles.describe(strategies=ALL)
    aisles.released(*[{"MUG": 1, "HAT": 1}] * 3, *[{"TEE": 2}] * 3)
    told = plan(aisles, pickers=2)
    assert (told.state, told.pickers, told.walks) == ("done", 2, len(open_walks(aisles)))
    assert {each.strategy for each in told.weighed} == set(ALL)
    assert told.strategy == told.weighed[0].strategy
    assert told.weighed[0].minutes == min(each.minutes for each in told.weighed)
    assert all((each.orders, each.units) == (6, 12) for each in told.weighed)
    assert told.first_come is not None
    assert (told.first_come.walks, told.first_come.units) == (6, 12)
    assert told.weighed[0].metres < told.first_come.metres


@pytest.mark.parametrize(
    ("strategy", "walks"),
    [
        ("single", [("single", "", "", 2), ("single", "", "", 1), ("single", "", "", 1)]),
        ("batch", [("batch", "", "", 4)]),
        ("zone", [("zone", "A", "", 3), ("zone", "B", "", 1)]),
        ("wave", [("wave", "", "noon-1", 4)]),
    ],
)
def test_each_way_to_pick_makes_its_walks(aisles: Aisles, strategy: str, walks: list[Any]) -> None:
    aisles.released({"MUG": 1, "HAT": 1}, {"TEE": 2}, {"MUG": 3})
    told = plan(aisles, strategy, wave="noon")
    assert (told.strategy, told.walks, told.left_out) == (strategy, len(walks), 0)
    assert open_walks(aisles) == walks


def test_the_strategy_can_change_late(aisles: Aisles) -> None:
    one, two, three = aisles.released({"MUG": 5}, {"MUG": 1, "HAT": 1}, {"TEE": 1})
    plan(aisles, "single")
    walk = aisles.claim(cart="HAND")
    assert [stop[0] for stop in aisles.stops(walk.id)] == [one]
    aisles.pick(aisles.tasks(one)[0], 2)
    again = plan(aisles, "batch")
    assert (again.dropped, again.walks) == (2, 1)
    assert open_walks(aisles) == [("batch", "", "", 3)]  # what is walked is left alone
    # The walk under way is given up as well: what is picked stays picked, the rest is planned by zone.
    done(aisles.run(end_walk, EndWalk(walk_id=walk.id, reason="replanned", actor="lead")))
    assert plan(aisles, "zone").dropped == 1
    assert open_walks(aisles) == [("zone", "A", "", 3), ("zone", "B", "", 1)]
    assert aisles.units(one) == [("MUG", {"allocated": 3, "picked": 2})]
    for number in (one, two, three):
        aisles.pick_all(number)
    assert aisles.state(one) == "picking"


def test_a_planned_walk_is_claimed_before_a_cart_is_filled(aisles: Aisles) -> None:
    aisles.released({"MUG": 1}, {"TEE": 1})
    plan(aisles, "batch")
    walk = aisles.claim(totes=("T1", "T2"))
    assert (walk.state, walk.orders, aisles.facts(walk.id)) == ("walking", 2, ["walk_planned", "walk_claimed"])
    assert {stop[3] for stop in aisles.stops(walk.id)} == {"T1", "T2"}
    assert refused(aisles.claim("paul"))[0] == "nothing_to_pick"


def test_two_pickers_asking_at_once_get_two_planned_walks(aisles: Aisles) -> None:
    aisles.released({"MUG": 1}, {"TEE": 1})
    plan(aisles, "single")
    walks = aisles.run(claim_work, *[ClaimWork(site="LEEDS", picker=who, actor=who) for who in ("pia", "paul")])
    assert len({walk.id for walk in done(walks)}) == 2


def test_two_transactions_at_once_claim_two_planned_walks(aisles: Aisles) -> None:
    aisles.released({"MUG": 1}, {"TEE": 1})
    plan(aisles, "single")
    with aisles.store.begin() as one, aisles.store.begin() as other:
        [first] = done(list(claim_work(one, [ClaimWork(site="LEEDS", picker="pia", actor="pia")])))
        [second] = done(list(claim_work(other, [ClaimWork(site="LEEDS", picker="paul", actor="paul")])))
    assert first.id != second.id


def test_a_walk_too_large_for_the_totes_at_hand_is_left_to_others(aisles: Aisles) -> None:
    aisles.released({"MUG": 1}, {"TEE": 1})
    plan(aisles, "batch")
    assert refused(aisles.claim(totes=("T1",)))[0] == "nothing_to_pick"
    assert aisles.claim(totes=("T1", "T2")).orders == 2


def test_what_is_held_when_a_walk_is_claimed_leaves_it(aisles: Aisles) -> None:
    held, free = aisles.released({"MUG": 1}, {"TEE": 1})
    plan(aisles, "batch")
    done(aisles.run(hold_orders, HoldOrder(number=held, actor="test", kind="fraud")))
    walk = aisles.claim()
    assert [stop[0] for stop in aisles.stops(walk.id)] == [free]


def test_what_is_held_stays_on_its_planned_walk_when_the_rest_is_planned_otherwise(aisles: Aisles) -> None:
    held, free = aisles.released({"MUG": 1}, {"TEE": 1})
    plan(aisles, "batch")
    done(aisles.run(hold_orders, HoldOrder(number=held, actor="test", kind="fraud")))
    again = plan(aisles, "single")
    assert (again.dropped, again.walks) == (0, 1)
    assert sorted(open_walks(aisles)) == [("batch", "", "", 1), ("single", "", "", 1)]
    assert [stop[0] for stop in aisles.stops(aisles.claim().id)] == [free]


def test_a_planned_walk_of_held_orders_alone_waits(aisles: Aisles) -> None:
    held, free = aisles.released({"MUG": 1}, {"TEE": 1})
    plan(aisles, "single")
    done(aisles.run(hold_orders, HoldOrder(number=held, actor="test", kind="fraud")))
    assert [stop[0] for stop in aisles.stops(aisles.claim().id)] == [free]
    assert refused(aisles.claim("paul"))[0] == "nothing_to_pick"
    assert len(open_walks(aisles)) == 1


def test_a_planned_walk_of_which_all_is_cancelled_is_dropped(aisles: Aisles) -> None:
    [number] = aisles.released({"MUG": 1})
    plan(aisles, "single")
    done(aisles.run(cancel_orders, CancelOrder(number=number, reason="x", actor="test")))
    assert [row.state for row in aisles.rows("SELECT state FROM pick_batch")] == ["dropped"]


def test_planned_walks_can_be_given_up(aisles: Aisles) -> None:
    aisles.released({"MUG": 1}, {"TEE": 1})
    plan(aisles, "single")
    walk = aisles.claim()
    [other] = [row.id for row in aisles.rows("SELECT id::text FROM pick_batch WHERE state = 'planned'")]
    drops = [DropWalk(walk_id=id_, actor="lead") for id_ in (other, other, walk.id, "?")]
    first, again, under_way, unknown = aisles.run(give_up_walks, *drops)
    assert (first.state, first.repeated, again.repeated) == ("dropped", False, True)
    assert (refused(under_way)[0], refused(unknown)[0]) == ("walk_step", "not_found")
    assert aisles.facts(other) == ["walk_planned", "walk_dropped"]
    assert refused(aisles.one(end_walk, EndWalk(walk_id=other, actor="pia")))[0] == "walk_step"
    assert aisles.claim("paul").orders == 1


def test_what_others_took_while_the_plan_was_made_is_left_out(aisles: Aisles) -> None:
    one, two, three = aisles.released({"MUG": 1}, {"TEE": 1}, {"HAT": 1})
    command = PlanWalks(site="LEEDS", strategy="batch", actor="lead")
    with aisles.store.begin() as tx:
        [plan_id] = add_plans(tx, [command])
    with aisles.store.read() as tx:
        snapshot = read_snapshot(tx, command)
    assert snapshot is not None
    chosen = choose(snapshot)
    taken = aisles.claim(cart="HAND")
    done(aisles.run(cancel_orders, CancelOrder(number=two, reason="x", actor="test")))
    with aisles.store.begin() as tx:
        write_plan(tx, plan_id, chosen, "lead")
    assert [stop[0] for stop in aisles.stops(taken.id)] == [one]
    with aisles.store.read() as tx:
        told = find_plan(tx, "LEEDS")
    assert told is not None
    assert (told.walks, told.left_out) == (1, 2)
    assert [stop[0] for stop in aisles.stops(aisles.claim("paul").id)] == [three]


def test_units_of_one_line_on_two_carts_of_a_wave_are_two_tasks(aisles: Aisles) -> None:
    aisles.describe(carts=(CartForm(kind="SMALL", totes=1, weight_g=3_000),))
    [number] = aisles.released({"MUG": 16})
    told = plan(aisles, "wave")
    assert told.walks == 2
    assert sorted(task.quantity for task in aisles.tasks(number)) == [6, 10]
    assert len({task.batch_id for task in aisles.tasks(number)}) == 2
    aisles.pick_all(number)
    assert aisles.units(number) == [("MUG", {"picked": 16})]


def test_the_worker_plans_what_is_asked_for(aisles: Aisles) -> None:
    aisles.released({"MUG": 1})
    command = PlanWalks(site="LEEDS", actor="lead")
    first, again, nowhere = aisles.run(want_walks, command, command, PlanWalks(site="MARS", actor="lead"))
    assert (first.state, first.repeated, again.id, again.repeated) == ("wanted", False, first.id, True)
    assert refused(nowhere) == ("unknown_site", {"site": "MARS"})
    assert refused(aisles.one(want_walks, PlanWalks(site="LEEDS", wave="\x00", actor="lead")))[0] == "malformed"
    assert aisles.one(want_walks, command).repeated
    assert plan_walks(aisles.store, command) is None  # one at a time
    kind = CallKind("plan_walks", start_planning, choose, finish_planning, search_again, give_up_planning)
    assert aisles.call(kind) == 1
    with aisles.store.read() as tx:
        [told] = list_plans(tx, "LEEDS").items
    assert (told.state, told.walks, told.actor) == ("done", 1, "lead")


def test_with_nothing_to_pick_a_plan_is_empty(aisles: Aisles) -> None:
    told = plan(aisles)
    assert (told.state, told.strategy, told.walks, told.weighed) == ("done", "", 0, [])
    done(aisles.run(want_walks, PlanWalks(site="LEEDS", actor="lead")))
    kind = CallKind("plan_walks", start_planning, choose, finish_planning, search_again, give_up_planning)
    assert aisles.call(kind) == 1


def test_a_planning_that_died_says_so(aisles: Aisles) -> None:
    [wanted] = aisles.run(want_walks, PlanWalks(site="LEEDS", actor="lead"))
    with aisles.store.begin() as tx:
        [task] = tasks.claim(tx, ["plan_walks"], 10)
        give_up_planning(tx, task, "out of memory")
        tasks.finish(tx, [task])
    with aisles.store.read() as tx:
        told = find_plan(tx, "LEEDS")
    assert told is not None
    assert (told.id, told.state) == (wanted.id, "failed")
