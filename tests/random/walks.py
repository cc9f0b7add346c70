"""What pickers and their leads do with walks: floors are described, walks planned, claimed, walked, ended, dropped."""

from typing import Any

from orderwright.business.deeds.pick import pick
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.picking.plans import want_walks
from orderwright.business.deeds.picking.tote_units import sort_units, split_task
from orderwright.business.deeds.picking.walks import assign_totes, end_walk, give_up_walks
from orderwright.business.warehouse.floor_forms import CartForm, FloorForm, PutFloor, ZoneForm
from orderwright.business.warehouse.floors import put_floors
from orderwright.business.warehouse.forms import Pick
from orderwright.business.warehouse.plan_forms import PlanWalks
from orderwright.business.warehouse.walk_forms import AssignTote, ClaimWork, DropWalk, EndWalk, SortUnits, SplitTask
from orderwright.doors.worker.loop import Worker
from tests.random.catalogue import CONTROL, a_site
from tests.random.floor import an_id
from tests.random.steps import step
from tests.random.walking import Walk, walked
from tests.random.world import World

TOTES = ("T1", "T2", "T3", "T4", "T5", "MIX")
PICKERS = ("pia", "paul", "pat")


def a_walk(world: World, state: str = "") -> Any:
    return world.some(
        "SELECT id::text, site, strategy FROM pick_batch WHERE %(state)s IN ('', state) ORDER BY id", state=state
    )


@step(6)
def a_floor_is_described(world: World) -> None:
    sound = {"zone": [{"name": "", "aisles": 4, "bays": 6}]}
    layout = world.pick(None, None, sound, sound, sound, {"zone": [{"name": "", "aisles": 0}]})
    carts = (CartForm(kind="CART", totes=world.pick(1, 3, 8)), CartForm(kind="POOL", totes=4, orders_per_tote=3))
    form = FloorForm(
        layout=layout, carts=carts if world.chance(0.9) else (carts[0], carts[0]), pickers=2,
        strategies=world.pick(("single", "batch"), ("single", "batch", "zone", "wave")),
        zones=(ZoneForm(zone="", hand_over="GATE", skill=world.pick("", "", "ladder")),),
    )  # fmt: skip
    site = world.pick(*[a_site(world)] * 9, "MARS")
    world.one(put_floors, PutFloor(site=site, form=form, version=world.pick(*[None] * 9, 7), actor="lead"))


@step(6)
def walks_are_planned(world: World) -> None:
    told: dict[str, Any] = {"strategy": world.pick(None, None, "single", "batch", "zone", "wave")}
    site = world.pick(*[a_site(world)] * 9, "MARS")
    command = PlanWalks(site=site, **told, wave=world.pick("", "", "noon", CONTROL), actor="lead")
    world.run(want_walks, *[command] * world.pick(1, 1, 2))


@step(16)
def work_is_claimed(world: World) -> None:
    commands = []
    for _ in range(world.pick(1, 1, 2)):
        totes = tuple(dict.fromkeys(world.pick(*TOTES) for _ in range(world.pick(0, 1, 2, 3))))
        commands.append(ClaimWork(
            site=world.pick(*[a_site(world)] * 15, "MARS"), picker=world.pick(*PICKERS), totes=totes,
            cart=world.pick("", "", "", "", "CART", "POOL", "TRUCK"), zone=world.pick("", "", "", "", "A", CONTROL),
            skills=world.pick(None, None, (), ("ladder",)), actor="pia",
        ))  # fmt: skip
    world.run(claim_work, *commands)


@step(6)
def totes_go_on_carts(world: World) -> None:
    row = a_walk(world, world.pick("walking", "walking", "walking", ""))
    whose = world.some(
        "SELECT DISTINCT fulfilment_id::text AS id FROM pick_task WHERE batch_id = %(id)s::uuid ORDER BY 1",
        id=row.id if row else None,
    )  # fmt: skip
    world.one(assign_totes, AssignTote(
        walk_id=an_id(world, row), tote=world.pick(*TOTES), slot=world.pick(0, 2), actor="pia",
        fulfilment_id=whose.id if whose and world.chance(0.7) else "",
    ))  # fmt: skip


@step(10)
def a_walk_is_walked(world: World) -> None:
    """Some of it, or all; into the totes of the walk, or into any."""
    row = a_walk(world, "walking")
    tasks = world.rows(
        "SELECT id::text, quantity, picked, tote FROM pick_task WHERE batch_id = %(id)s::uuid AND state = 'open'"
        " ORDER BY walk, id",
        id=row.id if row else None,
    )
    share = world.pick(1, 1, 1, 0.5)
    for task in tasks[: max(1, round(len(tasks) * share))]:
        units = task.quantity if world.chance(0.8) else max(1, task.picked + (task.quantity - task.picked) // 2)
        tote = task.tote if world.chance(0.85) else world.pick(*TOTES)
        world.one(pick, Pick(task_id=task.id, quantity=units, tote=tote, actor="pia"))


@step(5)
def a_walk_ends(world: World) -> None:
    row = a_walk(world, world.pick("walking", "walking", "walking", ""))
    told = world.pick({}, {}, {"reason": "break"}, {"stands_at": "GATE"}, {"reason": CONTROL})
    world.run(end_walk, *[EndWalk(walk_id=an_id(world, row), **told, actor="pia")] * world.pick(1, 1, 2))


@step(2)
def a_planned_walk_is_given_up(world: World) -> None:
    row = a_walk(world, world.pick("planned", "planned", ""))
    world.one(give_up_walks, DropWalk(walk_id=an_id(world, row), actor="lead"))


@step(4)
def a_tote_is_full(world: World) -> None:
    row = world.some(
        "SELECT id::text FROM pick_task WHERE %(state)s IN ('', state) AND batch_id IS NOT NULL ORDER BY picked, id",
        state=world.pick("open", "open", "open", ""),
    )
    command = SplitTask(task_id=an_id(world, row), tote=world.pick(*TOTES, ""), actor="pia")
    world.run(split_task, *[command] * world.pick(1, 1, 2))


@step(4)
def units_are_sorted(world: World) -> None:
    row = world.some(
        "SELECT t.id::text, t.picked FROM pick_task t JOIN tote o ON o.code = t.tote AND o.fulfilment_id IS NULL"
        " WHERE t.picked > t.packed + t.taken_back ORDER BY t.id"
    ) or world.some("SELECT id::text, picked FROM pick_task ORDER BY id")  # fmt: skip
    quantity = world.rng.randint(1, max(1, row.picked)) if row else 1
    world.one(sort_units, SortUnits(task_id=an_id(world, row), tote=world.pick(*TOTES), quantity=quantity, actor="sue"))


@step(4)
def a_cart_is_walked_to_the_end(world: World) -> None:
    """Claimed, tote by tote, split, sorted, handed over: everything goes right, if nothing stands in its way."""
    walk: Walk = walked(world, Walk.released, quantity=4)
    [site] = [
        row.site for row in world.rows("SELECT site FROM fulfilment WHERE id = %(id)s::uuid", id=walk.fulfilment_id)
    ]
    claimed = walk.does(claim_work, ClaimWork(site=site, picker="wes", actor="wes"))
    tasks = walk.tasks()
    walk.does(assign_totes, AssignTote(walk_id=claimed.id, tote="W-MIX", actor="wes"))
    for task in tasks:
        walk.does(pick, Pick(task_id=task.id, quantity=task.quantity, tote="W-MIX", actor="wes"))
    ended = walk.does(end_walk, EndWalk(walk_id=claimed.id, reason="done for today", actor="wes"))
    for task in tasks:
        walk.does(sort_units, SortUnits(task_id=task.id, tote="W-1", quantity=task.quantity, actor="wes"))
    assert ended.state == "done"
    walk.packed()


@step(3)
def a_plan_is_given_up(world: World) -> None:
    """Walks are planned, and one of them is dropped before anybody walks it."""
    walk = walked(world, Walk.released)
    site = world.rows("SELECT site FROM fulfilment WHERE id = %(id)s::uuid", id=walk.fulfilment_id)[0].site
    walk.does(want_walks, PlanWalks(site=site, strategy="single", actor="lead"))
    world.work(Worker.run_until_idle)
    row = a_walk(world, "planned")
    if row is not None:
        world.run(give_up_walks, *[DropWalk(walk_id=row.id, actor="lead")] * 2)


@step(3)
def a_hasty_picker(world: World) -> None:
    """Everything a picker can get wrong with a walk of their own."""
    walk = walked(world, Walk.released)
    site = world.rows("SELECT site FROM fulfilment WHERE id = %(id)s::uuid", id=walk.fulfilment_id)[0].site
    ask: dict[str, Any] = {"site": site, "picker": "hal", "actor": "hal"}
    world.one(claim_work, ClaimWork(**ask, cart="TRUCK"))
    world.one(claim_work, ClaimWork(**ask, zone="NOWHERE"))
    mine = walk.does(claim_work, ClaimWork(**ask, totes=("HAL",)))
    world.one(claim_work, ClaimWork(site=site, picker="eve", totes=("HAL",), actor="eve"))
    world.one(end_walk, EndWalk(walk_id=mine.id, actor="hal"))
    world.one(give_up_walks, DropWalk(walk_id=mine.id, actor="hal"))
    tasks = world.rows(
        "SELECT id::text, quantity FROM pick_task WHERE batch_id = %(id)s::uuid AND state = 'open' ORDER BY id",
        id=mine.id,
    )
    for task in tasks:
        world.one(pick, Pick(task_id=task.id, quantity=task.quantity, tote="NOBODYS", actor="hal"))
        world.one(pick, Pick(task_id=task.id, quantity=task.quantity, actor="hal"))
        world.one(sort_units, SortUnits(task_id=task.id, tote="HAL-2", quantity=99, actor="hal"))
    world.one(end_walk, EndWalk(walk_id=mine.id, reason="enough", actor="hal"))
