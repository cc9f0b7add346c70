"""What happens by itself: workers work, clocks move, keys and settings change."""

from datetime import timedelta

from orderwright.business.deeds.reoptimising.runs import WantReoptimising, want_reoptimising
from orderwright.database.keys import CreateKey, RevokeKey, create_keys, revoke_keys
from orderwright.database.task_list import RetryTask, retry_tasks
from orderwright.doors.worker.loop import Worker
from orderwright.settings import PutSettings, put_settings
from tests.random.floor import an_id
from tests.random.steps import step
from tests.random.world import World


@step(16)
def the_worker_works(world: World) -> None:
    world.work(world.pick(Worker.work, Worker.work, Worker.call, Worker.call, Worker.tend))


@step(8)
def the_worker_works_until_nothing_is_left(world: World) -> None:
    world.work(Worker.run_until_idle)


@step(10)
def time_passes(world: World) -> None:
    """A little, or much: then the worker does what fell due meanwhile, as it would have."""
    world.pass_time(world.pick(timedelta(seconds=20), timedelta(minutes=4), timedelta(hours=3), timedelta(days=1)))
    world.work(Worker.run_until_idle)


@step(1)
def a_key_is_made(world: World) -> None:
    wrong = world.pick((["fly"], None), (["admin"], ["LEEDS"]))
    for scopes, sites in (world.pick((["admin"], None), (["orders:read"], ["LEEDS"])), wrong):
        world.one(create_keys, CreateKey(name="test", scopes=scopes, sites=sites, actor="random"))


@step(1)
def a_key_is_revoked(world: World) -> None:
    row = world.some("SELECT prefix FROM api_key ORDER BY id")
    for prefix in ("none", row.prefix if row else "none"):
        world.one(revoke_keys, RevokeKey(prefix=prefix, actor="random"))


@step(1)
def settings_change(world: World) -> None:
    for values in (
        {"retention.task_days": world.pick(0, 3)},
        {"no.such": 1},
        {"shipping.gs1_company_prefix": "9506000"},
        {},
    ):
        world.one(put_settings, PutSettings(values=values, actor="random"))


@step(2)
def a_dead_task_is_tried_again(world: World) -> None:
    row = world.some(
        "SELECT id::text FROM task WHERE state = %(state)s ORDER BY id", state=world.pick("dead", "dead", "done")
    )
    world.one(retry_tasks, RetryTask(id=an_id(world, row), actor="random"))


@step(2)
def all_that_is_planned_is_planned_anew(world: World) -> None:
    world.run(want_reoptimising, *[WantReoptimising(actor="sue")] * world.pick(1, 2))
    if world.chance(0.7):
        world.work(Worker.run_until_idle)
